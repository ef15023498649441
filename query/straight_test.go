package query_test

import (
	"encoding/json"
	"strings"
	"testing"

	"chancery/query"
)

// choices are what steps of plans say that are chosen.
var choices = []string{
	"start from", "keep what is among", "read by", "count every", "count along", `from the end "to"`,
}

func planOf(t *testing.T, a answer) string {
	t.Helper()
	var plan struct{ Text string }
	if err := json.Unmarshal(a.Extensions["plan"], &plan); err != nil {
		t.Fatal(err)
	}
	return plan.Text
}

// TestStraight holds the engine that the others are compared with to what it is for:
// its plans have none of the choices that those of the same questions have, and its
// answers are the same.
func TestStraight(t *testing.T) {
	w := newLocalSeed(t)
	straight := &bench{ontology: w.ontology, graph: w.graph, engine: query.New(w.ontology, w.graph, query.Options{})}
	straight.engine.GoStraight()
	chosen := map[string]bool{}
	for _, q := range planQuestions {
		with, without := w.ask(t, explained(q.document), nil), straight.ask(t, explained(q.document), nil)
		if string(with.Data) != string(without.Data) {
			t.Errorf("%s: %s\nwithout choices %s", q.document, with.Data, without.Data)
		}
		for _, c := range choices {
			chosen[c] = chosen[c] || strings.Contains(planOf(t, with), c)
			if strings.Contains(planOf(t, without), c) {
				t.Errorf("%s: %q is a choice in\n%s", q.document, c, planOf(t, without))
			}
		}
	}
	for _, c := range choices {
		if !chosen[c] {
			t.Errorf("no question has a plan that says %q", c)
		}
	}
}

// TestStraightOrder: conditions are put to every row, in the order of writing.
func TestStraightOrder(t *testing.T) {
	w := newLocalSeed(t)
	w.engine.GoStraight()
	got := planOf(t, w.ask(t, `query @explain { visits(where: {and: [
		{visitors: {some: {id: {eq: "person/sergio-gor"}}}}, {not: {id: {eq: "nation/kz"}}}, {destination: {id: {eq: "nation/kz"}}}]}) { nodes { id } } }`, nil))
	last := -1
	for _, part := range []string{
		"read every Visit: at most 2 rows", "put to each visitors{", "put to each destination{",
	} {
		at := strings.Index(got, part)
		if at <= last {
			t.Fatalf("%q does not come where it was written:\n%s", part, got)
		}
		last = at
	}
}

// TestStraightLooksAtNoColumn: what is asked again and again is read again and again.
func TestStraightLooksAtNoColumn(t *testing.T) {
	const document = `{ visits(where: {destination: {name: {eq: "Kazakhstan"}}}) { nodes { id visitors { name } start { edtf } } groups(by: [DESTINATION]) { count } } }`
	w := newLocalSeed(t)
	w.engine.GoStraight()
	first, _ := w.read(t, document)
	if again := w.settle(t, document); again != first {
		t.Errorf("%d quads at first, %d later", first, again)
	}
	w.engine = query.New(w.ontology, w.graph, query.Options{})
	if chosen := w.settle(t, document); chosen >= first {
		t.Errorf("with columns and indexes %d quads, without %d", chosen, first)
	}
}
