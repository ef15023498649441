package randomdoc

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

// Crowded returns a random document to ask of a crowd: it asks little of much, so that
// the naive evaluator, which looks at all of it, has the answer soon.
func Crowded(rng *rand.Rand, s *Sample) Document {
	return document(rng, s, func(g *generator) string {
		g.focused = true
		switch n := rng.IntN(100); {
		case n < 42:
			return g.crowdedFirst()
		case n < 62:
			return g.crowdedCount()
		case n < 76:
			return g.crowdedList()
		case n < 84:
			return g.timely()
		case n < 94:
			return g.crowdedPaths()
		}
		f := g.rootOf(func(f *ast.FieldDefinition) bool { return true })
		return "{ " + g.question(g.o.Schema.Query, f, 1+g.rng.IntN(2), nil) + " }"
	})
}

// hub is one of a crowd's parties of the class; "" if there is none.
func (g *generator) hub(class *schema.Class) string {
	var of []string
	for _, id := range g.s.hubs {
		if g.s.classOf(id).Is(class) {
			of = append(of, id)
		}
	}
	if len(of) == 0 {
		return ""
	}
	return pick(g.rng, of)
}

// hubOf is one of a crowd's parties that a field leads to: the more lead to it, the more
// often; "" if there is none.
func (g *generator) hubOf(f *schema.Field) string {
	var of []string
	for _, id := range g.s.hubs {
		if !g.s.classOf(id).Is(f.Range) {
			continue
		}
		of = append(of, id)
		if !f.Inverse {
			for range min(g.s.named[named{id, f.Predicates[0].IRI}]/8, 20) {
				of = append(of, id)
			}
		}
	}
	if len(of) == 0 {
		return ""
	}
	return pick(g.rng, of)
}

// crowdedFirst asks for the first few of a list by a time.
func (g *generator) crowdedFirst() string {
	var l listing
	var found bool
	switch n := g.rng.IntN(100); {
	case n < 50:
		l, found = g.crowdedRow(func(f *schema.Field) bool { return len(g.timesOf(f.Def)) > 0 })
	case n < 80:
		f := g.rootOf(func(f *ast.FieldDefinition) bool { return len(g.timesOf(f)) > 0 })
		l, found = listing{owner: g.o.Schema.Query, field: f}, true
	default:
		l, found = g.listing(func(f *ast.FieldDefinition) bool { return len(g.timesOf(f)) > 0 })
	}
	if !found {
		return g.crowdedCount()
	}
	by := pick(g.rng, g.timesOf(l.field))
	if slices.Contains(g.timesOf(l.field), "start") && g.chance(80) {
		by = "start"
	}
	order := "{" + by + ": " + pick(g.rng, []string{"ASC", "DESC"}) + "}"
	if g.chance(30) {
		order += ", {" + pick(g.rng, []string{"id: DESC", "name: ASC", "id: ASC"}) + "}"
	}
	first := pick(g.rng, []int{1, 1, 2, 3, 4, 7, 12, 40})
	arguments := []string{"orderBy: [" + order + "]", fmt.Sprintf("first: %d", first)}
	often := 30
	if l.before == "" {
		often = 80
	}
	if g.chance(often) {
		arguments = append(arguments, g.crowdedWhere(l.field))
	}
	if g.chance(8) {
		arguments = append(arguments, "withTies: true")
	}
	selection := pick(g.rng, []string{
		"nodes { id }", "nodes { id }", "edges { node { id } claims { id } } pageInfo { hasNextPage }", "nodes { id __typename } totalCount",
	})
	return fmt.Sprintf("{ %s%s(%s) { %s }%s }", l.before, l.field.Name, strings.Join(arguments, ", "), selection, l.after)
}

// crowdedRow is a connection of one of a crowd's parties that follows one predicate
// backwards: the more it lists, the more often.
func (g *generator) crowdedRow(wanted func(*schema.Field) bool) (l listing, found bool) {
	var all []listing
	for _, id := range g.s.hubs {
		class := g.s.classOf(id)
		for _, f := range class.Fields {
			if !f.Inverse || len(f.Predicates) > 1 || f.Shape != schema.Connection || f.Range.Name == "Claim" || !wanted(f) {
				continue
			}
			l := listing{fmt.Sprintf("node(id: %s) { ... on %s { ", quoted(id), class.Name), " } }", g.o.Schema.Types[class.Name], f.Def}
			for range min(g.s.named[named{id, f.Predicates[0].IRI}]/8, 20) {
				all = append(all, l)
			}
		}
	}
	if len(all) == 0 {
		return l, false
	}
	l = pick(g.rng, all)
	if root := g.listOf(l.owner.Name); root != "" && g.chance(25) {
		l.before, l.after = root+"(first: 40) { nodes { ", " } }"
	}
	return l, true
}

// crowdedCount counts a list, or groups it.
func (g *generator) crowdedCount() string {
	l, found := g.listing(func(*ast.FieldDefinition) bool { return true })
	if g.chance(60) {
		l, found = g.crowdedRow(func(*schema.Field) bool { return true })
	}
	if !found {
		return g.crowdedList()
	}
	var arguments []string
	if g.chance(70) {
		arguments = append(arguments, g.crowdedWhere(l.field))
	}
	if g.chance(40) {
		arguments = append(arguments, fmt.Sprintf("first: %d", g.rng.IntN(3)))
	}
	given := ""
	if len(arguments) > 0 {
		given = "(" + strings.Join(arguments, ", ") + ")"
	}
	connection := g.o.Schema.Types[l.field.Type.Name()]
	selection := "totalCount"
	if groups := connection.Fields.ForName("groups"); g.chance(60) && groups != nil {
		selection = g.crowdedGroups(groups)
	}
	if g.chance(20) {
		selection += " nodes { id }"
	}
	return fmt.Sprintf("{ %s%s%s { %s }%s }", l.before, l.field.Name, given, selection, l.after)
}

// crowdedGroups asks for groups: mostly for those with the most nodes.
func (g *generator) crowdedGroups(f *ast.FieldDefinition) string {
	g.uses(f.Type.Name(), "keys")
	keys := g.o.Schema.Types[f.Arguments.ForName("by").Type.Name()].EnumValues
	var by, single []string
	for _, key := range keys {
		if k := g.o.GroupKey(f.Arguments.ForName("by").Type.Name(), key.Name); k.Field != nil && k.Field.Shape == schema.Single {
			single = append(single, key.Name)
		}
	}
	alone := len(single) > 0 && g.chance(65) // then groups can be found by sorting
	for range 1 + g.rng.IntN(3) {
		if by = append(by, pick(g.rng, keys).Name); alone {
			by[len(by)-1] = pick(g.rng, single)
		}
	}
	arguments := []string{"by: [" + strings.Join(by, ", ") + "]"}
	if g.chance(70) {
		arguments = append(arguments, "orderBy: ["+pick(g.rng, []string{"COUNT_DESC", "COUNT_DESC", "COUNT_DESC, KEYS_DESC", "COUNT_ASC", "DISTINCT_DESC", "KEYS_ASC"})+"]")
	}
	if g.chance(70) {
		arguments = append(arguments, fmt.Sprintf("%s: %d", pick(g.rng, []string{"first", "firstPer"}), 1+g.rng.IntN(6)))
	}
	selection := ""
	if g.chance(15) {
		arguments, selection = append(arguments, "distinct: "+pick(g.rng, keys).Name), " distinct"
	}
	if g.chance(15) {
		selection += " earliest latest"
	}
	return "groups(" + strings.Join(arguments, ", ") + ") { count keys { value entity { id } }" + selection + " }"
}

// crowdedList lists what meets a condition.
func (g *generator) crowdedList() string {
	f := g.rootOf(func(f *ast.FieldDefinition) bool { return g.o.NodeClass(f.Type.Name()).Name != "Claim" })
	return fmt.Sprintf("{ %s(%s, first: %d) { totalCount nodes { id } } }", f.Name, g.crowdedWhere(f), 1+g.rng.IntN(40))
}

// rootOf is a root that lists what is wanted: the more, the more often.
func (g *generator) rootOf(wanted func(*ast.FieldDefinition) bool) *ast.FieldDefinition {
	var roots ast.FieldList
	alike := g.chance(20)
	for _, f := range g.o.Schema.Query.Fields {
		if g.o.NodeClass(f.Type.Name()) == nil || !wanted(f) {
			continue
		}
		if alike {
			roots = append(roots, f)
			continue
		}
		for range 1 + min(g.listed(g.o.Schema.Query, f)/25, 20) {
			roots = append(roots, f)
		}
	}
	return pick(g.rng, roots)
}

// crowdedWhere is the argument for a condition on what a field lists: a part or a few.
func (g *generator) crowdedWhere(f *ast.FieldDefinition) string {
	where := f.Arguments.ForName("where").Type
	class := g.o.NodeClass(f.Type.Name())
	def := g.o.Schema.Types[where.NamedType]
	if parts := g.crowdedPair(class, def); parts != nil && g.chance(30) {
		return "where: " + g.written(where, parts)
	}
	parts := []any{}
	related := g.chance(45)
	for range 1 + g.rng.IntN(3) {
		part := g.crowdedPart(class, 2)
		if related && class.Name != "Claim" {
			part = g.crowdedRelation(class, def, 1)
		}
		if part != nil {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return "where: " + g.written(where, g.value(where, "where", class, 2, nil))
	}
	if len(parts) == 1 && g.chance(70) {
		return "where: " + g.written(where, parts[0])
	}
	key := pick(g.rng, []string{"and", "and", "and", "or"})
	g.uses(def.Name, key)
	return "where: " + g.written(where, object{{key, def.Fields.ForName(key).Type, false, parts}})
}

// crowdedPart is a condition that some of a crowd meet: on a time, on what it relates
// to, or any; now and then not so.
func (g *generator) crowdedPart(class *schema.Class, depth int) any {
	def := g.o.Schema.Types[class.Name+"Where"]
	var part any
	switch n := g.rng.IntN(100); {
	case class.Name == "Claim" || n < 20:
		return g.value(ast.NamedType(def.Name, nil), "where", class, 1, nil)
	case n < 30 && def.Fields.ForName("name") != nil:
		text := g.o.Schema.Types["TextFilter"].Fields
		g.uses(def.Name, "name")
		part = object{{"name", def.Fields.ForName("name").Type, false, object{{"contains", text.ForName("contains").Type, false, pick(g.rng, pieces)}}}}
	case n < 55:
		part = g.timeCondition(class, nil)
	default:
		part = g.crowdedRelation(class, def, depth)
	}
	if part != nil && g.chance(12) {
		g.uses(def.Name, "not")
		part = object{{"not", def.Fields.ForName("not").Type, false, part}}
	}
	return part
}

// crowdedPair are conditions on two relations that lead to one party each; nil if the
// class has no two.
func (g *generator) crowdedPair(class *schema.Class, def *ast.Definition) object {
	var out object
	for _, at := range g.rng.Perm(len(class.Fields)) {
		f := class.Fields[at]
		id := g.hubOf(f)
		if f.Kind != schema.Relation || f.Inverse || f.Shape != schema.Single || f.Range.Name == "Claim" || id == "" || def.Fields.ForName(f.Name) == nil {
			continue
		}
		g.uses(def.Name, f.Name)
		filter := g.o.Schema.Types["IDFilter"].Fields
		of := g.o.Schema.Types[f.Range.Name+"Where"].Fields.ForName("id").Type
		if out = append(out, pair{f.Name, def.Fields.ForName(f.Name).Type, false, object{{"id", of, false, object{{"eq", filter.ForName("eq").Type, false, id}}}}}); len(out) == 2 {
			return out
		}
	}
	return nil
}

// crowdedRelation is a condition on whom something relates to.
func (g *generator) crowdedRelation(class *schema.Class, def *ast.Definition, depth int) any {
	var relations []*schema.Field
	for _, f := range class.Fields {
		if f.Kind == schema.Relation && f.Range.Name != "Claim" && g.s.says(f) && def.Fields.ForName(f.Name) != nil {
			relations = append(relations, f)
			if f.Shape == schema.Single {
				relations = append(relations, f, f)
			}
		}
	}
	if len(relations) == 0 {
		return nil
	}
	f := pick(g.rng, relations)
	key := def.Fields.ForName(f.Name)
	g.uses(def.Name, f.Name)
	of := g.o.Schema.Types[f.Range.Name+"Where"]
	var inner any
	if id := g.hubOf(f); id != "" && g.chance(70) {
		filter := g.o.Schema.Types["IDFilter"].Fields
		one := pair{"eq", filter.ForName("eq").Type, false, id}
		if g.chance(25) {
			one = pair{"in", filter.ForName("in").Type, false, []any{id, g.anyID()}}
		}
		inner = object{{"id", of.Fields.ForName("id").Type, false, object{one}}}
	} else if depth > 0 {
		inner = g.crowdedPart(f.Range, depth-1)
	}
	if inner == nil {
		inner = object{}
	}
	if f.Shape == schema.Single {
		return object{{f.Name, key.Type, false, inner}}
	}
	list := g.o.Schema.Types[key.Type.Name()]
	how := pick(g.rng, []string{"some", "some", "some", "some", "none", "every"})
	g.uses(list.Name, how)
	given := object{{how, list.Fields.ForName(how).Type, false, inner}}
	if other := pick(g.rng, []string{"none", "every", "some"}); other != how && g.chance(20) {
		if more := g.crowdedPart(f.Range, 0); more != nil {
			g.uses(list.Name, other)
			given = append(given, pair{other, list.Fields.ForName(other).Type, false, more})
		}
	}
	return object{{f.Name, key.Type, false, given}}
}

// crowdedPaths asks how two of a crowd are joined. The more there are, the shorter are
// the paths: all of them are walked.
func (g *generator) crowdedPaths() string {
	from := g.anyID()
	longest := 2
	if g.s.crowd < 150 {
		longest = 3
	}
	to, fields := g.s.walk(g.rng, from, 1+g.rng.IntN(longest))
	if !g.chance(50) {
		fields = nil
	}
	if g.chance(45) { // of what happens, from party to party
		longest = 4
		if g.s.crowd > 600 {
			longest = 3
		}
		fields = pick(g.rng, [][]any{{"actor", "target"}, {"actorCountry", "targetCountry"}, {"actorCountry", "targetCountry"}, {"destination", "territory"}, {"holder", "office"}})
		if id := g.hub(g.o.Class("Agent")); id != "" {
			to = id
		}
	}
	length := 1 + g.rng.IntN(longest)
	arguments := []string{"from: " + quoted(from), fmt.Sprintf("maxLength: %d, first: %d", length, 1+g.rng.IntN(6))}
	if g.chance(80) {
		arguments = append(arguments, "to: "+quoted(to))
	}
	if len(fields) > 0 {
		arguments = append(arguments, "fields: "+g.written(ast.ListType(ast.NonNullNamedType("String", nil), nil), fields))
	}
	arguments = append(arguments, "mode: "+pick(g.rng, []string{"SHORTEST", "ALL_SHORTEST"}))
	if g.chance(15) {
		arguments = append(arguments, "inTimeOrder: true")
	}
	if g.chance(15) {
		arguments = append(arguments, "directed: true")
	}
	return "{ paths(" + strings.Join(arguments, ", ") + ") { length steps { inverse predicate from { id } to { id } } } }"
}
