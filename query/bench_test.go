package query_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"chancery/graph"
	"chancery/query"
)

// newVisitsBench holds visits visits by 1,000 people to 200 nations, a claim each,
// made from a fixed seed.
func newVisitsBench(b *testing.B, visits int) *bench {
	b.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	w := newBench(b)
	var claims []graph.Claim
	claim := func(id string, facts ...graph.Fact) {
		claims = append(claims, graph.Claim{ID: "claim/" + id, Source: "source/table", Status: graph.Reported, Facts: facts})
	}
	fact := func(s, p string, o graph.Term) graph.Fact { return graph.Fact{Subject: s, Predicate: p, Object: o} }
	claim("source", fact("source/table", graph.Type, graph.Ref("schema:CreativeWork")), fact("source/table", graph.PreferredName, graph.TextIn("Table", "en")))
	for i := range 200 {
		id := fmt.Sprint("nation/", i)
		claim(id, fact(id, graph.Type, graph.Ref("kg:Nation")), fact(id, graph.PreferredName, graph.TextIn(fmt.Sprint("Nation ", i), "en")))
	}
	for i := range 1000 {
		id := fmt.Sprint("person/", i)
		claim(id, fact(id, graph.Type, graph.Ref("schema:Person")), fact(id, graph.PreferredName, graph.TextIn(fmt.Sprint("Person ", i), "en")))
	}
	first := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range visits {
		id := fmt.Sprint("event/", i)
		claim(id,
			fact(id, graph.Type, graph.Ref("kg:Visit")),
			fact(id, "kg:visitor", graph.Ref(fmt.Sprint("person/", rng.IntN(1000)))),
			fact(id, "kg:destination", graph.Ref(fmt.Sprint("nation/", rng.IntN(200)))),
			fact(id, "schema:startDate", graph.Date(first.AddDate(0, 0, rng.IntN(9000)).Format(time.DateOnly))))
	}
	if _, err := w.graph.Apply(b.Context(), graph.Changes{Record: claims, At: first}); err != nil {
		b.Fatal(err)
	}
	return w
}

// run answers a document b.N times: parsed once, compiled and run each time.
func (w *bench) run(b *testing.B, document string) {
	b.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		b.Fatal(err)
	}
	if errs := validator.ValidateWithRules(w.ontology.Schema, doc, nil); len(errs) > 0 {
		b.Fatal(errs)
	}
	field := doc.Operations[0].SelectionSet[0].(*ast.Field)
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		op, err := w.engine.Begin(b.Context(), query.Request{Operation: doc.Operations[0]})
		if err != nil {
			b.Fatal(err)
		}
		a, err := op.Answer(b.Context(), field, field.SelectionSet)
		if err != nil || len(a.Errors) > 0 {
			b.Fatal(err, a.Errors)
		}
		size = len(a.JSON)
	}
	b.ReportMetric(float64(size), "answer-B")
}

func BenchmarkFirstQuestion(b *testing.B) {
	newSeedBench(b).run(b, `{ visits(where: {start: {before: {event: "event/c5-plus-1-summit-2025"}}}) {
		totalCount nodes { visitors { id name } destination { id name isoAlpha2 } } } }`)
}

func BenchmarkNestedPage(b *testing.B) {
	newVisitsBench(b, 20_000).run(b, `{ people(first: 20) { nodes { id name visits(first: 5, orderBy: [{start: DESC}]) {
		nodes { start { edtf } destination { name } } } } } }`)
}

func BenchmarkRows(b *testing.B) {
	for _, rows := range []int{1000, 20_000} {
		w := newVisitsBench(b, rows)
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			w.run(b, fmt.Sprintf(`{ visits(first: %d) { nodes { id start { edtf } visitors { id name } destination { id name } } } }`, rows))
		})
	}
}
