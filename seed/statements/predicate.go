package statements

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// predicate is what is worked out once of a predicate that many statements have.
type predicate struct {
	iri     string
	compact string // empty: it is of no vocabulary that the ontology knows
	ours    bool   // the ontology has it
	class   bool   // it gives a class
	label   bool   // it gives a name
	same    bool   // it leads to an IRI of the same thing
	having  *schema.Class

	fields map[*schema.Class]*schema.Field // of it, by the class of the subject; nil: none
}

// predicate returns what is known of a predicate.
func (r *Reader) predicate(iri string) *predicate {
	if p := r.last; p != nil && p.iri == iri {
		return p
	}
	p := r.predicates[iri]
	if p == nil {
		p = &predicate{iri: iri, class: iri == rdfType, label: slices.Contains(labels, iri), same: slices.Contains(same, iri), fields: map[*schema.Class]*schema.Field{}}
		if short, ok := compact(iri); ok {
			p.compact, p.ours = short, r.o.Predicate(short) != nil
		}
		if len(r.predicates) >= mostCompacted {
			clear(r.predicates) // those of statements that are held stay with them
		}
		r.predicates[iri] = p
	}
	r.last = p
	return p
}

// field returns the field that a class has of the predicate; nil: none.
func (p *predicate) field(class *schema.Class) *schema.Field {
	field, known := p.fields[class]
	if !known {
		field = class.FieldOf(p.compact)
		p.fields[class] = field
	}
	return field
}

// value is an object as the ontology has it of subjects of a class, if it does.
type value struct {
	predicate *predicate
	class     *schema.Class
	written   graph.Term
	object    graph.Term
	fits      bool
}

// slots is how many values, and how many ids, are found again.
const slots = 1 << 10

// value returns the object of a statement, a literal, as the ontology has it.
func (c *claim) value(s *said) (graph.Term, bool) {
	class := c.classFor(s.predicate)
	slot := c.values.Of(s.object.Text)
	if slot.predicate != s.predicate || slot.class != class || slot.written != s.object {
		*slot = value{predicate: s.predicate, class: class, written: s.object}
		slot.object, slot.fits = c.valueOf(s, class)
	}
	return slot.object, slot.fits
}

func (c *claim) valueOf(s *said, class *schema.Class) (graph.Term, bool) {
	object := s.object
	if datatype, ok := c.compact(object.Datatype); ok {
		object.Datatype = datatype
	}
	ok := true
	if field := s.predicate.field(class); field != nil {
		if field.Kind == schema.Relation {
			return object, false
		}
		object, ok = literal(field, object)
	}
	return object, ok && c.checker.Literal(class, s.predicate.compact, object) == ""
}
