package graph_test

import (
	"errors"
	"slices"
	"testing"

	"chancery/graph"
)

func TestIdempotencyKeys(t *testing.T) {
	g := newGraph(t)
	changes := graph.Changes{Record: []graph.Claim{said("", func(c *graph.Claim) { c.ID = "" }), said("b", nil)}, Key: "k", Digest: "d"}
	first := apply(t, g, day(1), changes)
	if want := []string{"claim/a/1-1", "claim/b"}; !slices.Equal(first.Recorded, want) || first.Repeated {
		t.Fatalf("first receipt %+v, want the claims %v", first, want)
	}
	again := apply(t, g, day(2), changes)
	if !again.Repeated || !again.At.Equal(first.At) || !slices.Equal(again.Recorded, first.Recorded) {
		t.Errorf("again %+v, want the first receipt %+v", again, first)
	}
	changes.Digest = "another"
	if _, err := g.Apply(t.Context(), changes); !errors.Is(err, graph.ErrKeyTaken) {
		t.Errorf("another request with the key: %v", err)
	}
	retract := graph.Changes{Retract: []graph.Retraction{{Claim: "claim/b", Reason: "wrong"}}, Key: "r"}
	gone := apply(t, g, day(3), retract)
	again = apply(t, g, day(4), retract)
	if !again.Repeated || !again.At.Equal(gone.At) || !slices.Equal(again.Retracted, []string{"claim/b"}) {
		t.Errorf("retracting again %+v, want %+v", again, gone)
	}
	if n := view(t, g, graph.Perspective{}).Commit(); n != 2 {
		t.Errorf("%d commits, want 2", n)
	}
}

// TestPreview: what is previewed is what Apply leaves, and previewing changes nothing.
func TestPreview(t *testing.T) {
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said("old", nil)}})
	changes := graph.Changes{At: day(2), Record: []graph.Claim{said("new", func(c *graph.Claim) {
		c.Supersedes, c.Facts[0].Object = "claim/old", graph.TextIn("a text never seen", "en")
	})}}
	preview, promised, err := g.Preview(t.Context(), changes)
	if err != nil {
		t.Fatal(err)
	}
	if now := view(t, g, graph.Perspective{}); admitted(now, now.Facts()) != "old" {
		t.Fatal("a preview changed the graph")
	}
	got := apply(t, g, day(2), changes)
	after := view(t, g, graph.Perspective{})
	if admitted(preview, preview.Facts()) != admitted(after, after.Facts()) || preview.Size() != after.Size() || preview.Commit() != after.Commit() ||
		!preview.KnownAt.Equal(after.KnownAt) || !promised.At.Equal(got.At) || !slices.Equal(promised.Recorded, got.Recorded) {
		t.Errorf("previewed %s with %d quads, applied %s with %d", admitted(preview, preview.Facts()), preview.Size(), admitted(after, after.Facts()), after.Size())
	}
	for _, v := range []*graph.View{preview, after} {
		x, _ := v.Node("person/x")
		var links graph.Links
		if err := v.Follow(t.Context(), &links, []graph.ID{x}, graph.PreferredName, false, v.Facts()); err != nil {
			t.Fatal(err)
		}
		if len(links.All) != 1 || v.Name(links.All[0].To) != "a text never seen" {
			t.Errorf("names %v", links.All)
		}
	}
}
