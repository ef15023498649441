package edtf

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestParse holds what npm edtf's table (npm_test.go) does not: precision,
// roughness, stretches, and the notations that npm edtf has wrong or lacks.
// A stretch is written start | end; a range of days a~b; one day as itself.
func TestParse(t *testing.T) {
	for _, c := range []struct {
		in        string
		precision Precision
		rough     bool
		stretch   string
	}{
		// Level 0.
		{"2025-11-06", DayPrecision, false, "2025-11-06 | 2025-11-06"},
		{"2025-11", MonthPrecision, false, "2025-11-01 | 2025-11-30"},
		{"2025", YearPrecision, false, "2025-01-01 | 2025-12-31"},
		{"2025-11-06T10:00:00Z", DayPrecision, false, "2025-11-06 | 2025-11-06"},
		{"2025-11-06T23:30:00-05:00", DayPrecision, false, "2025-11-07 | 2025-11-07"},
		{"2025-10-20/2025-11-06", IntervalPrecision, false, "2025-10-20 | 2025-11-06"},
		{"2025-10/2025", IntervalPrecision, false, "2025-10-01 | 2025-12-31"},
		{"2025/2025", IntervalPrecision, false, "2025-01-01 | 2025-12-31"},

		// Level 1.
		{"Y12345", YearPrecision, false, "Y12345-01-01 | Y12345-12-31"},
		{"Y-170000002", YearPrecision, false, "Y-170000002-01-01 | Y-170000002-12-31"},
		{"Y12345~", YearPrecision, true, "Y12345-01-01~Y12345-12-31 | Y12345-01-01~Y12345-12-31"},
		{"2025-21", IntervalPrecision, false, "2025-03-01 | 2025-05-31"},
		{"2025-22", IntervalPrecision, false, "2025-06-01 | 2025-08-31"},
		{"2025-23", IntervalPrecision, false, "2025-09-01 | 2025-11-30"},
		{"2023-24", IntervalPrecision, false, "2023-12-01 | 2024-02-29"},
		{"2025-21?", IntervalPrecision, true, "2025-03-01~2025-05-31 | 2025-03-01~2025-05-31"},
		{"2025-09~", MonthPrecision, true, "2025-09-01~2025-09-30 | 2025-09-01~2025-09-30"},
		{"2025-11-06%", DayPrecision, true, "2025-11-06 | 2025-11-06"},
		{"201X", IntervalPrecision, false, "2010-01-01 | 2019-12-31"},
		{"20XX", IntervalPrecision, false, "2000-01-01 | 2099-12-31"},
		{"1XXX", IntervalPrecision, false, "1000-01-01 | 1999-12-31"},
		{"XXXX", IntervalPrecision, false, "0000-01-01 | 9999-12-31"},
		{"201X~", IntervalPrecision, true, "2010-01-01~2019-12-31 | 2010-01-01~2019-12-31"},
		{"-201X", IntervalPrecision, false, "-2019-01-01 | -2010-12-31"},
		{"-000X", IntervalPrecision, false, "-0009-01-01 | -0001-12-31"},
		{"-XXXX", IntervalPrecision, false, "-9999-01-01 | -0001-12-31"},
		{"2004-XX", YearPrecision, false, "2004-01-01 | 2004-12-31"},
		{"-2004-XX", YearPrecision, false, "-2004-01-01 | -2004-12-31"},
		{"1985-04-XX", MonthPrecision, false, "1985-04-01 | 1985-04-30"},
		{"-2004-02-XX", MonthPrecision, false, "-2004-02-01 | -2004-02-29"},
		{"1985-XX-XX", YearPrecision, false, "1985-01-01 | 1985-12-31"},
		{"1985-XX-XX?", YearPrecision, true, "1985-01-01~1985-12-31 | 1985-01-01~1985-12-31"},
		{"201X-XX", IntervalPrecision, false, "2010-01-01 | 2019-12-31"},
		{"2025-09/..", IntervalPrecision, false, "2025-09-01 | Future"},
		{"2025-09/", IntervalPrecision, false, "2025-09-01 | 2025-09-01~Future"},
		{"2025-09~/", IntervalPrecision, true, "2025-09-01~2025-09-30 | 2025-09-01~Future"},
		{"../2025-09", IntervalPrecision, false, "Past | 2025-09-30"},
		{"/2025-09", IntervalPrecision, false, "Past~2025-09-30 | 2025-09-30"},
		{"/2025-09~", IntervalPrecision, true, "Past~2025-09-30 | 2025-09-01~2025-09-30"},
		{"2025-09~/2025-11", IntervalPrecision, true, "2025-09-01~2025-09-30 | 2025-11-30"},
		{"2025-09/2025-11?", IntervalPrecision, true, "2025-09-01 | 2025-11-01~2025-11-30"},
		{"2025-11~/2025-11-06", IntervalPrecision, true, "2025-11-01~2025-11-30 | 2025-11-06"},
		{"2025-21/2025-22", IntervalPrecision, false, "2025-03-01 | 2025-08-31"},
		{"201X/2025-XX", IntervalPrecision, false, "2010-01-01 | 2025-12-31"},
		{"../..", IntervalPrecision, false, "Past | Future"},
		{"/..", IntervalPrecision, false, "Past~Future | Future"},
		{"../", IntervalPrecision, false, "Past | Past~Future"},
		{"/", IntervalPrecision, false, "Past~Future | Past~Future"},

		// Level 2.
		{"..", UnknownPrecision, false, "Past | Future"},
		{"[..2025-10-31]", IntervalPrecision, true, "Past~2025-10-31 | Past~2025-10-31"},
		{"[2025-10-31..]", IntervalPrecision, true, "2025-10-31~Future | 2025-10-31~Future"},
		{"[2025-11-01,2025-11-03]", IntervalPrecision, true, "2025-11-01~2025-11-03 | 2025-11-01~2025-11-03"},
		{"{2025-11-01,2025-11-03}", IntervalPrecision, true, "2025-11-01~2025-11-03 | 2025-11-01~2025-11-03"},
		{"[1667,1668, 1670..1672]", IntervalPrecision, true, "1667-01-01~1672-12-31 | 1667-01-01~1672-12-31"},
		{"[1672,1668,1670]", IntervalPrecision, true, "1668-01-01~1672-12-31 | 1668-01-01~1672-12-31"},
		{"[2025-10..2025-11-06]", IntervalPrecision, true, "2025-10-01~2025-11-06 | 2025-10-01~2025-11-06"},
		{"[1760-01,1760-02,1760-12..]", IntervalPrecision, true, "1760-01-01~Future | 1760-01-01~Future"},
		{"{..1984,1990..}", IntervalPrecision, true, "Past~Future | Past~Future"},
		{"{1960,1961-12~,197X,2000-21}", IntervalPrecision, true, "1960-01-01~2000-05-31 | 1960-01-01~2000-05-31"},
		{"[2025-11]", IntervalPrecision, true, "2025-11-01~2025-11-30 | 2025-11-01~2025-11-30"},
		{"[2025-11-03]", DayPrecision, true, "2025-11-03 | 2025-11-03"},
		{"{2025-11-03..2025-11-03}", DayPrecision, true, "2025-11-03 | 2025-11-03"},
	} {
		d, err := Parse(c.in)
		if err != nil {
			t.Error(err)
			continue
		}
		if d.Precision() != c.precision || d.Rough() != c.rough {
			t.Errorf("%s: %v, rough %t, want %v, %t", c.in, d.Precision(), d.Rough(), c.precision, c.rough)
		}
		if got := describe(d.Stretch()); got != c.stretch {
			t.Errorf("%s: stretch %s, want %s", c.in, got, c.stretch)
		}
		if got, want := d.IsInterval(), strings.Contains(c.in, "/"); got != want {
			t.Errorf("%s: IsInterval %t", c.in, got)
		}
		if got, want := d.IsOpen(), c.in == ".."; got != want {
			t.Errorf("%s: IsOpen %t", c.in, got)
		}
		checkDate(t, d)
	}
}

// checkDate holds what is true of every date.
func checkDate(t *testing.T, d Date) {
	t.Helper()
	again, err := Parse(d.String())
	if err != nil || again != d {
		t.Errorf("%q reads back as %+v, %v, not %+v", d, again, err, d)
	}
	earliest, latest := d.Bounds()
	s := d.Stretch()
	if earliest > latest || earliest != s.Start.Min || latest != s.End.Max {
		t.Errorf("%q: bounds %d %d, stretch %+v", d, earliest, latest, s)
	}
	for _, r := range []Range{s.Start, s.End} {
		if r.Min > r.Max || r.Min < Past || r.Max > Future {
			t.Errorf("%q: range %+v", d, r)
		}
	}
	var r Readings
	r.Stretch(s)
	if !r.Holds(Possible) || !r.Holds(Definite) {
		t.Errorf("%q has no reading: %+v", d, s)
	}
}

func describe(s Stretch) string {
	day := func(d Day) string {
		switch d {
		case Past:
			return "Past"
		case Future:
			return "Future"
		default:
			return d.String()
		}
	}
	days := func(r Range) string {
		if r.Min == r.Max {
			return day(r.Min)
		}
		return day(r.Min) + "~" + day(r.Max)
	}
	return days(s.Start) + " | " + days(s.End)
}

func TestParseErrors(t *testing.T) {
	checkErrors(t, func(s string) error { _, err := Parse(s); return err }, parseErrors)
}

// checkErrors holds the errors of a parser against pairs of input and reason.
func checkErrors(t *testing.T, parse func(string) error, table [][2]string) {
	t.Helper()
	for _, c := range table {
		var e *ParseError
		if err := parse(c[0]); !errors.As(err, &e) {
			t.Errorf("%q: error %v, want a *ParseError", c[0], err)
			continue
		}
		if e.Reason != c[1] || e.Input != c[0] || e.Offset < 0 || e.Offset > len(c[0]) {
			t.Errorf("%q: got  %#v\nwant %s", c[0], e, c[1])
		}
		if want := fmt.Sprintf("%q: %s", c[0], c[1]); e.Error() != want {
			t.Errorf("message %s\nwant    %s", e, want)
		}
	}
}

func TestErrorOffset(t *testing.T) {
	for in, want := range map[string]int{
		"2025-13": 5, "2025-11-06/2025-02-30": 19, "[2025-01,2025-99]": 14, "2025-11-06T25:00Z": 11, "2025-11-06T10:00+15:00": 17, "2025-": 5,
	} {
		var e *ParseError
		if _, err := Parse(in); !errors.As(err, &e) || e.Offset != want {
			t.Errorf("%q: offset %+v, want %d", in, e, want)
		}
	}
}

func TestErrorQuotesAtMost80Bytes(t *testing.T) {
	_, err := Parse("-" + strings.Repeat("é", 1000)) // the 80th byte is within a letter
	if err == nil || len(err.Error()) > 250 || strings.Contains(err.Error(), `\x`) {
		t.Errorf("message %v", err)
	}
}
