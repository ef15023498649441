package query_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"chancery/query"
)

// limited is the same graph behind an engine that reads so many quads an operation.
func (w *bench) limited(quads int) *bench {
	return &bench{ontology: w.ontology, graph: w.graph, engine: query.New(w.ontology, w.graph, query.Options{Quads: quads})}
}

// begin begins an operation and returns it with its root fields.
func (w *bench) begin(t testing.TB, document string) (*query.Operation, []*ast.Field) {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		t.Fatal(err)
	}
	if errs := validator.ValidateWithRules(w.ontology.Schema, doc, nil); len(errs) > 0 {
		t.Fatal(errs)
	}
	op, err := w.engine.Begin(t.Context(), query.Request{Operation: doc.Operations[0]})
	if err != nil {
		t.Fatal(err)
	}
	var fields []*ast.Field
	for _, s := range doc.Operations[0].SelectionSet {
		fields = append(fields, s.(*ast.Field))
	}
	return op, fields
}

// read answers all root fields together and returns the quads read and the errors.
func (w *bench) read(t testing.TB, document string) (quads int64, wrong []*query.Error) {
	t.Helper()
	op, fields := w.begin(t, document)
	answers := make([]query.Answer, len(fields))
	var group sync.WaitGroup
	for i, f := range fields {
		group.Go(func() {
			var err error
			if answers[i], err = op.Answer(t.Context(), f, f.SelectionSet); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, a := range answers {
		wrong = append(wrong, a.Errors...)
	}
	return op.QuadsRead(), wrong
}

// settle asks until columns that are worth making are made: from then on a question
// reads the same each time.
func (w *bench) settle(t testing.TB, document string) (quads int64) {
	t.Helper()
	for range 50 {
		quads, _ = w.read(t, document)
	}
	return quads
}

const visitsWithClaims = `{ visits { nodes { name destination { name } claims { nodes { locator } } } } }`

func TestCostLimitIsExact(t *testing.T) {
	w := newSeedBench(t)
	quads := int(w.settle(t, visitsWithClaims))
	if quads < 20 {
		t.Fatalf("only %d quads are read", quads)
	}
	if read, wrong := w.limited(quads).read(t, visitsWithClaims); len(wrong) > 0 || read != int64(quads) {
		t.Fatalf("with %d quads allowed: read %d, %v", quads, read, wrong)
	}
	for _, allowed := range []int{1, quads / 2, quads - 1} {
		read, wrong := w.limited(allowed).read(t, visitsWithClaims)
		if len(wrong) != 1 {
			t.Fatalf("with %d quads allowed: %v", allowed, wrong)
		}
		e := wrong[0]
		if e.Code != query.CostExceeded || e.Limit != "quads" || e.Allowed != int64(allowed) || e.Given != read || read <= int64(allowed) {
			t.Errorf("with %d quads allowed, %d read: %+v", allowed, read, e)
		}
		if e.Path.String() != "visits" || e.Position == nil || !strings.Contains(e.Message, "ask for fewer objects with first") {
			t.Errorf("with %d quads allowed: %+v", allowed, e)
		}
	}
}

// TestCostOfRoots: root fields are answered at the same time, and share one limit.
func TestCostOfRoots(t *testing.T) {
	w := newSeedBench(t)
	one := w.settle(t, `{ people { nodes { name } } }`)
	var roots strings.Builder
	for i := range 8 {
		fmt.Fprintf(&roots, "p%d: people { nodes { name } } ", i)
	}
	all := "{ " + roots.String() + "}"
	if read, wrong := w.read(t, all); read != 8*one || len(wrong) > 0 {
		t.Errorf("one reads %d, eight read %d: %v", one, read, wrong)
	}
	if _, wrong := w.limited(int(8*one)-1).read(t, all); len(wrong) == 0 {
		t.Error("eight together stay under a limit that they exceed")
	}
	if _, wrong := w.limited(int(8*one)).read(t, all); len(wrong) != 0 {
		t.Error(wrong)
	}
}

// TestDearestField names the field that reads most by itself.
func TestDearestField(t *testing.T) {
	w := newSeedBench(t)
	q := `{ nations(first: 200) { nodes { id own: names { text } } } }`
	quads := w.settle(t, q)
	_, wrong := w.limited(int(quads)-1).read(t, q)
	if len(wrong) != 1 || !strings.Contains(wrong[0].Message, "; the dearest field is nations.nodes.own with ") || wrong[0].Position.Column != strings.Index(q, "own")+1 {
		t.Errorf("%v", wrong)
	}
}

func TestNoCostLimit(t *testing.T) {
	w := newSeedBench(t).limited(-1)
	if _, wrong := w.read(t, visitsWithClaims); len(wrong) > 0 {
		t.Error(wrong)
	}
	if read, _ := w.read(t, `{ __typename }`); read != 0 {
		t.Errorf("nothing is read, not %d quads", read)
	}
}

// TestRefused: what would go over the limit for certain is refused before anything
// is read, saying how much it would read at least.
func TestRefused(t *testing.T) {
	w := newLocalSeed(t)
	for _, test := range []struct{ document, field string }{
		{`{ facts { totalCount } }`, "facts"},
		{`{ conflicts { kind } }`, "conflicts"},
		{`{ all: people { nodes { name } } }`, "all"},
		{`{ people { totalCount } }`, "people"},
		{`{ people(orderBy: [{name: ASC}], where: {not: {name: {eq: "x"}}}) { nodes { id } } }`, "people"},
	} {
		read, wrong := w.limited(5).read(t, test.document)
		if len(wrong) != 1 || read != 0 {
			t.Errorf("%s: read %d, %v", test.document, read, wrong)
			continue
		}
		e := wrong[0]
		if e.Code != query.CostExceeded || e.Limit != "quads" || e.Allowed != 5 || e.Given <= 5 ||
			!strings.HasPrefix(e.Message, fmt.Sprintf("%s would read ", test.field)) || !strings.Contains(e.Message, "none was read") {
			t.Errorf("%s: %+v", test.document, e)
		}
	}
}

// TestRefusedForCertain: nothing is refused that would have stayed under the limit.
func TestRefusedForCertain(t *testing.T) {
	w := newLocalSeed(t)
	refused := 0
	for _, q := range planQuestions {
		quads := w.settle(t, q.document)
		for allowed := 1; int64(allowed) <= quads*2; allowed *= 2 {
			_, wrong := w.limited(allowed).read(t, q.document)
			for _, e := range wrong {
				if !strings.Contains(e.Message, "none was read") {
					continue
				}
				if refused++; e.Given > quads || e.Given <= e.Allowed {
					t.Errorf("%s reads %d quads; with %d allowed: %v", q.document, quads, allowed, e)
				}
			}
		}
	}
	if refused < 20 {
		t.Errorf("only %d were refused", refused)
	}
}
