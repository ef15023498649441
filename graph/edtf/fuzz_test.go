package edtf

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// FuzzParse holds that no text makes Parse panic, that a date reads back from its
// own text, and that its bounds are in order.
func FuzzParse(f *testing.F) {
	table, err := os.ReadFile(npmTable)
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		in, _, _ := strings.Cut(line, "\t")
		f.Add(in)
	}
	for _, c := range parseErrors {
		f.Add(c[0])
	}
	for _, s := range []string{
		"..", "[..2025-10-31]", "[1667,1668, 1670..1672]", "{..1984,1990..}", "2025-21", "2023-24~", "Y-170000002", "201X-XX", "-000X",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			checkFault(t, s, err)
			return
		}
		if d.String() != s {
			t.Errorf("%q is written %q", s, d)
		}
		checkDate(t, d)
	})
}

// FuzzParseDay holds that a day reads back from its own text.
func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"2025-11-06", "-0001-12-31", "Y170000002-01-01", "2025-02-29", "20251106", ".."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDay(s)
		if err != nil {
			checkFault(t, s, err)
		} else if d.String() != s {
			t.Errorf("%q is written %q", s, d)
		}
	})
}

// FuzzParseDuration holds that what is read has a length and moves days onward.
func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"P30D", "P1Y6M2W3D", "P0D", "PT1H", "P1", "-P1D", "P99999999Y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := ParseDuration(s)
		if err != nil {
			checkFault(t, s, err)
		} else if x.IsZero() || Day(0).Add(x) <= 0 || Day(0).Sub(x) >= 0 {
			t.Errorf("%q: %+v leads from day 0 to %d and %d", s, x, Day(0).Add(x), Day(0).Sub(x))
		}
	})
}

func checkFault(t *testing.T, in string, err error) {
	t.Helper()
	var e *ParseError
	if !errors.As(err, &e) || e.Input != in || e.Offset < 0 || e.Offset > len(in) || e.Reason == "" {
		t.Errorf("%q: error %#v", in, err)
	}
}
