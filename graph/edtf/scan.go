package edtf

import "fmt"

// parser reads the bytes of in from pos to end. After the first fault it reads on
// without harm, and keeps that fault.
type parser struct {
	in       string
	pos, end int
	err      *ParseError
	hint     string // how to write what is read, for faults at its start
}

const dateHint = "; write a date as in 2025-11-06, 2025-11 or 2025"

func newParser(s string) *parser { return &parser{in: s, end: len(s), hint: dateHint} }

// within narrows the parser to the bytes of in between two places.
func (p *parser) within(from, to int) *parser {
	p.pos, p.end = from, to
	return p
}

func (p *parser) fail(at int, reason string) {
	if p.err == nil {
		p.err = &ParseError{Input: p.in, Offset: at, Reason: reason}
	}
}

// peek gives the next byte, and 0 at the end (a byte 0 is no part of any date).
func (p *parser) peek() byte {
	if p.pos < p.end {
		return p.in[p.pos]
	}
	return 0
}

// rest quotes what has not been read.
func (p *parser) rest() string { return quote(p.in[p.pos:p.end]) }

// take reads b if it is next.
func (p *parser) take(b byte) bool {
	if p.pos < p.end && p.in[p.pos] == b {
		p.pos++
		return true
	}
	return false
}

// expect reads b, or fails with a hint of how to write it.
func (p *parser) expect(b byte, hint string) {
	switch {
	case p.take(b):
	case p.pos == p.end:
		p.fail(p.pos, fmt.Sprintf("%q is missing at the end%s", b, hint))
	default:
		p.fail(p.pos, fmt.Sprintf("%s stands where %q should%s", quoteRune(p.in[p.pos:p.end]), b, hint))
	}
}

// expectEnd fails where anything is left.
func (p *parser) expectEnd(hint string) {
	if p.pos < p.end {
		p.fail(p.pos, fmt.Sprintf("%s is too much%s", p.rest(), hint))
	}
}

// takeXX reads XX, two unspecified digits, if they are next.
func (p *parser) takeXX() bool {
	if p.pos+2 <= p.end && p.in[p.pos:p.pos+2] == "XX" {
		p.pos += 2
		return true
	}
	return false
}

// number reads two digits, a number from least to most.
func (p *parser) number(what string, least, most int) int {
	n, ok := p.twoDigits(what)
	if ok && (n < least || n > most) {
		p.fail(p.pos-2, fmt.Sprintf("%s %02d is not between %02d and %02d", what, n, least, most))
	}
	return n
}

// twoDigits reads just two digits.
func (p *parser) twoDigits(what string) (n int, ok bool) {
	start := p.pos
	for p.pos < p.end && isDigit(p.in[p.pos]) {
		if p.pos-start < 2 {
			n = n*10 + int(p.in[p.pos]-'0')
		}
		p.pos++
	}
	switch digits, next := p.pos-start, p.peek(); {
	case digits == 2:
		return n, p.err == nil
	case next == 'X' || next == 'x' || next == 'u':
		p.fail(start, fmt.Sprintf("%s is not the two digits of the %s; write XX, in capitals, where all of a month or day is unspecified",
			quote(p.in[start:p.end]), what))
	case digits == 0 && (next == '?' || next == '~' || next == '%'):
		p.fail(start, "a qualifier stands at the end and holds for the whole date, as in 2025-11~")
	case digits > 0:
		p.fail(start, fmt.Sprintf("%s %s has %s; write two, as in 07", what, p.in[start:p.pos], count(digits)))
	case start == p.end:
		p.fail(start, fmt.Sprintf("the %s is missing; write its two digits, as in 07", what))
	default:
		p.fail(start, fmt.Sprintf("%s is not the two digits of the %s; write them as in 07", p.rest(), what))
	}
	return 0, false
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func count(digits int) string {
	if digits == 1 {
		return "1 digit"
	}
	return fmt.Sprintf("%d digits", digits)
}
