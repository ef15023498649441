package statements

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
	"chancery/seed/intake"
)

// claim is the claim about one subject in the making.
type claim struct {
	*Reader
	id     string
	node   graph.Term
	class  *schema.Class // nil: the statements give none that the ontology has
	facts  []graph.Fact
	things []intake.Thing
}

const (
	rdfType      = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	foreignClass = "kg:foreignClass"
	thing        = "kg:Thing"
	thingEnum    = "THING"
)

// labels are predicates of other vocabularies that give a name.
var labels = []string{"http://www.w3.org/2000/01/rdf-schema#label", "http://xmlns.com/foaf/0.1/name", "https://schema.org/name", "http://schema.org/name"}

// make makes the facts.
func (c *claim) make(statements []said) {
	c.classify(statements)
	c.mentionAs(c.node, c.id)
	for i := range statements {
		s := &statements[i]
		if s.predicate.class && s.object.Kind == graph.IRI {
			continue // classify has said it
		}
		if c.identify(s) {
			// The entry is the subject: it is not looked up as something of its own.
			c.add(graph.Fact{Subject: c.id, Predicate: s.predicate.iri, Object: graph.Ref(c.Reader.id(s.object))})
		} else if fact, ok := c.typed(s); ok {
			c.add(fact)
		} else {
			c.add(c.raw(s))
		}
		if s.predicate.label && s.object.Kind == graph.Literal && s.object.Datatype == "" {
			fact := graph.Fact{Subject: c.id, Predicate: graph.PreferredName, Object: s.object}
			if c.checker.Literal(c.classFor(c.named), graph.PreferredName, s.object) == "" && !slices.ContainsFunc(c.facts, func(f graph.Fact) bool {
				return f.Predicate == graph.PreferredName && f.Object.Language == s.object.Language
			}) {
				c.add(fact)
			}
		}
	}
}

func (c *claim) add(f graph.Fact) {
	if !slices.Contains(c.facts, f) {
		c.facts = append(c.facts, f)
	}
}

// classify gives the subject its class: of those that the ontology has the first
// that does not yield; a Thing, when only foreign ones are given, or nothing of what
// is said of it is the ontology's. Other classes are kept as raw facts.
func (c *claim) classify(statements []said) {
	var foreign []string
	ours := false
	for i := range statements {
		s := &statements[i]
		if !s.predicate.class || s.object.Kind != graph.IRI {
			ours = ours || s.predicate.ours
			continue
		}
		class := c.classOf(s.object.Text)
		switch {
		case class != nil && (c.class == nil || c.class.Yields && !class.Yields):
			c.class = class
			if equivalents[s.object.Text] != "" {
				foreign = append(foreign, s.object.Text)
			}
		case class == nil || class != c.class && !class.Yields:
			foreign = append(foreign, s.object.Text)
		}
	}
	switch {
	case c.class != nil:
		c.add(graph.Fact{Subject: c.id, Predicate: graph.Type, Object: graph.Ref(c.class.IRI)})
	case len(foreign) > 0 || !ours:
		c.class = c.o.ClassByIRI(thing)
		c.add(graph.Fact{Subject: c.id, Predicate: graph.Type, Object: graph.Ref(thing)})
		if len(foreign) > 0 {
			c.add(graph.Fact{Subject: c.id, Predicate: foreignClass, Object: graph.Text(foreign[0])})
			foreign = foreign[1:]
		}
	}
	for _, iri := range foreign {
		c.add(graph.Fact{Subject: c.id, Predicate: rdfType, Object: graph.Ref(c.Reader.id(graph.Ref(iri)))})
	}
}

// compact is compact of the package, which is asked for a few IRIs again and again.
func (r *Reader) compact(iri string) (string, bool) {
	short, known := r.compacted[iri]
	if !known {
		short, _ = compact(iri)
		if len(r.compacted) >= mostCompacted {
			clear(r.compacted)
		}
		r.compacted[iri] = short
	}
	return short, short != ""
}

const mostCompacted = 1000

func (c *claim) classOf(iri string) *schema.Class {
	compact, ok := c.compact(iri)
	if !ok {
		return nil
	}
	class := c.o.ClassByIRI(compact)
	if class == nil || class.Enum == "" {
		return nil
	}
	return class
}

// mention adds what a foreign IRI can be found by, and returns the id of what it names.
func (c *claim) mention(t graph.Term) string {
	id := c.Reader.id(t)
	c.mentionAs(t, id)
	return id
}

func (c *claim) mentionAs(t graph.Term, id string) {
	if t.Kind != graph.IRI || !strings.HasPrefix(id, things) || strings.HasPrefix(t.Text, c.options.Base) {
		return
	}
	found := identifiers(t.Text)
	if id == c.id {
		for _, identifier := range found {
			scheme, value, _ := strings.Cut(identifier, ":")
			c.add(graph.Fact{Subject: id, Predicate: graph.Notation, Object: graph.Typed(value, graph.Scheme+scheme)})
		}
	}
	if !slices.ContainsFunc(c.things, func(t intake.Thing) bool { return t.ID == id }) {
		class := thingEnum
		if id == c.id && c.class != nil {
			class = c.class.Enum
		}
		c.things = append(c.things, intake.Thing{ID: id, Class: class, Identifiers: found})
	}
}

// raw is a statement as a fact under the full IRI of its predicate.
func (c *claim) raw(s *said) graph.Fact {
	f := graph.Fact{Subject: c.id, Predicate: s.predicate.iri, Object: s.object}
	if s.object.Kind != graph.Literal {
		f.Object = graph.Ref(c.mention(s.object))
	}
	return f
}

// typed is a statement as a fact of the ontology; ok is false where it is none.
func (c *claim) typed(s *said) (f graph.Fact, ok bool) {
	if !s.predicate.ours {
		return f, false
	}
	f = graph.Fact{Subject: c.id, Predicate: s.predicate.compact}
	if s.object.Kind == graph.Literal {
		f.Object, ok = c.value(s)
		return f, ok
	}
	field := s.predicate.field(c.classFor(s.predicate))
	f.Object = graph.Ref(c.mention(s.object))
	return f, field != nil && field.Kind == schema.Relation
}

// classFor is the subject's class; where that is given elsewhere, one that has the
// predicate.
func (c *claim) classFor(p *predicate) *schema.Class {
	if c.class != nil {
		return c.class
	}
	if p.having == nil {
		p.having = c.o.ClassByIRI(thing)
		for _, other := range c.o.Classes {
			if other.Enum != "" && other.FieldOf(p.compact) != nil {
				p.having = other
				break
			}
		}
	}
	return p.having
}

// literal writes a value as the field has it.
func literal(f *schema.Field, t graph.Term) (graph.Term, bool) {
	switch f.Value {
	case schema.Time:
		_, err := edtf.Parse(t.Text)
		return graph.Date(t.Text), err == nil
	case schema.Float:
		n, err := strconv.ParseFloat(t.Text, 64)
		return graph.Number(n), err == nil
	case schema.Int:
		n, err := strconv.ParseInt(t.Text, 10, 32)
		return graph.Typed(strconv.FormatInt(n, 10), graph.Integer), err == nil
	case schema.Boolean:
		b, err := strconv.ParseBool(t.Text)
		return graph.Typed(strconv.FormatBool(b), graph.Boolean), err == nil
	case schema.Moment:
		at, err := time.Parse(time.RFC3339Nano, t.Text)
		return graph.Moment(at), err == nil
	}
	return t, t.Datatype == ""
}
