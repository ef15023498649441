package randomdoc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

// timely is a question about times and nothing else: two or three lists of what has
// a time, under one condition each; or what lies how around what is asked about.
func (g *generator) timely() string {
	g.focused = true
	var timed, owners []*ast.FieldDefinition // roots
	for _, f := range g.o.Schema.Query.Fields {
		class := g.o.NodeClass(f.Type.Name())
		if class == nil || !g.canBeTimed(class) {
			continue
		}
		of := 0
		for _, m := range class.Members {
			of += len(g.s.Entities[m.Name])
		}
		leads := g.surelyTimed(class) && len(g.onwards(class)) > 0
		for range 1 + min(of, 30) { // the more there are, the more often a condition is met
			timed = append(timed, f)
			if leads {
				owners = append(owners, f)
			}
		}
	}
	var parts []string
	for range 2 + g.rng.IntN(2) {
		g.aliases++
		if f := pick(g.rng, owners); g.chance(50) {
			parts = append(parts, fmt.Sprintf("a%d: %s", g.aliases, g.around(f)))
			continue
		}
		f := pick(g.rng, timed)
		class := g.o.NodeClass(f.Type.Name())
		where := g.timeCondition(class, nil)
		if where == nil {
			continue
		}
		parts = append(parts, fmt.Sprintf("a%d: %s(where: %s, first: 40) { nodes { id } }", g.aliases, f.Name, g.written(f.Arguments.ForName("where").Type, where)))
	}
	if len(parts) == 0 {
		return g.questions()
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// around lists what has a time, a step on from there, and from that what has a time
// that lies so to the first: as fields, or as one filter.
func (g *generator) around(root *ast.FieldDefinition) string {
	class := g.o.NodeClass(root.Type.Name())
	on := pick(g.rng, g.onwards(class))
	to := pick(g.rng, on.far)
	chain := []*schema.Class{class}
	if g.surelyTimed(on.near.Range) {
		chain = slices.Insert(chain, 0, on.near.Range)
	}
	where := g.timeCondition(to.Range, chain)
	if where == nil {
		return root.Name + "(first: 40) { nodes { id } }"
	}
	if g.chance(40) {
		given := fmt.Sprintf("{%s: {some: %s}}", to.Name, g.written(ast.NamedType(to.Range.Name+"Where", nil), where))
		if on.near.Shape != schema.Single {
			given = "{some: " + given + "}"
		}
		return fmt.Sprintf("%s(where: {%s: %s}, first: 40) { nodes { id } }", root.Name, on.near.Name, given)
	}
	list := func(f *schema.Field, arguments, inside string) string {
		if f.Shape == schema.Connection {
			inside = "{ nodes " + inside + " }"
		}
		return f.Name + arguments + " " + inside
	}
	far := list(to, "(where: "+g.written(ast.NamedType(to.Range.Name+"Where", nil), where)+")", "{ id }")
	return fmt.Sprintf("%s(first: 40) { nodes { id %s } }", root.Name, list(on.near, "", "{ id "+far+" }"))
}

// onward are two relations: to something, and from there to what can have a time.
type onward struct {
	near *schema.Field
	far  []*schema.Field
}

func (g *generator) onwards(class *schema.Class) (out []onward) {
	for _, f := range class.Fields {
		if f.Kind != schema.Relation || !g.s.says(f) || f.Range.Name == "Claim" || g.o.Schema.Types[class.Name+"Where"].Fields.ForName(f.Name) == nil {
			continue
		}
		var far []*schema.Field
		for _, h := range f.Range.Fields {
			if h.Kind == schema.Relation && g.s.says(h) && h.Shape != schema.Single && h.Range.Name != "Claim" && g.canBeTimed(h.Range) && h.Def.Arguments.ForName("where") != nil {
				far = append(far, h)
			}
		}
		if far != nil {
			out = append(out, onward{f, far})
		}
	}
	return out
}

func (g *generator) surelyTimed(c *schema.Class) bool {
	return !slices.ContainsFunc(c.Members, func(m *schema.Class) bool { return m.Time == schema.Timeless })
}

// timeCondition is one condition on a time of a class; nil if it has none. chain are
// the classes around.
func (g *generator) timeCondition(class *schema.Class, chain []*schema.Class) any {
	def := g.o.Schema.Types[class.Name+"Where"]
	if narrow := having(def.Fields, func(t string) bool { return t == "EventWhere" || t == "TenureWhere" || t == "MembershipWhere" }); class.Field("start") == nil && len(narrow) > 0 {
		f := pick(g.rng, narrow)
		inner := g.timeCondition(g.o.Class(strings.TrimSuffix(f.Type.Name(), "Where")), chain)
		if inner == nil {
			return nil
		}
		g.uses(def.Name, f.Name)
		return object{{f.Name, f.Type, false, inner}}
	}
	times := having(def.Fields, func(t string) bool { return t == "TimeFilter" || t == "IntervalFilter" })
	if len(times) == 0 {
		return nil
	}
	f := pick(g.rng, times)
	if intervals := having(times, func(t string) bool { return t == "IntervalFilter" }); len(intervals) > 0 && g.chance(70) {
		f = intervals[0]
	}
	g.uses(def.Name, f.Name)
	kind := g.o.Schema.Types[f.Type.Name()]
	var relations ast.FieldList
	for _, k := range kind.Fields {
		if k.Type.Name() == "TimeReference" {
			relations = append(relations, k)
		}
	}
	by := pick(g.rng, relations)
	g.uses(kind.Name, by.Name)
	reference := g.o.Schema.Types["TimeReference"]
	var to object
	if slices.ContainsFunc(chain, g.surelyTimed) {
		g.uses("TimeReference", "enclosing")
		to = object{{"enclosing", reference.Fields.ForName("enclosing").Type, false, true}}
	} else {
		to = g.reference(reference, by.Name, chain)
	}
	condition := object{{by.Name, by.Type, false, to}}
	if c := kind.Fields.ForName("certainty"); g.chance(65) {
		g.uses(kind.Name, "certainty")
		condition = append(condition, pair{"certainty", c.Type, false, enum("POSSIBLE")})
	}
	return object{{f.Name, f.Type, false, condition}}
}

// written is the value as the document has it.
func (g *generator) written(t *ast.Type, v any) string {
	var b strings.Builder
	g.write(&b, t, v, false)
	return b.String()
}
