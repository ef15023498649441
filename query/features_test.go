package query_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/query/naive"
	"chancery/query/randomdoc"
	"chancery/schema"
)

var features = flag.Bool("features", false, "print how often TestFeatures asked for each thing, and how often its answer was not empty")

// featured is how many documents TestFeatures asks.
const featured = 3000

// TestFeatures holds the random documents to what can be asked: each argument, each
// key of an input, each value of an enum and each field that is of no class is asked
// for, and some answer to it is not empty. What is alike in all classes counts as one.
//
//	go test ./query -run TestFeatures -features -v
func TestFeatures(t *testing.T) {
	o := load(t)
	c := &coverage{o: o, counts: map[string]*asked{}}
	for s := range uint64(featured) {
		if s%documentsPerGraph == 0 {
			c.w = newBothByTurns(t, o, s/documentsPerGraph)
		}
		d := randomdoc.NewDocument(numbers(s), c.w.sample)
		if s%5 == 0 {
			d = randomdoc.Latest(numbers(s), c.w.sample)
		}
		c.add(t, request{d.Text, d.Variables, d.Perspective})
	}
	c.expect()
	names := slices.SortedFunc(maps.Keys(c.counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.counts[a].some, c.counts[b].some), cmp.Compare(a, b))
	})
	for _, name := range names {
		n := c.counts[name]
		if *features {
			t.Logf("%6d asked %6d not empty  %s", n.times, n.some, name)
		}
		if n.some == 0 {
			t.Errorf("%s: %d of %d documents ask for it, and no answer has something", name, n.times, featured)
		}
	}
}

// asked counts the documents that ask for something, and those whose answer to
// what asks for it is not empty.
type asked struct{ times, some int }

type coverage struct {
	o      *schema.Ontology
	w      *both
	counts map[string]*asked
	vars   map[string]any
	now    map[string]bool // in this document: whether the answer is not empty
}

func (c *coverage) add(t *testing.T, r request) {
	t.Helper()
	doc, vars, err := r.parse(c.o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.w.ask(r)
	if err != nil {
		t.Fatal(err)
	}
	c.vars, c.now = vars, map[string]bool{}
	op := doc.Operations[0]
	all := something(got.Data)
	for _, d := range op.Directives {
		c.see("@"+d.Name, all)
		for _, a := range d.Arguments {
			c.see("@"+d.Name+"("+a.Name+")", all)
		}
	}
	for name := range r.Perspective {
		c.see("@perspective("+name+")", all)
	}
	var data []any
	if got.Data != nil {
		data = []any{got.Data}
	}
	c.selections(op.SelectionSet, data)
	for name, some := range c.now {
		n := c.counts[name]
		if n == nil {
			n = &asked{}
			c.counts[name] = n
		}
		n.times++
		if some {
			n.some++
		}
	}
}

func (c *coverage) see(name string, some bool) { c.now[name] = c.now[name] || some }

// selections goes through a selection set and the objects that it was answered with.
func (c *coverage) selections(set ast.SelectionSet, objects []any) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.InlineFragment:
			c.selections(s.SelectionSet, objects)
		case *ast.FragmentSpread:
			c.selections(s.Definition.SelectionSet, objects)
		case *ast.Field:
			if s.Definition == nil || strings.HasPrefix(s.Name, "__") {
				continue
			}
			var values []any
			for _, o := range objects {
				o := o.(*naive.Object)
				if at := slices.Index(o.Keys, s.Alias); at >= 0 {
					values = append(values, o.Values[at])
				}
			}
			c.field(s, values)
		}
	}
}

func (c *coverage) field(f *ast.Field, values []any) {
	some := slices.ContainsFunc(values, something)
	owner := f.ObjectDefinition.Name
	if c.o.Class(owner) == nil {
		c.see(c.kind(owner)+"."+f.Name, some)
	}
	for _, a := range f.Arguments {
		v, err := a.Value.Value(c.vars)
		if err != nil || v == nil {
			continue
		}
		c.see(c.argument(f.Definition, a.Name), some)
		c.input(f.Definition.Arguments.ForName(a.Name).Type, v, some)
	}
	var inside []any
	for _, v := range values {
		inside = append(inside, objectsIn(v)...)
	}
	c.selections(f.SelectionSet, inside)
}

// argument names an argument: those of connections and of texts in languages are alike.
func (c *coverage) argument(f *ast.FieldDefinition, name string) string {
	if strings.HasSuffix(f.Type.Name(), "Connection") && f.Name != "changes" || name == "where" || name == "language" {
		return "(" + name + ")"
	}
	return f.Name + "(" + name + ")"
}

// input notes what is asked in a value of an input type.
func (c *coverage) input(t *ast.Type, v any, some bool) {
	if list, is := v.([]any); is {
		for _, each := range list {
			inner := t
			if t.Elem != nil {
				inner = t.Elem
			}
			c.input(inner, each, some)
		}
		return
	}
	def := c.o.Schema.Types[t.Name()]
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if f := def.Fields.ForName(key); f != nil && value != nil && value != false {
				c.see(c.key(def, f), some)
				c.input(f.Type, value, some)
			}
		}
	case string:
		if name := c.value(def, v); name != "" {
			c.see(name, some)
		}
	}
}

// value names a value of an enum; "" if it is none to be noted: keys of groups are
// fields of classes, and there are as many classes as there are.
func (c *coverage) value(def *ast.Definition, v string) string {
	if def.Kind != ast.Enum || strings.HasSuffix(def.Name, "Group") || def.Name == "Class" || c.ofClass(def.Name) {
		return ""
	}
	return def.Name + " " + v
}

// ofClass reports whether an enum is of the values of one field of a class.
func (c *coverage) ofClass(name string) bool {
	for _, class := range c.o.Classes {
		for _, f := range class.Fields {
			if f.Def.Type.Name() == name && name != "Status" {
				return true
			}
		}
	}
	return false
}

// key names a key of an input: those of all classes' filters, lists and orders are alike.
func (c *coverage) key(def *ast.Definition, f *ast.FieldDefinition) string {
	of := c.kind(def.Name)
	class := c.o.Class(strings.TrimSuffix(def.Name, "Where"))
	switch {
	case of == "Order":
		return "orderBy a " + c.orderOf(strings.TrimSuffix(def.Name, "Order"), f.Name)
	case of != "Where" || class == nil:
		return of + "." + f.Name
	case class.Name == "Claim":
		return "ClaimWhere." + f.Name
	}
	if field := class.Field(f.Name); field != nil && field.Kind != schema.Derived {
		if c.o.Schema.Types[f.Type.Name()].Kind == ast.Enum {
			return "Where: an enum on a field"
		}
		return "Where: " + c.kind(f.Type.Name()) + " on a field"
	}
	for _, other := range c.o.Classes {
		if other.Key == f.Name {
			return "Where: narrowed to a class"
		}
	}
	return "Where." + f.Name
}

func (c *coverage) orderOf(class, key string) string {
	if of := c.o.Class(class); of != nil {
		if f := of.Field(key); f != nil && f.Kind != schema.Derived {
			return strings.ToLower(fmt.Sprint(f.Def.Type.Name()))
		}
	}
	return key
}

// kind is the name of a type without that of its class.
func (c *coverage) kind(name string) string {
	for _, suffix := range []string{"Where", "List", "Order", "Connection", "Edge"} {
		if of, is := strings.CutSuffix(name, suffix); is && (c.o.Class(of) != nil || suffix == "Connection" || suffix == "Edge") {
			return suffix
		}
	}
	return name
}

// expect adds what the schema has and no document asked for.
func (c *coverage) expect() {
	add := func(name string) {
		if name != "" && c.counts[name] == nil {
			c.counts[name] = &asked{}
		}
	}
	reached := map[string]bool{}
	var reach func(name string)
	reach = func(name string) {
		def := c.o.Schema.Types[name]
		if reached[name] {
			return
		}
		reached[name] = true
		for _, v := range def.EnumValues {
			if def.Name != "NameKind" && def.Name != "ConflictKind" { // shown, never asked for
				add(c.value(def, v.Name))
			}
		}
		for _, f := range def.Fields {
			switch {
			case strings.HasPrefix(f.Name, "__"):
				continue
			case def.Kind == ast.InputObject:
				add(c.key(def, f))
			case c.o.Class(name) == nil:
				add(c.kind(name) + "." + f.Name)
			}
			for _, a := range f.Arguments {
				if a.Name != "after" && a.Name != "before" { // TestComparePages walks by cursors
					add(c.argument(f, a.Name))
				}
				reach(a.Type.Name())
			}
			reach(f.Type.Name())
		}
		for _, p := range c.o.Schema.PossibleTypes[name] {
			reach(p.Name)
		}
	}
	reach("Query")
	for _, a := range c.o.Schema.Directives["perspective"].Arguments {
		add("@perspective(" + a.Name + ")")
	}
	add("@cite")
}

// objectsIn are the objects that a value has, itself or in lists.
func objectsIn(v any) []any {
	switch v := v.(type) {
	case *naive.Object:
		if v != nil {
			return []any{v}
		}
	case []any:
		var out []any
		for _, each := range v {
			out = append(out, objectsIn(each)...)
		}
		return out
	}
	return nil
}

// something reports whether an answer to a field is not empty: of a connection, that
// it has a node, an edge or a group, or counts one.
func something(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case *naive.Object:
		if v == nil {
			return false
		}
		for i, key := range v.Keys {
			if key == "nodes" || key == "edges" || key == "totalCount" || strings.HasPrefix(key, "a") && isList(v.Values[i]) {
				if something(v.Values[i]) && show(v.Values[i]) != "0" {
					return true
				}
			}
		}
		for _, key := range []string{"nodes", "edges", "totalCount", "pageInfo"} {
			if slices.Contains(v.Keys, key) {
				return false
			}
		}
		return len(v.Keys) > 0
	case []any:
		return slices.ContainsFunc(v, something)
	}
	return true
}

func isList(v any) bool { _, is := v.([]any); return is }
