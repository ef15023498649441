package generate

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

func named(name string) *ast.Type    { return ast.NamedType(name, nil) }
func required(name string) *ast.Type { return ast.NonNullNamedType(name, nil) }

// listOf is [Name!], allOf is [Name!]!.
func listOf(name string) *ast.Type { return ast.ListType(required(name), nil) }
func allOf(name string) *ast.Type  { return ast.NonNullListType(required(name), nil) }

func field(name string, t *ast.Type, description string, args ...*ast.ArgumentDefinition) *ast.FieldDefinition {
	return &ast.FieldDefinition{Name: name, Type: t, Description: description, Arguments: args}
}

func arg(name string, t *ast.Type, description string) *ast.ArgumentDefinition {
	return &ast.ArgumentDefinition{Name: name, Type: t, Description: description}
}

func integer(text string) *ast.Value { return &ast.Value{Kind: ast.IntValue, Raw: text} }

// connection is VisitConnection.
func (m *model) connection(l *list) *ast.Definition {
	name := l.def.Name
	edges := fmt.Sprintf("The %s of this page, each with its cursor.", l.many)
	if l.entity {
		edges = fmt.Sprintf("The %s of this page, each with its cursor and the claims that put it there.", l.many)
	}
	def := &ast.Definition{
		Kind: ast.Object, Name: name + "Connection",
		Description: fmt.Sprintf("A page of %s, with the number and the groups of all there are.", l.many),
		Fields: ast.FieldList{
			field("edges", allOf(name+"Edge"), edges),
			field("nodes", allOf(name), fmt.Sprintf("The %s of this page.", l.many)),
			field("pageInfo", required("PageInfo"), "Where this page stands in the whole."),
			field("totalCount", required("Int"), fmt.Sprintf("How many %s there are in all, on this page and on the others.", l.many)),
		},
	}
	if m.grouped(l) {
		def.Fields = append(def.Fields, m.groups(l))
	}
	return def
}

func (m *model) groups(l *list) *ast.FieldDefinition {
	enum := l.def.Name + "Group"
	orderBy := arg("orderBy", listOf("GroupOrder"), "The order of the groups. The first element weighs most, the next decides between equals.")
	orderBy.DefaultValue = &ast.Value{Kind: ast.ListValue, Children: ast.ChildValueList{
		{Value: &ast.Value{Kind: ast.EnumValue, Raw: "COUNT_DESC"}},
	}}
	first := arg("first", named("Int"), "At most so many groups.")
	first.DefaultValue = integer("100")
	return field("groups", allOf("Group"),
		fmt.Sprintf("The %s of all pages, counted by what they share.", l.many),
		arg("by", allOf(enum), "What to count by. With several keys, each combination of values is a group of its own."),
		arg("distinct", named(enum), "Count in each group the different values of this key, too."),
		orderBy, first,
		arg("firstPer", named("Int"), "At most so many groups that share a value of the first key. Without it, as many as `first` allows."))
}

// edge is VisitEdge.
func (m *model) edge(l *list) *ast.Definition {
	def := &ast.Definition{
		Kind: ast.Object, Name: l.def.Name + "Edge",
		Description: fmt.Sprintf("One %s in a list, with its place there.", l.one),
		Fields: ast.FieldList{
			field("cursor", required("Cursor"), "Its place in the list, from which the next or the previous page is asked for."),
			field("node", required(l.def.Name), fmt.Sprintf("The %s.", l.one)),
		},
	}
	if l.entity {
		def.Fields = append(def.Fields, field("claims", allOf("Claim"), fmt.Sprintf(
			"The claims that put it there: in a list under another entity, those that relate the two; "+
				"elsewhere, those that say that it is %s.", article(l.one))))
	}
	return def
}

// pageArguments are what every connection takes.
func (m *model) pageArguments(l *list) ast.ArgumentDefinitionList {
	var args ast.ArgumentDefinitionList
	if l.generated || m.types[l.def.Name+"Where"] != nil {
		args = append(args, whereArgument(l))
	}
	ordered := l.generated || m.types[l.def.Name+"Order"] != nil
	if ordered {
		args = append(args, arg("orderBy", listOf(l.def.Name+"Order"),
			"Their order. The first element weighs most, the next decides between equals. Without it, the graph's own order, which is always the same."))
	}
	args = append(args,
		arg("first", named("Int"), "At most so many, from the start of the list. With neither `first` nor `last`, 20; with 0, none, for those who want only counts and groups."),
		arg("after", named("Cursor"), "Only what comes after this cursor."),
		arg("last", named("Int"), "At most so many, from the end of the list. It can't be combined with `first`."),
		arg("before", named("Cursor"), "Only what comes before this cursor."))
	if ordered {
		ties := arg("withTies", named("Boolean"),
			"Whether the page goes on, beyond `first`, to all that `orderBy` finds equal to its last one: the largest, however many are equally large. It needs `orderBy`, and can't be combined with `last`.")
		ties.DefaultValue = &ast.Value{Kind: ast.BooleanValue, Raw: "false"}
		args = append(args, ties)
	}
	return args
}

func whereArgument(l *list) *ast.ArgumentDefinition {
	return arg("where", named(l.def.Name+"Where"), fmt.Sprintf("Only the %s %s meet this.", l.many, l.that))
}

// rewrite gives lists their arguments, makes connections of those marked so,
// and takes away what is not served.
func (m *model) rewrite() {
	for _, def := range m.doc.Definitions {
		def.Directives = served(def.Directives)
		if def.Kind != ast.Object && def.Kind != ast.Interface {
			continue
		}
		for _, f := range def.Fields {
			l := m.listed[f.Type.Name()]
			switch {
			case l == nil || f.Type.Elem == nil:
			case f.Directives.ForName("connection") != nil:
				f.Type = required(l.def.Name + "Connection")
				f.Arguments = append(f.Arguments[:len(f.Arguments):len(f.Arguments)], m.pageArguments(l)...)
			case f.Directives.ForName("edge") != nil:
				f.Arguments = append(f.Arguments[:len(f.Arguments):len(f.Arguments)], whereArgument(l))
			}
			f.Directives = served(f.Directives)
		}
	}
}

func served(all ast.DirectiveList) ast.DirectiveList {
	var kept ast.DirectiveList
	for _, d := range all {
		if !sourceOnly[d.Name] {
			kept = append(kept, d)
		}
	}
	return kept
}
