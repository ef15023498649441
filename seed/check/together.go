package check

import (
	"fmt"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// single is what a claim may give an entity once: a predicate, and for texts the
// language, for identifiers the scheme.
type single struct{ subject, predicate, of string }

// checkTogether checks how the facts of a claim go together.
func (c *checker) checkTogether() {
	facts := c.claim.Facts
	seen := make(map[graph.Fact]bool, len(facts))
	first := map[single]int{}
	for i, f := range facts {
		class := c.class(f.Subject)
		if class == nil {
			continue // checkFact has said so
		}
		if seen[f] {
			c.fail(i, c.field(class, f), show(f.Object)+" is said twice; once is enough")
			continue
		}
		seen[f] = true
		key, one := c.singular(class, f)
		if before, again := first[key]; one && again && c.claim.Status != graph.Denied {
			c.fail(i, c.field(class, f), fmt.Sprintf("it has one value, and this claim gives %s and %s; give one",
				show(facts[before].Object), show(f.Object)))
			continue
		}
		first[key] = i
	}
	for i, f := range facts {
		if f.Predicate == graph.Type && c.claim.Status != graph.Denied {
			c.checkRequired(i)
			c.checkOrder(i, first)
		}
	}
}

// singular reports whether an entity has at most one value of what the fact states.
func (c *checker) singular(class *schema.Class, f graph.Fact) (single, bool) {
	key := single{subject: f.Subject, predicate: f.Predicate}
	switch {
	case f.Predicate == graph.PreferredName, f.Predicate == graph.Description:
		key.of = f.Object.Language
		return key, true
	case f.Predicate == graph.Notation:
		// Only those that a field shows: a nation has one ISO code, and maybe several others.
		key.of = f.Object.Datatype
		return key, slices.ContainsFunc(class.Fields, func(field *schema.Field) bool {
			return field.Kind == schema.Identifier && graph.Scheme+field.Scheme == f.Object.Datatype
		})
	}
	p := c.o.Predicate(f.Predicate)
	return key, p != nil && p.Single
}

// field names a fact's field for messages.
func (c *checker) field(class *schema.Class, f graph.Fact) string {
	switch {
	case f.Predicate == graph.Type:
		return ClassField
	case c.names[f.Predicate]:
		return "names"
	case f.Predicate == graph.Description:
		return "description"
	case f.Predicate == graph.Notation:
		return "identifiers"
	}
	if known := class.FieldOf(f.Predicate); known != nil {
		return known.Name
	}
	return f.Predicate
}

// checkRequired holds a claim that gives an entity its class to what it must give with it.
func (c *checker) checkRequired(typeFact int) {
	f := c.claim.Facts[typeFact]
	class := c.o.ClassByIRI(f.Object.Text)
	if class == nil || class.Enum == "" {
		return // addClasses has said so
	}
	for _, field := range class.Fields {
		if field.Kind != schema.Relation || !field.Required || field.Inverse {
			continue
		}
		if !slices.ContainsFunc(c.claim.Facts, func(other graph.Fact) bool {
			return other.Subject == f.Subject && other.Predicate == field.Predicates[0].IRI
		}) {
			c.fail(typeFact, field.Name, fmt.Sprintf("%s needs it in the claim that gives %s its class; give the id of %s",
				article(class.Name), f.Subject, rangeText(field.Range)))
		}
	}
}

// checkOrder refuses a start that lies after the end on every reading.
func (c *checker) checkOrder(typeFact int, first map[single]int) {
	subject := c.claim.Facts[typeFact].Subject
	start, ok1 := first[single{subject: subject, predicate: startDate}]
	end, ok2 := first[single{subject: subject, predicate: endDate}]
	if !ok1 || !ok2 {
		return
	}
	from, err1 := edtf.Parse(c.claim.Facts[start].Object.Text)
	to, err2 := edtf.Parse(c.claim.Facts[end].Object.Text)
	if err1 != nil || err2 != nil {
		return // checkFact has said so
	}
	earliest, _ := from.Bounds()
	if _, latest := to.Bounds(); earliest > latest {
		c.fail(end, "end", fmt.Sprintf("%s lies before the start, %s, however they are read", to, from))
	}
}
