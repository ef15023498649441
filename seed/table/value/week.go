package value

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var weekForm = regexp.MustCompile(`^(\d{4})-?W(\d{2})(?:-?([1-7]))?$`)

// weekDate reads a week date of ISO 8601, 2019-W50 or 2019-W50-4: a day, or some day from
// the Monday to the Sunday. ok: it is one.
func weekDate(s string) (date string, ok bool, err error) {
	m := weekForm.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	number := func(digits string) int {
		n, _ := strconv.Atoi(digits) // four at most, or none
		return n
	}
	year, week, day := number(m[1]), number(m[2]), number(m[3])
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC) // it is always in week 1
	monday := fourth.AddDate(0, 0, 7*(week-1)-(int(fourth.Weekday())+6)%7)
	if y, w := monday.ISOWeek(); y != year || w != week {
		return "", true, fmt.Errorf("%q is no date: %d has no week %d", s, year, week)
	}
	if monday.AddDate(0, 0, 6).Year() > 9999 {
		return "", true, fmt.Errorf("%q is no date: it ends after the year 9999", s)
	}
	if day > 0 {
		return monday.AddDate(0, 0, day-1).Format(time.DateOnly), true, nil
	}
	return "[" + monday.Format(time.DateOnly) + ".." + monday.AddDate(0, 0, 6).Format(time.DateOnly) + "]", true, nil
}

// spreadsheetDay is the day that a spreadsheet's number of a day means, or "": five figures, from
// 1954 to 2064.
func spreadsheetDay(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < 20_000 || n >= 60_000 {
		return ""
	}
	return time.Date(1899, time.December, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}
