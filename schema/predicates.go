package schema

import "slices"

// declaration is how a predicate was declared where it came first.
type declaration struct {
	*Predicate
	first  *Field
	fields []*Field // all that declare it
	kindOf string
}

// declare notes a field that reads a predicate forwards, and holds it to those
// that did so before it.
func (c *compiler) declare(f *Field, iri, kindOf string) {
	d := c.declared[iri]
	if d == nil {
		d = &declaration{
			Predicate: &Predicate{IRI: iri, Single: f.Shape == Single, Literal: f.Kind == Property},
			first:     f, kindOf: kindOf,
		}
		c.declared[iri] = d
		c.order = append(c.order, iri)
		c.o.predicates[iri] = d.Predicate
	}
	d.fields = append(d.fields, f)
	switch {
	case d.Literal != (f.Kind == Property):
		c.fail(f.at(), "%s is both a relation and a property: see %s", iri, d.first.at())
	case d.Literal && (d.first.Value != f.Value || f.Value == Enum && d.first.Def.Type.Name() != f.Def.Type.Name()):
		c.fail(f.at(), "%s is %s here and %s in %s", iri, f.Def.Type.Name(), d.first.Def.Type.Name(), d.first.at())
	case d.Single != (f.Shape == Single):
		one, many := f, d.first
		if d.Single {
			one, many = many, one
		}
		c.fail(f.at(), "%s has one value in %s and many in %s", iri, one.at(), many.at())
	case d.kindOf != kindOf:
		c.fail(f.at(), "%s is a kind of %q here and of %q in %s", iri, kindOf, d.kindOf, d.first.at())
	}
}

// addKinds checks the tree of kinds and gives every field its predicates.
func (c *compiler) addKinds() {
	kinds := map[string][]string{}
	for _, iri := range c.order {
		d := c.declared[iri]
		if d.kindOf == "" {
			continue
		}
		switch general := c.declared[d.kindOf]; {
		case general == nil:
			c.fail(d.first.at(), "%s is a kind of %s, which no field declares", iri, d.kindOf)
			continue
		case general.Literal || d.Literal:
			c.fail(d.first.at(), "%s is a kind of %s, and not both are relations", iri, d.kindOf)
			continue
		case c.circular(d):
			c.fail(d.first.at(), "%s is a kind of itself, by way of %s", iri, d.kindOf)
			continue
		}
		kinds[d.kindOf] = append(kinds[d.kindOf], iri)
	}
	var collect func(iri string, into []*Predicate) []*Predicate
	collect = func(iri string, into []*Predicate) []*Predicate {
		if d := c.declared[iri]; d != nil {
			into = append(into, d.Predicate)
		}
		for _, kind := range kinds[iri] {
			into = collect(kind, into)
		}
		return into
	}
	for _, class := range c.o.Classes {
		for _, f := range class.Fields {
			if len(f.Predicates) > 0 {
				f.Predicates = collect(f.Predicates[0].IRI, f.Predicates[:0:0])
			}
		}
	}
}

// circular reports whether d is a kind of itself, by way of others.
func (c *compiler) circular(d *declaration) bool {
	at := d
	for range c.order {
		if at = c.declared[at.kindOf]; at == nil {
			return false
		}
		if at == d {
			return true
		}
	}
	return true // unreachable unless the circle leaves d out: then it is said of another
}

// checkInverses holds every relation that is read backwards to one that is
// declared forwards, between the same classes.
func (c *compiler) checkInverses() {
	for _, class := range c.o.Classes {
		for _, f := range class.Fields {
			if f.Kind != Relation || !f.Inverse || f.Range == nil || c.inherited(f) != nil {
				continue
			}
			iri := text(f.Def.Directives.ForName("edge"), "iri")
			d := c.declared[iri]
			if d == nil {
				if known(iri) {
					c.fail(f.at(), "no field declares %s forwards", iri)
				}
				continue
			}
			if !slices.ContainsFunc(d.fields, func(forward *Field) bool {
				return overlap(forward.Class, f.Range) && forward.Range != nil && overlap(forward.Range, f.Class)
			}) {
				c.fail(f.at(), "no field of %s declares %s forwards to %s: see %s", f.Range.Name, iri, class.Name, d.first.at())
			}
		}
	}
}

// overlap reports whether an entity can be of both.
func overlap(a, b *Class) bool {
	return slices.ContainsFunc(a.Members, func(m *Class) bool { return slices.Contains(b.Members, m) })
}

// addNames registers the predicates of names, of derived fields and of classes.
func (c *compiler) addNames() {
	c.o.predicates[rdfType] = &Predicate{IRI: rdfType}
	many := func(at, iri string) *Predicate {
		if !known(iri) {
			c.fail(at, "%q has no known prefix", iri)
		}
		if c.o.predicates[iri] == nil {
			c.o.predicates[iri] = &Predicate{IRI: iri, Literal: true}
		}
		return c.o.predicates[iri]
	}
	if kinds := c.types["NameKind"]; kinds != nil {
		for _, v := range kinds.EnumValues {
			at := "NameKind." + v.Name
			if d := v.Directives.ForName("literal"); d != nil {
				c.o.names[v.Name] = many(at, text(d, "iri"))
			} else {
				c.fail(at, "@literal is missing: with which predicate is such a name stated?")
			}
		}
	}
	for _, class := range c.o.Classes {
		for _, f := range class.Fields {
			if d := f.Def.Directives.ForName("derived"); d != nil && text(d, "iri") != "" {
				many(f.at(), text(d, "iri"))
			}
		}
	}
}
