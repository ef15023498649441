package naive

import (
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// A stretch is what is known of a first and a last day. Its readings are all
// pairs of a day in start and a day in end with first <= last; with single, the
// days of start alone.
type stretch struct {
	start, end edtf.Range
	single     bool
}

// condition is one thing asked of the stretch s to e that is filtered and of the
// stretch a to b that it refers to.
type condition struct {
	about int // index of the reference; -1: the filtered stretch itself
	point string
	holds func(s, e, a, b edtf.Day) bool
}

func (c condition) met(s, e, a, b edtf.Day) bool {
	switch c.point {
	case "START":
		b = a
	case "END":
		a = b
	}
	return c.holds(s, e, a, b)
}

// relations are Allen's thirteen and intersects. A stretch ends where the day
// after its last one begins.
var relations = map[string]func(s, e, a, b edtf.Day) bool{
	"before":       func(s, e, a, b edtf.Day) bool { return e+1 < a },
	"after":        func(s, e, a, b edtf.Day) bool { return b+1 < s },
	"meets":        func(s, e, a, b edtf.Day) bool { return e+1 == a },
	"metBy":        func(s, e, a, b edtf.Day) bool { return b+1 == s },
	"overlaps":     func(s, e, a, b edtf.Day) bool { return s < a && a <= e && e < b },
	"overlappedBy": func(s, e, a, b edtf.Day) bool { return a < s && s <= b && b < e },
	"starts":       func(s, e, a, b edtf.Day) bool { return s == a && e < b },
	"startedBy":    func(s, e, a, b edtf.Day) bool { return s == a && e > b },
	"during":       func(s, e, a, b edtf.Day) bool { return s > a && e < b },
	"contains":     func(s, e, a, b edtf.Day) bool { return s < a && e > b },
	"finishes":     func(s, e, a, b edtf.Day) bool { return s > a && e == b },
	"finishedBy":   func(s, e, a, b edtf.Day) bool { return s < a && e == b },
	"equals":       func(s, e, a, b edtf.Day) bool { return s == a && e == b },
	"intersects":   func(s, e, a, b edtf.Day) bool { return s <= b && a <= e },
}

// near narrows before and after to the stretch of a length next to the reference.
func near(key string, within edtf.Duration, holds func(s, e, a, b edtf.Day) bool) func(s, e, a, b edtf.Day) bool {
	return func(s, e, a, b edtf.Day) bool {
		if key == "before" {
			return holds(s, e, a, b) && s >= a.Sub(within)
		}
		return holds(s, e, a, b) && e <= b.Add(within)
	}
}

// question is one filter on a time: the filtered stretch, what it refers to, and
// what is asked. All share one reading.
type question struct {
	self       stretch
	apart      bool // self is a time beside that of the entity asked about
	references []stretch
	conditions []condition
	lengths    []edtf.Duration
}

// holds tries the readings one after the other.
//
// Ranges may reach from Past to Future, so not every day is tried. Each
// condition compares one end of the filtered stretch with one end of a
// reference, shifted by a day or a length, so whether it holds changes only
// where one of them passes such a shifted end. Take a reading that meets some
// conditions and push every end as late as they allow: each then stands at a
// bound of some range, or is tied by one comparison to another end that does, at
// most three lengths and three days away, for the chain passes each of the
// filtered stretch's two ends just once. These are the days that are tried for
// it; for the reference, with the filtered stretch fixed, its own bounds and the
// days around that stretch's ends. The other readings are met or not just as
// one of these. Not to hold on some reading is to meet the opposite of one
// condition, which is a comparison of the same form.
func (q *question) holds(possible bool) bool {
	bounds := []edtf.Day{q.self.start.Min, q.self.start.Max, q.self.end.Min, q.self.end.Max}
	for _, ref := range q.references {
		bounds = append(bounds, ref.start.Min, ref.start.Max, ref.end.Min, ref.end.Max)
	}
	tried := around(bounds, q.lengths, 3)
	read := false
	for _, self := range q.self.readings(tried) {
		all, every := q.check(self, possible)
		read = read || all
		switch {
		case possible && every:
			return true
		case !possible && all && !every:
			return false
		}
	}
	return read && !possible
}

// check reports whether there is a reading of all references beside this one of
// the filtered stretch, and whether the conditions hold: with possible on one
// reading of each reference, else on all.
func (q *question) check(self [2]edtf.Day, possible bool) (read, holds bool) {
	s, e := self[0], self[1]
	holds = true
	for _, c := range q.conditions {
		if c.about < 0 && !c.met(s, e, s, e) {
			holds = false
		}
	}
	for i, ref := range q.references {
		tried := around([]edtf.Day{s, e, ref.start.Min, ref.start.Max, ref.end.Min, ref.end.Max}, q.lengths, 1)
		readings := ref.readings(tried)
		if len(readings) == 0 {
			return false, false
		}
		some, every := false, true
		for _, reading := range readings {
			met := true
			for _, c := range q.conditions {
				if c.about == i && !c.met(s, e, reading[0], reading[1]) {
					met = false
				}
			}
			some, every = some || met, every && met
		}
		if possible && !some || !possible && !every {
			holds = false
		}
	}
	return true, holds
}

// readings are the pairs of days that the stretch can mean, of the days tried.
func (x stretch) readings(tried []edtf.Day) [][2]edtf.Day {
	var all [][2]edtf.Day
	for _, s := range tried {
		if s < x.start.Min || s > x.start.Max {
			continue
		}
		if x.single {
			all = append(all, [2]edtf.Day{s, s})
			continue
		}
		for _, e := range tried {
			if e >= x.end.Min && e <= x.end.Max && s <= e {
				all = append(all, [2]edtf.Day{s, e})
			}
		}
	}
	return all
}

// around are the days, those up to so many lengths away, and for each the four
// days before and after it: one for each comparison that a chain can pass, and
// what a month lacks of another. Ascending.
func around(days []edtf.Day, lengths []edtf.Duration, times int) []edtf.Day {
	days = sorted(days)
	for range times {
		for _, d := range days {
			for _, length := range lengths {
				days = append(days, d.Add(length), d.Sub(length))
			}
		}
		days = sorted(days)
	}
	var all []edtf.Day
	for _, d := range days {
		for n := edtf.Day(-4); n <= 4; n++ {
			if d+n >= edtf.Past && d+n <= edtf.Future {
				all = append(all, d+n)
			}
		}
	}
	return sorted(all)
}

func sorted(days []edtf.Day) []edtf.Day {
	days = slices.Clone(days)
	slices.Sort(days)
	return slices.Compact(days)
}

// dateOf is the time that a property of the entity shows.
func (r *run) dateOf(id graph.ID, field string) (edtf.Date, bool) {
	f := r.classes[id].Field(field)
	if f == nil || f.Kind != schema.Property || f.Value != schema.Time {
		return edtf.Date{}, false
	}
	for _, t := range r.literals(id, f) {
		if d, err := edtf.Parse(t.term.Text); err == nil {
			return d, true
		}
	}
	return edtf.Date{}, false
}

// days are the days that a start or an end can mean. A lone ".." is endless.
func days(d edtf.Date, isEnd bool) edtf.Range {
	if d.IsOpen() && isEnd {
		return edtf.Range{Min: edtf.Future, Max: edtf.Future}
	}
	earliest, latest := d.Bounds()
	return edtf.Range{Min: earliest, Max: latest}
}

var unknown = edtf.Range{Min: edtf.Past, Max: edtf.Future}

// timeOf is the stretch of an event, tenure or membership; false where the event
// has no start, and for what is none of these.
func (r *run) timeOf(id graph.ID) (stretch, bool) {
	class := r.classes[id]
	if class == nil || class.Time == schema.Timeless {
		return stretch{}, false
	}
	start, hasStart := r.dateOf(id, "start")
	end, hasEnd := r.dateOf(id, "end")
	x := stretch{start: unknown, end: unknown}
	if hasStart {
		x.start = days(start, false)
	}
	switch {
	case hasEnd:
		x.end = days(end, true)
	case class.Time == schema.Happens:
		x.end = x.start
	}
	return x, hasStart || class.Time == schema.Lasts
}
