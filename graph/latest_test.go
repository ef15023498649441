package graph_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"chancery/graph"
)

func TestLatest(t *testing.T) {
	g := newGraph(t)
	if l := g.Latest(); l.At() != 0 || l.Commit() != 0 {
		t.Errorf("of an empty graph: %d, %d", l.At(), l.Commit())
	}
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said("x", nil), said("no", func(c *graph.Claim) { c.Status = graph.Denied })}})
	before := g.Latest()
	apply(t, g, day(2), graph.Changes{Retract: []graph.Retraction{{Claim: "claim/x"}}})
	after := g.Latest()
	x, _ := after.Lookup(graph.Ref("claim/x"))
	no, _ := after.Lookup(graph.Ref("claim/no"))
	if !before.Known(x) || after.Known(x) || after.Known(no) || after.Known(graph.InSpace(graph.Claims, 99)) {
		t.Errorf("known: x before %v, after %v, a denial %v", before.Known(x), after.Known(x), after.Known(no))
	}
	if before.Record(x).RetractedAt != 0 || after.Record(x).RetractedAt != day(2).UnixMicro() || after.At() != day(2).UnixMicro() {
		t.Errorf("records %+v, %+v, at %d", before.Record(x), after.Record(x), after.At())
	}
	quads, err := after.Claim(t.Context(), nil, x)
	if err != nil || len(quads) < 5 || slices.ContainsFunc(quads, func(q graph.Quad) bool { return q.Label != x }) {
		t.Errorf("the claim's quads: %v, %v", quads, err)
	}
}

// TestUpdate: nobody commits between what Update reads and what it writes.
func TestUpdate(t *testing.T) {
	g := newGraph(t)
	var all sync.WaitGroup
	const writers, each = 4, 20
	for range writers {
		all.Go(func() {
			for range each {
				_, err := g.Update(t.Context(), func(l graph.Latest) (graph.Changes, error) {
					id := "n" + string(rune('a'+l.Commit()%26)) + string(rune('a'+l.Commit()/26))
					return graph.Changes{At: day(1), Record: []graph.Claim{said(id, nil)}}, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := g.Latest().Commit(); n != writers*each {
		t.Errorf("%d commits, want %d: two took the same id", n, writers*each)
	}
	r, err := g.Update(t.Context(), func(graph.Latest) (graph.Changes, error) { return graph.Changes{At: day(2)}, nil })
	if err != nil || len(r.Recorded) > 0 || g.Latest().Commit() != writers*each {
		t.Errorf("empty changes: %+v, %v", r, err)
	}
	stop := errors.New("stop")
	if _, err := g.Update(t.Context(), func(graph.Latest) (graph.Changes, error) { return graph.Changes{}, stop }); !errors.Is(err, stop) {
		t.Errorf("an error of work: %v", err)
	}
}
