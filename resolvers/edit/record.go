package edit

import (
	"context"
	"fmt"

	"chancery/graph"
	"chancery/query"
)

// record is a RecordInput: what a source says.
type record struct {
	Source sourceInput  `json:"source"`
	Claims []claimInput `json:"claims"`
}

// changes records the claims in the order of the input; the claim that makes a new
// source comes last.
func (in *record) changes(d *draft) (graph.Changes, error) {
	if len(in.Claims) == 0 {
		d.fail(query.BadUserInput, "input.claims", "there are none: give at least one claim")
	}
	b := d.batch(in.Claims)
	b.place = func(i int) string { return fmt.Sprintf("input.claims[%d]", i) }
	b.sourcePlace = "input.source.id"
	b.from(d.source(in.Source, func(id string) bool { _, ok := b.classOf(id); return ok }))
	return graph.Changes{Record: b.translate()}, nil
}

func (in *record) told(_ context.Context, v *graph.View, r graph.Receipt) (claims, entities []string, err error) {
	for i := range in.Claims {
		entities = append(entities, in.Claims[i].subjects()...)
	}
	if in.Source.Name != nil {
		claim, _ := v.Node(r.Recorded[0])
		entities = append(entities, v.Name(v.Record(claim).Source))
	}
	return r.Recorded, entities, nil
}
