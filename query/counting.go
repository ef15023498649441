package query

import (
	"fmt"

	"chancery/graph"
	"chancery/schema"
)

// shows reports whether a connection's selection has something of its page.
func (r *run) shows(c *collected, class *schema.Class) bool {
	return r.asks(class.Name+"Connection", c, "nodes", "edges", "pageInfo")
}

// none is the window of a connection that shows nothing of its page: it is the same
// whatever page was asked for.
var none = window{first: 0, last: -1}

// counted counts what a connection is of where that takes less than reading it; nil
// where it does not. Nothing but the count is asked for.
func (r *run) counted(source pageSource, condition filter) (*items, error) {
	if r.straight() {
		return nil, nil
	}
	total := -1
	var err error
	way := counting{source.class, source.field, condition}
	mark := -1
	if r.trace != nil {
		mark = r.trace.begin(way, noEstimate)
	}
	switch parts, is := condition.(all); {
	case source.field != nil && len(source.rows) == 1 && source.field.Range.Name != "Claim" && (condition == nil || !condition.open()):
		total, err = r.countReached(source, condition)
	case source.count != nil && (condition == nil || is && len(parts) == 0):
		total, err = source.count()
	}
	if mark >= 0 {
		if total >= 0 {
			r.trace.found(mark, total)
			r.trace.end(mark)
		} else {
			r.trace.miss(mark)
		}
	}
	if total < 0 || err != nil {
		return nil, err
	}
	return &items{ends: []int{total}}, nil
}

// countReached counts what a relation leads to from one row, without the claims that
// say so.
func (r *run) countReached(source pageSource, condition filter) (int, error) {
	if n, err := r.countSole(source, condition); n >= 0 || err != nil {
		return n, err
	}
	if err := r.refuse(func() (int, error) { return everything{field: source.field, condition: condition}.least(r, source) }); err != nil {
		return -1, err
	}
	var s *sieve
	w, err := r.whenOf(condition, nil)
	if err != nil {
		return -1, err
	}
	if w != nil {
		s = &sieve{run: r, inside: true, when: w}
	}
	found, err := r.reachSifted(ids(source.rows), source.field, s)
	if err == nil && condition != nil {
		found, err = r.meeting(found, condition)
	}
	return len(found), err
}

// worthCounting is from how many quads for each stretch the store is asked to count them.
const worthCounting = 32

// countSole counts what a relation leads to from one row: by the store's own count, but
// where a look at each is needed. -1: it does not.
func (r *run) countSole(source pageSource, condition filter) (int, error) {
	f, id := source.field, source.rows[0].id
	if parts, is := condition.(all); condition != nil && !(is && len(parts) == 0) || !f.Inverse || len(f.Predicates) > 1 || f.Class.Name == "Claim" {
		return -1, nil
	}
	p := f.Predicates[0]
	whole, ok, err := r.view.Count(id, p.IRI, true)
	if err != nil || !ok || whole < worthCounting && !r.op.engine.alwaysLead {
		return -1, err
	}
	column, ok, err := r.columnFor(p.IRI, 0)
	if err != nil || !ok {
		return -1, err
	}
	if err := r.findTypes(0); err != nil || !r.hasTypes {
		return -1, err
	}
	sole, err := column.Sole(r.ctx, r.claimsFor(f.Class), r.types, f.Range.Name, func(number uint32) bool {
		c := r.classNumbered(number)
		return c != nil && c.Is(f.Range)
	})
	if err != nil || sole == nil || whole < worthCounting*(len(sole.Counted)+len(sole.Others)) && !r.op.engine.alwaysLead {
		return -1, err
	}
	n, ok, err := r.view.CountWithin(p.IRI, id, sole.Counted)
	if err != nil || !ok {
		return -1, err
	}
	mark := r.trace.begin(countedByStore{len(sole.Counted)}, noEstimate)
	r.trace.found(mark, n)
	r.trace.end(mark)
	if n == whole || len(sole.Others) == 0 {
		return n, nil
	}
	others, err := r.reachSifted([]graph.ID{id}, f, &sieve{run: r, inside: true, within: sole.Others})
	return n + len(others), err
}

// countedByStore is the step of having the store count.
type countedByStore struct{ stretches int }

func (c countedByStore) String() string {
	return fmt.Sprintf("have the store count where each has one, stretches of nodes: %d", c.stretches)
}

// countOnce counts the entities of a class, once for all who read the same view.
func (r *run) countOnce(class *schema.Class) (int, error) {
	return r.view.CountOnce(class.Name, func() (int, error) {
		source := pageSource{class: class, start: r.membersAmong}
		if err := r.refuse(func() (int, error) { return everything{class: class}.least(r, source) }); err != nil {
			return 0, err
		}
		found, err := r.members(class)
		if err != nil {
			return 0, err
		}
		return len(found.all), nil
	})
}

// counting is the step of counting without reading.
type counting struct {
	class     *schema.Class
	field     *schema.Field
	condition filter
}

func (c counting) String() string {
	switch {
	case c.field == nil:
		return "count every " + c.class.Name
	case c.condition == nil:
		return "count along " + c.field.Name
	}
	return "count along " + c.field.Name + " what meets " + bare(c.condition)
}

// claimsCount counts listed claims: they are a set.
func claimsCount(of *graph.Set) func() (int, error) {
	return func() (int, error) { return of.Len(), nil }
}

// countMembers returns how many entities are of a class, at most; -1 if that is
// not known.
func (r *run) countMembers(class *schema.Class) (int, error) {
	sum := 0
	for _, m := range class.Members {
		id, ok := r.view.Node(m.IRI)
		if !ok {
			continue
		}
		n, ok, err := r.view.Count(id, graph.Type, true)
		if err != nil || !ok {
			return -1, err
		}
		sum += n
	}
	return sum, nil
}

// countRelated returns how many objects a relation leads to from an id, at most;
// -1 if that is not known.
func (r *run) countRelated(id graph.ID, f *schema.Field) (int, error) {
	sum := 0
	for _, p := range f.Predicates {
		if p.Single && !f.Inverse {
			sum++
			continue
		}
		n, err := r.countLinks(id, p.IRI, f.Inverse)
		if err != nil || n < 0 {
			return -1, err
		}
		sum += n
	}
	return sum, nil
}

// countLinks returns how many subjects an object has by a predicate, or objects a subject,
// at most; -1 if that is not known.
func (r *run) countLinks(id graph.ID, predicate string, inverse bool) (int, error) {
	if inverse {
		column, ok, err := r.columnFor(predicate, 0)
		if err != nil {
			return -1, err
		}
		if ok {
			if n, ok := column.CountNaming(id); ok {
				return n, nil
			}
		}
	}
	n, ok, err := r.view.Count(id, predicate, inverse)
	if err != nil || !ok {
		return -1, err
	}
	return n, nil
}
