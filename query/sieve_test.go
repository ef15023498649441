package query_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"chancery/graph"
	"chancery/query"
)

// largeQuestions look at many nodes: through relations and back, and in groups.
func largeQuestions() []string {
	ids := func(of string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%q ", fmt.Sprint(of, "/", i))
		}
		return b.String()
	}
	return []string{
		fmt.Sprintf(`{ people(first: 1000, where: {visits: {some: {visitors: {some: {id: {in: [%s]}}}, destination: {id: {in: [%s]}}}}}) { nodes { id } } }`, ids("person", 60), ids("nation", 10)),
		`{ nations(first: 1000, where: {visitsReceived: {some: {start: {in: {date: "2003/2019"}}, destination: {visitsReceived: {some: {visitors: {some: {id: {eq: "person/77"}}}}}}}}}) { totalCount nodes { id } } }`,
		`{ visits(first: 0, where: {start: {in: {date: "2009"}}}) { totalCount groups(by: [START_MONTH, DESTINATION], firstPer: 3, orderBy: [COUNT_DESC, KEYS_ASC], first: 1000) { keys { value entity { id } } count } } }`,
		`{ visits(first: 0) { groups(by: [DESTINATION], orderBy: [COUNT_DESC], first: 5) { keys { entity { id } } count } } }`,
		`{ visits(first: 0) { groups(by: [DESTINATION], orderBy: [KEYS_DESC], first: 5) { keys { entity { id } } count distinct earliest latest } } }`,
	}
}

// TestParts asks large questions of an engine that looks at nodes in parts and of one
// that does not, about visits some of which claims differ about or were taken back.
func TestParts(t *testing.T) {
	w := newCorrectedVisits(t)
	alone, helped := query.New(w.ontology, w.graph, query.Options{}), query.New(w.ontology, w.graph, query.Options{})
	helped.AlwaysHelp()
	for i := range 60 * len(largeQuestions()) { // the first to ask pay for the columns
		document := largeQuestions()[i%len(largeQuestions())]
		if _, _, err := answerOf(t.Context(), w, alone, document, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, document := range largeQuestions() {
		for _, perspective := range []map[string]any{nil, {"sources": []any{"source/other"}}, {"statuses": []any{"CONFIRMED"}}} {
			want, quads, err := answerOf(t.Context(), w, alone, document, perspective)
			if err != nil {
				t.Fatal(err)
			}
			if perspective == nil && len(want) < 60 {
				t.Errorf("%s\nhas the answer %s", document, want)
			}
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					got, read, err := answerOf(t.Context(), w, helped, document, perspective)
					if err != nil || got != want || read != quads {
						t.Errorf("%s\nin parts: %s, %d quads, %v\nalone: %s, %d quads", document, got, read, err, want, quads)
					}
				})
			}
			all.Wait()
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, document := range largeQuestions() {
		if _, _, err := answerOf(ctx, w, helped, document, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s\ncancelled: %v", document, err)
		}
	}
	if n := helped.Helping(); n != 0 {
		t.Errorf("%d helpers were left behind", n)
	}
}

// TestPartsOverTheLimit has a question stopped in the middle of its parts.
func TestPartsOverTheLimit(t *testing.T) {
	w := newCorrectedVisits(t)
	e := query.New(w.ontology, w.graph, query.Options{})
	for range 60 { // the first to ask pay for the columns
		if _, _, err := answerOf(t.Context(), w, e, largeQuestions()[0], nil); err != nil {
			t.Fatal(err)
		}
	}
	_, quads, err := answerOf(t.Context(), w, e, largeQuestions()[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	for limit := quads / 10; limit < quads; limit += quads / 10 {
		e := query.New(w.ontology, w.graph, query.Options{Quads: int(limit)})
		e.AlwaysHelp()
		_, read, err := answerOf(t.Context(), w, e, largeQuestions()[0], nil)
		var bad *query.Error
		if !errors.As(err, &bad) || bad.Code != query.CostExceeded {
			t.Errorf("limit %d: %d quads read, %v", limit, read, err)
		}
		if n := e.Helping(); n != 0 {
			t.Errorf("limit %d: %d helpers were left behind", limit, n)
		}
	}
}

// newCorrectedVisits holds visits that are alike in whole stretches, and a few that a
// second claim moves to another nation, says again, or takes the place of.
func newCorrectedVisits(t *testing.T) *bench {
	t.Helper()
	w := newVisitsOf(t, 4000, false)
	var claims []graph.Claim
	for i := range 40 {
		id := fmt.Sprint("event/", 1500+37*i)
		c := graph.Claim{ID: "claim/again/" + id, Source: "source/table", Status: graph.Reported}
		to := "nation/7"
		switch i % 4 {
		case 0:
			c.Source = "source/other"
		case 1:
			c.Supersedes = "claim/" + id
			c.Facts = append(c.Facts, graph.Fact{Subject: id, Predicate: graph.Type, Object: graph.Ref("kg:Visit")})
		case 2:
			c.Status = graph.Confirmed
			to = "nation/9"
		case 3:
			to = fmt.Sprint("person/", i) // no nation
		}
		c.Facts = append(c.Facts, graph.Fact{Subject: id, Predicate: "kg:destination", Object: graph.Ref(to)})
		claims = append(claims, c)
	}
	if _, err := w.graph.Apply(t.Context(), graph.Changes{Record: claims, At: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	return w
}

// answerOf answers a document with one root field.
func answerOf(ctx context.Context, w *bench, e *query.Engine, document string, perspective map[string]any) (string, int64, error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return "", 0, err
	}
	if errs := validator.ValidateWithRules(w.ontology.Schema, doc, nil); len(errs) > 0 {
		return "", 0, errs
	}
	op, err := e.Begin(ctx, query.Request{Operation: doc.Operations[0], Perspective: perspective})
	if err != nil {
		return "", 0, err
	}
	field := doc.Operations[0].SelectionSet[0].(*ast.Field)
	a, err := op.Answer(ctx, field, field.SelectionSet)
	if err == nil && len(a.Errors) > 0 {
		err = a.Errors[0]
	}
	return string(a.JSON), op.QuadsRead(), err
}
