package graph_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
)

// TestKeptLedger opens a graph from what its store kept at each of several ages of
// it, and finds what a graph finds that has read every claim.
func TestKeptLedger(t *testing.T) {
	dir := t.TempDir()
	whole, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	var times []time.Time
	next := 0
	grow := func(t *testing.T, g *graph.Graph) {
		for range 3 {
			c := graph.Changes{At: time.UnixMicro(int64(1000 + 10*next)).UTC()}
			for range 200 {
				next++
				claim := graph.Claim{
					ID: fmt.Sprintf("claim/x/%d", next), Source: fmt.Sprintf("source/%d", next%7), Status: graph.Reported,
					Facts: []graph.Fact{{Subject: fmt.Sprintf("person/%d", next), Predicate: "kg:about", Object: graph.Text("x")}},
				}
				if next%3 == 0 {
					half := 0.5
					claim.Confidence, claim.ValidTime, claim.Status = &half, "2001/2002", graph.Denied
				}
				if old := next - 250; old > 0 && next%5 == 0 {
					claim.Supersedes = fmt.Sprintf("claim/x/%d", old)
				}
				c.Record = append(c.Record, claim)
			}
			for _, into := range []*graph.Graph{g, whole} {
				r, err := into.Apply(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				if into == whole {
					times = append(times, r.At)
				}
			}
		}
	}
	// closed: how each life of the graph ends: with a ledger kept, or not.
	for life, closed := range []bool{true, false, true, true, false, false} {
		store, err := local.Open(dir, local.Options{})
		if err != nil {
			t.Fatal(err)
		}
		g, err := graph.Open(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("life %d", life), g, whole, times, next)
		grow(t, g)
		same(t, fmt.Sprintf("life %d, grown", life), g, whole, times, next)
		if closed {
			err = g.Close()
		} else {
			err = store.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// same compares all that perspectives know of the claims, at each record time.
func same(t *testing.T, when string, got, want *graph.Graph, times []time.Time, claims int) {
	t.Helper()
	for _, at := range append(slices.Clone(times), time.Time{}) {
		a, err := got.View(t.Context(), graph.Perspective{KnownAt: at})
		if err != nil {
			t.Fatal(err)
		}
		b, err := want.View(t.Context(), graph.Perspective{KnownAt: at})
		if err != nil {
			t.Fatal(err)
		}
		if a.KnownAt != b.KnownAt {
			t.Fatalf("%s: known at %v, want %v", when, a.KnownAt, b.KnownAt)
		}
		for i := 1; i <= claims; i++ {
			name := fmt.Sprintf("claim/x/%d", i)
			ia, ok := a.Node(name)
			ib, _ := b.Node(name)
			ra, rb := a.Record(ia), b.Record(ib)
			if !ok || a.Name(ra.Source) != b.Name(rb.Source) {
				t.Fatalf("%s: %s is of %v, want %v", when, name, ra, rb)
			}
			ra.Source, rb.Source = 0, 0
			if ra != rb || a.Facts().Has(ia) != b.Facts().Has(ib) || a.Recorded().Has(ia) != b.Recorded().Has(ib) {
				t.Fatalf("%s, known at %v: %s is %+v, want %+v", when, at, name, ra, rb)
			}
		}
	}
}
