package query_test

import (
	"fmt"
	"testing"

	"chancery/graph"
	"chancery/query"
	"chancery/query/randomdoc"
)

// saying are changes that record each list of facts as a claim of its own.
type saying struct{ graph.Changes }

func (s *saying) say(facts ...graph.Fact) {
	s.Record = append(s.Record, graph.Claim{ID: fmt.Sprint("claim/", len(s.Record)), Source: "source/a", Status: graph.Reported, Facts: facts})
}

// parties says that there are some, and events between them, every event by event.
func parties(events int, event func(n int) []graph.Fact) graph.Changes {
	var s saying
	s.say(is("source/a", graph.Type, "schema:CreativeWork"))
	for i := range 4 {
		s.say(is(fmt.Sprint("party/", i), graph.Type, "kg:Party"))
	}
	for i := range events {
		s.say(event(i)...)
	}
	return s.Changes
}

// askedOften has a column make lists of what names its objects.
const askedOften = 40

func overParties(t *testing.T, c graph.Changes) *both {
	t.Helper()
	w := newBothOver(t, load(t), &randomdoc.Sample{}, openLocal(t))
	if _, err := w.graph.Apply(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	w.reread()
	return w
}

// TestListsAndCounts: of what the store counts in part, the lists tell the other part alone.
func TestListsAndCounts(t *testing.T) {
	w := overParties(t, parties(4000, func(i int) []graph.Fact {
		class, event := "kg:Interaction", fmt.Sprint("event/", i)
		if i > 600 && i < 700 && i%7 == 0 {
			class = "kg:Visit" // its page is looked at
		}
		return []graph.Fact{
			is(event, graph.Type, class), is(event, "kg:actor", fmt.Sprint("party/", i%3)), is(event, "kg:target", fmt.Sprint("party/", (i+1)%3)),
			starts(event, fmt.Sprintf("20%02d-%02d-%02d", 10+i%3, 1+i%12, 1+i%28)),
		}
	}))
	for range askedOften {
		for _, d := range []string{
			`{ party(id: "party/1") { interactionsAsTarget(first: 0) { totalCount } } }`,
			`{ interactions(first: 1, where: {target: {id: {in: ["party/1", "party/2", "party/0"]}}}) { totalCount } }`,
		} {
			want, err := w.askOf(w.straight, request{Document: d})
			if err != nil {
				t.Fatal(err)
			}
			got, err := w.askOf(w.engine, request{Document: d})
			if err != nil {
				t.Fatal(err)
			}
			if diff := compare(want, got); diff != "" {
				t.Fatalf("%s: %s", d, diff)
			}
		}
	}
}

// TestListsOfSeveral: each event has two actors, so that no list has one.
func TestListsOfSeveral(t *testing.T) {
	w := overParties(t, parties(40, func(i int) []graph.Fact {
		event := fmt.Sprint("event/", i)
		return []graph.Fact{
			is(event, graph.Type, "kg:Interaction"), is(event, "kg:actor", fmt.Sprint("party/", i%3)), is(event, "kg:actor", fmt.Sprint("party/", (i+1)%3)),
		}
	}))
	for range askedOften {
		if diff := w.differ(request{Document: `{ interactions(where: {actor: {id: {in: ["party/0", "party/1"]}}}) { totalCount nodes { id } } }`}); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestErasedFromTimelines asks for the latest after an erasure.
func TestErasedFromTimelines(t *testing.T) {
	w := overParties(t, parties(2000, func(i int) []graph.Fact {
		event := fmt.Sprint("event/", i)
		return []graph.Fact{
			is(event, graph.Type, "kg:Interaction"), is(event, "kg:target", fmt.Sprint("party/", i%3)),
			starts(event, fmt.Sprintf("20%02d-%02d-%02d", 10+i%3, 1+i%12, 1+i%28)),
		}
	}))
	w.engine.AlwaysLead()
	latest := func() {
		t.Helper()
		if diff := w.differ(request{Document: `{ party(id: "party/1") { interactionsAsTarget(first: 3, orderBy: {start: DESC}) { nodes { id } } } }`}); diff != "" {
			t.Fatal(diff)
		}
	}
	latest()
	if _, err := w.graph.Erase(t.Context(), graph.Erasure{Claims: []string{"claim/50"}}); err != nil {
		t.Fatal(err)
	}
	w.reread()
	latest()
}

// TestManyMistyped: of many ids that nobody knows, a few are looked for.
func TestManyMistyped(t *testing.T) {
	w := overParties(t, parties(1, func(int) []graph.Fact { return []graph.Fact{is("event/1", graph.Type, "kg:Interaction")} }))
	ids := ""
	for i := range 300 {
		ids += fmt.Sprintf("%q ", fmt.Sprint("event/", 1000+i))
	}
	e := query.New(w.o, w.graph, query.Options{Quads: 20_000, Errors: 1000}) // to look for all takes 135,000
	answer, err := w.askOf(e, request{Document: "{ nodes(ids: [" + ids + "]) { id } }"})
	if err != nil || len(answer.Errors) != 300 {
		t.Fatalf("%v, %d errors", err, len(answer.Errors))
	}
}
