package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"chancery/graph"
)

// TestChanges makes a history longer than what is kept of it, and reads it from
// every place on: in order, none lost, none twice.
func TestChanges(t *testing.T) {
	g := newGraph(t)
	random := rand.New(rand.NewPCG(1, 2))
	var want []string
	var standing []string
	for i := range 300 {
		changes := graph.Changes{At: day(1)}
		size := random.IntN(60)
		if i == 150 {
			size = 5000 // more than is kept
		}
		for k := range size + 1 {
			id := fmt.Sprintf("c%d-%d", i, k)
			changes.Record = append(changes.Record, said(id, nil))
			standing = append(standing, "claim/"+id)
		}
		for range random.IntN(min(20, len(standing))) {
			k := random.IntN(len(standing))
			if !slices.ContainsFunc(changes.Record, func(c graph.Claim) bool { return c.ID == standing[k] }) {
				changes.Retract = append(changes.Retract, graph.Retraction{Claim: standing[k]})
				standing = slices.Delete(standing, k, k+1)
			}
		}
		before := g.Latest()
		r := apply(t, g, day(1), changes)
		select {
		case <-before.Superseded():
		default:
			t.Fatal("a commit, and the state before is not superseded")
		}
		l := g.Latest()
		ids := func(names []string) []graph.ID {
			out := make([]graph.ID, len(names))
			for i, name := range names {
				out[i], _ = l.Lookup(graph.Ref(name))
			}
			slices.Sort(out)
			return out
		}
		for _, id := range ids(r.Recorded) {
			want = append(want, fmt.Sprint(r.At.UnixMicro(), false, id))
		}
		for _, id := range ids(r.Retracted) {
			want = append(want, fmt.Sprint(r.At.UnixMicro(), true, id))
		}
	}
	select {
	case <-g.Latest().Superseded():
		t.Fatal("superseded by nothing")
	default:
	}
	v, err := g.View(t.Context(), graph.Perspective{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var places []graph.Change
	for at := (graph.Change{}); ; {
		next := v.Changes(at, 1+random.IntN(700))
		if len(next) == 0 {
			break
		}
		for _, c := range next {
			got = append(got, fmt.Sprint(c.At, c.Retracted, c.Claim))
			places = append(places, c)
		}
		at = next[len(next)-1]
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%d changes, want %d", len(got), len(want))
	}
	for range 200 {
		k := random.IntN(len(places))
		next := v.Changes(places[k], 10)
		if !slices.Equal(next, places[k+1:min(k+11, len(places))]) {
			t.Errorf("after %v come %v", places[k], next)
		}
	}
}
