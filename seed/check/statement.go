package check

import (
	"fmt"
	"time"

	"chancery/graph"
	"chancery/schema"
)

// ClassField is the field under which an entity is given its class:
// {Subject: "nation/kz", Field: "class", Value: "NATION"}.
const ClassField = "class"

// Statement is one thing said of an entity with the schema's field names, as in
// the input of mutations and in seed documents.
//
// Besides the class's own relations and properties, Field may be class, name (the
// preferred name), names, description or identifiers.
type Statement struct {
	Subject string // the id of the entity
	Field   string
	Object  string // the id that a relation leads to; for relations, and only for them
	Value   string // for everything else
	// Language is that of a name or description; empty: English for name and
	// description, not known for names.
	Language string
	Kind     string // of names: PREFERRED (also when empty), ALIAS, NATIVE, ABBREVIATION, FORMER
	Scheme   string // of identifiers: wikidata
}

// Fact returns the fact as the graph stores it. class is that of the subject; nil
// will do for the field class. What the value means is left to [Claims]: a date
// that cannot be read gives a fact all the same. The error is an *Error without
// claim and with Fact 0.
func (s Statement) Fact(o *schema.Ontology, class *schema.Class) (graph.Fact, error) {
	fact, reason := s.fact(o, class)
	if reason != "" {
		return graph.Fact{}, &Error{Subject: s.Subject, Field: s.Field, Reason: reason}
	}
	return fact, nil
}

func (s Statement) fact(o *schema.Ontology, class *schema.Class) (_ graph.Fact, reason string) {
	fact := func(predicate string, object graph.Term) (graph.Fact, string) {
		return graph.Fact{Subject: s.Subject, Predicate: predicate, Object: object}, ""
	}
	if s.Object != "" && s.Value != "" {
		return graph.Fact{}, "it has both an object and a value; give the object for a relation, the value for anything else"
	}
	if class == nil && s.Field != ClassField {
		return graph.Fact{}, "the class of " + s.Subject + " is not known"
	}
	f := (*schema.Field)(nil)
	if class != nil {
		f = class.Field(s.Field)
	}
	relation := f != nil && f.Kind == schema.Relation
	switch {
	case relation && s.Object == "":
		return graph.Fact{}, fmt.Sprintf("it is a relation to %s; give the id of one as its object", rangeText(f.Range))
	case !relation && s.Object != "" && (f != nil || s.Field == ClassField):
		return graph.Fact{}, "it is no relation; give its value instead of an object"
	}
	switch s.Field {
	case ClassField:
		c := o.ClassByEnum(s.Value)
		if c == nil {
			return graph.Fact{}, fmt.Sprintf("%q is no class%s", s.Value, suggest(s.Value, classNames(o)))
		}
		return fact(graph.Type, graph.Ref(c.IRI))
	case "name":
		return fact(graph.PreferredName, graph.TextIn(s.Value, orEnglish(s.Language)))
	case "description":
		return fact(graph.Description, graph.TextIn(s.Value, orEnglish(s.Language)))
	case "names":
		kind := s.Kind
		if kind == "" {
			kind = "PREFERRED"
		}
		p := o.NamePredicate(kind)
		if p == nil {
			return graph.Fact{}, fmt.Sprintf("%q is no kind of name%s", s.Kind, suggest(s.Kind, enumNames(o, "NameKind")))
		}
		return fact(p.IRI, graph.TextIn(s.Value, s.Language))
	case "identifiers":
		return fact(graph.Notation, graph.Typed(s.Value, graph.Scheme+s.Scheme))
	}
	switch {
	case f == nil:
		return graph.Fact{}, fmt.Sprintf("%s has no field %q%s", class.Name, s.Field, suggest(s.Field, fieldNames(class)))
	case f.Kind == schema.Derived:
		return graph.Fact{}, "it is worked out by the server; nobody can state it"
	case f.Inverse:
		return graph.Fact{}, "it is read backwards: " + backwards(f, s.Subject)
	case f.Kind == schema.Relation:
		return fact(f.Predicates[0].IRI, graph.Ref(s.Object))
	case f.Kind == schema.Identifier:
		return fact(graph.Notation, graph.Typed(s.Value, graph.Scheme+f.Scheme))
	}
	return fact(f.Predicates[0].IRI, literal(f, s.Value))
}

// Given returns classOf together with the classes that statements give. Where both
// know one, it is the first that does not yield to others.
func Given(
	o *schema.Ontology, classOf func(id string) (*schema.Class, bool), statements []Statement,
) func(id string) (*schema.Class, bool) {
	given := map[string]*schema.Class{}
	for _, s := range statements {
		if s.Field != ClassField {
			continue
		}
		if c := o.ClassByEnum(s.Value); c != nil && (given[s.Subject] == nil || given[s.Subject].Yields) {
			given[s.Subject] = c
		}
	}
	return func(id string) (*schema.Class, bool) {
		here, ok := given[id]
		if ok && !here.Yields {
			return here, true
		}
		if c, known := classOf(id); known {
			return c, true
		}
		return here, ok
	}
}

// literal makes the term of a property's value, also of one that Claims will refuse.
func literal(f *schema.Field, value string) graph.Term {
	switch f.Value {
	case schema.Time:
		return graph.Date(value)
	case schema.Float:
		if n, ok := number(value); ok {
			return graph.Number(n)
		}
		return graph.Typed(value, graph.Decimal)
	case schema.Int:
		return graph.Typed(value, graph.Integer)
	case schema.Boolean:
		return graph.Typed(value, graph.Boolean)
	case schema.Moment:
		if at, err := time.Parse(time.RFC3339Nano, value); err == nil {
			return graph.Moment(at)
		}
		return graph.Typed(value, graph.DateTime)
	}
	return graph.Text(value)
}

// backwards tells which field states a relation that f reads backwards.
func backwards(f *schema.Field, subject string) string {
	for _, c := range f.Range.Members {
		if forward := c.FieldOf(f.Predicates[0].IRI); forward != nil {
			return fmt.Sprintf("state it as %s of the %s, with %s as its object", forward.Name, f.Range.Name, subject)
		}
	}
	return "state it from the other side" // unreachable unless the ontology was not validated
}

func orEnglish(language string) string {
	if language == "" {
		return "en"
	}
	return language
}
