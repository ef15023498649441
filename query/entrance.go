package query

import (
	"fmt"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// entrance is where the reading of a connection begins. It is a value, chosen by
// counts before anything is read.
type entrance interface {
	fmt.Stringer
	expects() Estimate
	// enter reads what the connection is of, and returns what is left of the
	// condition. No items: it turns out to lead nowhere, and the next is taken.
	enter(r *run, source pageSource) (found *items, rest filter, err error)
}

// entrances returns the ways into a connection, the best first; the last always
// leads somewhere. dates is nil where there are no timelines to read.
func entrances(source pageSource, condition filter, dates *byDates) []entrance {
	var out []entrance
	if dates != nil {
		out = append(out, dates)
	}
	if source.start != nil && condition != nil {
		out = append(out, byCondition{condition, -1})
	}
	return append(out, everything{source.class, source.field, condition, noEstimate})
}

// byCondition begins with what all that meet a condition are among.
type byCondition struct {
	condition filter
	bound     int // of what can meet it; -1: not known
}

func (e byCondition) String() string    { return "start from what meets " + bare(e.condition) }
func (e byCondition) expects() Estimate { return Estimate{e.bound, -1} }

func (e byCondition) enter(r *run, source pageSource) (*items, filter, error) {
	among, err := e.condition.among(r)
	if err != nil || among == nil {
		return nil, nil, err
	}
	found, err := source.start(source.class, among.ids)
	return found, among.rest, err
}

// everything reads all that there is.
type everything struct {
	class     *schema.Class
	field     *schema.Field // nil: at a root, and of claims
	condition filter
	expected  Estimate
}

func (e everything) String() string {
	if e.field != nil {
		return "read all along " + e.field.Name
	}
	return "read every " + e.class.Name
}

func (e everything) expects() Estimate { return e.expected }

func (e everything) enter(r *run, source pageSource) (*items, filter, error) {
	if e.field != nil && e.condition != nil {
		return r.relateMeeting(source.rows, e.field, e.condition)
	}
	found, err := source.read(ids(source.rows))
	return found, e.condition, err
}

// expect fills in what counts tell, where that is worth counting.
func (e everything) expect(r *run, source pageSource) (everything, error) {
	e.expected = noEstimate
	n := -1
	var err error
	switch {
	case e.field != nil && len(source.rows) <= mostNamed:
		n = 0
		for _, row := range source.rows {
			one, err := r.countRelated(row.id, e.field)
			if err != nil || one < 0 {
				return e, err
			}
			n += one
		}
	case e.field == nil && source.start != nil:
		if n, err = r.countMembers(source.class); err != nil {
			return e, err
		}
	}
	if n >= 0 {
		e.expected = Estimate{Rows: n, Quads: 2 * n}
	}
	return e, nil
}

// least returns how many quads the reading takes for certain.
func (e everything) least(r *run, source pageSource) (int, error) {
	if f := e.field; f != nil && f.Inverse && len(f.Predicates) == 1 {
		w, err := r.whenOf(e.condition, source.rows)
		if err != nil {
			return 0, err
		}
		if w != nil {
			if _, some, err := r.timelineOf(ids(source.rows), f.Predicates[0].IRI, w); some >= 0 || err != nil {
				return some, err
			}
		}
	}
	sum := 0
	count := func(object graph.ID, predicate string) error {
		p, known := r.view.Node(predicate)
		if !known {
			return nil
		}
		n, err := r.view.Least(graph.Pattern{Predicate: p, Object: object})
		sum += n
		return err
	}
	switch {
	case e.field != nil && e.field.Inverse && len(source.rows) <= mostNamed:
		for _, row := range source.rows {
			for _, p := range e.field.Predicates {
				if err := count(row.id, p.IRI); err != nil {
					return 0, err
				}
			}
		}
	case e.field == nil && source.start != nil:
		for _, m := range source.class.Members {
			if id, ok := r.view.Node(m.IRI); ok {
				if err := count(id, graph.Type); err != nil {
					return 0, err
				}
			}
		}
	}
	return sum, nil
}

// enter reads what a connection is of by the first entrance that leads there, and
// refuses to read what is over the limit for certain.
func (r *run) enterBy(ways []entrance, source pageSource) (*items, filter, error) {
	for _, way := range ways {
		if first, is := way.(byCondition); is && r.trace != nil {
			var err error
			if first.bound, err = first.condition.bound(r, mostNamed); err != nil {
				return nil, nil, err
			}
			way = first
		}
		if all, is := way.(everything); is {
			if err := r.refuse(func() (int, error) { return all.least(r, source) }); err != nil {
				return nil, nil, err
			}
			if r.trace != nil {
				var err error
				if way, err = all.expect(r, source); err != nil {
					return nil, nil, err
				}
			}
		}
		mark := r.trace.begin(way, way.expects())
		found, rest, err := way.enter(r, source)
		if found != nil {
			r.trace.found(mark, len(found.all))
			r.trace.end(mark)
		} else {
			r.trace.miss(mark)
		}
		if found != nil || err != nil {
			return found, rest, err
		}
	}
	panic("query: no way leads into a connection")
}

// refuse is an error if at least so many quads are more than may still be read. It
// counts them only where the graph has more than that at all.
func (r *run) refuse(count func() (least int, err error)) error {
	left := r.meter.Left()
	if left < 0 || int64(r.view.Size()) <= left {
		return nil
	}
	least, err := count()
	if err != nil || int64(least) <= left {
		return err
	}
	r.op.engine.stats.refused.Add(1)
	limit := int64(r.op.engine.options.Quads)
	e := errorf(CostExceeded, "%s would read %s quads of the graph at least, and %s of the limit of %s are left; none was read%s",
		strings.Join(r.spending.path, "."), grouped(int64(least)), grouped(left), grouped(limit), askForLess)
	e.Limit, e.Given, e.Allowed = quadsLimit, limit-left+int64(least), limit
	return e
}

// bare is a condition without the brackets around the whole.
func bare(f filter) string {
	if parts, is := f.(all); is && len(parts) != 1 {
		text := parts.String()
		return text[1 : len(text)-1]
	}
	return f.String()
}

// next is what a conjunction does with one of its parts.
type next int

const (
	beginWith next = iota // read what meets it
	narrowBy              // read what meets it, and keep what both have
	lookAt                // put it to each that is left
)

func (n next) String() string {
	return [...]string{"start from", "keep what is among", "put to each"}[n]
}

// nextOf chooses what to do with the next part, of which bound are at most (below
// 0: nobody knows), when have are left; below 0: nothing was read yet. Up to few are
// looked at by themselves.
func nextOf(have, bound, few int) next {
	switch {
	case have < 0:
		return beginWith
	case have <= few || bound >= 0 && bound/4 > have:
		return lookAt // that is less than reading what it is among
	}
	return narrowBy
}

// part is a part of a conjunction and what is done with it.
type part struct {
	next
	filter
}

func (p part) String() string { return minorMark + p.next.String() + " " + bare(p.filter) }

// fromRows chooses the side that a relation is read from: true where it is looked
// up for each of so many rows, false where the objects' links are read, about so
// many; below 0: nobody knows.
func fromRows(links, rows int) bool { return links < 0 || links > rows/2 }

// leastOf returns how many quads it takes for certain to read what lies between
// some subjects and some objects; 0 is any.
func (r *run) leastOf(subjects, objects []graph.ID) (int, error) {
	sum := 0
	for _, s := range subjects {
		for _, o := range objects {
			n, err := r.view.Least(graph.Pattern{Subject: s, Object: o})
			if err != nil {
				return 0, err
			}
			sum += n
		}
	}
	return sum, nil
}
