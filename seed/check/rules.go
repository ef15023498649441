package check

import (
	"chancery/graph"
	"chancery/schema"
)

// kind is how the object of a fact is checked.
type kind uint8

const (
	aField       kind = iota
	aText             // a name or description
	anIdentifier      // the literal's datatype names the scheme
)

// rule is what holds for facts of one predicate about entities of one class.
type rule struct {
	kind   kind
	field  string        // for messages
	known  *schema.Field // of aField
	single bool          // there is one value; of a text, one in each language
}

// rules are those of one class, worked out once.
type rules struct {
	byPredicate map[string]*rule
	single      map[string]bool // datatypes of identifiers that a field shows
	required    []*schema.Field // relations that come with the class
}

func (r *rules) of(predicate string) *rule { return r.byPredicate[predicate] }

func (c *Checker) rulesOf(class *schema.Class) *rules {
	if r := c.rules[class]; r != nil {
		return r
	}
	r := &rules{byPredicate: map[string]*rule{}, single: map[string]bool{}}
	for _, f := range class.Fields {
		switch {
		case f.Kind == schema.Identifier:
			// A nation has one ISO code, and maybe several others.
			r.single[graph.Scheme+f.Scheme] = true
			continue
		case f.Inverse || len(f.Predicates) == 0:
			continue
		case f.Kind == schema.Relation && f.Required:
			r.required = append(r.required, f)
		}
		iri := f.Predicates[0].IRI
		if r.byPredicate[iri] == nil {
			r.byPredicate[iri] = &rule{field: f.Name, known: f, single: f.Predicates[0].Single}
		}
	}
	for _, name := range enumNames(c.o, "NameKind") {
		iri := c.o.NamePredicate(name).IRI
		r.byPredicate[iri] = &rule{kind: aText, field: "names", single: iri == graph.PreferredName}
	}
	r.byPredicate[graph.Description] = &rule{kind: aText, field: "description", single: true}
	r.byPredicate[graph.Notation] = &rule{kind: anIdentifier, field: "identifiers"}
	r.byPredicate[graph.Type] = &rule{field: ClassField}
	c.rules[class] = r
	return r
}

// singular reports whether an entity has at most one value of what the fact states.
func (r *rules) singular(f *graph.Fact) bool {
	if f.Predicate == graph.Notation {
		return r.single[f.Object.Datatype]
	}
	rule := r.of(f.Predicate)
	return rule != nil && rule.single
}

// sameValue reports whether two facts of one subject give the value of one thing:
// of a predicate, and for texts in one language, for identifiers in one scheme.
func sameValue(a, b *graph.Fact) bool {
	if a.Predicate != b.Predicate {
		return false
	}
	switch a.Predicate {
	case graph.PreferredName, graph.Description:
		return a.Object.Language == b.Object.Language
	case graph.Notation:
		return a.Object.Datatype == b.Object.Datatype
	}
	return true
}

// field names a fact's field for messages.
func (r *rules) field(f *graph.Fact) string {
	if rule := r.of(f.Predicate); rule != nil {
		return rule.field
	}
	return f.Predicate
}
