package randomdoc

import (
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

// Values of arguments are made as nil, bool, int, float64, string, enum, []any
// or object, and written into the document or into its variables.
type (
	enum   string
	object []pair
	pair   struct {
		key   string
		t     *ast.Type
		oneOf bool // of an input object that takes exactly one key
		value any
	}
)

// value makes a value of a type. key is that of the input object holding it.
// class is what the filter around is of. chain are the classes of what is around
// what is filtered, the nearest first.
func (g *generator) value(t *ast.Type, key string, class *schema.Class, depth int, chain []*schema.Class) any {
	if t.Elem != nil {
		if key == "fields" && len(g.pathFields) > 0 && g.chance(60) {
			return g.pathFields
		}
		list := []any{}
		n := 1 + g.rng.IntN(2)
		if g.chance(4) {
			n = 0
		}
		for range n {
			list = append(list, g.value(t.Elem, key, class, depth, chain))
		}
		if len(list) == 1 && g.chance(25) {
			return list[0] // a single value stands for a list of it
		}
		return list
	}
	name := t.NamedType
	def := g.o.Schema.Types[name]
	switch {
	case key == "firstPer" || key == "first":
		return g.rng.IntN(7)
	case name == "ID":
		return g.id(key, class)
	case name == "String":
		return g.text(key)
	case name == "Boolean":
		return g.chance(70)
	case key == "maxLength":
		return 1 + g.rng.IntN(5)
	case name == "Int":
		return g.rng.IntN(4)
	case name == "Float":
		return pick(g.rng, []float64{0, 0.25, 0.5, 0.9, 1, -0.5, 39.5})
	case name == "Date":
		return pick(g.rng, someDays)
	case name == "DateTime" && (key == "since" || key == "until") && g.chance(60): // all that there is lies between
		day := pick(g.rng, g.s.Commits).At.AddDate(0, 0, map[string]int{"since": -100, "until": 100}[key])
		return day.Format(time.RFC3339)
	case name == "DateTime":
		return g.moment()
	case name == "EDTF":
		return pick(g.rng, references)
	case name == "Duration":
		return pick(g.rng, durations)
	case def.Kind == ast.Enum:
		return enum(pick(g.rng, def.EnumValues).Name)
	case (key == "via" || key == "ends") && g.chance(50), // what is not so is more often there
		(key == "and" || key == "or") && def.Fields.ForName("not") != nil && g.chance(35): // and parts differ in what meets them
		negated := def.Fields.ForName("not").Type
		g.uses(name, "not")
		return object{{"not", negated, false, g.input(def, class, depth-1, chain)}}
	case name == "TextFilter" && g.chance(65):
		if known := g.known(key); known != nil {
			return known
		}
		return g.input(def, class, depth, chain)
	case name == "TimeReference":
		return g.reference(def, key, chain)
	case name == "EntityWhere" && (key == "subject" || key == "object") && g.chance(40): // some entity's facts
		id := def.Fields.ForName("id").Type
		return object{{"id", id, false, g.input(g.o.Schema.Types[id.NamedType], g.o.Class("Entity"), depth, chain)}}
	case def.Directives.ForName("oneOf") != nil:
		f := pick(g.rng, def.Fields)
		g.uses(name, f.Name)
		return object{{f.Name, f.Type, true, g.value(f.Type, f.Name, class, depth, chain)}}
	}
	return g.input(def, class, depth, chain)
}

// input makes an input object of one key or a few.
func (g *generator) input(def *ast.Definition, class *schema.Class, depth int, chain []*schema.Class) object {
	of, isWhere := strings.CutSuffix(def.Name, "Where")
	if isWhere && g.o.Class(of) != nil {
		class = g.o.Class(of)
	}
	var fields ast.FieldList
	var out object
	add := func(f *ast.FieldDefinition) {
		if slices.ContainsFunc(out, func(p pair) bool { return p.key == f.Name }) {
			return
		}
		g.uses(def.Name, f.Name)
		inner := chain
		if isWhere && class != nil && class.Name != "Claim" && g.leads(class, f.Name) {
			inner = append([]*schema.Class{class}, chain...)
		}
		if f.Type.NonNull || !g.chance(2) {
			out = append(out, pair{f.Name, f.Type, false, g.value(f.Type, f.Name, class, depth-1, inner)})
		} else {
			out = append(out, pair{f.Name, f.Type, false, nil})
		}
	}
	for _, f := range def.Fields {
		kind := g.o.Schema.Types[f.Type.Name()]
		if depth > 0 || kind.Kind != ast.InputObject || !strings.HasSuffix(kind.Name, "Where") && !strings.HasSuffix(kind.Name, "List") {
			fields = append(fields, f)
		}
		if f.Type.NonNull && f.DefaultValue == nil {
			add(f)
		}
	}
	if len(fields) == 0 { // a list filter with no room for a filter inside
		return out
	}
	more, onTimes := 30, 30
	if g.focused { // one condition alone is met more often
		more, onTimes = 12, 70
		if !isWhere {
			more = 35
		}
	}
	n := 1
	for n < 3 && g.chance(more) {
		n++
	}
	if g.chance(3) {
		n = 0
	}
	lists := having(fields, func(t string) bool { return strings.HasSuffix(t, "List") })
	times := having(fields, func(t string) bool { return t == "TimeFilter" || t == "IntervalFilter" })
	for range n {
		switch {
		case len(times) > 0 && g.chance(onTimes):
			add(pick(g.rng, times))
		case len(lists) > 0 && g.chance(25):
			add(pick(g.rng, lists))
		default:
			add(pick(g.rng, fields))
		}
	}
	if def.Fields.ForName("certainty") != nil && g.chance(50) {
		add(def.Fields.ForName("certainty"))
	}
	if def.Fields.ForName("distinct") != nil && g.chance(30) { // it needs something that counts
		add(def.Fields.ForName("distinct"))
		add(def.Fields.ForName(pick(g.rng, []string{"atLeast", "atMost"})))
	}
	return out
}

// having are the fields whose types are so.
func having(fields ast.FieldList, is func(typeName string) bool) ast.FieldList {
	var found ast.FieldList
	for _, f := range fields {
		if is(f.Type.Name()) {
			found = append(found, f)
		}
	}
	return found
}

// leads reports whether a key of a class's filter leads to something else.
func (g *generator) leads(class *schema.Class, key string) bool {
	f := class.Field(key)
	return key == "claims" || f != nil && f.Kind == schema.Relation
}

// reference makes a TimeReference. It refers to what is around only where that
// surely is an event, tenure or membership.
func (g *generator) reference(def *ast.Definition, key string, chain []*schema.Class) object {
	var out object
	add := func(name string, v any) {
		g.uses(def.Name, name)
		out = append(out, pair{name, def.Fields.ForName(name).Type, false, v})
	}
	timed := func(c *schema.Class) bool {
		return !slices.ContainsFunc(c.Members, func(m *schema.Class) bool { return m.Time == schema.Timeless })
	}
	switch n := g.rng.IntN(10); {
	case n < 5 && slices.ContainsFunc(chain, timed), g.flawed(flawEnclosing):
		add("enclosing", true)
	case n < 7:
		add("event", g.timedID())
	case n < 9 && g.lastDate != "": // named twice, it is one date on any reading
		add("date", g.lastDate)
	default:
		g.lastDate = pick(g.rng, references)
		add("date", g.lastDate)
		if g.flawed(flawReference) {
			add("event", g.timedID())
		}
	}
	if g.chance(25) {
		add("point", g.value(def.Fields.ForName("point").Type, "", nil, 0, nil))
	}
	often := 35
	if g.focused {
		often = 60
	}
	if (key == "before" || key == "after") && g.chance(often) || g.flawed(flawWithin) {
		add("within", pick(g.rng, durations))
	}
	return out
}

// timedID is an event, tenure or membership.
func (g *generator) timedID() string {
	for {
		id := g.anyID()
		if class := g.s.classOf(id); class != nil && class.Time != schema.Timeless {
			return id
		}
	}
}

func (g *generator) anyID() string {
	if len(g.s.hubs) > 0 && g.chance(60) {
		return g.hub(g.o.Class("Entity"))
	}
	return g.s.anyEntity(g.rng)
}

// id makes an id for a key: mostly one of the class that is filtered or asked for.
func (g *generator) id(key string, class *schema.Class) string {
	switch {
	case g.flawed(flawID):
		return "nobody/nowhere"
	case key == "sources" || key == "exceptSources":
		return pick(g.rng, append(g.s.Entities["Source"], g.s.Entities["Organization"]...))
	case key == "about" && len(g.s.disputed) > 0 && g.chance(80):
		return pick(g.rng, g.s.disputed).subject
	case (key == "from" || key == "to") && g.chance(98):
		return g.pathEnd(key)
	case key == "about" && g.chance(98):
		return g.anyID()
	case class != nil && class.Name == "Claim":
		return pick(g.rng, g.s.Claims)
	case class != nil && g.chance(90):
		var ids []string
		for _, m := range class.Members {
			ids = append(ids, g.s.Entities[m.Name]...)
		}
		if id := g.hub(class); id != "" && g.chance(60) {
			return id
		}
		if len(ids) > 0 {
			return pick(g.rng, ids)
		}
	case g.chance(20):
		return pick(g.rng, g.s.Claims)
	}
	return g.anyID()
}

func (g *generator) text(key string) string {
	switch key {
	case "language":
		return pick(g.rng, languages)
	case "scheme":
		return pick(g.rng, identifiers).scheme
	case "startsWith", "contains":
		return pick(g.rng, pieces)
	case "text":
		return g.search()
	case "fields":
		return g.stated()
	case "values", "value":
		if g.chance(80) {
			return pick(g.rng, identifiers).value
		}
	}
	switch g.rng.IntN(8) {
	case 0:
		return pick(g.rng, identifiers).value
	case 1:
		return pick(g.rng, []string{"destination", "start", "nation", "broader", "kind"})
	}
	return pick(g.rng, names).text
}

// search is a name, its beginning, a piece of one, or a name with a letter left out.
func (g *generator) search() string {
	name := []rune(pick(g.rng, names).text)
	switch g.rng.IntN(4) {
	case 0:
		return string(name[:1+g.rng.IntN(len(name))])
	case 1:
		return pick(g.rng, pieces)
	case 2:
		i := g.rng.IntN(len(name))
		return string(name[:i]) + string(name[i+1:])
	}
	return string(name)
}

// stated is the name of a field that claims state; seldom of one that they don't.
func (g *generator) stated() string {
	var fields []string
	for _, c := range g.o.Classes {
		for _, f := range c.Fields {
			if stored(f) && f.Kind == schema.Relation && c.Name != "Claim" {
				fields = append(fields, f.Name)
			}
		}
	}
	if len(g.s.disputed) > 0 && g.chance(60) {
		return pick(g.rng, g.s.disputed).field
	}
	if g.chance(6) {
		return pick(g.rng, []string{"start", "class", "names", "tenures", "isoAlpha2"})
	}
	return pick(g.rng, fields)
}

// moment is one near a commit.
func (g *generator) moment() string {
	at := pick(g.rng, g.s.Commits).At.Add(time.Duration(g.rng.IntN(3)-1) * time.Minute)
	return at.Format(time.RFC3339)
}
