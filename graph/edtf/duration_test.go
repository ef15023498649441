package edtf

import (
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	for s, want := range map[string]Duration{
		"P30D":       {Days: 30},
		"P1Y":        {Years: 1},
		"P18M":       {Months: 18},
		"P2W":        {Days: 14},
		"P1Y6M2W3D":  {Years: 1, Months: 6, Days: 17},
		"P0Y0M1D":    {Days: 1},
		"P007D":      {Days: 7},
		"P99999999Y": {Years: 99_999_999},
	} {
		if got, err := ParseDuration(s); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %+v, %v, want %+v", s, got, err, want)
		}
	}
	const hint = "; write years, months, weeks and days in that order, as in P30D or P1Y6M"
	checkErrors(t, func(s string) error { _, err := ParseDuration(s); return err }, [][2]string{
		{"", "a duration starts with P" + hint},
		{"30D", "a duration starts with P" + hint},
		{"p30d", "a duration starts with P" + hint},
		{"P", "the duration is empty" + hint},
		{"-P1D", "a duration takes no sign" + hint},
		{"P-1D", `"-" is not a number` + hint},
		{"P0D", "the duration has no length" + hint},
		{"P30", "the number 30 has no unit" + hint},
		{"P30d", `"d" is not a unit that can stand here` + hint},
		{"P1D1M", `"M" is not a unit that can stand here` + hint},
		{"P1D1D", `"D" is not a unit that can stand here` + hint},
		{"P1.5D", "a duration takes no fractions" + hint},
		{"P1DT12H", "a time part is too fine: a duration counts whole days" + hint},
		{"PT12H", "a time part is too fine: a duration counts whole days" + hint},
		{"P123456789D", "the number has more than eight digits" + hint},
		{"P1é", `"é" is not a unit that can stand here` + hint},
	})
}

func TestCalendarArithmetic(t *testing.T) {
	for _, c := range []struct{ day, length, sum, difference string }{
		{"2025-01-31", "P1M", "2025-02-28", "2024-12-31"},
		{"2024-01-31", "P1M", "2024-02-29", "2023-12-31"},
		{"2024-02-29", "P1Y", "2025-02-28", "2023-02-28"},
		{"2024-02-29", "P4Y", "2028-02-29", "2020-02-29"},
		{"2025-03-31", "P1M", "2025-04-30", "2025-02-28"},
		{"2025-11-06", "P30D", "2025-12-06", "2025-10-07"},
		{"2025-11-06", "P2W", "2025-11-20", "2025-10-23"},
		{"2025-11-06", "P14M", "2027-01-06", "2024-09-06"},
		{"2025-01-30", "P1M1D", "2025-03-01", "2024-12-29"}, // months first, then days
		{"0000-01-01", "P1D", "0000-01-02", "-0001-12-31"},
		{"-0001-03-01", "P1Y", "0000-03-01", "-0002-03-01"},
	} {
		day, err := ParseDay(c.day)
		if err != nil {
			t.Fatal(err)
		}
		length, err := ParseDuration(c.length)
		if err != nil {
			t.Fatal(err)
		}
		if got := day.Add(length).String(); got != c.sum {
			t.Errorf("%s + %s = %s, want %s", c.day, c.length, got, c.sum)
		}
		if got := day.Sub(length).String(); got != c.difference {
			t.Errorf("%s - %s = %s, want %s", c.day, c.length, got, c.difference)
		}
	}
}

// TestCalendarArithmeticIsMonotone holds what the search for readings rests on.
func TestCalendarArithmeticIsMonotone(t *testing.T) {
	start := DayOf(time.Date(2019, 12, 1, 0, 0, 0, 0, time.UTC))
	for _, x := range []Duration{{Days: 1}, {Months: 1}, {Months: 1, Days: 10}, {Years: 1}, {Years: 3, Months: 11, Days: 40}, {Months: 23}} {
		for d := start; d < start+5*366; d++ {
			if d.Add(x) > (d+1).Add(x) || d.Sub(x) > (d+1).Sub(x) {
				t.Errorf("%+v from %v leads further than from the day after", x, d)
			}
			// The bond that "within, after" makes, against its definition.
			b := bond{kind: reachesByLength, length: x}
			if got := b.earliest(d); got.Add(x) < d || (got-1).Add(x) >= d {
				t.Errorf("%v is not the first day that reaches %v by %+v", got, d, x)
			}
		}
	}
}

func TestOpenDaysStay(t *testing.T) {
	far := Duration{Years: 99_999_999, Months: 99_999_999, Days: 99_999_999}
	beyond := Duration{Years: 1 << 31, Months: 1 << 31, Days: 1 << 62}
	for _, x := range []Duration{{Days: 1}, {Months: 1}, far, beyond} {
		for _, d := range []Day{Past, Future} {
			if d.Add(x) != d || d.Sub(x) != d {
				t.Errorf("%d moves by %+v", d, x)
			}
		}
		for _, d := range []Day{Past + 1, 0, Future - 1} {
			if got := d.Add(x); got < d || got >= Future {
				t.Errorf("%d + %+v = %d", d, x, got)
			}
			if got := d.Sub(x); got > d || got <= Past {
				t.Errorf("%d - %+v = %d", d, x, got)
			}
		}
	}
	for _, b := range []bond{
		{kind: reachesByLength, length: Duration{Days: 10}},
		{kind: reachesByLength, length: Duration{Months: 1}},
		{kind: lessLength, length: Duration{Months: 1}},
	} {
		if p, f := b.earliest(Past), b.earliest(Future); p != Past || f != Future {
			t.Errorf("%+v leads from Past to %d, from Future to %d", b, p, f)
		}
		for _, d := range []Day{Past + 1, Past + 5, Future - 1} {
			if got := b.earliest(d); got <= Past || got >= Future {
				t.Errorf("%+v leads from %d to %d", b, d, got)
			}
		}
	}
}
