package randomdoc

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

// Latest returns a random question for the first few of a connection by a time:
// at the root, of an entity, or of each entity of a class.
func Latest(rng *rand.Rand, s *Sample) Document {
	g := &generator{rng: rng, o: s.ontology, s: s, variables: map[string]any{}}
	perspective := g.perspective()
	owner, before, after := g.o.Schema.Query, "", ""
	if id := g.anyID(); g.chance(66) {
		owner = g.o.Schema.Types[s.classOf(id).Name]
		before, after = fmt.Sprintf("node(id: %s) { ... on %s { ", quoted(id), owner.Name), " } }"
		if root := g.listOf(owner.Name); root != "" && g.chance(50) {
			before, after = root+"(first: 40) { nodes { ", " } }"
		}
	}
	var lists ast.FieldList
	var times [][]string
	for _, f := range owner.Fields {
		if of := g.timesOf(f); len(of) > 0 {
			lists, times = append(lists, f), append(times, of)
		}
	}
	if len(lists) == 0 {
		return NewDocument(rng, s)
	}
	at := rng.IntN(len(lists))
	f := lists[at]
	var b strings.Builder
	for _, a := range f.Arguments {
		if a.Name == "where" && g.chance(50) {
			b.WriteString("where: ")
			g.write(&b, a.Type, g.value(a.Type, a.Name, g.o.NodeClass(f.Type.Name()), 1, nil), false)
			b.WriteString(", ")
		}
	}
	order := pick(rng, times[at]) + ": " + pick(rng, []string{"ASC", "DESC"})
	if g.chance(50) {
		order += "}, {id: DESC"
	}
	declared := ""
	if len(g.declared) > 0 {
		declared = "(" + strings.Join(g.declared, ", ") + ")"
	}
	text := fmt.Sprintf("query Q%s%s { %s%s(%sorderBy: [{%s}], first: %d) { nodes { id } edges { cursor claims { id } } pageInfo { hasNextPage endCursor } }%s }",
		declared, perspective, before, f.Name, b.String(), order, 1+rng.IntN(4), after)
	return Document{Text: text, Variables: g.variables, Perspective: g.extension}
}

// timesOf are the single times that a connection can be ordered by.
func (g *generator) timesOf(f *ast.FieldDefinition) (names []string) {
	class := g.o.NodeClass(f.Type.Name())
	order := f.Arguments.ForName("orderBy")
	if class == nil || order == nil {
		return nil
	}
	for _, by := range g.o.Schema.Types[order.Type.Name()].Fields {
		if t := class.Field(by.Name); t != nil && t.Kind == schema.Property && t.Value == schema.Time && t.Predicates[0].Single {
			names = append(names, by.Name)
		}
	}
	return names
}

// listOf is the root that lists a type; "" if there is none.
func (g *generator) listOf(name string) string {
	for _, f := range g.o.Schema.Query.Fields {
		if f.Type.Name() == name+"Connection" {
			return f.Name
		}
	}
	return ""
}
