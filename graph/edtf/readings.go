package edtf

import "fmt"

// Readings is one question about rough stretches: variables, conditions on them,
// and an answer. All conditions share one reading of every variable.
//
//	var r Readings
//	visit := r.Stretch(visitDates)
//	summit := r.Stretch(summitDates)
//	r.RelateDay(visit, StartPoint, DayBefore, summit, Duration{Days: 30})
//	r.Holds(Definite)
//
// [Past] and [Future] are ordinary days, far away: an open end equals an open
// end, and nothing is after it. Only lengths know them: Future less P30D is
// Future, so nothing lies within thirty days of what never comes.
//
// The zero value is ready. A Readings must not be shared by goroutines. Once it
// has seen questions as large as the next, it allocates nothing.
type Readings struct {
	// A variable that Stretch made has two ends of its own, 2k and 2k+1, the
	// former the start. Point makes variables that share them.
	ends  []Range // of each end, the days that it has on some reading
	vars  []variable
	bonds []bond
	least []Day // of each end, the earliest day found so far; see satisfiable

	contradictory bool // some variable has no reading
}

// Var names a variable of the Readings that made it, until its Reset.
type Var int

// variable gives the ends of a stretch, as indexes of Readings.ends.
type variable struct{ start, end int32 }

// Reset forgets all variables and conditions and keeps the memory.
func (r *Readings) Reset() {
	r.ends, r.vars, r.bonds, r.contradictory = r.ends[:0], r.vars[:0], r.bonds[:0], false
}

// Stretch adds a variable whose readings are those of s.
func (r *Readings) Stretch(s Stretch) Var {
	// Whatever the other ends are, no start is after the last end, and no end
	// before the first start. What is left, some reading has.
	s.Start.Max = min(s.Start.Max, s.End.Max)
	s.End.Min = max(s.End.Min, s.Start.Min)
	if s.Start.Min > s.Start.Max || s.End.Min > s.End.Max {
		r.contradictory = true
	}
	start := int32(len(r.ends))
	r.ends = append(r.ends, s.Start, s.End)
	if s.Start.Max > s.End.Min { // else the order needs no saying
		r.bond(bond{to: start + 1, from: start})
	}
	return r.variable(start, start+1)
}

// Point adds the one-day stretch at an end of v. It shares v's reading: conditions
// on the point and on v speak of the same day.
func (r *Readings) Point(v Var, p Point) Var {
	end := r.end(v, p)
	return r.variable(end, end)
}

func (r *Readings) variable(start, end int32) Var {
	r.vars = append(r.vars, variable{start, end})
	return Var(len(r.vars) - 1)
}

func (r *Readings) end(v Var, p Point) int32 {
	if p == StartPoint {
		return r.vars[v].start
	}
	return r.vars[v].end
}

// Relate adds the condition that x lies to y as rel says. With a duration, which
// only [Before] and [After] take, all of x also lies in the stretch of that length
// next to y: from a-within to a-1 before y's first day a, from b+1 to b+within
// after its last day b, by [Day.Sub] and [Day.Add]. Another relation with a
// duration is a bug and panics.
func (r *Readings) Relate(x Var, rel Relation, y Var, within Duration) {
	if !within.IsZero() && rel != Before && rel != After {
		panic(fmt.Sprintf("edtf: relation %v takes no duration (%+v)", rel, within))
	}
	s, e := r.vars[x].start, r.vars[x].end
	a, b := r.vars[y].start, r.vars[y].end
	switch rel {
	case Before:
		r.apart(e, a, 2)
		r.notLongBefore(s, a, within)
	case After:
		r.apart(b, s, 2)
		r.notLongAfter(e, b, within)
	case Meets:
		r.exactlyApart(e, a, 1)
	case MetBy:
		r.exactlyApart(b, s, 1)
	case Overlaps:
		r.apart(s, a, 1)
		r.apart(a, e, 0)
		r.apart(e, b, 1)
	case OverlappedBy:
		r.apart(a, s, 1)
		r.apart(s, b, 0)
		r.apart(b, e, 1)
	case Starts:
		r.exactlyApart(s, a, 0)
		r.apart(e, b, 1)
	case StartedBy:
		r.exactlyApart(s, a, 0)
		r.apart(b, e, 1)
	case During:
		r.apart(a, s, 1)
		r.apart(e, b, 1)
	case Contains:
		r.apart(s, a, 1)
		r.apart(b, e, 1)
	case Finishes:
		r.apart(a, s, 1)
		r.exactlyApart(e, b, 0)
	case FinishedBy:
		r.apart(s, a, 1)
		r.exactlyApart(e, b, 0)
	case Equals:
		r.exactlyApart(s, a, 0)
		r.exactlyApart(e, b, 0)
	case Intersects:
		r.apart(s, b, 0)
		r.apart(a, e, 0)
	default:
		panic(fmt.Sprintf("edtf: there is no relation %d", rel))
	}
}

// RelateDay adds the condition that the day at one end of x lies to y as rel
// says. A duration works as in [Readings.Relate], for [DayBefore] and [DayAfter].
func (r *Readings) RelateDay(x Var, p Point, rel DayRelation, y Var, within Duration) {
	if !within.IsZero() && rel != DayBefore && rel != DayAfter {
		panic(fmt.Sprintf("edtf: relation %v of a day takes no duration (%+v)", rel, within))
	}
	d, a, b := r.end(x, p), r.vars[y].start, r.vars[y].end
	switch rel {
	case DayBefore:
		r.apart(d, a, 1)
		r.notLongBefore(d, a, within)
	case DayAfter:
		r.apart(b, d, 1)
		r.notLongAfter(d, b, within)
	case DayIn:
		r.apart(a, d, 0)
		r.apart(d, b, 0)
	default:
		panic(fmt.Sprintf("edtf: there is no relation %d of a day", rel))
	}
}

// apart demands that later be at least so many days after earlier.
func (r *Readings) apart(earlier, later int32, days Day) {
	r.condition(bond{to: later, from: earlier, days: days})
}

func (r *Readings) exactlyApart(earlier, later int32, days Day) {
	r.apart(earlier, later, days)
	r.apart(later, earlier, -days)
}

// notLongBefore demands day >= of.Sub(within).
func (r *Readings) notLongBefore(day, of int32, within Duration) {
	if !within.IsZero() {
		r.condition(bond{to: day, from: of, kind: lessLength, length: within})
	}
}

// notLongAfter demands day <= of.Add(within).
func (r *Readings) notLongAfter(day, of int32, within Duration) {
	if !within.IsZero() {
		r.condition(bond{to: of, from: day, kind: reachesByLength, length: within})
	}
}

func (r *Readings) condition(b bond) {
	b.asked = true
	r.bond(b)
}

func (r *Readings) bond(b bond) { r.bonds = append(r.bonds, b) }
