package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// conflict is claims that cannot all be true: different values of a single-valued
// field at one valid time, or a fact that is denied.
type conflict struct {
	denied bool
	fact              // that is denied; of different values the first
	claims []graph.ID // ascending
}

// rootConflicts answers with the contradictions among the claims that the
// perspective admits, and between them and denials.
func (r *run) rootConflicts(c *collected, args map[string]any) (column, error) {
	pattern := graph.Pattern{}
	if text, ok := args["about"].(string); ok {
		id, bad := r.id(text)
		if bad != nil {
			return nil, bad.at("about")
		}
		pattern.Subject = id
	}
	first, limited := integer(args, "first")
	if limited && first < 0 {
		return nil, errorf(BadUserInput, "first must be 0 or more, not %d", first).at("first")
	}
	var fields map[string]bool
	if list, ok := args["fields"].([]any); ok {
		fields = enumSet(list)
	}
	if err := r.refuse(func() (int, error) { return r.view.Least(pattern) }); err != nil {
		return nil, err
	}
	found, err := r.conflicts(pattern, fields)
	if err != nil {
		return nil, err
	}
	if limited {
		found = found[:min(first, len(found))]
	} else if len(found) > mostListed {
		return nil, errorf(ListTooLong, "there are more than %d conflicts: ask about one entity, for some fields, or for the first so many", mostListed)
	}
	items, err := r.conflictObjects(found, c)
	if err != nil {
		return nil, err
	}
	return &list{nonNull: true, itemNonNull: true, ends: []int{len(found)}, items: items}, nil
}

// said is one fact with a claim that says it, or denies it.
type said struct {
	fact
	claim graph.ID
}

// conflicts finds those of the pattern, ordered by subject, predicate and kind.
func (r *run) conflicts(pattern graph.Pattern, fields map[string]bool) ([]conflict, error) {
	var affirmed, denied []said
	denials := r.view.Denials()
	err := r.view.Quads(r.ctx, pattern, func(q graph.Quad) bool {
		if q.Subject.Space() != graph.Nodes {
			return true // a claim's own field
		}
		s := said{fact{q.Subject, q.Predicate, q.Object}, q.Label}
		if r.view.Facts().Has(q.Label) {
			affirmed = append(affirmed, s)
		} else if denials.Has(q.Label) {
			denied = append(denied, s)
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	compare := func(a, b said) int { return cmp.Or(compareFacts(a.fact, b.fact), cmp.Compare(a.claim, b.claim)) }
	slices.SortFunc(affirmed, compare)
	slices.SortFunc(denied, compare)
	subjects := make([]graph.ID, 0, len(affirmed))
	for _, s := range affirmed {
		subjects = append(subjects, s.subject)
	}
	if err := r.classify(subjects); err != nil {
		return nil, err
	}
	var out []conflict
	for from := 0; from < len(affirmed); {
		to := from + 1
		for to < len(affirmed) && affirmed[to].subject == affirmed[from].subject && affirmed[to].predicate == affirmed[from].predicate {
			to++
		}
		of := affirmed[from:to]
		from = to
		if r.class(of[0].subject) == nil {
			continue
		}
		out = append(out, r.contradicting(of)...)
		out = append(out, deniedAmong(of, denied)...)
	}
	if fields != nil {
		out = slices.DeleteFunc(out, func(c conflict) bool { return !fields[r.fieldOf(c.fact)] })
	}
	return out, nil
}

// contradicting returns a conflict for each field of which the facts, all of one
// subject and predicate, give values that contradict each other at a common valid
// time.
func (r *run) contradicting(of []said) []conflict {
	var out []conflict
	for _, values := range r.rivals(of) {
		var c conflict
		for i, a := range values {
			for _, b := range values[i+1:] {
				if a.object == b.object || !r.validTogether(a.claim, b.claim) || r.compatible(a.fact, b.fact) {
					continue
				}
				if c.claims == nil {
					c.fact = a.fact
				}
				c.claims = append(c.claims, a.claim, b.claim)
			}
		}
		if c.claims != nil {
			slices.Sort(c.claims)
			c.claims = slices.Compact(c.claims)
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b conflict) int { return compareFacts(a.fact, b.fact) })
	return out
}

// rivals returns the facts of one subject and predicate by the single-valued
// field that shows one of them: identifiers by their scheme.
func (r *run) rivals(of []said) [][]said {
	name := r.view.Name(of[0].predicate)
	if p := r.ontology.Predicate(name); name == graph.Type || p != nil && p.Single {
		return [][]said{of}
	}
	if name != graph.Notation {
		return nil
	}
	var out [][]said
	for _, f := range r.class(of[0].subject).Fields {
		var values []said
		for _, s := range of {
			if t, _ := r.view.Term(s.object); f.Kind == schema.Identifier && t.Datatype == graph.Scheme+f.Scheme {
				values = append(values, s)
			}
		}
		out = append(out, values)
	}
	return out
}

// validTogether reports whether some day is within the valid time of both claims.
func (r *run) validTogether(a, b graph.ID) bool {
	x, y := r.view.Record(a), r.view.Record(b)
	return !x.HasValidTime || !y.HasValidTime || x.Valid.First <= y.Valid.Last && y.Valid.First <= x.Valid.Last
}

// compatible reports whether two different values can both be true: dates that
// can mean the same day, a class that yields to the other.
func (r *run) compatible(a, b fact) bool {
	if r.view.Name(a.predicate) == graph.Type {
		x, y := r.ontology.ClassByIRI(r.view.Name(a.object)), r.ontology.ClassByIRI(r.view.Name(b.object))
		return x == nil || y == nil || x.Yields || y.Yields
	}
	ta, _ := r.view.Term(a.object)
	tb, _ := r.view.Term(b.object)
	if ta.Datatype != graph.EDTF || tb.Datatype != graph.EDTF {
		return false
	}
	x, _ := r.days(a.object, edtf.Future, edtf.Future)
	y, _ := r.days(b.object, edtf.Future, edtf.Future)
	return x.Min <= y.Max && y.Min <= x.Max
}

// deniedAmong returns a conflict for each fact of a run that denied holds too. Both
// are sorted.
func deniedAmong(of, denied []said) []conflict {
	var out []conflict
	for from := 0; from < len(of); {
		to := from + 1
		for to < len(of) && of[to].fact == of[from].fact {
			to++
		}
		f := of[from].fact
		at, _ := slices.BinarySearchFunc(denied, f, func(s said, f fact) int { return compareFacts(s.fact, f) })
		if at < len(denied) && denied[at].fact == f {
			c := conflict{denied: true, fact: f}
			for _, s := range of[from:to] {
				c.claims = append(c.claims, s.claim)
			}
			for ; at < len(denied) && denied[at].fact == f; at++ {
				c.claims = append(c.claims, denied[at].claim)
			}
			slices.Sort(c.claims)
			out = append(out, c)
		}
		from = to
	}
	return out
}

// conflictObjects runs a selection over conflicts.
func (r *run) conflictObjects(of []conflict, c *collected) (column, error) {
	if err := r.count(len(of)); err != nil {
		return nil, err
	}
	return r.fields("Conflict", c, func(f *collected) (column, error) {
		switch f.field.Name {
		case "kind":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool {
				if of[i].denied {
					w.string("DENIED")
				} else {
					w.string("VALUES")
				}
				return true
			}}, nil
		case "subject":
			rows := make([]row, len(of))
			for i := range of {
				rows[i].id = of[i].subject
			}
			return r.nodeColumn(f, rows)
		case "field":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool {
				name := r.fieldOf(of[i].fact)
				if name == "" {
					name = schema.Expand(r.view.Name(of[i].predicate))
				}
				w.string(name)
				return true
			}}, nil
		case "claims":
			claims := make([][]graph.ID, len(of))
			for i := range of {
				claims[i] = of[i].claims
			}
			return r.claimLists(claims, make([]row, len(of)), f)
		}
		panic("query: Conflict." + f.field.Name + " is derived by no rule")
	})
}

// claimLists makes the column of a list of claims for each row.
func (r *run) claimLists(claims [][]graph.ID, parents []row, f *collected) (column, error) {
	found := &items{}
	for _, each := range claims {
		for _, id := range each {
			found.all = append(found.all, item{to: id})
		}
		found.ends = append(found.ends, len(found.all))
	}
	objects, err := r.objects(r.children(found, parents), f)
	if err != nil {
		return nil, err
	}
	return r.atMostListed(f, &list{nonNull: true, itemNonNull: true, ends: found.ends, items: objects}, found.ends), nil
}
