package naive

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// conflict is claims that cannot all be true.
type conflict struct {
	statement // of DENIED, the fact; of VALUES, the first of the facts
	denied    bool
	claims    []*claim
}

// rootConflicts lists the contradictions among the admitted claims, and between
// them and denials.
func (r *run) rootConflicts(args map[string]any) (any, fault) {
	var about graph.ID
	if args["about"] != nil {
		var seen bool
		if about, seen = r.id(args["about"].(string)); !seen {
			return nil, unknownID
		}
	}
	first, some := args["first"].(int64)
	if first < 0 {
		return nil, badUserInput
	}
	facts := slices.Clone(r.facts)
	slices.SortFunc(facts, func(a, b fact) int { return compareStatements(a.statement, b.statement) })
	var found []*conflict
	for _, a := range facts {
		if !a.claim.isAdmitted || r.classes[a.subject] == nil || about != 0 && a.subject != about ||
			args["fields"] != nil && !oneOf(r.fieldName(a.statement), args["fields"]) {
			continue
		}
		for _, b := range r.facts {
			if b.claim.isAdmitted && r.contradict(a, b) {
				found = r.addConflict(found, a, false, b.claim)
			}
			if b.claim.status == denied && b.claim.isRecorded && !b.claim.isRetracted && b.claim.passes && a.statement.same(&b.statement) {
				found = r.addConflict(found, a, true, b.claim)
			}
		}
	}
	slices.SortFunc(found, func(a, b *conflict) int {
		return cmp.Or(
			cmp.Compare(a.subject, b.subject), cmp.Compare(a.predicateID, b.predicateID),
			yesFirst(!a.denied, !b.denied), cmp.Compare(a.object, b.object))
	})
	list := []any{}
	for _, c := range found {
		if !some || int64(len(list)) < first {
			list = append(list, c)
		}
	}
	return list, ""
}

// addConflict adds a fact's claim and another to the conflict that they are in: of
// values, one for each subject and field; of a denial, one for each fact.
func (r *run) addConflict(found []*conflict, a fact, isDenied bool, other *claim) []*conflict {
	i := slices.IndexFunc(found, func(c *conflict) bool {
		if c.denied != isDenied || c.subject != a.subject || c.predicate != a.predicate {
			return false
		}
		return c.object == a.object || !isDenied && r.fieldName(c.statement) == r.fieldName(a.statement)
	})
	if i < 0 {
		i = len(found)
		found = append(found, &conflict{a.statement, isDenied, nil})
	}
	found[i].claims = append(found[i].claims, a.claim, other)
	return found
}

// contradict reports whether two facts are different values of a single-valued
// predicate of one subject that cannot both be true, on some day that is within
// the valid time of both.
func (r *run) contradict(a, b fact) bool {
	if a.subject != b.subject || a.predicate != b.predicate || a.object == b.object || !validTogether(a.claim, b.claim) {
		return false
	}
	if a.predicate == graph.Type {
		x, y := r.o.ClassByIRI(a.term.Text), r.o.ClassByIRI(b.term.Text)
		return x != nil && y != nil && !x.Yields && !y.Yields
	}
	if a.predicate == graph.Notation { // two of one scheme, if a field shows one of that scheme
		return a.term.Datatype == b.term.Datatype && slices.ContainsFunc(r.classes[a.subject].Fields, func(f *schema.Field) bool {
			return f.Kind == schema.Identifier && graph.Scheme+f.Scheme == a.term.Datatype
		})
	}
	p := r.o.Predicate(a.predicate)
	return p != nil && p.Single && !canBeOneDay(a, b)
}

// canBeOneDay reports whether two facts state dates that can mean the same day.
func canBeOneDay(a, b fact) bool {
	if a.term.Datatype != graph.EDTF || b.term.Datatype != graph.EDTF {
		return false
	}
	x, errX := edtf.Parse(a.term.Text)
	y, errY := edtf.Parse(b.term.Text)
	if errX != nil || errY != nil {
		return false
	}
	dx, dy := days(x, true), days(y, true) // only ends are open
	return dx.Min <= dy.Max && dy.Min <= dx.Max
}

func validTogether(a, b *claim) bool {
	if a.validTime == "" || b.validTime == "" {
		return true
	}
	x, errX := edtf.Parse(a.validTime)
	y, errY := edtf.Parse(b.validTime)
	if errX != nil || errY != nil {
		return true // unreachable: graph.Apply refuses it
	}
	firstX, lastX := x.Bounds()
	firstY, lastY := y.Bounds()
	return firstX <= lastY && firstY <= lastX
}

func (r *run) conflictField(c *conflict, name string) any {
	switch name {
	case "kind":
		if c.denied {
			return "DENIED"
		}
		return "VALUES"
	case "subject":
		return r.node(c.subject, nil)
	case "field":
		if field := r.fieldName(c.statement); field != "" {
			return field
		}
		return schema.Expand(c.predicate)
	case "claims":
		return claimList(c.claims, nil)
	}
	panic(noRuleError{"Conflict", name})
}
