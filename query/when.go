package query

import (
	"fmt"
	"math"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// when is what a condition says of a date: it is met by nothing whose date cannot be a
// day from first to last. It is no more than a sieve: what is left is put to the
// condition.
type when struct {
	name        string // of the field
	predicate   string
	first, last edtf.Day
}

func (w *when) String() string {
	switch {
	case w.first > w.last:
		return "read none: no " + w.name + " can be meant"
	case w.first == edtf.Past:
		return fmt.Sprintf("read by %s what is up to %s", w.name, w.last)
	case w.last == edtf.Future:
		return fmt.Sprintf("read by %s what is from %s on", w.name, w.first)
	}
	return fmt.Sprintf("read by %s what is from %s to %s", w.name, w.first, w.last)
}

// narrower returns which of two, either of them nil, leaves less; of one date, both.
func (w *when) narrower(other *when) *when {
	switch {
	case w == nil:
		return other
	case other == nil:
		return w
	case w.predicate == other.predicate:
		return &when{w.name, w.predicate, max(w.first, other.first), min(w.last, other.last)}
	case other.last-other.first < w.last-w.first:
		return other
	}
	return w
}

// whenOf is what a condition says of a date of rows that lie within those around; nil
// where it says nothing.
func (r *run) whenOf(condition filter, around []row) (*when, error) {
	if r.straight() {
		return nil, nil
	}
	switch f := condition.(type) {
	case all:
		var out *when
		for _, part := range f {
			w, err := r.whenOf(part, around)
			if err != nil {
				return nil, err
			}
			out = out.narrower(w)
		}
		return out, nil
	case narrowed:
		return r.whenOf(f.filter, around)
	case test:
		if f.when != nil && (!f.looks || around != nil) {
			return f.when(r, around)
		}
	}
	return nil, nil
}

// bounds returns days such that all are among them on which a date, all of whose
// readings are days that it names, can meet the comparisons, with what is around one of
// the rows; the first after the last where there are none.
func (a *asked) bounds(r *run, around []row) (first, last edtf.Day, err error) {
	first, last = edtf.Past, edtf.Future
	if err := a.prepare(r, aroundRows(r, around)); err != nil {
		return 0, 0, err
	}
	for _, c := range a.comparisons {
		from, to := edtf.Future, edtf.Past
		for _, s := range c.to.stretches(r, around) {
			if c.to.point != nil && *c.to.point == edtf.StartPoint {
				s.End = s.Start
			} else if c.to.point != nil {
				s.Start = s.End
			}
			lo, hi := c.bounds(s)
			from, to = min(from, lo), max(to, hi)
		}
		first, last = max(first, from), min(last, to)
	}
	return first, last, nil
}

// aroundRows are rows that lie within what is around those of a relation.
func aroundRows(r *run, of []row) []row {
	out := make([]row, len(of))
	for i, at := range of {
		out[i].around = r.inside(at)
	}
	return out
}

// stretches are those that a reference can mean.
func (ref *reference) stretches(r *run, around []row) []edtf.Stretch {
	known := func(out []edtf.Stretch, id graph.ID) []edtf.Stretch {
		if s := r.stretches[id]; id != 0 && s.known {
			out = append(out, s.Stretch)
		}
		return out
	}
	switch {
	case ref.enclosing:
		var out []edtf.Stretch
		for _, at := range around {
			out = known(out, r.inside(at))
		}
		return out
	case ref.event != 0:
		return known(nil, ref.event)
	}
	return []edtf.Stretch{ref.date.Stretch()}
}

// bounds returns the first and the last day that can lie to a stretch as the comparison
// says.
func (c comparison) bounds(s edtf.Stretch) (first, last edtf.Day) {
	first, last = edtf.Past, edtf.Future
	switch within := c.to.within; c.day {
	case edtf.DayBefore:
		if last = s.Start.Max - 1; !within.IsZero() {
			first = s.Start.Min.Sub(within)
		}
	case edtf.DayAfter:
		if first = s.End.Min + 1; !within.IsZero() {
			last = s.End.Max.Add(within)
		}
	case edtf.DayIn:
		first, last = s.Start.Min, s.End.Max
	}
	return first, last
}

// whenOfDate is what comparisons say of a date; nil where something without that date
// can meet them, as a tenure can that began nobody knows when.
func (a *asked) whenOfDate(f *schema.Field, paired bool) func(*run, []row) (*when, error) {
	if len(a.comparisons) == 0 || f.Class.Name == "Claim" {
		return nil
	}
	for _, c := range f.Class.Members {
		if paired && c.Time == schema.Lasts {
			return nil
		}
	}
	return func(r *run, around []row) (*when, error) {
		first, last, err := a.bounds(r, around)
		return &when{f.Name, f.Predicates[0].IRI, first, last}, err
	}
}

// followSieved follows a predicate from objects to subjects, as far as a sieve, which may
// be nil, lets them be read.
func (r *run) followSieved(links *graph.Links, of []graph.ID, predicate string, claims *graph.Set, s *sieve) error {
	if s != nil && s.within != nil {
		ok, err := r.view.FollowWithin(r.ctx, links, of[0], predicate, claims, s.within)
		if err == nil && !ok {
			panic("query: a store that counts stretches does not read them")
		}
		return err
	}
	return r.followBack(links, of, predicate, claims, s.date())
}

// timelineOf returns where what leads to some objects is in the order of its dates, and how
// much of it w lets through; below 0 where it had better be read otherwise.
func (r *run) timelineOf(of []graph.ID, predicate string, w *when) (t graph.Timeline, some int, err error) {
	if r.straight() || len(of) > mostNamed {
		return t, -1, nil
	}
	always := r.op.engine.alwaysLead
	t, ok, err := r.view.Timeline(r.ctx, predicate, w.predicate, 0)
	if err == nil && !ok {
		asked := 0 // what would be read without one
		for _, id := range of {
			n, _, err := r.view.Count(id, predicate, true)
			if err != nil {
				return t, -1, err
			}
			asked += n
		}
		if always {
			asked = math.MaxInt32
		}
		t, ok, err = r.view.Timeline(r.ctx, predicate, w.predicate, asked)
	}
	if err != nil || !ok {
		return t, -1, err
	}
	whole := 0
	for _, id := range of {
		some, whole = some+t.Count(id, w.first, w.last), whole+t.Size(id)
	}
	// What comes by dates costs about twice as much for each.
	if some > whole/2 && !always {
		return t, -1, nil
	}
	return t, some, nil
}

// followBack follows a predicate from objects to subjects, as [graph.View.Follow] does.
// Of those whose date cannot be as w says, if it is not nil, some or all are left out.
func (r *run) followBack(links *graph.Links, of []graph.ID, predicate string, claims *graph.Set, w *when) error {
	if w == nil {
		return r.view.Follow(r.ctx, links, of, predicate, true, claims)
	}
	t, some, err := r.timelineOf(of, predicate, w)
	if err != nil {
		return err
	}
	if some < 0 {
		return r.view.Follow(r.ctx, links, of, predicate, true, claims)
	}
	mark := r.trace.begin(w, Estimate{some, some})
	before := len(links.All)
	err = t.Links(r.ctx, links, of, w.first, w.last, claims)
	r.trace.found(mark, len(links.All)-before)
	r.trace.end(mark)
	return err
}
