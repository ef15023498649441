package edtf

// Every condition comes down to bonds: one end is at or after a day that another
// end fixes, and never an earlier one as the other grows later. So if two readings
// keep all bonds, the one made of the later day of each end keeps them too, and so
// does the one made of the earlier days. That makes both questions exact and
// cheap, also where a length in months is no fixed number of days.

// bond demands to >= f(from), where f is monotone.
type bond struct {
	to, from int32
	kind     bondKind
	asked    bool     // is of a condition, not of a variable's own start <= end
	days     Day      // for plusDays
	length   Duration // for the others
}

type bondKind uint8

const (
	plusDays        bondKind = iota // f(x) = x + days
	lessLength                      // f(x) = x.Sub(length)
	reachesByLength                 // f(x) = the first day d with d.Add(length) >= x
)

// calendar tells whether f's distance varies with the day.
func (b *bond) calendar() bool {
	return b.length.Years != 0 || b.length.Months != 0
}

// earliest gives f(x).
func (b *bond) earliest(x Day) Day {
	switch b.kind {
	case plusDays:
		return x + b.days
	case lessLength:
		return x.Sub(b.length)
	default:
		// Sub is Add's inverse to within a few days, which months' lengths differ by.
		d := x.Sub(b.length)
		for d.Add(b.length) < x {
			d++
		}
		for d > Past && (d-1).Add(b.length) >= x {
			d--
		}
		return d
	}
}

// Holds answers the question. Possible: some reading of all variables meets every
// condition. Definite: there is a reading, and every one meets every condition.
// Without conditions both ask whether there is a reading.
//
// The answers are exact, but for the guard that satisfiable tells of.
// Cost, for v variables and c conditions: Definite O(c), Possible O((v+c)·v) at
// worst and mostly O(v+c); see also [Readings] on memory.
func (r *Readings) Holds(c Certainty) bool {
	if r.contradictory {
		return false
	}
	if c == Possible {
		return r.satisfiable()
	}
	for i := range r.bonds {
		if b := &r.bonds[i]; b.asked && !r.always(b) {
			return false
		}
	}
	return true
}

// always tells whether every reading of the variables keeps the bond. It is
// enough to look at the earliest day of b.to along with the latest of b.from.
// Some reading has both, unless they are the two ends of one variable.
func (r *Readings) always(b *bond) bool {
	if b.kind == plusDays {
		switch {
		case b.to == b.from:
			return b.days <= 0
		case b.to == b.from+1 && b.from%2 == 0: // an end after its start: 0 days at least
			return b.days <= max(0, r.ends[b.to].Min-r.ends[b.from].Max)
		}
	}
	// A start and then its own end: its first day and the end's last are a reading.
	// A length from a start on to its own end comes with an order of the two that
	// no reading keeps, so that here any answer will do.
	return r.ends[b.to].Min >= b.earliest(r.ends[b.from].Max)
}

// calendarRounds bounds the search below where it must try dates one by one.
const calendarRounds = 4000

// satisfiable tells whether some reading keeps all bonds. It moves every end from
// its earliest day to the earliest that the bonds allow, given the others, until
// all are kept or one is past its latest day. No reading that keeps all bonds is
// earlier at any end, so what is found is exact.
//
// Bonds of a fixed number of days come to rest after as many rounds as there are
// ends, or go on for ever (Bellman and Ford); at the worst three times as many,
// since lengths move neither Past nor Future: to leave the one, to come to rest
// between, to arrive at the other. With months and years there are cycles besides
// that gain days at some dates and none at others. Those take more than a dozen
// conditions chained against each month; after calendarRounds more, the answer is
// that there is no reading.
func (r *Readings) satisfiable() bool {
	r.least = r.least[:0]
	calendar := false
	for i := range r.ends {
		r.least = append(r.least, r.ends[i].Min)
	}
	for i := range r.bonds {
		calendar = calendar || r.bonds[i].calendar()
	}
	rounds := 3*len(r.ends) + 1
	return r.settle(false, rounds) && (!calendar || r.settle(true, rounds+calendarRounds))
}

// settle moves the ends by the bonds, with or without those of months and years.
// It reports whether they come to rest in so many rounds, none past its latest day.
func (r *Readings) settle(calendar bool, rounds int) bool {
	for range rounds {
		moved := false
		for i := range r.bonds {
			b := &r.bonds[i]
			if b.calendar() && !calendar {
				continue
			}
			day := b.earliest(r.least[b.from])
			if day <= r.least[b.to] {
				continue
			}
			if day > r.ends[b.to].Max {
				return false
			}
			r.least[b.to], moved = day, true
		}
		if !moved {
			return true
		}
	}
	return false
}
