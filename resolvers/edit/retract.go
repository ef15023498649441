package edit

import (
	"context"
	"slices"
	"strconv"

	"chancery/graph"
	"chancery/query"
)

// retract is a RetractInput: claims to be taken back.
type retract struct {
	Claims []string `json:"claims"`
	Reason string   `json:"reason"`
}

func (in *retract) changes(d *draft) (c graph.Changes, err error) {
	d.reason(in.Reason)
	if len(in.Claims) == 0 {
		d.fail(query.BadUserInput, "input.claims", "there are none: name at least one claim")
	}
	for i, id := range in.Claims {
		place := "input.claims[" + strconv.Itoa(i) + "]"
		if slices.Contains(in.Claims[:i], id) {
			d.fail(query.BadUserInput, place, "%s is named twice: once is enough", id)
			continue
		}
		if _, ok := d.standing(place, id); ok {
			c.Retract = append(c.Retract, graph.Retraction{Claim: id, Reason: in.Reason})
		}
	}
	return c, nil
}

func (in *retract) told(ctx context.Context, v *graph.View, _ graph.Receipt) (claims, entities []string, err error) {
	entities, err = subjects(ctx, v.Snapshot, in.Claims)
	return in.Claims, entities, err
}

// supersede is a SupersedeInput: a claim to be corrected by another.
type supersede struct {
	Claim  string     `json:"claim"`
	By     claimInput `json:"by"`
	Reason string     `json:"reason"`
}

func (in *supersede) changes(d *draft) (graph.Changes, error) {
	d.reason(in.Reason)
	old, ok := d.standing("input.claim", in.Claim)
	if !ok {
		return graph.Changes{}, nil
	}
	source := d.resolved(d.view.Name(d.view.Record(old).Source))
	// What the old claim says is no longer so: a class that it gives may be another now.
	without, _, err := d.editor.graph.Preview(d.ctx, graph.Changes{
		Retract: []graph.Retraction{{Claim: in.Claim}},
	})
	if err != nil {
		return graph.Changes{}, err
	}
	d.against(without)
	b := d.batch([]claimInput{in.By})
	b.from(source, nil)
	b.place = func(int) string { return "input.by" }
	b.sourcePlace = "input.by.facts"
	claims := b.translate()
	if len(claims) == 1 {
		claims[0].Supersedes = in.Claim
	}
	return graph.Changes{Record: claims, Retract: []graph.Retraction{{Claim: in.Claim, Reason: in.Reason}}}, nil
}

func (in *supersede) told(_ context.Context, _ *graph.View, r graph.Receipt) (claims, entities []string, err error) {
	return r.Recorded, in.By.subjects(), nil
}

// ascending sorts ids and drops repeats.
func ascending(ids []graph.ID) []graph.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}
