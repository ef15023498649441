package edtf

import (
	"testing"
	"time"
)

func TestDayIsGregorian(t *testing.T) {
	// Two whole cycles of 400 years around year 0, and the days since 1600, against
	// package time.
	from := time.Date(-401, 1, 1, 0, 0, 0, 0, time.UTC)
	first := DayOf(from)
	for i := range 2 * cycleDays {
		now := from.AddDate(0, 0, i)
		d := DayOf(now)
		if d != first+Day(i) {
			t.Fatalf("DayOf(%v) = %d, want %d", now, d, first+Day(i))
		}
		y, m, day := d.Civil()
		if int(y) != now.Year() || m != int(now.Month()) || day != now.Day() {
			t.Fatalf("%d.Civil() = %d %d %d, want %v", d, y, m, day, now)
		}
	}
	if d := DayOf(time.Unix(0, 0)); d != 0 {
		t.Errorf("DayOf(1970-01-01) = %d", d)
	}
	// The date is UTC's, whatever the zone.
	zone := time.FixedZone("", -5*60*60)
	if d := DayOf(time.Date(1969, 12, 31, 20, 0, 0, 0, zone)); d != 0 {
		t.Errorf("20:00 in -05:00 is day %d", d)
	}
}

func TestDayText(t *testing.T) {
	for _, s := range []string{
		"2025-11-06", "1970-01-01", "0000-02-29", "0044-01-01", "-0001-12-31", "-9999-01-01", "9999-12-31",
		"Y10000-01-01", "Y-10000-12-31", "Y170000002-01-01", "Y-999999999-01-01", "Y999999999-12-31",
	} {
		d, err := ParseDay(s)
		if err != nil {
			t.Error(err)
		} else if d.String() != s {
			t.Errorf("ParseDay(%q).String() = %q", s, d)
		}
		if d <= Past || d >= Future {
			t.Errorf("%s is no day between Past and Future", s)
		}
	}
	if Past.String() != ".." || Future.String() != ".." {
		t.Errorf("open days are %q and %q", Past, Future)
	}
	checkErrors(t, func(s string) error { _, err := ParseDay(s); return err }, [][2]string{
		{"", `the year is missing; write a day as YYYY-MM-DD, as in 2025-11-06`},
		{"2025", `'-' is missing at the end; write a day as YYYY-MM-DD, as in 2025-11-06`},
		{"2025-11", `'-' is missing at the end; write a day as YYYY-MM-DD, as in 2025-11-06`},
		{"20251106", `year 20251106 has 8 digits; write hyphens between year, month and day, and Y before a year past 9999`},
		{"2025/11/06", `"/" stands where '-' should; write a day as YYYY-MM-DD, as in 2025-11-06`},
		{"2025-11-6", `day 6 has 1 digit; write two, as in 07`},
		{"2025-11-06Z", `"Z" is too much; write a day as YYYY-MM-DD, as in 2025-11-06`},
		{"2025-11-06~", `"~" is too much; write a day as YYYY-MM-DD, as in 2025-11-06`},
		{"2025-13-01", `month 13 is not between 01 and 12`},
		{"2025-02-29", `day 29 is not between 01 and 28, the last of 2025-02`},
		{"201X-01-01", `a day has no unspecified digits; write a day as YYYY-MM-DD, as in 2025-11-06`},
		{"2025-11-XX", `a day has no unspecified digits; write a day as YYYY-MM-DD, as in 2025-11-06`},
		{"..", `"." is not the start of a year; write a day as YYYY-MM-DD, as in 2025-11-06`},
	})
}
