package query

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Shape is what one response key of a row can hold, by the schema: of all types
// that the row may be of.
type Shape struct {
	Key string
	// Type is the scalar or the enum of a leaf; "" for objects. The values of enums,
	// and of __typename, are known: Values, in the schema's order.
	Type   string
	Values []string
	Lists  int     // how many lists the value is within
	Fields []Shape // of an object, in the order of the selection
	Node   bool    // it is the node of an edge
}

// selected is one response key of a selection set, with every field of that key,
// whatever type its fragment is for.
type selected struct {
	key    string
	fields []*ast.Field
}

func (s *selected) definition() *ast.FieldDefinition { return s.fields[0].Definition }

// selections are the merged selections below the key.
func (s *selected) selections() ast.SelectionSet {
	var all ast.SelectionSet
	for _, f := range s.fields {
		all = append(all, f.SelectionSet...)
	}
	return all
}

// selected merges a selection set as it applies to any type. Validation has made
// sure that fields of one key have one shape.
func (r *run) selected(selections ast.SelectionSet) []*selected {
	var out []*selected
	at := map[string]int{}
	c := collector{run: r}
	visited := map[string]bool{}
	var add func(ast.SelectionSet)
	add = func(selections ast.SelectionSet) {
		for _, s := range selections {
			switch s := s.(type) {
			case *ast.Field:
				if !c.included(s.Directives) {
					continue
				}
				i, seen := at[s.Alias]
				if !seen {
					i = len(out)
					at[s.Alias] = i
					out = append(out, &selected{key: s.Alias})
				}
				out[i].fields = append(out[i].fields, s)
			case *ast.InlineFragment:
				if c.included(s.Directives) {
					add(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if !visited[s.Name] && c.included(s.Directives) {
					visited[s.Name] = true
					add(s.Definition.SelectionSet)
				}
			}
		}
	}
	add(selections)
	return out
}

// shapes are those of a selection set.
func (r *run) shapes(selections ast.SelectionSet) []Shape {
	var out []Shape
	for _, s := range r.selected(selections) {
		shape := Shape{Key: s.key}
		t := s.definition().Type
		for ; t.Elem != nil; t = t.Elem {
			shape.Lists++
		}
		switch def := r.ontology.Schema.Types[t.NamedType]; {
		case s.fields[0].Name == "__typename":
			shape.Type, shape.Values = "String", r.typeNames(s.fields)
		case def.Kind == ast.Enum:
			shape.Type = def.Name
			for _, v := range def.EnumValues {
				shape.Values = append(shape.Values, v.Name)
			}
		case def.Kind == ast.Scalar:
			shape.Type = def.Name
		default:
			shape.Fields = r.shapes(s.selections())
		}
		out = append(out, shape)
	}
	return out
}

// typeNames are the names of the object types that fields __typename may give, in
// the order of the alphabet.
func (r *run) typeNames(fields []*ast.Field) []string {
	var names []string
	for _, f := range fields {
		for _, def := range r.ontology.Schema.GetPossibleTypes(f.ObjectDefinition) {
			names = append(names, def.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
