package graph_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"chancery/graph"
)

// TestPlain holds what is told of whole stretches to what Expand finds of each node,
// through histories of thousands of people with one ally each, of whom few lose or
// gain one, or are merged.
func TestPlain(t *testing.T) {
	const people = 4000
	person := func(i int) string { return fmt.Sprint("person/", i) }
	told := map[string]int{} // so that the test would notice if nothing were told
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 2))
		g := newGraph(t)
		made := 0
		ally := func(of, is string) graph.Claim {
			made++
			return said(fmt.Sprint("c", made), func(c *graph.Claim) {
				c.Source = [...]string{"source/a", "source/b"}[rng.IntN(2)]
				c.Facts = []graph.Fact{{Subject: of, Predicate: "kg:ally", Object: graph.Ref(is)}}
			})
		}
		var first graph.Changes
		for i := range people {
			to := person(i / 1500) // one for many, so that stretches agree
			switch {
			case seed%3 == 1 && rng.IntN(10) == 0:
				to = person(rng.IntN(60)) // some of few
			case seed%3 == 2 && rng.IntN(400) == 0:
				to = person(rng.IntN(people))
			}
			if rng.IntN(1500) != 0 {
				first.Record = append(first.Record, ally(person(i), to))
			}
		}
		apply(t, g, day(1), first)
		for commit := range 6 {
			var c graph.Changes
			at := person(rng.IntN(people))
			switch commit % 3 {
			case 0:
				c.Record = append(c.Record, ally(at, person(rng.IntN(people))))
			case 1:
				c.Retract = append(c.Retract, graph.Retraction{Claim: fmt.Sprint("claim/c", 1+rng.IntN(people-100))})
			case 2:
				claim := ally("person/new", "person/0")
				claim.Facts = append(claim.Facts, graph.Fact{Subject: at, Predicate: graph.MergedInto, Object: graph.Ref(person(rng.IntN(people)))})
				c.Record = append(c.Record, claim)
			}
			if _, err := g.Apply(t.Context(), graph.Changes{Record: c.Record, Retract: c.Retract, At: day(2)}); err != nil {
				continue // the claim was retracted before
			}
			for _, p := range []graph.Perspective{{}, {Sources: []string{"source/a"}}} {
				checkPlain(t, view(t, g, p), seed, told)
			}
		}
	}
	for _, what := range []string{"sole", "not sole", "object", "no object"} {
		if told[what] == 0 {
			t.Errorf("%s was never told", what)
		}
	}
}

func checkPlain(t *testing.T, v *graph.View, seed uint64, told map[string]int) {
	t.Helper()
	column, ok, err := v.Column(t.Context(), "kg:ally", 1<<30)
	if err != nil || !ok {
		t.Fatalf("no column: %v", err)
	}
	if column.Plain(v.Recorded()) != nil && v.Recorded() != v.Known() {
		t.Error("claims that are neither Facts nor Known have a Plain")
	}
	for _, claims := range []*graph.Set{v.Facts(), v.Known()} {
		plain := column.Plain(claims)
		for i := range 4000 {
			id, known := v.Node(fmt.Sprint("person/", i))
			if !known {
				continue
			}
			var all, admitted graph.Links
			for links, labels := range map[*graph.Links]*graph.Set{&all: nil, &admitted: claims} {
				if err := v.Follow(t.Context(), links, []graph.ID{id}, "kg:ally", false, labels); err != nil {
					t.Fatal(err)
				}
			}
			if plain.Sole(id) {
				told["sole"]++
				if len(all.All) > 1 || len(admitted.All) != len(all.All) {
					t.Fatalf("seed %d: person/%d is said to have one quad at most that is admitted, and has %v, admitted %v", seed, i, all.All, admitted.All)
				}
			} else {
				told["not sole"]++
			}
			if to := plain.Object(id); to == 0 {
				told["no object"]++
			} else if told["object"]++; len(all.All) != 1 || len(admitted.All) != 1 || admitted.All[0].To != to {
				t.Fatalf("seed %d: person/%d is said to have %v only, and has %v, admitted %v", seed, i, to, all.All, admitted.All)
			}
		}
	}
}
