package check

import (
	"fmt"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
)

// compared is how many facts of a claim are compared with each other one by one;
// beyond that, maps are quicker.
const compared = 16

// checkTogether checks how the facts of a claim go together.
func (c *Checker) checkTogether() {
	facts := c.claim.Facts
	before := c.earlier()
	for i := range facts {
		f := &facts[i]
		r := c.entity(f.Subject).rules
		if r == nil {
			continue // checkFact has said so: it has no class
		}
		switch again, other := before(i, r.singular(f) && c.claim.Status != graph.Denied); {
		case again:
			c.fail(i, r.field(f), show(f.Object)+" is said twice; once is enough")
		case other >= 0:
			c.fail(i, r.field(f), fmt.Sprintf("it has one value, and this claim gives %s and %s; give one",
				show(facts[other].Object), show(f.Object)))
		}
	}
	for i, f := range facts {
		if f.Predicate == graph.Type && c.claim.Status != graph.Denied {
			c.checkRequired(i)
			c.checkOrder(i)
		}
	}
}

// earlier returns what tells of the fact at i, asked for in order, whether an
// earlier one says the same, and else, of what has one value, which is the last
// that gives another; -1: none.
func (c *Checker) earlier() func(i int, singular bool) (again bool, other int) {
	facts := c.claim.Facts
	if len(facts) <= compared {
		return func(i int, singular bool) (again bool, other int) {
			f := &facts[i]
			other = -1
			for j := range facts[:i] {
				switch g := &facts[j]; {
				case g.Subject != f.Subject || g.Predicate != f.Predicate:
				case g.Object == f.Object:
					return true, -1
				case singular && other < 0 && sameValue(g, f):
					other = j
				}
			}
			return false, other
		}
	}
	type value struct{ subject, predicate, of string }
	seen := make(map[graph.Fact]bool, len(facts))
	first := map[value]int{}
	return func(i int, singular bool) (again bool, other int) {
		f := &facts[i]
		if seen[*f] {
			return true, -1
		}
		seen[*f] = true
		if !singular {
			return false, -1
		}
		key := value{f.Subject, f.Predicate, ""}
		switch f.Predicate {
		case graph.PreferredName, graph.Description:
			key.of = f.Object.Language
		case graph.Notation:
			key.of = f.Object.Datatype
		}
		if other, there := first[key]; there {
			return false, other
		}
		first[key] = i
		return false, -1
	}
}

// checkRequired holds a claim that gives an entity its class to what it must give with it.
func (c *Checker) checkRequired(typeFact int) {
	f := c.claim.Facts[typeFact]
	class := c.o.ClassByIRI(f.Object.Text)
	if class == nil || class.Enum == "" {
		return // Give has said so
	}
	for _, field := range c.rulesOf(class).required {
		if !slices.ContainsFunc(c.claim.Facts, func(other graph.Fact) bool {
			return other.Subject == f.Subject && other.Predicate == field.Predicates[0].IRI
		}) {
			c.fail(typeFact, field.Name, fmt.Sprintf("%s needs it in the claim that gives %s its class; give the id of %s",
				article(class.Name), f.Subject, rangeText(field.Range)))
		}
	}
}

// checkOrder refuses a start that lies after the end on every reading.
func (c *Checker) checkOrder(typeFact int) {
	facts := c.claim.Facts
	subject := facts[typeFact].Subject
	stating := func(predicate string) int {
		return slices.IndexFunc(facts, func(f graph.Fact) bool { return f.Predicate == predicate && f.Subject == subject })
	}
	end := stating(endDate)
	if end < 0 {
		return
	}
	start := stating(startDate)
	if start < 0 {
		return
	}
	from, err1 := edtf.Parse(facts[start].Object.Text)
	to, err2 := edtf.Parse(facts[end].Object.Text)
	if err1 != nil || err2 != nil {
		return // checkFact has said so
	}
	earliest, _ := from.Bounds()
	if _, latest := to.Bounds(); earliest > latest {
		c.fail(end, "end", fmt.Sprintf("%s lies before the start, %s, however they are read", to, from))
	}
}
