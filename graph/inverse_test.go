package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"chancery/graph"
)

// TestNaming makes random histories of things most of which have one ally, and holds
// what names an object, in views of all kinds, to what an inverse Expand leads to.
func TestNaming(t *testing.T) {
	told := 0
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 2))
			g := newGraph(t)
			thing := func() string { return fmt.Sprint("person/", rng.IntN(400)) }
			made, gone := 0, 0
			for range 12 {
				var c graph.Changes
				for range 1 + rng.IntN(60) {
					made++
					c.Record = append(c.Record, said(fmt.Sprint(made), func(c *graph.Claim) {
						c.Source = [...]string{"source/a", "source/b"}[rng.IntN(2)]
						c.Status = [...]graph.Status{graph.Confirmed, graph.Reported, graph.Denied}[rng.IntN(3)]
						c.Facts = append(c.Facts, graph.Fact{Subject: thing(), Predicate: "kg:ally", Object: graph.Ref(fmt.Sprint("person/1", rng.IntN(9)))})
						if a, b := thing(), thing(); rng.IntN(200) == 0 && a > b {
							c.Facts = append(c.Facts, graph.Fact{Subject: a, Predicate: graph.MergedInto, Object: graph.Ref(b)})
						}
					}))
				}
				apply(t, g, day(1), c)
				if rng.IntN(3) == 0 {
					gone++
					erased := graph.Erasure{Claims: []string{fmt.Sprint("claim/", gone)}, Reason: "x", At: day(1)}
					if _, err := g.Erase(t.Context(), erased); err != nil {
						t.Fatal(err)
					}
				}
				for _, p := range []graph.Perspective{{}, {Sources: []string{"source/a"}}, {Statuses: []graph.Status{graph.Confirmed}}} {
					told += checkNaming(t, view(t, g, p))
				}
			}
		})
	}
	if told == 0 {
		t.Error("no column told what names an object")
	}
}

// checkNaming returns of how many objects the column told.
func checkNaming(t *testing.T, v *graph.View) (told int) {
	t.Helper()
	column, ok, err := v.Column(t.Context(), "kg:ally", 1<<30)
	if err != nil || !ok {
		t.Fatalf("commit %d: no column: %v", v.Commit(), err)
	}
	if err := column.Followed(t.Context(), 1<<30); err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		object, known := v.Node(fmt.Sprint("person/", i))
		if !known {
			continue
		}
		for _, claims := range []*graph.Set{v.Facts(), v.Known(), graph.NewSet(0)} {
			var links graph.Links
			if err := v.Follow(t.Context(), &links, []graph.ID{object}, "kg:ally", true, claims); err != nil {
				t.Fatal(err)
			}
			var want, got []graph.ID
			for _, l := range links.All {
				want = append(want, l.To)
			}
			ok, err := column.Naming(object, claims, func(some []graph.ID) error {
				got = append(got, some...)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				continue
			}
			told++
			slices.Sort(got)
			if want, got = slices.Compact(want), slices.Compact(got); !slices.Equal(got, want) {
				t.Fatalf("commit %d: %v name person/%d, not %v", v.Commit(), got, i, want)
			}
			if most, ok := column.CountNaming(object); ok && most < len(want) {
				t.Fatalf("commit %d: %v name person/%d, and not at most %d", v.Commit(), want, i, most)
			}
		}
	}
	return told
}
