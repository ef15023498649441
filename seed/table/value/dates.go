package value

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"chancery/graph/edtf"
)

// Dates reads a stretch of days as it stands in a table and returns its first and its
// last, each in EDTF; one date where there is one alone. Each end may leave out what
// the other says: 3–5 May 2018, 30 June – 2 July 2019, May 3-5, 2018, 3.–5. Mai 2018, du 3
// au 5 mai 2018, 2018-05-03/2018-05-05, and with an order of figures, as [Date] has it,
// 3.5.–5.5.2018. A first day without a year that would be after the last is in the year
// before: 28 December – 2 January 2020. Both ends have a day, or none has, and both are
// seasons, or none is.
//
// An interval in EDTF is taken as it is: 2018?/2019~. An end of it that is open is "..",
// one that is unknown is "". What else Date reads is one date. Cost: some microseconds.
func Dates(s, order string) ([]string, error) {
	text := strings.Join(strings.Fields(s), " ")
	if date, err := edtf.Parse(text); err == nil && date.IsInterval() {
		return strings.Split(text, "/"), nil
	}
	one, err := Date(s, order)
	if err == nil {
		return []string{one}, nil
	}
	left, right, ok := cutStretch(text)
	if !ok {
		return nil, err
	}
	first, err := readEnd(s, left, order)
	if err != nil {
		return nil, err
	}
	last, err := readEnd(s, right, order)
	if err != nil {
		return nil, err
	}
	return together(s, first, last)
}

// stretches find what may stand between the first day and the last, by how sure it is
// that it does. Each returns where the first begins and ends in a text; ok is false where
// there is none.
var stretches = []func(text string) (from, to int, ok bool){
	findWord,
	func(text string) (from, to int, ok bool) { return findMark(text, "–—−", true) },
	func(text string) (from, to int, ok bool) { return findMark(text, "/", false) },
	func(text string) (from, to int, ok bool) { return findMark(text, "-", false) },
}

// stretchPhrases are the words that may, and dashes that stand alone.
var stretchPhrases = [][]string{
	{"-"},
	{"–"},
	{"—"},
	{"−"},
	{"to"},
	{"until"},
	{"till"},
	{"through"},
	{"bis", "zum"},
	{"bis"},
	{"au"},
	{"al"},
	{"a"},
	{"à"},
	{"ao"},
	{"tot", "en", "met"},
	{"tot"},
	{"по"},
}

// findWord finds one of stretchPhrases between two blanks, with the blanks.
func findWord(text string) (from, to int, ok bool) {
	for at := 0; ; {
		blank := strings.IndexByte(text[at:], ' ')
		if blank < 0 {
			return 0, 0, false
		}
		from, at = at+blank, at+blank+1
		for _, phrase := range stretchPhrases {
			if to, ok = phraseEnd(text, at, phrase); ok {
				return from, to, true
			}
		}
	}
}

// phraseEnd returns where what follows a phrase begins, if it is what stands at from,
// in capitals or not, each word with a blank after it.
func phraseEnd(text string, from int, phrase []string) (int, bool) {
	const longest = len("through")
	for _, word := range phrase {
		n := strings.IndexByte(text[from:min(len(text), from+longest+1)], ' ')
		if n < 0 || !strings.EqualFold(text[from:from+n], word) {
			return 0, false
		}
		from += n + 1
	}
	return from, true
}

// findMark finds one of some marks, with the blanks around it if these belong to it.
func findMark(text, marks string, blanks bool) (from, to int, ok bool) {
	from = strings.IndexAny(text, marks)
	if from < 0 {
		return 0, 0, false
	}
	_, n := utf8.DecodeRuneInString(text[from:])
	to = from + n
	if blanks && from > 0 && text[from-1] == ' ' {
		from--
	}
	if blanks && to < len(text) && text[to] == ' ' {
		to++
	}
	return from, to, true
}

// cutStretch cuts at what stands between the first day and the last, if it is there once.
func cutStretch(text string) (left, right string, ok bool) {
	for _, find := range stretches {
		from, to, found := find(text)
		if !found {
			continue
		}
		if _, _, again := find(text[to:]); again || from == 0 || to == len(text) {
			return "", "", false
		}
		return text[:from], text[to:], true
	}
	return "", "", false
}

var isoDate = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$`)

// readEnd reads what one end of a stretch tells.
func readEnd(s, text, order string) (p parts, err error) {
	if !looksNumeric(text) {
		p, bad := readWords(text)
		if bad != "" {
			err = fmt.Errorf("%q is no stretch of days: %q is unknown; stretches are written 2019-12-12/2019-12-14, 12–14 December 2019 or 30 June – 2 July 2019", s, bad)
		}
		return p, err
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // no error: figures, or none
	switch all := digits.FindAllString(text, -1); {
	case isoDate.MatchString(text):
		m := isoDate.FindStringSubmatch(text)
		return parts{year: m[1], month: number(m[2]), day: number(m[3])}, nil
	case len(all) == 1 && len(all[0]) <= 2:
		return parts{day: number(all[0])}, nil
	case len(all) == 2 && len(order) == 3 && len(all[0]) <= 2 && len(all[1]) <= 2:
		if strings.Index(order, "d") < strings.Index(order, "m") {
			return parts{day: number(all[0]), month: number(all[1])}, nil
		}
		return parts{month: number(all[0]), day: number(all[1])}, nil
	}
	date, err := Date(text, order)
	if err != nil {
		return p, err
	}
	if !isoDate.MatchString(date) { // rough, or open
		return p, fmt.Errorf("%q is no stretch of days: %q is no single day, month or year; stretches are written 2019-12-12/2019-12-14, 12–14 December 2019 or 30 June – 2 July 2019", s, text)
	}
	return readEnd(s, date, "")
}

// together completes the ends of a stretch from each other.
func together(s string, first, last parts) ([]string, error) {
	if first.month == 0 && first.day > 0 {
		first.month = last.month
	}
	if last.month == 0 && last.day > 0 {
		last.month = first.month
	}
	switch {
	case first.year == "" && last.month == 0, last.year == "" && first.month == 0:
		return nil, fmt.Errorf("%q is no stretch of days: one end has a year and no month, the other no year; one date is written 2018-05 or May 2018", s)
	case (first.day == 0) != (last.day == 0):
		return nil, fmt.Errorf("%q is no stretch of days: one end has a day and the other has none; stretches are written 3–5 May 2018, May – June 2018 or, as EDTF, 2018-05-03/2018-06", s)
	case (first.month > 12) != (last.month > 12):
		return nil, fmt.Errorf("%q is no stretch of days: one end is a season and the other is none; write the season's months", s)
	}
	if last.year == "" {
		last.year = first.year
	}
	if first.year == "" {
		first.year = last.year
		if year, err := strconv.Atoi(last.year); err == nil && first.String() > last.String() && first.month > last.month {
			first.year = fmt.Sprintf("%04d", year-1)
		}
	}
	for _, end := range []parts{first, last} {
		switch {
		case end.year == "":
			return nil, fmt.Errorf("%q is no stretch of days: it has no year of four figures", s)
		case end.month == 0 && end.day > 0:
			return nil, fmt.Errorf("%q is no stretch of days: it has a day and no month", s)
		}
		if _, err := checked(s, end.String()); err != nil {
			return nil, err
		}
	}
	from, to := first.String(), last.String()
	if n := min(len(from)-len(first.about), len(to)-len(last.about)); from[:n] > to[:n] {
		return nil, fmt.Errorf("%q ends before it begins", s)
	}
	return []string{from, to}, nil
}
