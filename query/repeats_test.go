package query_test

import (
	"fmt"
	"testing"

	"chancery/graph"
	"chancery/query"
)

// between has parties have events between them, each party many.
func between(events int) graph.Changes {
	return parties(events, func(i int) []graph.Fact {
		event := fmt.Sprint("event/", i)
		return []graph.Fact{
			is(event, graph.Type, "kg:Interaction"), is(event, "kg:actor", fmt.Sprint("party/", i%2)), is(event, "kg:target", fmt.Sprint("party/", 1+i%3)),
			starts(event, fmt.Sprintf("2010-%02d-%02d", 1+i%7, 1+i%28)),
		}
	})
}

// TestRepeats: objects that come again are answered as the first time, with citations,
// errors and what is around them.
func TestRepeats(t *testing.T) {
	w := overParties(t, between(40))
	for _, d := range []string{
		`{ interactions(first: 12) { nodes { id actor { id name } target { id interactionsAsTarget(first: 2) { nodes { id actor { id } } } } } } }`,
		`query @cite { interactions(first: 12) { edges { node { id actor { id } target { id name interactionsAsActor(first: 1) { nodes { id start { edtf } target { id } } } } } } } }`,
		`{ interactions(first: 12) { nodes { id actor { id interactionsAsActor(first: 3, where: {start: {before: {enclosing: true}}}) { nodes { id } } } } } }`,
		`{ interactions(first: 12) { nodes { actor { id interactionsAsActor(last: 3, orderBy: [{start: DESC}, {id: ASC}]) { edges { cursor node { id } } pageInfo { startCursor } } } } } }`,
		`{ interactions(first: 12) { nodes { actor { id interactionsAsTarget(first: 2, where: {actor: {interactionsAsActor: {some: {start: {after: {enclosing: true}}}}}}) { totalCount } } } } }`,
		`{ interactions(first: 9) { nodes { target { ... on Party { interactionsAsTarget { groups(by: [ACTOR]) { count keys { entity { id } } } } } } } } }`,
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
			t.Errorf("%s\n%s", d, diff)
		}
	}
}

// TestRepeatsCount: what comes again counts each time, whoever answers.
func TestRepeatsCount(t *testing.T) {
	w := overParties(t, between(40))
	for _, d := range []string{
		`{ interactions(first: 6) { edges { node { id actor { id interactionsAsActor(first: 3, orderBy: [{start: DESC}]) { nodes { id target { id } } } } } } } }`,
		`{ interactions(first: 5) { nodes { target { id interactionsAsTarget { groups(by: [ACTOR]) { keys { entity { id ... on Party { interactionsAsActor(first: 2) { edges { node { id } claims { id facts { subject { id } } } } } } } } } } } } } }`,
	} {
		refused, most := 0, 400
		for rows := 1; rows < most; rows++ {
			engine := query.New(w.o, w.graph, query.Options{Rows: rows})
			straight := query.New(w.o, w.graph, query.Options{Rows: rows})
			straight.GoStraight()
			var over [2]bool
			for i, e := range []*query.Engine{engine, straight} {
				bench := &bench{ontology: w.o, graph: w.graph, engine: e}
				_, wrong := bench.read(t, d)
				over[i] = len(wrong) > 0
			}
			if over[0] != over[1] {
				t.Fatalf("with at most %d objects, %s is refused: %t, and without choices: %t", rows, d, over[0], over[1])
			}
			if over[0] {
				refused++
			}
		}
		if refused < 20 || refused == most-1 {
			t.Errorf("%s is refused up to %d objects", d, refused)
		}
	}
}
