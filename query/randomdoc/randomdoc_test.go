package randomdoc_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query/randomdoc"
	"chancery/schema"
	"chancery/schema/schematest"
)

func load(t *testing.T) *schema.Ontology { return schematest.Ontology(t) }

func numbers(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// Every graph can be committed, and the same numbers give the same one.
func TestGraph(t *testing.T) {
	o := load(t)
	for seed := range uint64(20) {
		s := randomdoc.Graph(numbers(seed), o)
		if again := randomdoc.Graph(numbers(seed), o); !reflect.DeepEqual(s.Commits, again.Commits) {
			t.Fatalf("seed %d: two graphs of the same numbers differ", seed)
		}
		g, err := graph.Open(t.Context(), memory.New())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.Commits {
			if _, err := g.Apply(t.Context(), c); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// Documents are valid, and together they use all fields and all keys of inputs.
func TestDocument(t *testing.T) {
	o := load(t)
	const count = 16_000
	used := map[string]int{}
	var s *randomdoc.Sample
	for seed := range uint64(count) {
		if seed%100 == 0 {
			s = randomdoc.Graph(numbers(seed), o)
		}
		d := randomdoc.NewDocument(numbers(seed), s)
		doc, errs := gqlparser.LoadQueryWithRules(o.Schema, d.Text, nil)
		if errs != nil {
			t.Fatalf("seed %d: %v\n%s", seed, errs, d.Text)
		}
		if _, err := validator.VariableValues(o.Schema, doc.Operations[0], d.Variables); err != nil {
			t.Fatalf("seed %d: %v\n%s\n%v", seed, err, d.Text, d.Variables)
		}
		for _, u := range d.Uses {
			used[u]++
		}
	}
	if never := unused(o, used); len(never) > 0 {
		t.Errorf("%d documents never use %s", count, strings.Join(never, ", "))
	}
}

// unused are the fields and input keys that can be asked for and never were.
func unused(o *schema.Ontology, used map[string]int) []string {
	var never []string
	reached := map[string]bool{}
	var reach func(name string)
	see := func(owner, key string, t *ast.Type) {
		if used[owner+"."+key] == 0 {
			never = append(never, owner+"."+key)
		}
		reach(t.Name())
	}
	reach = func(name string) {
		def := o.Schema.Types[name]
		if reached[name] || def.Kind == ast.Scalar || def.Kind == ast.Enum {
			return
		}
		reached[name] = true
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			see(name, f.Name, f.Type)
			for _, a := range f.Arguments {
				reach(a.Type.Name())
			}
		}
		for _, p := range o.Schema.PossibleTypes[name] {
			reach(p.Name)
		}
	}
	reach("Query")
	for _, a := range o.Schema.Directives["perspective"].Arguments {
		see("@perspective", a.Name, a.Type)
	}
	slices.Sort(never)
	return never
}
