package graph_test

import (
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
)

// TestFreshness records, retracts and erases claims of two sources, more of them
// than one chunk of the ledger has.
func TestFreshness(t *testing.T) {
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	fresh := graph.NewFreshness(g)
	at := func(n int) time.Time { return time.Date(2026, 1, 1, 0, n, 0, 0, time.UTC) }
	want := func(newest int, sources ...graph.Fresh) {
		t.Helper()
		known, got := fresh.Newest()
		if newest == 0 && !known.IsZero() || newest > 0 && !known.Equal(at(newest)) {
			t.Errorf("the newest commit is of %v, want minute %d", known, newest)
		}
		if len(got) != len(sources) {
			t.Fatalf("%v, want %v", got, sources)
		}
		for i := range got {
			if got[i].Source != sources[i].Source || !got[i].Newest.Equal(sources[i].Newest) {
				t.Errorf("%v, want %v", got, sources)
			}
		}
	}
	apply := func(n int, c graph.Changes) {
		t.Helper()
		c.At = at(n)
		if _, err := g.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	claim := func(id, source string) graph.Claim {
		return graph.Claim{ID: id, Source: source, Status: graph.Confirmed, Facts: []graph.Fact{
			{Subject: "nation/kz", Predicate: graph.Type, Object: graph.Ref("schema:Country")},
		}}
	}
	want(0)
	if got := g.Sizes(); got != (graph.Sizes{}) {
		t.Errorf("%+v of an empty graph", got)
	}

	many := graph.Changes{}
	for i := range 300 {
		many.Record = append(many.Record, claim("claim/a/"+string(rune('a'+i/26))+string(rune('a'+i%26)), "source/a"))
	}
	apply(1, many)
	want(1, graph.Fresh{Source: "source/a", Newest: at(1)})
	apply(2, graph.Changes{Record: []graph.Claim{claim("claim/b/1", "source/b")}})
	want(2, graph.Fresh{Source: "source/b", Newest: at(2)}, graph.Fresh{Source: "source/a", Newest: at(1)})
	apply(3, graph.Changes{Record: []graph.Claim{claim("claim/a/new", "source/a")}})
	apply(4, graph.Changes{Retract: []graph.Retraction{{Claim: "claim/a/new", Reason: "a test"}}})
	want(4, graph.Fresh{Source: "source/a", Newest: at(3)}, graph.Fresh{Source: "source/b", Newest: at(2)})
	if got := g.Sizes(); got.Commit != 4 || got.Claims != 302 || got.Quads == 0 || !got.At.Equal(at(4)) {
		t.Errorf("%+v", got)
	}
	receipt, err := g.Erase(t.Context(), graph.Erasure{Claims: []string{"claim/a/new"}, Reason: "a test", At: at(5)})
	if err != nil {
		t.Fatal(err)
	}
	_, got := fresh.Newest()
	for _, f := range got {
		if f.Source == "source/a" && !f.Newest.Equal(at(1)) {
			t.Errorf("%v after an erasure, want minute 1", f)
		}
	}
	if len(receipt.Recorded) == 0 {
		t.Error("an erasure leaves no note")
	}
}
