package query_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
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
	return newVisits(b, visits, false)
}

// newVisits makes the same; restated: each visit's claim says again what its person
// and its nation are, and are called.
func newVisits(b *testing.B, visits int, restated bool) *bench {
	b.Helper()
	return newVisitsOf(b, visits, restated)
}

func newVisitsOf(b testing.TB, visits int, restated bool) *bench {
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
		id, person, nation := fmt.Sprint("event/", i), rng.IntN(1000), rng.IntN(200)
		facts := []graph.Fact{
			fact(id, graph.Type, graph.Ref("kg:Visit")),
			fact(id, "kg:visitor", graph.Ref(fmt.Sprint("person/", person))),
			fact(id, "kg:destination", graph.Ref(fmt.Sprint("nation/", nation))),
			fact(id, "schema:startDate", graph.Date(first.AddDate(0, 0, rng.IntN(9000)).Format(time.DateOnly))),
		}
		if restated {
			person, nation := fmt.Sprint("person/", person), fmt.Sprint("nation/", nation)
			facts = append(facts,
				fact(person, graph.Type, graph.Ref("schema:Person")), fact(person, graph.PreferredName, graph.TextIn("Person "+lastOf(person), "en")),
				fact(nation, graph.Type, graph.Ref("kg:Nation")), fact(nation, graph.PreferredName, graph.TextIn("Nation "+lastOf(nation), "en")))
		}
		claim(id, facts...)
	}
	if _, err := w.graph.Apply(b.Context(), graph.Changes{Record: claims, At: first}); err != nil {
		b.Fatal(err)
	}
	return w
}

func lastOf(id string) string { return id[strings.IndexByte(id, '/')+1:] }

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
	size, quads := 0, int64(0)
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
		size, quads = len(a.JSON), op.QuadsRead()
	}
	b.ReportMetric(float64(size), "answer-B")
	b.ReportMetric(float64(quads), "quads")
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

// BenchmarkRestated is BenchmarkRows over entities that many claims say the same of.
func BenchmarkRestated(b *testing.B) {
	newVisits(b, 20_000, true).run(b, `{ visits(first: 20000) { nodes { id start { edtf } visitors { id name } destination { id name } } } }`)
}

// BenchmarkCorrected is BenchmarkRows after a second edition that says every visit
// on another day, in claims that supersede the first ones.
func BenchmarkCorrected(b *testing.B) {
	w := newVisitsBench(b, 20_000)
	var claims []graph.Claim
	for i := range 20_000 {
		id := fmt.Sprint("event/", i)
		fact := func(p string, o graph.Term) graph.Fact { return graph.Fact{Subject: id, Predicate: p, Object: o} }
		claims = append(claims, graph.Claim{
			ID: "claim/second/" + id, Source: "source/table", Status: graph.Reported, Supersedes: "claim/" + id,
			Facts: []graph.Fact{
				fact(graph.Type, graph.Ref("kg:Visit")),
				fact("kg:visitor", graph.Ref(fmt.Sprint("person/", i%1000))),
				fact("kg:destination", graph.Ref(fmt.Sprint("nation/", i%200))),
				fact("schema:startDate", graph.Date(fmt.Sprintf("20%02d-05-01", i%100))),
			},
		})
	}
	if _, err := w.graph.Apply(b.Context(), graph.Changes{Record: claims, At: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
		b.Fatal(err)
	}
	w.run(b, `{ visits(first: 20000) { nodes { id start { edtf } visitors { id name } destination { id name } } } }`)
}

// BenchmarkTexts asks for what has certain names: each question is answered by the
// index of names once they have been asked for.
func BenchmarkTexts(b *testing.B) {
	w := newVisitsBench(b, 20_000)
	for _, q := range []struct{ name, document string }{
		{"contains", `{ people(where: {name: {contains: "on 77"}}, orderBy: [{id: ASC}], first: 50) { nodes { id name } } }`},
		{"startsWith", `{ people(where: {name: {startsWith: "person 77"}}, first: 50) { nodes { id name } } }`},
		{"related", `{ visits(where: {destination: {name: {eq: "Nation 77"}}}, first: 50) { nodes { id start { edtf } } } }`},
		{"few-left", `{ visits(where: {start: {in: {date: "2009-03"}}, visitors: {some: {name: {contains: "7"}}}}, first: 50) { nodes { id } } }`},
	} {
		b.Run(q.name, func(b *testing.B) { w.run(b, q.document) })
	}
}

// BenchmarkCounts asks for counts alone.
func BenchmarkCounts(b *testing.B) {
	w := newVisitsBench(b, 100_000)
	for _, q := range []struct{ name, document string }{
		{"root", `{ visits { totalCount } }`},
		{"relation", `{ nation(id: "nation/7") { visitsReceived { totalCount } } }`},
		{"relation-ordered", `{ nation(id: "nation/7") { visitsReceived(orderBy: [{start: DESC}]) { totalCount } } }`},
		{"relation-where", `{ nation(id: "nation/7") { visitsReceived(where: {start: {after: {date: "2010-01-01"}}}) { totalCount } } }`},
		{"root-where", `{ visits(where: {destination: {id: {eq: "nation/7"}}}, orderBy: [{start: DESC}]) { totalCount } }`},
		{"claims", `{ claims { totalCount } }`},
	} {
		b.Run(q.name, func(b *testing.B) { w.run(b, q.document) })
	}
}

// BenchmarkOrderByID takes the first few of many by their ids.
func BenchmarkOrderByID(b *testing.B) {
	newVisitsBench(b, 20_000).run(b, `{ visits(orderBy: [{id: DESC}], first: 20) { nodes { id } } }`)
}

// BenchmarkParts looks at many nodes with and without the help of other processors, with
// fewer nodes than are worth it and with more.
func BenchmarkParts(b *testing.B) {
	for _, visits := range []int{10_000, 40_000, 160_000} {
		w := newVisitsBench(b, visits)
		for _, helpers := range []int{0, 1} {
			w.engine.Helpers(helpers)
			b.Run(fmt.Sprintf("%d/%d", visits, helpers), func(b *testing.B) {
				w.run(b, `{ visits(first: 0) { groups(by: [START_YEAR, DESTINATION], firstPer: 3, orderBy: [COUNT_DESC, KEYS_ASC]) { keys { value entity { id } } count } } }`)
			})
		}
	}
}

// BenchmarkChain follows two relations to and fro.
func BenchmarkChain(b *testing.B) {
	newVisitsBench(b, 100_000).run(b, `{ people(first: 1000, where: {visits: {some: {destination: {visitsReceived: {some: {visitors: {some: {id: {eq: "person/7"}}}}}}}}}) { totalCount } }`)
}
