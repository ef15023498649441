package naive

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/schema"
)

// Every root, every field and every key of a filter has a rule here, so that the
// engine's answer is compared with one.
func TestEverythingHasARule(t *testing.T) {
	o, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := small(o)
	for _, def := range r.reachable() {
		if def.Kind == ast.InputObject {
			for _, key := range def.Fields {
				if bad := r.tryKey(def.Name, key); bad != nil {
					t.Errorf("%s.%s: %v", def.Name, key.Name, bad)
				}
			}
			continue
		}
		value := r.objectOf(def.Name)
		if value == nil {
			t.Errorf("%s: naive: no rule for objects of this type: resolve them in values.go, and make one in objectOf", def.Name)
			continue
		}
		for _, field := range def.Fields {
			if bad := r.tryField(def.Name, value, field); bad != nil {
				t.Errorf("%s.%s: %v", def.Name, field.Name, bad)
			}
		}
	}
}

// small is a run over a graph of one entity.
func small(o *schema.Ontology) *run {
	c := &claim{id: graph.InSpace(graph.Claims, 1), name: "claim/1", source: 1, status: "CONFIRMED", isRecorded: true, isKnown: true, isAdmitted: true, passes: true, statusListed: true}
	r := &run{
		World: &World{claims: []*claim{c}, ids: map[string]graph.ID{"x": 1}, names: map[graph.ID]string{1: "x"}},
		o:     o, spokenOf: map[graph.ID]bool{1: true},
		rank: func(string, []Name) []Hit { return nil },
	}
	for predicate, object := range map[string]graph.Term{
		graph.Type:          graph.Ref(o.Class("Source").IRI),
		graph.PreferredName: graph.TextIn("X", "en"),
		graph.Notation:      graph.Typed("X", graph.Scheme+"x"),
	} {
		r.facts = append(r.facts, fact{statement{1, predicate, graph.ID(10 + len(r.facts)), 2, object}, c})
	}
	r.of = map[graph.ID][]fact{1: r.facts}
	r.classify()
	r.show()
	return r
}

// reachable are the object types and the filters that a query can have in it.
func (r *run) reachable() []*ast.Definition {
	seen := map[string]bool{}
	var all []*ast.Definition
	var reach func(name string)
	reach = func(name string) {
		def := r.o.Schema.Types[name]
		if seen[name] || strings.HasPrefix(name, "__") {
			return
		}
		seen[name] = true
		if def.Kind == ast.Object || def.Kind == ast.InputObject && strings.HasSuffix(name, "Where") {
			all = append(all, def)
		}
		for _, f := range def.Fields {
			reach(f.Type.Name())
			for _, a := range f.Arguments {
				reach(a.Type.Name())
			}
		}
		for _, d := range r.o.Schema.PossibleTypes[name] {
			reach(d.Name)
		}
	}
	reach("Query")
	return all
}

// objectOf makes an object of a type, or nil.
func (r *run) objectOf(typeName string) any {
	c, said := r.claims[0], r.facts[0].statement
	entity := entityValue{1, &surrounding{1, nil}, r.o.Class("Source")}
	first := func(field string) any {
		list, _ := r.derivedField(entity, field, nil, nil)
		return list.([]any)[0]
	}
	switch typeName {
	case "Query":
		return queryRoot{}
	case "Claim":
		return claimValue{c, nil}
	case "Fact":
		return factValue{said, nil}
	case "Change":
		return changeValue{c, false}
	case "Conflict":
		return &conflict{statement: said}
	case "Group":
		return &group{}
	case "GroupKey":
		return groupKey{}
	case "Path":
		return pathValue{from: 1}
	case "PathStep":
		return step{from: 1, to: 1, said: said}
	case "SearchHit":
		return Hit{Entity: 1}
	case "TimeSpan":
		return span("2024", nil)
	case "Name":
		return first("names")
	case "Identifier":
		return first("identifiers")
	case "PageInfo":
		info, _ := r.pageField(&page{}, "SourceConnection", "pageInfo", nil)
		return info
	}
	if of, is := strings.CutSuffix(typeName, "Connection"); is {
		return &page{all: []edge{{node: r.objectOf(of)}}}
	}
	if of, is := strings.CutSuffix(typeName, "Edge"); is {
		return edge{node: r.objectOf(of)}
	}
	if class := r.o.Class(typeName); class != nil {
		return entityValue{1, &surrounding{1, nil}, class}
	}
	return nil
}

// tryField says what is wrong with the field of an object, or nil.
func (r *run) tryField(typeName string, value any, field *ast.FieldDefinition) (bad any) {
	if strings.HasPrefix(field.Name, "__") {
		return nil
	}
	defer func() { bad = recover() }()
	args := map[string]any{}
	for _, a := range field.Arguments {
		if a.Type.NonNull || a.Type.Elem != nil && r.o.Schema.Types[a.Type.Name()].Kind == ast.Enum {
			args[a.Name] = r.valueOf(a.Type)
		}
	}
	r.resolve(typeName, value, field.Name, field, args)
	return nil
}

// tryKey says what is wrong with the key of a filter, or nil.
func (r *run) tryKey(typeName string, key *ast.FieldDefinition) (bad any) {
	defer func() { bad = recover() }()
	f := &filter{run: r}
	where := map[string]any{key.Name: r.valueOf(key.Type)}
	switch of := strings.TrimSuffix(typeName, "Where"); of {
	case "Claim":
		f.claimMeets(r.claims[0], where, nil)
	case "Fact":
		f.factMeets(r.facts[0].statement, where)
	case "Change":
		f.changeMeets(changeValue{r.claims[0], false}, where)
	default:
		class := r.o.Class(of)
		r.classes[1] = class.Members[0] // let it be one
		defer r.classify()
		f.entityMeets(1, class, where, nil)
	}
	return nil
}

// valueOf makes a coerced value of a type; of enums all there are.
func (r *run) valueOf(t *ast.Type) any {
	def := r.o.Schema.Types[t.Name()]
	switch {
	case t.Elem != nil && def.Kind == ast.Enum:
		all := []any{}
		for _, v := range def.EnumValues {
			all = append(all, v.Name)
		}
		return all
	case t.Elem != nil:
		return []any{r.valueOf(t.Elem)}
	case def.Kind == ast.InputObject:
		return map[string]any{}
	}
	switch t.NamedType {
	case "Boolean":
		return true
	case "ID", "String":
		return "x"
	case "DateTime":
		return "2024-01-01T00:00:00Z"
	}
	panic(fmt.Sprintf("valueOf makes no %s", t))
}
