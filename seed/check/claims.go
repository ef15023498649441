package check

import (
	"fmt"
	"strings"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
	"chancery/seed/recent"
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
	c := NewChecker(o, classOf)
	var errs Errors
	for i := range claims {
		errs = append(errs, c.Give(&claims[i])...)
	}
	for i := range claims {
		if len(errs) < most {
			errs = append(errs, c.Check(&claims[i])...)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs[:min(len(errs), most)]
}

// Checker holds claims against the ontology one by one, as [Claims] does with a
// batch: Give of all claims of the batch, then Check of each. It is for one
// goroutine.
type Checker struct {
	// Foreign lets facts pass whose predicate is a full IRI, with ://, that the
	// ontology declares nothing about, whatever their objects are.
	Foreign bool

	o        *schema.Ontology
	classOf  func(id string) (*schema.Class, bool)
	entities map[string]*entity    // seen so far
	made     []entity              // room for more
	recent   recent.Slots[*entity] // the last ones, by where their ids lie: most come again so
	rules    map[*schema.Class]*rules
	words    words
	own      *schema.Class // Claim
	claim    *graph.Claim
	errs     Errors
}

// entity is what the checker knows of an id.
type entity struct {
	id    string
	class *schema.Class // nil: it has none
	rules *rules        // of the class
	bad   string        // why it is no id
}

// NewChecker returns a checker. classOf tells the class of an entity that is
// known already.
func NewChecker(o *schema.Ontology, classOf func(id string) (*schema.Class, bool)) *Checker {
	return &Checker{
		o: o, classOf: classOf, own: o.Class("Claim"),
		entities: map[string]*entity{}, rules: map[*schema.Class]*rules{}, words: newWords(o),
		recent: make(recent.Slots[*entity], 1<<8),
	}
}

// Give takes in the classes that a claim gives, for all that is checked
// afterwards. The errors are those of the classes. Cost: O(facts).
func (c *Checker) Give(claim *graph.Claim) Errors {
	c.errs = nil
	c.addClasses(claim)
	return c.errs
}

// Check returns what is wrong with one claim, but for what Give has told; nil
// where nothing is. Cost: O(facts), and one call of classOf for each entity that
// was not seen before.
func (c *Checker) Check(claim *graph.Claim) Errors {
	c.errs, c.claim = nil, claim
	c.check()
	return c.errs
}

// Class returns the class of an entity: the known one, or what Give was given;
// nil where there is none.
func (c *Checker) Class(id string) *schema.Class { return c.entity(id).class }

// Forget forgets the class of an entity, so that it is asked for anew.
func (c *Checker) Forget(id string) {
	delete(c.entities, id)
	clear(c.recent)
}

// Reset forgets the classes of all entities.
func (c *Checker) Reset() {
	clear(c.entities)
	clear(c.recent)
	clear(c.made)
	c.made = c.made[:0]
}

func (c *Checker) fail(fact int, field, reason string) {
	e := &Error{Claim: c.claim.ID, Fact: fact, Field: field, Reason: reason}
	if fact >= 0 {
		e.Subject = c.claim.Facts[fact].Subject
	}
	c.errs = append(c.errs, e)
}

// addClasses takes in the classes that a claim gives.
func (c *Checker) addClasses(claim *graph.Claim) {
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
		e := c.entity(f.Subject)
		switch had := e.class; {
		case had == nil, had.Yields:
			e.class, e.rules = class, c.rulesOf(class)
		case had != class && !class.Yields:
			c.fail(i, ClassField, fmt.Sprintf("%s is a %s already, and an entity has one class; give the %s an id of its own",
				f.Subject, had.Name, class.Name))
		}
	}
}

// entity returns what is known of an id, until Forget or Reset.
func (c *Checker) entity(id string) *entity {
	slot := c.recent.Of(id)
	if *slot != nil && (*slot).id == id {
		return *slot
	}
	e := c.entities[id]
	if e == nil {
		if len(c.made) == cap(c.made) {
			c.made = make([]entity, 0, max(64, min(2*cap(c.made), 4096)))
		}
		c.made = append(c.made, entity{id: id, bad: ID(id)})
		e = &c.made[len(c.made)-1]
		if known, ok := c.classOf(id); ok {
			e.class, e.rules = known, c.rulesOf(known)
		}
		c.entities[id] = e
	}
	*slot = e
	return e
}

// check checks one claim.
func (c *Checker) check() {
	c.checkOwn()
	for i := range c.claim.Facts {
		c.checkFact(i)
	}
	c.checkTogether()
}

// checkOwn checks the claim's own fields.
func (c *Checker) checkOwn() {
	claim := c.claim
	if bad := claimID(claim.ID); bad != "" {
		c.fail(-1, "id", bad)
	}
	c.checkAgent("source", claim.Source)
	for _, agent := range claim.AttributedTo {
		c.checkAgent("attributedTo", agent)
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
func (c *Checker) checkAgent(field, id string) {
	e := c.entity(id)
	if e.bad != "" {
		c.fail(-1, field, e.bad)
		return
	}
	if bad := e.outOfRange(id, c.own.Field(field).Range); bad != "" {
		c.fail(-1, field, bad)
	}
}

// outOfRange returns what is wrong with an entity as the object of a relation, or "".
func (e *entity) outOfRange(id string, want *schema.Class) string {
	switch {
	case e.class == nil:
		return fmt.Sprintf("%s has no class; give it one, as in class: %s", id, want.Members[0].Enum)
	case !e.class.Is(want):
		return fmt.Sprintf("%s is %s; %s is allowed here", id, article(e.class.Name), rangeText(want))
	}
	return ""
}

// checkFact checks one fact for itself.
func (c *Checker) checkFact(i int) {
	f := &c.claim.Facts[i]
	e := c.entity(f.Subject)
	if e.bad != "" {
		c.fail(i, "", e.bad)
		return
	}
	if f.Predicate == graph.Type {
		return // addClasses has checked it
	}
	if e.class == nil {
		c.fail(i, "", f.Subject+" has no class; give it one, as in class: PERSON")
		return
	}
	r := e.rules.of(f.Predicate)
	bad := ""
	switch {
	case r == nil && c.Foreign && isForeign(f.Predicate):
	case r == nil:
		c.fail(i, f.Predicate, fmt.Sprintf("it is no relation or property of %s; those are %s",
			article(e.class.Name), list(predicates(e.class), "and")))
		return
	default:
		bad = c.badObjectOf(r, f.Object)
	}
	if bad != "" {
		c.fail(i, r.field, bad)
	}
}

// Literal returns what is wrong with a literal as what a fact says of an entity of the
// class by the predicate, or "". It is what Check says of it, without the claim.
func (c *Checker) Literal(class *schema.Class, predicate string, object graph.Term) string {
	if predicate == graph.Type {
		return "" // Give says it
	}
	r := c.rulesOf(class).of(predicate)
	switch {
	case r == nil && c.Foreign && isForeign(predicate):
		return ""
	case r == nil:
		return "it is no relation or property of " + article(class.Name)
	}
	return c.badObjectOf(r, object)
}

// badObjectOf returns what is wrong with the object of a fact that a rule is for, or "".
func (c *Checker) badObjectOf(r *rule, object graph.Term) string {
	switch {
	case r.kind == aText:
		return c.words.badText(object, true)
	case r.kind == anIdentifier:
		return c.words.badIdentifier(object)
	case r.known.Kind == schema.Relation:
		return c.badObject(r.known, object)
	}
	return c.words.badValue(r.known, object)
}

// isForeign reports whether a predicate is a full IRI.
func isForeign(predicate string) bool { return strings.Contains(predicate, "://") }

func (c *Checker) badObject(f *schema.Field, object graph.Term) string {
	if object.Kind != graph.IRI {
		return fmt.Sprintf("%s is no entity; give the id of %s", show(object), rangeText(f.Range))
	}
	e := c.entity(object.Text)
	if e.bad != "" {
		return e.bad
	}
	return e.outOfRange(object.Text, f.Range)
}
