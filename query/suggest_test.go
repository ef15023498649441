package query_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/query"
)

// TestSuggestions: one slip away from any id, it is suggested, however large the graph
// is; what that reads is bounded.
func TestSuggestions(t *testing.T) {
	w := newBench(t)
	w.engine = query.New(w.ontology, w.graph, query.Options{Quads: 3_000})
	c := graph.Changes{At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	people := graph.Claim{ID: "claim/d/people", Source: "source/d", Status: graph.Reported}
	for i := range 10_000 {
		people.Facts = append(people.Facts, graph.Fact{Subject: fmt.Sprintf("person/number-%d-of-many", i), Predicate: graph.Type, Object: graph.Ref("schema:Person")})
	}
	gone := graph.Claim{ID: "claim/d/gone", Source: "source/d", Status: graph.Reported, Facts: []graph.Fact{
		{Subject: "person/gone", Predicate: graph.Type, Object: graph.Ref("schema:Person")},
	}}
	c.Record = []graph.Claim{people, gone}
	if _, err := w.graph.Apply(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if _, err := w.graph.Apply(t.Context(), graph.Changes{At: c.At.AddDate(0, 0, 1), Retract: []graph.Retraction{{Claim: gone.ID, Reason: "wrong"}}}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ given, want string }{
		{"person/number-9876-of-mny", `did you mean "person/number-9876-of-many"`},   // missing
		{"person/number-9876-of-manyy", `did you mean "person/number-9876-of-many"`}, // too many
		{"person/number-9876-of-mamy", `did you mean "person/number-9876-of-many"`},  // wrong
		{"person/number-9876-fo-many", `did you mean "person/number-9876-of-many"`},  // swapped
		{"persn/number-9876-of-many", `did you mean "person/number-9876-of-many"`},   // in the kind
		{"erson/number-9876-of-many", `did you mean "person/number-9876-of-many"`},   // at the beginning
		{"person/number-9876-of-", "look its id up"},
		{"person/number-7-in-miny", `did you mean "person/number-7-of-many"`}, // further off, among the first
		{"claim/d/peple", `did you mean "claim/d/people"`},
		{"person/gon", "look its id up"}, // nothing any more
		{"", "look its id up"},
		{strings.Repeat("é", 1_000), "look its id up"},
	} {
		a := w.ask(t, `query ($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": test.given})
		if len(a.Errors) != 1 || a.Errors[0].Code != query.UnknownID || !strings.Contains(a.Errors[0].Message, test.want) {
			t.Errorf("%.50q: %v, want UNKNOWN_ID and %s", test.given, a.Errors, test.want)
		}
	}
}

// BenchmarkUnknownID asks for an id that is unknown in a graph of 100,000 people, and
// near none: nothing is found early.
func BenchmarkUnknownID(b *testing.B) {
	w := newBench(b)
	people := graph.Claim{ID: "claim/d/people", Source: "source/d", Status: graph.Reported}
	for i := range 100_000 {
		people.Facts = append(people.Facts, graph.Fact{Subject: fmt.Sprintf("person/number-%d-of-many", i), Predicate: graph.Type, Object: graph.Ref("schema:Person")})
	}
	if _, err := w.graph.Apply(b.Context(), graph.Changes{At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Record: []graph.Claim{people}}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if a := w.ask(b, `{ node(id: "person/somebody-quite-different") { id } }`, nil); len(a.Errors) != 1 {
			b.Fatal(a.Errors)
		}
	}
}
