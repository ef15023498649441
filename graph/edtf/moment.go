package edtf

import "fmt"

// moment is one date of any precision: all days from first to last, or, if it is
// rough, some of them.
type moment struct {
	first, last Day
	precision   Precision
	rough       bool // has a qualifier
	timed       bool // has a time of day
}

func (m moment) stretch() Stretch {
	if m.rough {
		return someWithin(m.first, m.last)
	}
	return exactly(m.first, m.last)
}

// moment reads all that is left as one date: year, season, month or day, the last
// also with a time of day, and all but that with a qualifier.
func (p *parser) moment() moment {
	if p.pos >= p.end {
		p.fail(p.pos, "a date is missing"+dateHint)
		return moment{}
	}
	var m moment
	switch p.in[p.end-1] {
	case '?', '~', '%':
		m.rough = true
		p.end--
	}
	p.calendar(&m)
	if m.timed && m.rough {
		p.fail(p.end, "a date with a time of day takes no qualifier; leave one of them out")
	}
	p.noMore(m)
	return m
}

// calendar reads the date itself.
func (p *parser) calendar(m *moment) {
	y := p.year()
	m.first, m.last, m.precision = civilDay(y.first, 1, 1), civilDay(y.last, 12, 31), YearPrecision
	if y.unspecified > 0 {
		m.precision = IntervalPrecision
	}
	if p.err != nil || y.long || !p.take('-') {
		return
	}
	if p.takeXX() { // the month
		if p.take('-') && !p.takeXX() {
			p.fail(p.pos, "the month is unspecified, so the day is too; write XX for both, as in 1985-XX-XX")
		}
		return
	}
	if y.unspecified > 0 {
		p.fail(p.pos, "X stands for rightmost digits only: the year is unspecified, so the month is too; leave it out")
		return
	}
	month, ok := p.twoDigits("month")
	switch {
	case !ok:
		return
	case month >= 21 && month <= 24:
		m.first, m.last = season(y.first, month)
		m.precision = IntervalPrecision
		return
	case month > 24 && month <= 41:
		p.fail(p.pos-2, fmt.Sprintf("division %d of a year is not read; write a season from 21 (spring) to 24 (winter), or an interval of months",
			month))
		return
	case month < 1 || month > 12:
		p.fail(p.pos-2, fmt.Sprintf("month %02d is not between 01 and 12", month))
		return
	}
	m.first, m.last, m.precision = civilDay(y.first, month, 1), civilDay(y.first, month, lastOfMonth(y.first, month)), MonthPrecision
	if !p.take('-') || p.takeXX() {
		return
	}
	d := civilDay(y.first, month, p.dayOfMonth(y.first, month))
	if p.take('T') {
		d, m.timed = d+p.timeOfDay(), true
	}
	m.first, m.last, m.precision = d, d, DayPrecision
}

// season gives the first and last day of the season 21 to 24 of a year. Winter
// ends in the next year's February.
func season(year int64, code int) (first, last Day) {
	month := 3 * (code - 20) // 3, 6, 9, 12
	lastMonth := month + 2
	lastYear := year
	if lastMonth > 12 {
		lastMonth, lastYear = lastMonth-12, year+1
	}
	return civilDay(year, month, 1), civilDay(lastYear, lastMonth, lastOfMonth(lastYear, lastMonth))
}

func (p *parser) dayOfMonth(year int64, month int) int {
	d, ok := p.twoDigits("day")
	if most := lastOfMonth(year, month); ok && (d < 1 || d > most) {
		first := civilDay(year, month, 1).String()
		p.fail(p.pos-2, fmt.Sprintf("day %02d is not between 01 and %d, the last of %s", d, most, first[:len(first)-3]))
	}
	return d
}

// noMore fails where something follows the date, and tells what to do about it.
func (p *parser) noMore(m moment) {
	if p.err != nil || p.pos == p.end {
		return
	}
	var reason string
	switch c := p.in[p.pos]; {
	case c == '?' || c == '~' || c == '%':
		reason = "a qualifier stands once, at the end, and holds for the whole date; ? and ~ together are %"
	case (c == 't' || c == ' ') && m.precision == DayPrecision && !m.timed && p.pos+1 < p.end:
		reason = "between a day and its time stands a capital T, as in 2025-11-06T10:00:00Z"
	case c == 'T':
		reason = "only a whole day takes a time of day, as in 2025-11-06T10:00:00Z"
	case c == 'E' || c == 'S':
		reason = "exponents and significant digits of years (level 2) are not read; write the year out, as in Y170000000"
	case c == '.':
		reason = "a range of days stands in brackets, as in [2025-11-01..2025-11-03]"
	case m.timed:
		reason = p.rest() + " after the time; write a zone as Z, +05 or +05:30, and nothing after it"
	default:
		reason = p.rest() + " after the date" + dateHint
	}
	p.fail(p.pos, reason)
}
