package edtf

import "fmt"

// Relation is how two stretches of time lie to each other: one of Allen's
// thirteen, of which just one holds between any two stretches on a reading, or
// [Intersects].
//
// Stretches are half-open inside: a stretch with first day s and last day e ends
// where day e+1 starts. x is s to e, y is a to b.
type Relation uint8

// The relations of x to y. James F. Allen, "Maintaining Knowledge about Temporal
// Intervals", CACM 26 (1983).
const (
	Before       Relation = iota // e+1 < a: days lie between
	After                        // b+1 < s
	Meets                        // e+1 = a: y starts the day after
	MetBy                        // b+1 = s
	Overlaps                     // s < a <= e < b
	OverlappedBy                 // a < s <= b < e
	Starts                       // s = a, e < b
	StartedBy                    // s = a, e > b
	During                       // s > a, e < b
	Contains                     // s < a, e > b
	Finishes                     // s > a, e = b
	FinishedBy                   // s < a, e = b
	Equals                       // s = a, e = b
	Intersects                   // s <= b, a <= e: some day is in both
)

// String gives the relation's name as a filter's key: before, metBy, intersects.
func (r Relation) String() string {
	return nameOf(r, "before", "after", "meets", "metBy", "overlaps", "overlappedBy", "starts", "startedBy",
		"during", "contains", "finishes", "finishedBy", "equals", "intersects")
}

// DayRelation is how a day d lies to a stretch with first day a and last day b.
type DayRelation uint8

// The relations of a day to a stretch, of which just one holds on a reading.
const (
	DayBefore DayRelation = iota // d < a
	DayAfter                     // d > b
	DayIn                        // a <= d <= b
)

// String gives the relation's name as a filter's key: before, after, in.
func (r DayRelation) String() string { return nameOf(r, "before", "after", "in") }

// Point is one end of a stretch: its first or its last day.
type Point uint8

// The two ends.
const (
	StartPoint Point = iota
	EndPoint
)

// String gives START or END.
func (p Point) String() string { return nameOf(p, "START", "END") }

// Certainty is how many readings of rough dates an answer must be true on.
type Certainty uint8

// The two certainties. Where there is no reading at all, neither is met.
const (
	Definite Certainty = iota // on every reading
	Possible                  // on some reading
)

// String gives DEFINITE or POSSIBLE.
func (c Certainty) String() string { return nameOf(c, "DEFINITE", "POSSIBLE") }

// nameOf gives the name of an enumeration's value, and its number if it has none.
func nameOf[T ~uint8](v T, names ...string) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("%T(%d)", v, uint8(v))
}
