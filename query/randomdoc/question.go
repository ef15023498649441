package randomdoc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

// questions writes a selection set of Query that asks little of much: lists of
// ids under filters, most of them on times, so that one document puts many
// conditions to the whole graph.
func (g *generator) questions() string {
	g.focused = true
	var roots ast.FieldList
	for _, f := range g.o.Schema.Query.Fields {
		class := g.o.NodeClass(f.Type.Name())
		if class == nil {
			continue
		}
		roots = append(roots, f)
		if g.canBeTimed(class) {
			roots = append(roots, f, f, f)
		}
		if len(class.Members) > 3 { // a condition is met more often where there is more
			roots = append(roots, f, f, f, f, f, f, f, f)
		}
	}
	var parts []string
	for range 3 + g.rng.IntN(6) {
		parts = append(parts, g.question(g.o.Schema.Query, pick(g.rng, roots), 1+g.rng.IntN(4), nil))
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// question writes a field with a filter and asks for the ids of what it shows,
// and one step on.
func (g *generator) question(owner *ast.Definition, f *ast.FieldDefinition, steps int, chain []*schema.Class) string {
	g.aliases++
	g.uses(owner.Name, f.Name)
	class, connection := g.o.NodeClass(f.Type.Name()), true
	if class == nil {
		class, connection = g.o.Class(f.Type.Name()), false
	}
	var arguments []string
	for _, a := range f.Arguments {
		switch {
		case a.Name == "where":
			var b strings.Builder
			g.write(&b, a.Type, g.value(a.Type, a.Name, class, 2, chain), false)
			arguments = append(arguments, "where: "+b.String())
		case a.Name == "first":
			arguments = append(arguments, "first: 40")
		}
	}
	body := g.node(class, steps-1, append([]*schema.Class{class}, chain...))
	if connection {
		body = "{ nodes " + body + " }"
	}
	text := fmt.Sprintf("a%d: %s", g.aliases, f.Name)
	if len(arguments) > 0 {
		text += "(" + strings.Join(arguments, ", ") + ")"
	}
	return text + " " + body
}

// node writes what is asked of each thing that a question shows.
func (g *generator) node(class *schema.Class, steps int, chain []*schema.Class) string {
	if class.Name == "Claim" {
		return "{ id retractedAt retractionReason supersededBy { id } facts { publishers { id } } }"
	}
	var on ast.FieldList
	for _, f := range g.o.Schema.Types[class.Name].Fields {
		if f.Arguments.ForName("where") != nil {
			on = append(on, f)
			if to := g.o.NodeClass(f.Type.Name()); to != nil && g.canBeTimed(to) {
				on = append(on, f, f)
			}
		}
	}
	if steps == 0 || len(on) == 0 || g.chance(35) {
		return "{ id }"
	}
	return "{ id " + g.question(g.o.Schema.Types[class.Name], pick(g.rng, on), steps, chain) + " }"
}

func (g *generator) canBeTimed(c *schema.Class) bool {
	return slices.ContainsFunc(c.Members, func(m *schema.Class) bool { return m.Time != schema.Timeless })
}
