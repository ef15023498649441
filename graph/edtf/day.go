package edtf

import (
	"fmt"
	"strings"
	"time"
)

// Day counts days since 1970-01-01 in the proleptic Gregorian calendar.
// Days compare and subtract as the integers that they are.
type Day int64

// Past is before every day and Future after every day: the open ends of time.
// Every other Day that this package gives out lies strictly between them.
const (
	Past   Day = -1 << 40
	Future Day = 1 << 40
)

// DayOf gives the UTC date of t.
func DayOf(t time.Time) Day {
	y, m, d := t.UTC().Date()
	return civilDay(int64(y), int(m), d)
}

// ParseDay reads a calendar day: YYYY-MM-DD, with a minus sign before a year
// before year 0, and with Y before a year of five to nine digits
// (Y-12345-01-31). It reads what [Day.String] writes of a day in such years. The
// error is a *[ParseError].
func ParseDay(s string) (Day, error) {
	const hint = "; write a day as YYYY-MM-DD, as in 2025-11-06"
	p := newParser(s)
	p.hint = hint
	if x := strings.IndexByte(s, 'X'); x >= 0 {
		p.fail(x, "a day has no unspecified digits"+hint)
	}
	y := p.year()
	p.expect('-', hint)
	m := p.number("month", 1, 12)
	p.expect('-', hint)
	d := p.dayOfMonth(y.first, m)
	p.expectEnd(hint)
	if p.err != nil {
		return 0, p.err
	}
	return civilDay(y.first, m, d), nil
}

// String writes the day as YYYY-MM-DD, as -YYYY-MM-DD before year 0, and with Y
// where the year has more than four digits (Y12345-01-31). [Past] and [Future]
// are "..".
func (d Day) String() string {
	if d <= Past || d >= Future {
		return ".."
	}
	y, m, day := d.Civil()
	switch {
	case y > 9999 || y < -9999:
		return fmt.Sprintf("Y%d-%02d-%02d", y, m, day)
	case y < 0:
		return fmt.Sprintf("-%04d-%02d-%02d", -y, m, day)
	default:
		return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
	}
}

// The Gregorian calendar repeats itself every 400 years. Both conversions count
// years from March, so that the leap day is a year's last; after Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms".
const (
	cycleYears = 400
	cycleDays  = 146_097
	epochShift = 719_468 // days from 0000-03-01 to 1970-01-01
)

// Civil gives the day's year, month (1 to 12) and day of the month (1 to 31).
// Of [Past] and [Future] it means nothing.
func (d Day) Civil() (year int64, month, day int) {
	z := int64(d) + epochShift
	cycle := floorDiv(z, cycleDays)
	ofCycle := z - cycle*cycleDays                                               // 0 to 146096
	y := (ofCycle - ofCycle/1460 + ofCycle/36_524 - ofCycle/(cycleDays-1)) / 365 // 0 to 399
	ofYear := ofCycle - (365*y + y/4 - y/100)                                    // 0 to 365
	m := (5*ofYear + 2) / 153                                                    // 0 is March
	day, month, year = int(ofYear-(153*m+2)/5)+1, int(m)+3, y+cycle*cycleYears
	if month > 12 {
		month, year = month-12, year+1
	}
	return year, month, day
}

// civilDay is the inverse of Day.Civil. The month must be 1 to 12; a day past the
// month's end counts on into the next.
func civilDay(year int64, month, day int) Day {
	m := int64(month) - 3
	if m < 0 {
		m, year = m+12, year-1
	}
	cycle := floorDiv(year, cycleYears)
	y := year - cycle*cycleYears
	return Day(cycle*cycleDays + 365*y + y/4 - y/100 + (153*m+2)/5 + int64(day) - 1 - epochShift)
}

// lastOfMonth gives the number of days of a month: 28 to 31.
func lastOfMonth(year int64, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// finite keeps a day that was counted strictly between Past and Future.
func finite(d int64) Day {
	return Day(min(max(d, int64(Past)+1), int64(Future)-1))
}
