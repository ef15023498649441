package schema

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// addFields compiles the fields of every class, and notes what they declare of
// predicates.
func (c *compiler) addFields() {
	for _, class := range c.o.Classes {
		for _, def := range c.types[class.Name].Fields {
			f := &Field{Name: def.Name, Class: class, Def: def}
			c.shape(f)
			c.source(f, c.inherited(f) == nil)
			class.Fields = append(class.Fields, f)
			class.byField[f.Name] = f
		}
	}
	for _, class := range c.o.Classes {
		for _, f := range class.Fields {
			if i := c.inherited(f); i != nil && !sameSource(i, f.Def) {
				c.fail(f.at(), "it reads something else than the field of that name of its interface")
			}
		}
	}
}

// inherited returns the field of an interface that f is, or nil: what is wrong
// with it is said once, of the interface.
func (c *compiler) inherited(f *Field) *ast.FieldDefinition {
	for _, i := range f.Class.Interfaces {
		if def := c.types[i.Name].Fields.ForName(f.Name); def != nil {
			return def
		}
	}
	return nil
}

// sources are the directives of which each field of a class has exactly one.
var sources = [...]string{"edge", "literal", "identifier", "derived"}

func sameSource(a, b *ast.FieldDefinition) bool {
	for _, name := range sources {
		da, db := a.Directives.ForName(name), b.Directives.ForName(name)
		if (da == nil) != (db == nil) {
			return false
		}
		if da != nil {
			for _, argument := range [...]string{"iri", "scheme", "inverse"} {
				if text(da, argument) != text(db, argument) {
					return false
				}
			}
		}
	}
	return true
}

// shape reads how many values the field shows, and of what class.
func (c *compiler) shape(f *Field) {
	t := f.Def.Type
	name := t.Name()
	switch of, ok := strings.CutSuffix(name, "Connection"); {
	case t.Elem != nil:
		f.Shape, f.Range = List, c.o.byName[name]
	case ok && c.types[of] != nil:
		f.Shape, f.Range = Connection, c.o.byName[of]
	default:
		f.Shape, f.Range, f.Required = Single, c.o.byName[name], t.NonNull
	}
}

// source reads where the field's values come from. With declares it says what
// is wrong.
func (c *compiler) source(f *Field, declares bool) {
	fail := func(format string, args ...any) {
		if declares {
			c.fail(f.at(), format, args...)
		}
	}
	var found []string
	for _, name := range sources {
		if f.Def.Directives.ForName(name) != nil {
			found = append(found, name)
		}
	}
	switch len(found) {
	case 1:
	case 0:
		fail("nothing says where its values come from: @edge, @literal, @identifier or @derived")
		return
	default:
		fail("both @%s and @%s: a field reads from one place", found[0], found[1])
		return
	}
	d := f.Def.Directives.ForName(found[0])
	switch found[0] {
	case "edge":
		f.Kind, f.Inverse = Relation, text(d, "inverse") == "true"
		if f.Range == nil {
			fail("@edge leads to entities, and %s is no class", f.Def.Type.Name())
			return
		}
	case "literal":
		f.Kind = Property
		value, ok := c.value(f.Def.Type.Name())
		if !ok || f.Range != nil {
			fail("@literal reads texts, numbers, times and enums, and %s is none of them", f.Def.Type.Name())
			return
		}
		f.Value = value
	case "identifier":
		f.Kind, f.Scheme = Identifier, text(d, "scheme")
		if f.Scheme == "" {
			fail("@identifier without a scheme")
		}
		if t := f.Def.Type; t.Name() != "String" || f.Shape != Single {
			fail("@identifier reads one text, and its type is %s", t)
		}
		return
	case "derived":
		return
	}
	iri := text(d, "iri")
	switch {
	case iri == "":
		fail("@%s without an IRI", found[0])
		return
	case !known(iri):
		fail("@%s: %q has no known prefix", found[0], iri)
		return
	}
	f.Predicates = []*Predicate{{IRI: iri}} // made whole by addKinds
	if !f.Inverse && declares {
		c.declare(f, iri, text(d, "kindOf"))
	}
	if f.Inverse && text(d, "kindOf") != "" {
		fail("@edge: kindOf is said where %s is declared forwards, not here", iri)
	}
}

// value returns the kind of literal that a type shows.
func (c *compiler) value(typeName string) (Value, bool) {
	switch typeName {
	case "String":
		return Text, true
	case "TimeSpan":
		return Time, true
	case "Float":
		return Float, true
	case "Int":
		return Int, true
	case "Boolean":
		return Boolean, true
	case "DateTime":
		return Moment, true
	}
	def := c.types[typeName]
	return Enum, def != nil && def.Kind == ast.Enum
}

// at names the field in messages.
func (f *Field) at() string { return f.Class.Name + "." + f.Name }
