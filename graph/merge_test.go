package graph_test

import (
	"testing"

	"chancery/graph"
)

func TestMergeAndSplit(t *testing.T) {
	g := newGraph(t)
	borders := func(id, a, b string) graph.Claim {
		return graph.Claim{
			ID: "claim/" + id, Source: "source/a", Status: graph.Confirmed,
			Facts: []graph.Fact{{Subject: a, Predicate: "kg:borders", Object: graph.Ref(b)}},
		}
	}
	merge := func(id, from, into string) graph.Claim {
		c := borders(id, from, into)
		c.Facts[0].Predicate = graph.MergedInto
		return c
	}
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{
		borders("1", "nation/burma", "nation/cn"), borders("2", "nation/mm", "nation/cn"), borders("3", "nation/th", "nation/birma"), borders("4", "nation/mm", "nation/in"),
	}})
	apply(t, g, day(2), graph.Changes{Record: []graph.Claim{merge("m1", "nation/birma", "nation/burma")}})
	apply(t, g, day(3), graph.Changes{Record: []graph.Claim{merge("m2", "nation/burma", "nation/mm")}})
	apply(t, g, day(4), graph.Changes{Retract: []graph.Retraction{{Claim: "claim/m1", Reason: "another country"}}})

	for _, test := range []struct {
		name       string
		known      int
		birma      string // what the old id leads to
		neighbours int    // links from nation/mm
		back       int    // links to it
		from       int
	}{
		{"before", 1, "nation/birma", 2, 0, 0},
		{"one merged", 2, "nation/burma", 2, 0, 0},
		{"two merged", 3, "nation/mm", 3, 1, 2},
		{"one split", 4, "nation/birma", 3, 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := view(t, g, graph.Perspective{KnownAt: day(test.known)})
			id, ok := v.Node("nation/birma")
			if !ok || v.Name(id) != test.birma {
				t.Errorf("nation/birma leads to %s, want %s", v.Name(id), test.birma)
			}
			mm, _ := v.Node("nation/mm")
			for _, inverse := range []bool{false, true} {
				want := test.neighbours
				if inverse {
					want = test.back
				}
				var links graph.Links
				if err := v.Follow(t.Context(), &links, []graph.ID{mm}, "kg:borders", inverse, v.Facts()); err != nil {
					t.Fatal(err)
				}
				if len(links.All) != want {
					t.Errorf("%d links (inverse %t), want %d", len(links.All), inverse, want)
				}
				n := 0
				p := graph.Pattern{Subject: mm}
				if inverse {
					p = graph.Pattern{Object: mm}
				}
				p.Predicate, _ = v.Lookup(graph.Ref("kg:borders"))
				if err := v.Quads(t.Context(), p, func(graph.Quad) bool { n++; return true }); err != nil {
					t.Fatal(err)
				}
				if n != want {
					t.Errorf("%d quads (inverse %t), want %d", n, inverse, want)
				}
			}
			if got := v.MergedFrom(mm); len(got) != test.from {
				t.Errorf("%d merged from, want %d", len(got), test.from)
			}
		})
	}
}
