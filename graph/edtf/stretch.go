package edtf

// Range is some day from Min to Max, both included.
type Range struct{ Min, Max Day }

// Stretch is a stretch of time with a rough start and a rough end. Its readings
// are all pairs of a first day in Start and a last day in End with first <= last.
type Stretch struct{ Start, End Range }

// Stretch reads the date as a reference to the stretch of time that it names.
//
//	2025, 201X                    exactly from its first to its last day
//	2025-09~, [2025-10, 2025-12]  some days within its bounds
//	2025-09/2025-11~              exact start, rough end
//	2025-09/  and  /2025-09       an unknown end may be any day from the earliest
//	                              start on; an unknown start, any up to the latest end
//	2025-09/.. , ../2025-09, ..   an open end is Past or Future itself
//
// A set with gaps is read as the stretch that covers it.
func (d Date) Stretch() Stretch { return d.stretch }

// exactly is the whole stretch from first to last.
func exactly(first, last Day) Stretch {
	return Stretch{Start: Range{first, first}, End: Range{last, last}}
}

// someWithin is any stretch within first to last.
func someWithin(first, last Day) Stretch {
	return Stretch{Start: Range{first, last}, End: Range{first, last}}
}
