package graph

import (
	"strconv"
	"strings"
	"time"

	"chancery/graph/edtf"
)

// ID stands for a term within one store. The top four bits are its space; within
// a space ids ascend with the value (Integers, Dates, Moments) or in the order in
// which the store first saw the term. Zero is no term.
type ID uint64

// Space is the top four bits of an ID.
type Space uint8

const (
	NoSpace  Space = iota
	Nodes          // IRIs and blank nodes
	Claims         // IRIs below claim/: the sequence is dense, so a set of claims is a bitmap
	Texts          // literals of the dictionary
	Integers       // the value itself
	Dates          // EDTF days, months and years: the bounds themselves
	Moments        // microseconds since 1970
)

const (
	spaceShift = 60
	sequence   = 1<<spaceShift - 1
	// half is added to signed values, so that they order as unsigned ones.
	half = 1 << (spaceShift - 1)

	dayBits, spanBits, formBits = 28, 20, 12
	halfDays                    = 1 << (dayBits - 1)
)

// Space returns the space that the id is in.
func (id ID) Space() Space { return Space(id >> spaceShift) }

// Sequence is the id within its space. Dictionary spaces count from 0.
func (id ID) Sequence() uint64 { return uint64(id & sequence) }

// InSpace makes an id of a space and a sequence below 2^60.
func InSpace(s Space, seq uint64) ID { return ID(s)<<spaceShift | ID(seq&sequence) }

// SpaceOf tells the dictionary space that a store must take the term's id from,
// when Inline has no id for it.
func SpaceOf(t Term) Space {
	switch {
	case t.Kind == Literal:
		return Texts
	case t.Kind == IRI && strings.HasPrefix(t.Text, "claim/"):
		return Claims
	}
	return Nodes
}

// Inline returns the id of a term whose value is held in the id itself: small
// integers, moments, and days, months and years of EDTF with or without a
// qualifier. Only terms that Outline gives back to the letter are held so.
func Inline(t Term) (ID, bool) {
	if t.Kind != Literal || t.Language != "" {
		return 0, false
	}
	var id ID
	switch t.Datatype {
	case Integer:
		n, err := strconv.ParseInt(t.Text, 10, 64)
		if err != nil || n < -half || n >= half {
			return 0, false
		}
		id = InSpace(Integers, uint64(n+half))
	case DateTime:
		at, err := time.Parse(time.RFC3339Nano, t.Text)
		if err != nil {
			return 0, false
		}
		us := at.UnixMicro()
		if us < -half || us >= half {
			return 0, false
		}
		id = InSpace(Moments, uint64(us+half))
	case EDTF:
		var ok bool
		if id, ok = inlineDate(t.Text); !ok {
			return 0, false
		}
	default:
		return 0, false
	}
	if back, ok := Outline(id); !ok || back != t {
		return 0, false
	}
	return id, true
}

// Outline returns the term that an inline id stands for.
func Outline(id ID) (Term, bool) {
	switch id.Space() {
	case Integers:
		return Typed(strconv.FormatInt(int64(id.Sequence())-half, 10), Integer), true
	case Moments:
		return Moment(id.Moment()), true
	case Dates:
		return Date(outlineDate(id)), true
	}
	return Term{}, false
}

// Moment returns the instant of an id in Moments.
func (id ID) Moment() time.Time { return time.UnixMicro(int64(id.Sequence()) - half).UTC() }

// Int returns the value of an id in Integers.
func (id ID) Int() int64 { return int64(id.Sequence()) - half }

// Days returns the first and the last day that an id in Dates can mean.
func (id ID) Days() (earliest, latest edtf.Day) {
	seq := id.Sequence()
	earliest = edtf.Day(seq>>(spanBits+formBits)) - halfDays
	return earliest, earliest + edtf.Day(seq>>formBits&(1<<spanBits-1))
}

// qualifiers of EDTF in the order of their number in an id's form.
const qualifiers = " ~?%"

func inlineDate(text string) (ID, bool) {
	d, err := edtf.Parse(text)
	if err != nil || d.IsInterval() {
		return 0, false
	}
	precision := d.Precision()
	if precision > edtf.YearPrecision {
		return 0, false
	}
	qualifier := max(strings.IndexByte(qualifiers, text[len(text)-1]), 0)
	earliest, latest := d.Bounds()
	if earliest < -halfDays || earliest >= halfDays || latest-earliest >= 1<<spanBits {
		return 0, false
	}
	form := uint64(precision)<<2 | uint64(qualifier)
	return InSpace(Dates, uint64(earliest+halfDays)<<(spanBits+formBits)|uint64(latest-earliest)<<formBits|form), true
}

func outlineDate(id ID) string {
	earliest, _ := id.Days()
	text := earliest.String() // YYYY-MM-DD; the year may be longer or negative
	form := id.Sequence() & (1<<formBits - 1)
	switch edtf.Precision(form >> 2) {
	case edtf.MonthPrecision:
		text = text[:len(text)-3]
	case edtf.YearPrecision:
		text = text[:len(text)-6]
	}
	if q := form & 3; q != 0 {
		text += qualifiers[q : q+1]
	}
	return text
}
