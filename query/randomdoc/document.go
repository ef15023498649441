package randomdoc

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

// Document is one random request, valid by the schema.
type Document struct {
	Text        string
	Variables   map[string]any // as JSON has them
	Perspective map[string]any // for extensions.perspective; nil: none
	// Uses are the fields and input keys in it: Visit.start, TimeFilter.before.
	Uses []string
}

// A few documents have one thing wrong with them.
type flaw int

const (
	noFlaw flaw = iota
	flawID
	flawEnclosing
	flawReference
	flawWithin
	flawPage
	flawTies
	flawCount
)

// mostDepth and mostFields bound a document, so that answers stay small.
const (
	mostDepth  = 5
	mostFields = 28
)

// NewDocument returns a random document to ask of the sample.
func NewDocument(rng *rand.Rand, s *Sample) Document {
	return document(rng, s, func(g *generator) string {
		switch n := rng.IntN(100); {
		case n < 32:
			return g.questions()
		case n < 42:
			return g.timely()
		case n < 58:
			return g.special()
		}
		return g.selectionSet(g.o.Schema.Query, 0, nil, 1+rng.IntN(2))
	})
}

// About returns a random document that asks for one field of Query.
func About(rng *rand.Rand, s *Sample, root string) Document {
	return document(rng, s, func(g *generator) string {
		return "{ " + strings.Join(g.fieldOf(g.o.Schema.Query, g.o.Schema.Query.Fields.ForName(root), 0, nil), " ") + " }"
	})
}

func document(rng *rand.Rand, s *Sample, write func(*generator) string) Document {
	g := &generator{rng: rng, o: s.ontology, s: s, variables: map[string]any{}}
	if g.chance(4) {
		g.flaw = flaw(1 + rng.IntN(int(flawCount)-1))
	}
	directives := g.perspective()
	if g.chance(12) {
		directives += " @cite"
	}
	body := write(g)
	var b strings.Builder
	b.WriteString("query Q")
	if len(g.declared) > 0 {
		b.WriteString("(" + strings.Join(g.declared, ", ") + ")")
	}
	b.WriteString(directives + " " + body + "\n")
	for _, f := range g.fragments {
		b.WriteString(f + "\n")
	}
	return Document{Text: b.String(), Variables: g.variables, Perspective: g.extension, Uses: g.used}
}

// generator is one document in the making.
type generator struct {
	rng *rand.Rand
	o   *schema.Ontology
	s   *Sample

	declared  []string // variables: $v0: Int
	variables map[string]any
	fragments []string
	extension map[string]any
	used      []string

	fields, aliases, fragmentCount int
	flaw                           flaw // to be put in where it fits
	literal                        bool // there are no variables
	focused                        bool // filters are mostly on times
	lastDate                       string
	pathFrom                       string
	pathFields                     []any // that lead from there to the other end
}

func (g *generator) chance(percent int) bool { return g.rng.IntN(100) < percent }

// uses notes that a field or an input key is in the document.
func (g *generator) uses(typeName, key string) { g.used = append(g.used, typeName+"."+key) }

// flawed reports, once, that the flaw is to be put in here.
func (g *generator) flawed(f flaw) bool {
	if g.flaw != f || !g.chance(60) {
		return false
	}
	g.flaw = noFlaw
	return true
}

// selectionSet writes the selections of a type. chain are the classes of what
// the fields' filters have around them, the nearest first.
func (g *generator) selectionSet(def *ast.Definition, depth int, chain []*schema.Class, n int) string {
	if c := g.o.Class(def.Name); c != nil && c.Name != "Claim" && c.Name != "Node" {
		chain = append([]*schema.Class{c}, chain...)
	}
	if g.o.NodeClass(def.Name) == nil { // connections and edges only lead on
		depth++
	}
	var parts []string
	for range n {
		switch {
		case def.Name == "Query":
			parts = append(parts, g.field(def, depth, chain)...)
		case g.chance(8):
			parts = append(parts, g.fragment(def, depth, chain, ""))
		case def.Kind == ast.Interface && g.chance(45):
			parts = append(parts, g.fragment(def, depth, chain, pick(g.rng, g.o.Schema.PossibleTypes[def.Name]).Name))
		case len(def.Interfaces) > 0 && g.chance(8):
			parts = append(parts, g.fragment(def, depth, chain, pick(g.rng, def.Interfaces)))
		default:
			parts = append(parts, g.field(def, depth, chain)...)
		}
	}
	if g.chance(70) { // what differs is to be seen
		parts = append(parts, telling(def)...)
	}
	if len(parts) == 0 || g.chance(4) {
		parts = append(parts, "__typename")
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// telling are selections that tell objects of a type apart.
func telling(def *ast.Definition) []string {
	switch def.Name {
	case "Fact":
		return []string{"predicate value subject { id } object { id }"}
	case "Change":
		return []string{"at kind claim { id }"}
	case "Conflict":
		return []string{"kind field subject { id } claims { id }"}
	case "SearchHit":
		return []string{"matched score node { id }"}
	case "Path":
		return []string{"length steps { inverse predicate from { id } to { id } claims { id } }"}
	case "Group":
		return []string{"count keys { value entity { id } }"}
	case "FactConnection", "ChangeConnection":
		return []string{"totalCount"}
	}
	if strings.HasSuffix(def.Name, "Connection") {
		return []string{"totalCount nodes { id }"}
	}
	return nil
}

// fragment writes an inline or a named fragment on a type; "" is the type itself.
func (g *generator) fragment(def *ast.Definition, depth int, chain []*schema.Class, on string) string {
	condition := ""
	inner := def
	if on != "" {
		condition, inner = " on "+on, g.o.Schema.Types[on]
	}
	body := g.selectionSet(inner, depth-1, chain, 1+g.rng.IntN(2))
	if g.chance(60) {
		return "..." + condition + g.directive() + " " + body
	}
	g.fragmentCount++
	name := fmt.Sprintf("F%d", g.fragmentCount)
	g.fragments = append(g.fragments, "fragment "+name+" on "+inner.Name+" "+body)
	return "..." + name + g.directive()
}

// directive is seldom a @skip or @include.
func (g *generator) directive() string {
	if !g.chance(5) {
		return ""
	}
	var b strings.Builder
	b.WriteString(" @" + pick(g.rng, []string{"skip", "include"}) + "(if: ")
	g.write(&b, ast.NonNullNamedType("Boolean", nil), g.chance(50), false)
	return b.String() + ")"
}

// field writes a field of the type, sometimes twice with different selections.
func (g *generator) field(def *ast.Definition, depth int, chain []*schema.Class) []string {
	var fields ast.FieldList
	for _, f := range def.Fields {
		t := g.o.Schema.Types[f.Type.Name()]
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		if t.IsCompositeType() && (depth >= mostDepth || g.fields >= mostFields) {
			continue
		}
		fields = append(fields, f)
	}
	if len(fields) == 0 {
		return nil
	}
	f := pick(g.rng, fields)
	if def.Name == "Query" && len(f.Arguments) == 1 && g.chance(40) {
		f = pick(g.rng, fields) // lists show more than single things
	}
	return g.fieldOf(def, f, depth, chain)
}

// fieldOf writes one field of the type.
func (g *generator) fieldOf(def *ast.Definition, f *ast.FieldDefinition, depth int, chain []*schema.Class) []string {
	g.fields++
	g.uses(def.Name, f.Name)
	arguments := g.arguments(f, chain)
	key := f.Name
	if arguments != "" || g.s.differing[f.Name] || g.chance(8) {
		g.aliases++
		key = fmt.Sprintf("a%d: %s", g.aliases, f.Name)
	}
	t := g.o.Schema.Types[f.Type.Name()]
	if !t.IsCompositeType() {
		return []string{key + arguments + g.directive()}
	}
	write := func() string {
		return key + arguments + g.directive() + " " + g.selectionSet(t, depth, chain, 1+g.rng.IntN(4))
	}
	if g.chance(8) {
		return []string{write(), write()}
	}
	return []string{write()}
}

// arguments writes the arguments of a field, or "".
func (g *generator) arguments(f *ast.FieldDefinition, chain []*schema.Class) string {
	class := g.o.Class(f.Type.Name())
	if c := g.o.NodeClass(f.Type.Name()); c != nil {
		class = c
	}
	var parts []string
	ordered, backwards := false, false
	for _, a := range f.Arguments {
		var v any
		switch {
		case a.Name == "after" || a.Name == "before" || a.Name == "last":
			continue
		case a.Name == "first" && f.Arguments.ForName("last") != nil:
			if n := g.page(); n != "" {
				parts = append(parts, n)
				backwards = strings.Contains(n, "last")
			}
			continue
		case a.Name == "withTies":
			if ordered && !backwards && g.chance(50) || g.flawed(flawTies) {
				parts = append(parts, "withTies: true")
			}
			continue
		case a.Type.NonNull:
		case !g.chance(given(f.Name, a.Name)):
			continue
		}
		v = g.value(a.Type, a.Name, class, 3, chain)
		if list, isList := v.([]any); a.Name == "orderBy" {
			ordered = !isList || len(list) > 0
		}
		var b strings.Builder
		g.write(&b, a.Type, v, false)
		parts = append(parts, a.Name+": "+b.String())
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// given is how often, of a hundred times, an argument is given that need not be.
func given(field, argument string) int {
	if field != "paths" {
		return 60
	}
	switch argument {
	case "via", "ends", "during", "fields":
		return 18
	case "directed", "inTimeOrder":
		return 25
	}
	return 70
}

// page asks for a small page, mostly.
func (g *generator) page() string {
	if g.flawed(flawPage) {
		return pick(g.rng, []string{"first: -1", "last: -2", "first: 1, last: 1"})
	}
	if g.chance(25) {
		return ""
	}
	var b strings.Builder
	b.WriteString(pick(g.rng, []string{"first", "first", "last"}) + ": ")
	g.write(&b, ast.NamedType("Int", nil), g.rng.IntN(5), false)
	return b.String()
}

// perspective writes the directive, or gives the extension, or neither.
func (g *generator) perspective() string {
	if g.chance(50) {
		return ""
	}
	var chosen object
	for _, a := range g.o.Schema.Directives["perspective"].Arguments {
		if g.chance(30) {
			g.uses("@perspective", a.Name)
			chosen = append(chosen, pair{a.Name, a.Type, false, g.value(a.Type, a.Name, nil, 0, nil)})
		}
	}
	if len(chosen) == 0 {
		return ""
	}
	if !g.literal && g.chance(30) {
		g.extension = plain(chosen).(map[string]any)
		return ""
	}
	var parts []string
	for _, p := range chosen {
		var b strings.Builder
		g.write(&b, p.t, p.value, false)
		parts = append(parts, p.key+": "+b.String())
	}
	return " @perspective(" + strings.Join(parts, ", ") + ")"
}
