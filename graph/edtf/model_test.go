package edtf

import (
	"fmt"
	"strings"
)

// The slow, obvious model: it tries every reading.

// question is what Readings is asked, kept so that the model can be asked too.
type question struct {
	stretches  []Stretch
	points     []pointOf // variables after the stretches
	conditions []condition
}

type pointOf struct {
	of    int
	point Point
}

// condition relates variable x to y, or, if ofDay, the day at an end of x.
type condition struct {
	x, y     int
	relation Relation
	ofDay    bool
	point    Point
	day      DayRelation
	within   Duration
}

func (c condition) String() string {
	if c.ofDay {
		return fmt.Sprintf("day(%d,%v) %v %d within %+v", c.x, c.point, c.day, c.y, c.within)
	}
	return fmt.Sprintf("%d %v %d within %+v", c.x, c.relation, c.y, c.within)
}

func (q question) String() string {
	var b strings.Builder
	for i, s := range q.stretches {
		fmt.Fprintf(&b, "\n  %d: %d..%d to %d..%d", i, s.Start.Min, s.Start.Max, s.End.Min, s.End.Max)
	}
	for i, p := range q.points {
		fmt.Fprintf(&b, "\n  %d: point(%d,%v)", len(q.stretches)+i, p.of, p.point)
	}
	for _, c := range q.conditions {
		fmt.Fprintf(&b, "\n  %v", c)
	}
	return b.String()
}

// ask puts the question to r.
func (q question) ask(r *Readings, c Certainty) bool {
	r.Reset()
	for _, s := range q.stretches {
		r.Stretch(s)
	}
	for _, p := range q.points {
		r.Point(Var(p.of), p.point)
	}
	for _, c := range q.conditions {
		if c.ofDay {
			r.RelateDay(Var(c.x), c.point, c.day, Var(c.y), c.within)
		} else {
			r.Relate(Var(c.x), c.relation, Var(c.y), c.within)
		}
	}
	return r.Holds(c)
}

// exact is one reading of a stretch.
type exact struct{ first, last Day }

func (e exact) at(p Point) Day {
	if p == StartPoint {
		return e.first
	}
	return e.last
}

// answer gives, by trial of every reading, whether the question holds on every
// one (and there is one), and whether on some.
func (q question) answer() (definite, possible bool) {
	readings, met := 0, 0
	vars := make([]exact, len(q.stretches)+len(q.points))
	var try func(i int)
	try = func(i int) {
		if i < len(q.stretches) {
			s := q.stretches[i]
			for first := s.Start.Min; first <= s.Start.Max; first++ {
				for last := s.End.Min; last <= s.End.Max; last++ {
					if first <= last {
						vars[i] = exact{first, last}
						try(i + 1)
					}
				}
			}
			return
		}
		for j, p := range q.points {
			d := vars[p.of].at(p.point)
			vars[len(q.stretches)+j] = exact{d, d}
		}
		readings++
		for _, c := range q.conditions {
			if !c.met(vars) {
				return
			}
		}
		met++
	}
	try(0)
	return readings > 0 && met == readings, met > 0
}

func (c condition) met(vars []exact) bool {
	x, y := vars[c.x], vars[c.y]
	before, after := c.relation == Before, c.relation == After
	holds := false
	if c.ofDay {
		d := x.at(c.point)
		holds = relatesDay(d, c.day, y)
		x = exact{d, d}
		before, after = c.day == DayBefore, c.day == DayAfter
	} else {
		holds = relates(x, c.relation, y)
	}
	if !holds || c.within.IsZero() {
		return holds
	}
	return before && y.first.Sub(c.within) <= x.first && x.last <= y.first-1 ||
		after && y.last+1 <= x.first && x.last <= y.last.Add(c.within)
}

func relatesDay(d Day, rel DayRelation, y exact) bool {
	switch rel {
	case DayBefore:
		return d < y.first
	case DayAfter:
		return d > y.last
	default:
		return y.first <= d && d <= y.last
	}
}

// relates compares half-open stretches, as Allen does; inverses by exchange.
func relates(x exact, rel Relation, y exact) bool {
	s, e, a, b := x.first, x.last+1, y.first, y.last+1
	switch rel {
	case Before:
		return e < a
	case Meets:
		return e == a
	case Overlaps:
		return s < a && a < e && e < b
	case Starts:
		return s == a && e < b
	case During:
		return s > a && e < b
	case Finishes:
		return s > a && e == b
	case Equals:
		return s == a && e == b
	case Intersects:
		return s < b && a < e
	case After, MetBy, OverlappedBy, StartedBy, Contains, FinishedBy:
		return relates(y, rel-1, x)
	default:
		panic("no such relation")
	}
}
