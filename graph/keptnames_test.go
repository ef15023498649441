package graph_test

import (
	"fmt"
	"testing"

	"chancery/graph"
	"chancery/graph/local"
)

// TestKeptNames asks for names again and again, in an order in which they push each other
// out, before and after commits: they are what the dictionary has.
func TestKeptNames(t *testing.T) {
	store, err := local.Open(t.TempDir(), local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	const people = 40_000 // more than are kept
	for range 3 {
		var c graph.Changes
		facts := make([]graph.Fact, people)
		for i := range facts {
			facts[i] = graph.Fact{Subject: fmt.Sprint("person/", i), Predicate: "kg:ally", Object: graph.Ref(fmt.Sprint("person/", i/2))}
		}
		c.Record = append(c.Record, said("", func(c *graph.Claim) { c.ID, c.Facts = "", facts }))
		apply(t, g, day(1), c)
		v := view(t, g, graph.Perspective{})
		names := v.Names()
		for range 3 {
			for i := range people {
				for _, k := range []int{i, i / 2, i % 7} {
					id, known := v.Node(fmt.Sprint("person/", k))
					if got := string(names.Append(nil, id)); !known || got != fmt.Sprint("person/", k) {
						t.Fatalf("person/%d is called %q", k, got)
					}
				}
			}
		}
	}
}
