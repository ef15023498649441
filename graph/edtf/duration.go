package edtf

import (
	"fmt"
	"strings"
)

// Duration is a length of calendar time (ISO 8601 PnYnMnWnD). Its weeks are
// counted as days; months and years have no fixed number of them. No field is
// negative. The zero Duration is none at all.
type Duration struct{ Years, Months, Days int }

const durationHint = "write years, months, weeks and days in that order, as in P30D or P1Y6M"

// ParseDuration reads PnYnMnWnD: whole numbers of one to eight digits, each part
// at most once and in that order, at least one of them above zero. A time part, a
// sign or a fraction is an error, which is a *[ParseError]. So is P0D, since the
// zero Duration would be read as no limit.
func ParseDuration(s string) (Duration, error) {
	fail := func(at int, reason string) (Duration, error) {
		return Duration{}, &ParseError{Input: s, Offset: at, Reason: reason + "; " + durationHint}
	}
	switch {
	case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "+"):
		return fail(0, "a duration takes no sign")
	case !strings.HasPrefix(s, "P"):
		return fail(0, "a duration starts with P")
	case s == "P":
		return fail(1, "the duration is empty")
	}
	var d Duration
	left := "YMWD" // the units that may still come
	for i := 1; i < len(s); {
		start, n := i, 0
		for i < len(s) && isDigit(s[i]) && i-start < 9 {
			n = n*10 + int(s[i]-'0')
			i++
		}
		switch {
		case s[start] == 'T':
			return fail(start, "a time part is too fine: a duration counts whole days")
		case i == start:
			return fail(start, fmt.Sprintf("%s is not a number", quoteRune(s[start:])))
		case i-start > 8:
			return fail(start, "the number has more than eight digits")
		case i == len(s):
			return fail(i, fmt.Sprintf("the number %s has no unit", s[start:i]))
		case s[i] == '.' || s[i] == ',':
			return fail(i, "a duration takes no fractions")
		}
		at := strings.IndexByte(left, s[i])
		if at < 0 {
			return fail(i, fmt.Sprintf("%s is not a unit that can stand here", quoteRune(s[i:])))
		}
		switch s[i] {
		case 'Y':
			d.Years = n
		case 'M':
			d.Months = n
		case 'W':
			d.Days = 7 * n
		case 'D':
			d.Days += n
		}
		left = left[at+1:]
		i++
	}
	if d.IsZero() {
		return fail(0, "the duration has no length")
	}
	return d, nil
}

// IsZero reports whether d is no duration at all.
func (d Duration) IsZero() bool { return d == Duration{} }

// Add counts the years and months forward, then the days. A day that the month
// lacks becomes the month's last: 2025-01-31 and P1M give 2025-02-28. [Past] and
// [Future] stay, and no other day reaches them. A later day never gives an
// earlier result.
func (d Day) Add(x Duration) Day { return d.shift(x, 1) }

// Sub counts the years and months back, then the days, by the rules of [Day.Add].
// It is no exact inverse: 2025-03-31 less P1M, plus P1M, is 2025-03-28.
func (d Day) Sub(x Duration) Day { return d.shift(x, -1) }

func (d Day) shift(x Duration, sign int64) Day {
	if d <= Past || d >= Future {
		return d
	}
	days := sign * clampField(x.Days)
	if x.Years != 0 || x.Months != 0 {
		year, month, day := d.Civil()
		months := year*12 + int64(month-1) + sign*(12*clampField(x.Years)+clampField(x.Months))
		year, month = floorDiv(months, 12), int(months-12*floorDiv(months, 12))+1
		d = civilDay(year, month, min(day, lastOfMonth(year, month)))
	}
	return finite(int64(d) + days)
}

// clampField keeps what calendar arithmetic counts with from overflowing. It
// alters only what leads from any day to the end of time.
func clampField(n int) int64 { return min(max(int64(n), -1<<42), 1<<42) }
