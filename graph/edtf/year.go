package edtf

import "fmt"

// year is a calendar year, or all years that its unspecified digits leave open.
type year struct {
	first, last int64
	unspecified int  // how many of its digits are X
	long        bool // written with Y
}

// year reads YYYY, -YYYY, digits X on the right included, or Y and a long year.
func (p *parser) year() year {
	start := p.pos
	if p.take('Y') {
		return p.longYear(start)
	}
	negative := p.take('-')
	digits := p.pos
	var n, span int64 = 0, 1
	var y year
	for ; p.pos < p.end && (isDigit(p.in[p.pos]) || p.in[p.pos] == 'X'); p.pos++ {
		if p.pos-digits >= 4 {
			continue // counted, and refused below
		}
		n *= 10
		if p.in[p.pos] == 'X' {
			span *= 10
			y.unspecified++
			continue
		}
		n += int64(p.in[p.pos] - '0')
		if y.unspecified > 0 {
			p.fail(p.pos, "X stands for rightmost digits only; write 201X or 20XX")
		}
	}
	switch text, long := p.in[start:p.pos], p.pos-digits; {
	case long == 0:
		p.noYear()
	case p.peek() == 'x' || p.peek() == 'u':
		p.fail(p.pos, "an unspecified digit is a capital X, as in 201X")
	case long < 4:
		p.fail(start, fmt.Sprintf("year %s has %s; write four, as in 0476, or 19XX for a century", text, count(long)))
	case long > 4:
		p.fail(start, fmt.Sprintf("year %s has %s; write hyphens between year, month and day, and Y before a year past 9999",
			text, count(long)))
	case negative && n == 0 && y.unspecified == 0:
		p.fail(start, "year -0000 is not one; write 0000")
	}
	y.first, y.last = n, n+span-1
	if negative {
		// Of -000X, -0000 is not a year.
		y.first, y.last = -y.last, min(-y.first, -1)
	}
	return y
}

// longYear reads the five to nine digits after Y, with a minus sign or not. Nine
// are within Past and Future.
func (p *parser) longYear(start int) year {
	const hint = "; write Y and five to nine digits, as in Y12345 or Y-12345"
	negative := p.take('-')
	digits := p.pos
	var n int64
	for ; p.pos < p.end && isDigit(p.in[p.pos]); p.pos++ {
		if p.pos-digits < 9 {
			n = n*10 + int64(p.in[p.pos]-'0')
		}
	}
	switch long := p.pos - digits; {
	case long > 9:
		p.fail(start, "year "+p.in[start:p.pos]+" is too far away"+hint)
	case long > 0 && p.in[digits] == '0':
		p.fail(digits, "a Y-year does not start with 0"+hint)
	case long < 5:
		p.fail(start, fmt.Sprintf("a Y-year of %s is too short; without Y a year has four digits", count(long))+hint)
	}
	if negative {
		n = -n
	}
	return year{first: n, last: n, long: true}
}

// noYear tells what to write instead of what stands where a year should.
func (p *parser) noYear() {
	var reason string
	switch c := p.peek(); {
	case p.pos == p.end:
		reason = "the year is missing" + p.hint
	case c == ' ':
		reason = "there are no spaces around a date" + p.hint
	case c == '+':
		reason = "a year has no plus sign" + p.hint
	case c == 'y':
		reason = "a long year starts with a capital Y, as in Y12345"
	case p.hint == dateHint && (c == '?' || c == '~' || c == '%'):
		reason = "a qualifier stands at the end of the whole date, as in 2025-11~"
	case p.hint == dateHint && c == '.':
		reason = "an open end stands in brackets or beside a slash, as in [..2025-10-31] or 2025-10-31/.."
	case p.hint == dateHint && (c == '[' || c == '{' || c == ']' || c == '}'):
		reason = "a set holds dates and ranges of them, and stands alone, as in [2025-11-01,2025-11-03..2025-11-05]"
	default:
		reason = quoteRune(p.in[p.pos:p.end]) + " is not the start of a year" + p.hint
	}
	p.fail(p.pos, reason)
}
