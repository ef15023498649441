package edtf

import (
	"fmt"
	"strings"
)

// Parse reads an EDTF value. Which notations that takes in is in the package's
// comment. The error is a *[ParseError].
// Cost: O(len(s)); nothing is allocated but on an error.
func Parse(s string) (Date, error) {
	p := newParser(s)
	d := Date{text: s}
	switch {
	case s == "..":
		d.form, d.precision, d.stretch = open, UnknownPrecision, exactly(Past, Future)
	case s != "" && (s[0] == '[' || s[0] == '{'):
		p.set(&d)
	case strings.IndexByte(s, '/') >= 0:
		p.interval(&d)
	default:
		m := p.moment()
		d.precision, d.rough, d.stretch = m.precision, m.rough, m.stretch()
	}
	if p.err != nil {
		return Date{}, p.err
	}
	return d, nil
}

// interval reads start/end. Either may be empty (unknown) or ".." (open).
func (p *parser) interval(d *Date) {
	d.form, d.precision = interval, IntervalPrecision
	slash := strings.IndexByte(p.in, '/')
	if again := strings.IndexByte(p.in[slash+1:], '/'); again >= 0 {
		p.fail(slash+1+again, "an interval has one slash, between its start and its end")
		return
	}
	start, end := p.in[:slash], p.in[slash+1:]
	// An unknown end is bounded by the other one, so it is filled in last.
	switch end {
	case "":
	case "..":
		d.stretch.End = Range{Future, Future}
	default:
		m := p.within(slash+1, len(p.in)).moment()
		d.stretch.End, d.rough = m.stretch().End, m.rough
	}
	switch start {
	case "":
		d.stretch.Start = Range{Past, Future}
	case "..":
		d.stretch.Start = Range{Past, Past}
	default:
		m := p.within(0, slash).moment()
		d.stretch.Start, d.rough = m.stretch().Start, d.rough || m.rough
	}
	if end == "" {
		d.stretch.End = Range{d.stretch.Start.Min, Future}
	}
	if start == "" {
		d.stretch.Start.Max = d.stretch.End.Max
	}
	if d.stretch.Start.Min > d.stretch.End.Max {
		p.fail(0, fmt.Sprintf("the interval ends before it starts; write %s/%s, or correct one of them", end, start))
	}
}

// set reads [a,b..c] or {a,b..c}. The first member may be ..a, the last a.. .
func (p *parser) set(d *Date) {
	d.form, d.rough = set, true
	closing := byte(']')
	if p.in[0] == '{' {
		closing = '}'
	}
	last := len(p.in) - 1
	switch {
	case p.in[last] != closing:
		p.fail(len(p.in), fmt.Sprintf("a set that opens with %c closes with %c", p.in[0], closing))
		return
	case last == 1:
		p.fail(1, "the set is empty; write its days, as in [2025-11-01,2025-11-03]")
		return
	}
	first, latest := Future, Past
	for from := 1; from <= last && p.err == nil; {
		to := last
		if comma := strings.IndexByte(p.in[from:last], ','); comma >= 0 {
			to = from + comma
		}
		start := from
		for from > 1 && start < to && p.in[start] == ' ' { // as in "[1667, 1668]"
			start++
		}
		m := p.member(start, to, from == 1, to == last)
		first, latest = min(first, m.first), max(latest, m.last)
		if to < last && to+1 == last {
			p.fail(last, "a member is missing after the comma")
		}
		from = to + 1
	}
	d.precision = IntervalPrecision
	if first == latest {
		d.precision = DayPrecision
	}
	d.stretch = someWithin(first, latest)
}

// member reads the set's member between two places: a, a..b, ..b if it is the
// set's first, a.. if it is the last.
func (p *parser) member(from, to int, isFirst, isLast bool) moment {
	m := moment{first: Past, last: Future}
	text := p.in[from:to]
	dots := strings.Index(text, "..")
	if dots < 0 {
		return p.within(from, to).dateOfSet()
	}
	a, b := text[:dots], text[dots+2:]
	switch {
	case strings.Contains(b, ".."):
		p.fail(from, "a set's member has one ..; write ..a, a..b or a..")
	case a == "" && b == "":
		p.fail(from, "a set does not hold every day; write .. alone for an open date")
	case a == "" && !isFirst:
		p.fail(from, "only a set's first member is open before; write a..b, or put it first")
	case b == "" && !isLast:
		p.fail(from+dots, "only a set's last member is open after; write a..b, or put it last")
	}
	if a != "" {
		m.first = p.within(from, from+dots).dateOfSet().first
	}
	if b != "" {
		m.last = p.within(from+dots+2, to).dateOfSet().last
	}
	if m.first > m.last {
		p.fail(from, fmt.Sprintf("the range ends before it starts; write %s..%s", b, a))
	}
	return m
}

// dateOfSet reads a date without a time.
func (p *parser) dateOfSet() moment {
	from := p.pos
	m := p.moment()
	if m.timed {
		p.fail(from, "a set holds no times of day; leave the time out")
	}
	return m
}
