package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// entity is the interface whose implementors are the values of the enum Class.
const entity = "Entity"

// sourceOnly are the directives that steer the generator and are not served.
var sourceOnly = map[string]bool{"connection": true, "group": true, "listed": true}

// model is what the sources declare.
type model struct {
	doc     *ast.SchemaDocument
	types   map[string]*ast.Definition
	listed  map[string]*list
	classes []*list // those with @class, in the order of the sources
}

// list is a type that has connections: a class, or one marked @listed.
type list struct {
	def    *ast.Definition
	key    string // visit
	plural string // visits
	one    string // visit, in words
	many   string // visits, in words
	that   string // the pronoun of many: people who, visits that
	class  bool
	entity bool // is or implements Entity
	// generated: its filter, order and group keys follow from its fields. Those
	// of Claim, Fact and Change are written by hand.
	generated bool
	timed     bool
}

func newModel(doc *ast.SchemaDocument) (*model, error) {
	m := &model{doc: doc, types: map[string]*ast.Definition{}, listed: map[string]*list{}}
	for _, def := range doc.Definitions {
		if m.types[def.Name] != nil {
			return nil, fmt.Errorf("%s: declared twice", def.Name)
		}
		m.types[def.Name] = def
	}
	for _, ext := range doc.Extensions {
		def := m.types[ext.Name]
		if def == nil {
			return nil, fmt.Errorf("%s: extended but not declared", ext.Name)
		}
		def.Fields = append(def.Fields, ext.Fields...)
		def.EnumValues = append(def.EnumValues, ext.EnumValues...)
	}
	for _, def := range doc.Definitions {
		class := def.Directives.ForName("class")
		if class == nil && def.Directives.ForName("listed") == nil {
			continue
		}
		l := &list{def: def, class: class != nil, entity: def.Name == entity || m.implements(def, entity)}
		l.generated = l.entity
		l.key = strings.ToLower(def.Name[:1]) + def.Name[1:]
		l.plural = pluralOf(l.key)
		if class != nil {
			if p := argument(class, "plural"); p != "" {
				l.plural = p
			}
			m.classes = append(m.classes, l)
		}
		l.one, l.many = words(l.key), words(l.plural)
		l.that = "that"
		if l.many == "people" {
			l.that = "who"
		}
		l.timed = m.timed(def)
		m.listed[def.Name] = l
	}
	return m, nil
}

// implements reports whether def implements the interface, itself or through
// another.
func (m *model) implements(def *ast.Definition, iface string) bool {
	return slices.Contains(m.interfaces(def), iface)
}

// interfaces returns every interface of def, the most general first.
func (m *model) interfaces(def *ast.Definition) []string {
	var all []string
	var visit func(d *ast.Definition, depth int)
	visit = func(d *ast.Definition, depth int) {
		for _, name := range d.Interfaces {
			if super := m.types[name]; super != nil && depth < 16 {
				visit(super, depth+1)
			}
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	visit(def, 0)
	return all
}

func (m *model) timed(def *ast.Definition) bool {
	for _, name := range append([]string{def.Name}, m.interfaces(def)...) {
		if d := m.types[name]; d != nil {
			if class := d.Directives.ForName("class"); class != nil && argument(class, "time") != "" {
				return true
			}
		}
	}
	return false
}

// inherit gives every type the interfaces of its interfaces, and their fields
// before its own. A field of the same name that it declares itself stays.
func (m *model) inherit() {
	done := map[string]bool{}
	var visit func(def *ast.Definition)
	visit = func(def *ast.Definition) {
		if done[def.Name] || def.Kind != ast.Object && def.Kind != ast.Interface {
			return
		}
		done[def.Name] = true
		def.Interfaces = m.interfaces(def)
		var fields ast.FieldList
		for _, name := range def.Interfaces {
			super := m.types[name]
			if super == nil {
				continue
			}
			visit(super)
			for _, f := range super.Fields {
				if fields.ForName(f.Name) == nil && def.Fields.ForName(f.Name) == nil {
					inherited := *f
					fields = append(fields, &inherited)
				}
			}
		}
		def.Fields = append(fields, def.Fields...)
	}
	for _, def := range m.doc.Definitions {
		visit(def)
	}
}

// narrower returns the classes that a filter of l can narrow to, in the order
// of the sources.
func (m *model) narrower(l *list) []*list {
	if l.def.Kind != ast.Interface {
		return nil
	}
	var ls []*list
	for _, c := range m.classes {
		if m.implements(c.def, l.def.Name) {
			ls = append(ls, c)
		}
	}
	return ls
}

// argument returns the text of a directive's argument, or "" when not given.
func argument(d *ast.Directive, name string) string {
	if a := d.Arguments.ForName(name); a != nil && a.Value.Kind != ast.NullValue {
		return a.Value.Raw
	}
	return ""
}

// arguments returns the texts of a directive's list argument; a single value
// counts as a list of one.
func arguments(d *ast.Directive, name string) []string {
	a := d.Arguments.ForName(name)
	if a == nil {
		return nil
	}
	if a.Value.Kind != ast.ListValue {
		return []string{a.Value.Raw}
	}
	var texts []string
	for _, c := range a.Value.Children {
		texts = append(texts, c.Value.Raw)
	}
	return texts
}
