package graph_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"chancery/graph"
)

// TestRows makes random histories and holds the rows after each commit to the quads
// that there are, and to the rows of the commit before that they continue.
func TestRows(t *testing.T) {
	const predicate = "kg:ally"
	continued, anew := 0, 0
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 2))
		g := newGraph(t)
		var claims []string
		var before graph.Rows
		entity := func() string { return fmt.Sprintf("person/%d", rng.IntN(40)) }
		for n := 1; n <= 40; n++ {
			erased := len(claims) > 0 && rng.IntN(8) == 0
			if erased {
				if _, err := g.Erase(t.Context(), graph.Erasure{Claims: claims[:1], Reason: "x", At: day(1)}); err != nil {
					t.Fatal(err)
				}
				claims = claims[1:]
			}
			c := graph.Changes{}
			for i := range 1 + rng.IntN(3) {
				id := fmt.Sprintf("%d-%d", n, i)
				c.Record = append(c.Record, said(id, func(c *graph.Claim) {
					for range 1 + rng.IntN(3) {
						c.Facts = append(c.Facts, graph.Fact{Subject: entity(), Predicate: predicate, Object: graph.Ref(entity())})
					}
				}))
				claims = append(claims, "claim/"+id)
			}
			apply(t, g, day(1), c)
			v := view(t, g, graph.Perspective{})
			rows, ok, err := v.Rows(t.Context(), predicate, 0)
			if err != nil || !ok {
				t.Fatalf("seed %d, commit %d: no rows: %v", seed, n, err)
			}
			if got, want := sortedRows(rows.All), rowsOf(t, v, predicate); !slices.Equal(got, want) {
				t.Fatalf("seed %d, commit %d: rows %v, want %v", seed, n, got, want)
			}
			switch carried := rows.Continues(before); {
			case n == 1:
			case carried && !slices.Equal(rows.All[:len(before.All)], before.All):
				t.Fatalf("seed %d, commit %d: the rows do not begin with those before", seed, n)
			case carried:
				continued++
			case !erased:
				t.Fatalf("seed %d, commit %d: nothing was erased, yet the rows are other ones", seed, n)
			default:
				anew++
			}
			before = rows
		}
	}
	if continued == 0 || anew == 0 {
		t.Errorf("%d times carried on, %d read anew: each should happen", continued, anew)
	}
}

// sortedRows are the rows by their parts, each once.
func sortedRows(rows []graph.Row) []graph.Row {
	out := slices.Clone(rows)
	slices.SortFunc(out, func(a, b graph.Row) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Label, b.Label))
	})
	return slices.Compact(out)
}

func rowsOf(t *testing.T, v *graph.View, predicate string) []graph.Row {
	t.Helper()
	p, ok := v.Lookup(graph.Ref(predicate))
	if !ok {
		t.Fatalf("no quad has %s", predicate)
	}
	var rows []graph.Row
	err := v.Snapshot.Quads(t.Context(), graph.Pattern{Predicate: p}, func(q graph.Quad) bool {
		rows = append(rows, graph.Row{Subject: q.Subject, Object: q.Object, Label: q.Label})
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return sortedRows(rows)
}

// TestRowsOfAPreview asks the view of a commit that was never made.
func TestRowsOfAPreview(t *testing.T) {
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said("a", nil)}})
	v, _, err := g.Preview(t.Context(), graph.Changes{Record: []graph.Claim{said("b", nil)}, At: day(2)})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := v.Rows(t.Context(), graph.PreferredName, 1<<30); ok || err != nil {
		t.Errorf("a preview has rows: %v", err)
	}
}
