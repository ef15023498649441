package value

import (
	"fmt"
	"regexp"
	"strings"

	"chancery/graph/edtf"
)

// Date reads a date as it stands in a table and returns it in EDTF.
//
// Without an order it reads
//   - EDTF: 2010-12-02, 2010-12, 2010, 2010?, 2010-12~, 2010-XX, [2010..2012]
//   - two dates with .. between: some day from the one to the other
//   - 20100218, a date with a time of day, which is dropped, and a dash, dot or
//     slash between year, month and day in this order
//   - words: 12 December 2019, December 12, 2019, 12-Dec-2019, April 2018, and with the
//     names that months have in German, French, Spanish, Italian, Portuguese, Dutch
//     and Russian: 20. Juni 2023, 5 de mayo de 2019; a word before it (since, from, in,
//     on, as of) is dropped, and about, around, circa, c. and ca. make it approximate
//   - Spring 2022, as EDTF's season 2022-21, which is the northern hemisphere's; no
//     winter, which lies in two years
//
// An order says what figures alone mean: dmy, mdy, ymd, my, ym or y, whatever
// stands between them. 03/04/2019 is refused without one. In a column of dmy, mdy or
// ymd, what is not figures alone, or begins with a year, is read as without an order.
//
// The result has been checked with [edtf.Parse], so there is no 31st of June.
// Cost: some hundred nanoseconds.
func Date(s, order string) (string, error) {
	text := strings.Join(strings.Fields(s), " ")
	if text == "" {
		return "", fmt.Errorf("the date is empty")
	}
	if order != "" && !(len(order) == 3 && clear(text)) {
		return inOrder(text, order)
	}
	if _, err := edtf.Parse(text); err == nil {
		return text, nil
	} else if isoLike(text) {
		return "", fmt.Errorf("%q is no date: %w", s, err)
	}
	if from, to, ok := strings.Cut(text, ".."); ok && from != "" && to != "" && !strings.ContainsAny(text, "[]{}/,") {
		return checked(s, "["+from+".."+to+"]")
	}
	if m := yearFigures(text); m != nil {
		return checked(s, m[1]+m[4]+"-"+pad(m[2]+m[5], 2)+"-"+pad(m[3]+m[6], 2))
	}
	if date, week, err := weekDate(text); week {
		return date, err
	}
	if day := spreadsheetDay(text); day != "" {
		return "", fmt.Errorf("%q is no date; it may be a spreadsheet's number for %s: save the column in the form yyyy-mm-dd", s, day)
	}
	if looksNumeric(text) {
		return "", fmt.Errorf("%q can be read in more than one way; say in which order its figures stand, as in date dmy", s)
	}
	return inWords(s, text)
}

// yearFigures is what figures finds in a text. What does not begin with a year, as most
// texts, is not searched.
func yearFigures(text string) []string {
	if len(text) < len("2019-1-1") || strings.Trim(text[:4], "0123456789") != "" {
		return nil
	}
	return figures.FindStringSubmatch(text)
}

// Orders are the orders that Date knows.
func Orders() []string { return []string{"dmy", "mdy", "ymd", "my", "ym", "y"} }

var (
	// figures: year, month and day in this order; a time of day may follow.
	figures = regexp.MustCompile(`^(?:(\d{4})(\d{2})(\d{2})|(\d{4})[-./](\d{1,2})[-./](\d{1,2}))(?:[T ]?\d{2}:?\d{2}(?::?\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$`)
	digits  = regexp.MustCompile(`\d+`)
	// timeAfter: three figures, then a time of day, which is dropped.
	timeAfter = regexp.MustCompile(`^\d+[^\d:]\d+[^\d:]\d+ \d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$`)
	iso       = regexp.MustCompile(`^\d{4}-[0-9X]{2}(-[0-9X]{2})?[?~%]?$`)
)

func isoLike(s string) bool { return iso.MatchString(s) }

// looksNumeric reports whether there is nothing in s but figures and what stands between them.
func looksNumeric(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && !strings.ContainsRune("-./ :", r) }) < 0
}

var yearFirst = regexp.MustCompile(`^\d{4}(?:[-./?~%]|$)`)

// clear reports whether a date can be read in one way only, whatever the order.
func clear(s string) bool { return !looksNumeric(s) || yearFirst.MatchString(s) }

func checked(s, date string) (string, error) {
	if _, err := edtf.Parse(date); err != nil {
		return "", fmt.Errorf("%q is no date: %w", s, err)
	}
	return date, nil
}

// inOrder reads a date of figures in the order of the letters of order.
func inOrder(s, order string) (string, error) {
	var parts []string
	if looksNumeric(s) { // else it is none, however long it is
		parts = digits.FindAllString(s, -1)
	}
	if len(parts) == 1 {
		parts = compact(parts[0], order)
	}
	if len(parts) < len(order) || len(order) == 3 && len(parts) > 3 && !timeAfter.MatchString(s) {
		return "", fmt.Errorf("%q is no date of figures in the order %s", s, order)
	}
	var y, m, d string
	for i, c := range order {
		switch c {
		case 'y':
			y = parts[i]
		case 'm':
			m = pad(parts[i], 2)
		case 'd':
			d = pad(parts[i], 2)
		}
	}
	if len(y) != 4 {
		return "", fmt.Errorf("%q has no year of four figures where the order %s has it", s, order)
	}
	if m != "" && (m > "12" || m == "00") {
		return "", fmt.Errorf("%q is no date in the order %s: there is no month %s", s, order, m)
	}
	date := y
	for _, part := range []string{m, d} {
		if part != "" {
			date += "-" + part
		}
	}
	return checked(s, date)
}

// compact cuts a date without separators by the widths that the order gives.
func compact(s, order string) []string {
	var parts []string
	for _, c := range order {
		n := 2
		if c == 'y' {
			n = 4
		}
		if len(s) < n {
			return nil
		}
		parts, s = append(parts, s[:n]), s[n:]
	}
	if s != "" {
		return nil
	}
	return parts
}

// inWords reads a date written in words.
func inWords(original, text string) (string, error) {
	p, bad := readWords(text)
	switch {
	case strings.EqualFold(bad, "winter"):
		return "", fmt.Errorf("%q is no date: a winter lies in two years; write its months, as in 2022-12..2023-02", original)
	case bad != "":
		return "", fmt.Errorf("%q is no date: %q is unknown; dates are written 2019-12-12, 12 December 2019 or December 2019", original, bad)
	case p.year == "":
		return "", fmt.Errorf("%q is no date: it has no year of four figures", original)
	case p.month == 0 && p.day > 0:
		return "", fmt.Errorf("%q is no date: it has a day and no month", original)
	case p.month > 12 && p.day > 0:
		return "", fmt.Errorf("%q is no date: a season has no days", original)
	}
	return checked(original, p.String())
}

func pad(s string, n int) string {
	for len(s) < n {
		s = "0" + s
	}
	return s
}
