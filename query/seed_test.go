package query_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/schema"
	"chancery/schema/schematest"
	"chancery/seed"
)

// bench is a graph with an engine over it.
type bench struct {
	ontology *schema.Ontology
	graph    *graph.Graph
	engine   *query.Engine
}

func newBench(t testing.TB) *bench {
	t.Helper()
	o := schematest.Ontology(t)
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	return &bench{ontology: o, graph: g, engine: query.New(o, g, query.Options{})}
}

func newSeedBench(t testing.TB) *bench {
	t.Helper()
	b := newBench(t)
	if err := seed.Load(t.Context(), b.graph, b.ontology, time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return b
}

// answer is a response as clients see it.
type answer struct {
	Data       json.RawMessage            `json:"data"`
	Errors     []*query.Error             `json:"-"`
	Extensions map[string]json.RawMessage `json:"extensions"`
}

// ask parses, validates and answers a document with one operation, root field by
// root field in the order of the document, as the server does.
func (w *bench) ask(t testing.TB, document string, variables map[string]any) answer {
	t.Helper()
	a, err := w.try(t, document, variables)
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	return a
}

func (w *bench) try(t testing.TB, document string, variables map[string]any) (answer, error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return answer{}, err
	}
	if errs := validator.ValidateWithRules(w.ontology.Schema, doc, nil); len(errs) > 0 {
		return answer{}, errs
	}
	op := doc.Operations[0]
	vars, err := validator.VariableValues(w.ontology.Schema, op, variables)
	if err != nil {
		return answer{}, err
	}
	o, err := w.engine.Begin(t.Context(), query.Request{Operation: op, Variables: vars})
	if err != nil {
		return answer{}, err
	}
	var out answer
	data := []byte{'{'}
	null := false
	for i, root := range op.SelectionSet {
		field := root.(*ast.Field)
		got, err := o.Answer(t.Context(), field, field.SelectionSet)
		if err != nil {
			return answer{}, err
		}
		out.Errors = append(out.Errors, got.Errors...)
		if i > 0 {
			data = append(data, ',')
		}
		data = fmt.Appendf(data, "%q:", field.Alias)
		if got.JSON == nil {
			null = null || field.Definition.Type.NonNull
			got.JSON = []byte("null")
		}
		data = append(data, got.JSON...)
	}
	out.Data = append(data, '}')
	if null {
		out.Data = []byte("null")
	}
	extensions, err := o.Extensions(t.Context())
	if err != nil {
		return answer{}, err
	}
	out.Extensions = map[string]json.RawMessage{}
	for _, e := range extensions {
		out.Extensions[e.Key] = e.JSON
	}
	return out, nil
}

// acceptanceFolder holds documents with expected answers, where it is laid beside
// the project.
const acceptanceFolder = "../../shared/acceptance/seed"

func TestAcceptance(t *testing.T) {
	documents, _ := filepath.Glob(filepath.Join(acceptanceFolder, "*.graphql"))
	if len(documents) == 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("the acceptance documents are missing")
		}
		t.Skip("left out: no acceptance documents beside the project")
	}
	b := newSeedBench(t)
	for _, path := range documents {
		name := strings.TrimSuffix(filepath.Base(path), ".graphql")
		t.Run(name, func(t *testing.T) {
			document, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			expected, err := os.ReadFile(strings.TrimSuffix(path, ".graphql") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			got := b.ask(t, string(document), nil)
			if len(got.Errors) > 0 {
				t.Fatal(got.Errors)
			}
			var want, have any
			if err := json.Unmarshal(expected, &want); err != nil {
				t.Fatal(err)
			}
			whole, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if m, ok := want.(map[string]any); !ok || m["data"] == nil {
				want = map[string]any{"data": want}
			}
			if err := json.Unmarshal(whole, &have); err != nil {
				t.Fatal(err)
			}
			if !match(want, have) {
				t.Errorf("got %s\nwant %s", whole, expected)
			}
		})
	}
}

// match compares as the acceptance runner does: "*" is anything but null, keys
// that are not expected do not matter, lists match in any order.
func match(want, got any) bool {
	switch want := want.(type) {
	case string:
		if want == "*" {
			return got != nil
		}
	case map[string]any:
		object, ok := got.(map[string]any)
		for key, value := range want {
			have, there := object[key]
			ok = ok && there && match(value, have)
		}
		return ok
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return false
		}
		left := append([]any(nil), list...)
		for _, value := range want {
			found := -1
			for i, have := range left {
				if match(value, have) {
					found = i
					break
				}
			}
			if found < 0 {
				return false
			}
			left = append(left[:found], left[found+1:]...)
		}
		return true
	}
	return want == got
}
