package randomdoc

import (
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Pages is a random connection with a filter and an order, to be asked for page
// by page. The connection's key is "list".
type Pages struct {
	Variables   map[string]any
	Perspective map[string]any

	before, after string
}

// Document asks for the page with these arguments: first: 2, after: "...".
func (p Pages) Document(arguments string) string { return p.before + arguments + p.after }

// NewPages returns a random connection of the sample: of a root or of an entity.
func NewPages(rng *rand.Rand, s *Sample) Pages {
	g := &generator{rng: rng, o: s.ontology, s: s, variables: map[string]any{}}
	perspective := g.perspective()
	owner, on := g.o.Schema.Query, ""
	id := g.anyID()
	if class := s.classOf(id); g.chance(40) {
		owner, on = g.o.Schema.Types[class.Name], class.Name
	}
	var lists ast.FieldList
	for _, f := range owner.Fields {
		if strings.HasSuffix(f.Type.Name(), "Connection") {
			lists = append(lists, f)
			if g.o.NodeClass(f.Type.Name()) == nil { // facts and changes
				lists = append(lists, f, f)
			}
		}
	}
	f := pick(rng, lists)
	var b strings.Builder
	for _, a := range f.Arguments {
		if a.Type.NonNull || a.Name == "where" && g.chance(30) || a.Name == "orderBy" && g.chance(75) {
			b.WriteString(a.Name + ": ")
			g.write(&b, a.Type, g.value(a.Type, a.Name, g.o.NodeClass(f.Type.Name()), 1, nil), false)
			b.WriteString(", ")
		}
	}
	list := "list: " + f.Name + "(" + b.String()
	node := "{ id }"
	if of := telling(g.o.Schema.Types[strings.TrimSuffix(f.Type.Name(), "Connection")]); of != nil {
		node = "{ " + of[0] + " }"
	}
	p := Pages{
		Variables: g.variables, Perspective: g.extension,
		after: ") { totalCount nodes " + node + " edges { cursor node " + node + " } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }",
	}
	declared := ""
	if len(g.declared) > 0 {
		declared = "(" + strings.Join(g.declared, ", ") + ")"
	}
	p.before = "query Q" + declared + perspective + " { "
	if on != "" {
		p.before += "node(id: " + quoted(id) + ") { ... on " + on + " { "
		p.after += " } }"
	}
	p.before += list
	p.after += " }"
	return p
}
