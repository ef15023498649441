package edtf

// Date is a parsed EDTF value: a set of possible days, or a stretch of time. It
// is immutable. Only [Parse] makes one; the zero Date is not valid.
type Date struct {
	text      string
	stretch   Stretch // Start.Min and End.Max are the bounds
	precision Precision
	form      form
	rough     bool
}

// form is the kind of notation.
type form uint8

const (
	single   form = iota // one date, in whatever precision
	interval             // with a slash
	set                  // in brackets or braces
	open                 // the lone ".."
)

// String gives the text that was parsed, unchanged.
func (d Date) String() string { return d.text }

// Bounds gives the first and the last day that d can mean, earliest <= latest.
// [Past] and [Future] stand where it is open or unknown. A qualifier does not
// widen them: 2025-09~ lies in September.
func (d Date) Bounds() (earliest, latest Day) {
	return d.stretch.Start.Min, d.stretch.End.Max
}

// Precision tells how finely d is given. See [Precision]'s values.
func (d Date) Precision() Precision { return d.precision }

// Rough reports whether d has a qualifier (? ~ %) anywhere, or is a set.
func (d Date) Rough() bool { return d.rough }

// IsInterval reports whether d has a slash, which separates a start and an end.
func (d Date) IsInterval() bool { return d.form == interval }

// IsOpen reports whether d is the lone "..", which as an event's end says that it
// lasts for ever.
func (d Date) IsOpen() bool { return d.form == open }

// Precision tells how finely a date is given.
type Precision uint8

// The precisions of dates. Qualifiers do not change them.
const (
	DayPrecision      Precision = iota // 2025-11-06, also with a time; a set of just one day
	MonthPrecision                     // 2025-11, 1985-04-XX
	YearPrecision                      // 2025, Y12345, 2004-XX, 1985-XX-XX
	IntervalPrecision                  // 2025-21, 201X, every interval, a set of more than one day
	UnknownPrecision                   // ..
)

// String gives the precision's name in capitals: DAY, MONTH, YEAR, INTERVAL, UNKNOWN.
func (p Precision) String() string {
	return nameOf(p, "DAY", "MONTH", "YEAR", "INTERVAL", "UNKNOWN")
}
