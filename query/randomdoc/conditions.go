package randomdoc

import (
	"math/rand/v2"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

// Conditions are some random conditions on what one root lists, in one perspective.
type Conditions struct {
	Root  string
	Class *schema.Class
	Where []string // each a <Class>Where as a document has it

	directives string
}

// NewConditions returns n conditions on a root that lists entities or claims: the more
// a root lists, the more often it is chosen. All of them stand in the document; there
// are no variables.
func NewConditions(rng *rand.Rand, s *Sample, n int) Conditions {
	g := &generator{rng: rng, o: s.ontology, s: s, variables: map[string]any{}, literal: true}
	g.focused = g.chance(50)
	var roots ast.FieldList
	for _, f := range g.o.Schema.Query.Fields {
		class := g.o.NodeClass(f.Type.Name())
		if class == nil {
			continue
		}
		for range 1 + 3*min(len(class.Members), 8) {
			roots = append(roots, f)
		}
	}
	f := pick(rng, roots)
	c := Conditions{Root: f.Name, Class: g.o.NodeClass(f.Type.Name()), directives: g.perspective()}
	where := f.Arguments.ForName("where").Type
	for range n {
		c.Where = append(c.Where, g.written(where, g.value(where, "where", c.Class, 1+rng.IntN(2), nil)))
	}
	return c
}

// Document asks for what meets a condition: the key is "list". Arguments are others
// of the root's, and end with a comma if there are any.
func (c Conditions) Document(arguments, where, selection string) string {
	return c.WithDirectives("list: " + c.Root + "(" + arguments + "where: " + where + ") " + selection)
}

// InDefault is Document in the default perspective.
func (c Conditions) InDefault(arguments, where, selection string) string {
	c.directives = ""
	return c.Document(arguments, where, selection)
}

// WithDirectives is the document of some root fields in the perspective.
func (c Conditions) WithDirectives(fields string) string {
	return "query Q" + c.directives + " { " + fields + " }"
}
