package graph_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"chancery/graph"
)

// TestColumns makes random histories and holds the columns after each commit to
// what Expand finds: one link, none, or to say that it cannot tell.
func TestColumns(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		g := newGraph(t)
		var claims []string
		entity := func() string { return fmt.Sprintf("person/%d", rng.IntN(40)) }
		for n := 1; n <= 40; n++ {
			c := graph.Changes{At: day(1)}
			for i := range 1 + rng.IntN(5) {
				id := fmt.Sprintf("%d-%d", n, i)
				c.Record = append(c.Record, said(id, func(c *graph.Claim) {
					for range 1 + rng.IntN(3) {
						c.Facts = append(c.Facts, graph.Fact{Subject: entity(), Predicate: "kg:ally", Object: graph.Ref(entity())})
					}
				}))
				claims = append(claims, "claim/"+id)
			}
			switch rng.IntN(8) {
			case 0:
				a, b := entity(), entity()
				if a > b {
					c.Record[0].Facts = append(c.Record[0].Facts, graph.Fact{Subject: a, Predicate: graph.MergedInto, Object: graph.Ref(b)})
				}
			case 1:
				if _, err := g.Erase(t.Context(), graph.Erasure{Claims: claims[:1], Reason: "x", At: day(1)}); err == nil {
					claims = claims[1:]
				}
			}
			apply(t, g, day(1), c)
			v := view(t, g, graph.Perspective{})
			checkColumn(t, fmt.Sprintf("seed %d, commit %d", seed, n), v, "kg:ally")
		}
	}
}

func checkColumn(t *testing.T, when string, v *graph.View, predicate string) {
	t.Helper()
	column, ok, err := v.Column(t.Context(), predicate, 1<<30)
	if err != nil || !ok {
		t.Fatalf("%s: no column: %v", when, err)
	}
	sure := 0
	for i := range 40 {
		id, known := v.Node(fmt.Sprintf("person/%d", i))
		if !known {
			continue
		}
		var links graph.Links
		if err := v.Follow(t.Context(), &links, []graph.ID{id}, predicate, false, nil); err != nil {
			t.Fatal(err)
		}
		l, ok := column.At(id)
		if !ok {
			continue
		}
		sure++
		switch {
		case len(links.All) == 0 && l.To == 0:
		case len(links.All) == 1 && l == links.All[0]:
		default:
			t.Fatalf("%s: person/%d: the column has %v, Expand %v", when, i, l, links.All)
		}
	}
	if sure == 0 && v.Commit() < 5 {
		t.Errorf("%s: the column tells of nobody", when)
	}
}

// TestColumnsOfAPreview asks the view of a commit that was never made.
func TestColumnsOfAPreview(t *testing.T) {
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said("a", nil)}})
	v, _, err := g.Preview(t.Context(), graph.Changes{Record: []graph.Claim{said("b", nil)}, At: day(2)})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := v.Column(t.Context(), graph.PreferredName, 1<<30); ok || err != nil {
		t.Errorf("a preview has columns: %v", err)
	}
}
