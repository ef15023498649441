package check

import (
	"fmt"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// most is how many faults Claims lists at most.
const most = 100

// Claims holds claims against the ontology, and against each other. classOf
// tells the class of an entity that is known already; the claims themselves may
// give classes too, in any order. A denied claim gives none.
//
// What it promises of claims that pass:
//   - every subject, object, source and attributed agent has a class;
//   - every fact is a class, a name, a description, an identifier or a field of
//     the subject's class, stated forwards, and leads to an entity of the field's
//     range or to a literal of its kind, in its one notation;
//   - no claim gives two values for what has one, unless it denies them, or states a
//     thing twice;
//   - a claim that gives an entity its class gives it the relations that the class
//     requires; nothing gets two classes, unless one of them yields;
//   - a start or end is no interval, and no end lies before its start.
//
// The error is Errors, with at most the first 100 faults.
// Cost: O(facts), and one call of classOf for each entity named.
func Claims(o *schema.Ontology, classOf func(id string) (*schema.Class, bool), claims []graph.Claim) error {
	c := &checker{
		o: o, classOf: classOf,
		classes: map[string]*schema.Class{},
		names:   map[string]bool{},
	}
	for _, kind := range enumNames(o, "NameKind") {
		c.names[o.NamePredicate(kind).IRI] = true
	}
	for i := range claims {
		c.addClasses(&claims[i])
	}
	for i := range claims {
		if c.claim = &claims[i]; len(c.errs) < most {
			c.check()
		}
	}
	if len(c.errs) == 0 {
		return nil
	}
	return c.errs[:min(len(c.errs), most)]
}

// checker is one run of Claims.
type checker struct {
	o       *schema.Ontology
	classOf func(id string) (*schema.Class, bool)
	classes map[string]*schema.Class // of the entities seen so far; nil: it has none
	names   map[string]bool          // predicates of names
	claim   *graph.Claim
	errs    Errors
}

func (c *checker) fail(fact int, field, reason string) {
	e := &Error{Claim: c.claim.ID, Fact: fact, Field: field, Reason: reason}
	if fact >= 0 {
		e.Subject = c.claim.Facts[fact].Subject
	}
	c.errs = append(c.errs, e)
}

// addClasses takes in the classes that a claim gives.
func (c *checker) addClasses(claim *graph.Claim) {
	c.claim = claim
	for i, f := range claim.Facts {
		if f.Predicate != graph.Type || claim.Status == graph.Denied {
			continue
		}
		if f.Object.Kind != graph.IRI {
			c.fail(i, ClassField, show(f.Object)+" is a literal; give the IRI of a class, as in "+c.o.Class("Person").IRI)
			continue
		}
		class := c.o.ClassByIRI(f.Object.Text)
		if class == nil || class.Enum == "" {
			c.fail(i, ClassField, fmt.Sprintf("%s is no class%s", show(f.Object), suggest(f.Object.Text, classIRIs(c.o))))
			continue
		}
		switch had := c.class(f.Subject); {
		case had == nil, had.Yields:
			c.classes[f.Subject] = class
		case had != class && !class.Yields:
			c.fail(i, ClassField, fmt.Sprintf("%s is a %s already, and an entity has one class; give the %s an id of its own",
				f.Subject, had.Name, class.Name))
		}
	}
}

// class returns the class of an entity, or nil.
func (c *checker) class(id string) *schema.Class {
	class, seen := c.classes[id]
	if !seen {
		if known, ok := c.classOf(id); ok {
			class = known
		}
		c.classes[id] = class
	}
	return class
}

// check checks one claim.
func (c *checker) check() {
	c.checkOwn()
	for i := range c.claim.Facts {
		c.checkFact(i)
	}
	c.checkTogether()
}

// checkOwn checks the claim's own fields.
func (c *checker) checkOwn() {
	claim := c.claim
	if bad := claimID(claim.ID); bad != "" {
		c.fail(-1, "id", bad)
	}
	own := c.o.Class("Claim")
	c.checkAgent("source", claim.Source, own)
	for _, agent := range claim.AttributedTo {
		c.checkAgent("attributedTo", agent, own)
	}
	if claim.Status == graph.NoStatus {
		c.fail(-1, "status", "it is missing; write CONFIRMED, REPORTED, ASSESSED or DENIED")
	}
	if p := claim.Confidence; p != nil && !(*p >= 0 && *p <= 1) {
		c.fail(-1, "confidence", fmt.Sprintf("%v does not lie between 0 and 1", *p))
	}
	if claim.ValidTime != "" {
		if _, err := edtf.Parse(claim.ValidTime); err != nil {
			c.fail(-1, "validTime", err.Error())
		}
	}
	if len(claim.Facts) == 0 {
		c.fail(-1, "facts", "there are none; a claim says at least one thing")
	}
}

// checkAgent checks an entity that a field of the claim itself leads to.
func (c *checker) checkAgent(field, id string, own *schema.Class) {
	if bad := ID(id); bad != "" {
		c.fail(-1, field, bad)
		return
	}
	if bad := c.outOfRange(id, own.Field(field).Range); bad != "" {
		c.fail(-1, field, bad)
	}
}

// outOfRange returns what is wrong with an entity as the object of a relation, or "".
func (c *checker) outOfRange(id string, want *schema.Class) string {
	switch class := c.class(id); {
	case class == nil:
		return fmt.Sprintf("%s has no class; give it one, as in class: %s", id, want.Members[0].Enum)
	case !class.Is(want):
		return fmt.Sprintf("%s is %s; %s is allowed here", id, article(class.Name), rangeText(want))
	}
	return ""
}

// checkFact checks one fact for itself.
func (c *checker) checkFact(i int) {
	f := &c.claim.Facts[i]
	if bad := ID(f.Subject); bad != "" {
		c.fail(i, "", bad)
		return
	}
	if f.Predicate == graph.Type {
		return // addClasses has checked it
	}
	class := c.class(f.Subject)
	if class == nil {
		c.fail(i, "", f.Subject+" has no class; give it one, as in class: PERSON")
		return
	}
	field, bad := "", ""
	switch {
	case c.names[f.Predicate]:
		field, bad = "names", badText(f.Object, true)
	case f.Predicate == graph.Description:
		field, bad = "description", badText(f.Object, true)
	case f.Predicate == graph.Notation:
		field, bad = "identifiers", badIdentifier(f.Object)
	default:
		known := class.FieldOf(f.Predicate)
		if known == nil {
			c.fail(i, f.Predicate, fmt.Sprintf("it is no relation or property of %s; those are %s",
				article(class.Name), list(predicates(class), "and")))
			return
		}
		field = known.Name
		if known.Kind == schema.Relation {
			bad = c.badObject(known, f.Object)
		} else {
			bad = badValue(c.o, known, f.Object)
		}
	}
	if bad != "" {
		c.fail(i, field, bad)
	}
}

func (c *checker) badObject(f *schema.Field, object graph.Term) string {
	if object.Kind != graph.IRI {
		return fmt.Sprintf("%s is no entity; give the id of %s", show(object), rangeText(f.Range))
	}
	if bad := ID(object.Text); bad != "" {
		return bad
	}
	return c.outOfRange(object.Text, f.Range)
}
