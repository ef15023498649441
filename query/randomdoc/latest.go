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
	l, found := g.listing(func(f *ast.FieldDefinition) bool { return len(g.timesOf(f)) > 0 })
	if !found {
		return NewDocument(rng, s)
	}
	f := l.field
	var b strings.Builder
	for _, a := range f.Arguments {
		if a.Name == "where" && g.chance(50) {
			b.WriteString("where: ")
			g.write(&b, a.Type, g.value(a.Type, a.Name, g.o.NodeClass(f.Type.Name()), 1, nil), false)
			b.WriteString(", ")
		}
	}
	order := pick(rng, g.timesOf(f)) + ": " + pick(rng, []string{"ASC", "DESC"})
	if g.chance(50) {
		order += "}, {id: DESC"
	}
	declared := ""
	if len(g.declared) > 0 {
		declared = "(" + strings.Join(g.declared, ", ") + ")"
	}
	text := fmt.Sprintf("query Q%s%s { %s%s(%sorderBy: [{%s}], first: %d) { nodes { id } edges { cursor claims { id } } pageInfo { hasNextPage endCursor } }%s }",
		declared, perspective, l.before, f.Name, b.String(), order, 1+rng.IntN(4), l.after)
	return Document{Text: text, Variables: g.variables, Perspective: g.extension}
}

// listing is a connection to ask about: of the root, of an entity, or of each entity of
// a class.
type listing struct {
	before, after string // what stands around it in the document
	owner         *ast.Definition
	field         *ast.FieldDefinition
}

// listing is a random one of those that are wanted, of which there may be none for an
// entity. In a crowd, those that list more are chosen more often.
func (g *generator) listing(wanted func(*ast.FieldDefinition) bool) (l listing, found bool) {
	l.owner = g.o.Schema.Query
	if id := g.anyID(); g.chance(66) {
		l.owner = g.o.Schema.Types[g.s.classOf(id).Name]
		l.before, l.after = fmt.Sprintf("node(id: %s) { ... on %s { ", quoted(id), l.owner.Name), " } }"
		if root := g.listOf(l.owner.Name); root != "" && g.chance(50) {
			l.before, l.after = root+"(first: 40) { nodes { ", " } }"
		}
	}
	var lists ast.FieldList
	for _, f := range l.owner.Fields {
		if g.o.NodeClass(f.Type.Name()) == nil || !wanted(f) {
			continue
		}
		for range 1 + min(g.listed(l.owner, f)/25, 20) {
			lists = append(lists, f)
		}
	}
	if len(lists) == 0 {
		return l, false
	}
	l.field = pick(g.rng, lists)
	return l, true
}

// listed is about how many entities of a crowd a connection lists; 0 without one.
func (g *generator) listed(owner *ast.Definition, f *ast.FieldDefinition) (n int) {
	if g.s.crowd == 0 {
		return 0
	}
	class := g.o.Class(owner.Name)
	if class == nil {
		for _, m := range g.o.NodeClass(f.Type.Name()).Members {
			n += len(g.s.Entities[m.Name])
		}
		return n
	}
	if field := class.Field(f.Name); field != nil {
		for _, p := range field.Predicates {
			n += g.s.relations[p.IRI]
		}
	}
	return n
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
