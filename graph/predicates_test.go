package graph_test

import (
	"slices"
	"testing"

	"chancery/graph"
)

// TestPredicatesOfAPreview asks the view of a commit that was never made.
func TestPredicatesOfAPreview(t *testing.T) {
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said("old", nil)}})
	names := func(v *graph.View) []string {
		t.Helper()
		ids, err := v.Predicates(t.Context())
		if err != nil || !slices.IsSorted(ids) {
			t.Fatal(ids, err)
		}
		var out []string
		for _, id := range ids {
			out = append(out, v.Name(id))
		}
		return out
	}
	preview, _, err := g.Preview(t.Context(), graph.Changes{At: day(2), Record: []graph.Claim{said("new", func(c *graph.Claim) {
		c.Facts[0].Predicate = "kg:neverSeen"
	})}})
	if err != nil {
		t.Fatal(err)
	}
	before, after := names(view(t, g, graph.Perspective{})), names(preview)
	if slices.Contains(before, "kg:neverSeen") || !slices.Contains(before, graph.Type) || !slices.Equal(after, append(before, "kg:neverSeen")) {
		t.Errorf("the predicates were %q, and are %q", before, after)
	}
}
