package schema

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// entity and node are the interfaces that the rules below know by name.
const (
	entity = "Entity"
	node   = "Node"
)

var versionLine = regexp.MustCompile(`(?m)^# version: (\S+)$`)

// Compile reads a served SDL, such as the generator writes. The version is that
// of the line "# version: 0.1.0" in it.
//
// The error joins all that is wrong with the ontology, a line each, with class
// and field in front: `Visit.destination: unknown type "Natoin"`. Errors of
// syntax, and of GraphQL's own rules, come alone, with file and line.
func Compile(sources ...*ast.Source) (*Ontology, error) {
	doc, err := parser.ParseSchemas(append([]*ast.Source{validator.Prelude}, sources...)...)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	c := &compiler{
		o: &Ontology{
			byName:      map[string]*Class{},
			byIRI:       map[string]*Class{},
			byEnum:      map[string]*Class{},
			predicates:  map[string]*Predicate{},
			connections: map[string]*Class{},
			roots:       map[string]*Root{},
			groups:      map[string]map[string]*GroupKey{},
			names:       map[string]*Predicate{},
		},
		types:    map[string]*ast.Definition{},
		declared: map[string]*declaration{},
	}
	for _, def := range doc.Definitions {
		c.types[def.Name] = def
	}
	var text strings.Builder
	for _, s := range sources {
		text.WriteString(s.Input)
	}
	c.o.sdl = text.String()
	if m := versionLine.FindStringSubmatch(c.o.sdl); m != nil {
		c.o.Version = m[1]
	}

	c.checkTypes(doc)
	c.addClasses(doc)
	c.addFields()
	c.addNames()
	c.addKinds()
	c.checkInverses()
	c.addConnections()
	c.addRoots()
	if len(c.errs) > 0 {
		return nil, fmt.Errorf("schema: %w", errors.Join(c.errs...))
	}
	if c.o.Schema, err = validator.ValidateSchemaDocument(doc); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return c.o, nil
}

// compiler is an Ontology in the making.
type compiler struct {
	o        *Ontology
	types    map[string]*ast.Definition
	declared map[string]*declaration // by predicate, those declared forwards
	order    []string                // the keys of declared, as they came
	errs     []error
}

// fail notes what is wrong at a place such as Visit.destination.
func (c *compiler) fail(at, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
}

// checkTypes holds every field and argument to a type that exists.
func (c *compiler) checkTypes(doc *ast.SchemaDocument) {
	check := func(at string, t *ast.Type) {
		if c.types[t.Name()] == nil {
			c.fail(at, "unknown type %q", t.Name())
		}
	}
	for _, def := range doc.Definitions {
		for _, name := range def.Interfaces {
			if c.types[name] == nil {
				c.fail(def.Name, "unknown interface %q", name)
			}
		}
		for _, f := range def.Fields {
			at := def.Name + "." + f.Name
			check(at, f.Type)
			for _, a := range f.Arguments {
				check(at+"("+a.Name+":)", a.Type)
			}
		}
	}
}
