package value

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// parts are what a text tells of a date. What it does not tell is empty or 0.
type parts struct {
	year       string
	month, day int    // a season is a month above 20, as in EDTF
	about      string // ~, if it is approximate
}

// String is the date in EDTF; it has a year.
func (p parts) String() string {
	date := p.year
	if p.month > 0 {
		date += fmt.Sprintf("-%02d", p.month)
	}
	if p.day > 0 {
		date += fmt.Sprintf("-%02d", p.day)
	}
	return date + p.about
}

// months are their names by language, January first. No name is two months'.
var months = [][]string{
	{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
	{"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"},
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
	{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
	{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	{"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"},
	{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
	{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
	{"jän", "", "mär", "", "", "", "", "", "sept", "okt", "", "dez"},
	{"jänner", "", "mrz", "", "", "", "", "", "", "", "", ""},
}

// month returns 1 to 12 for a name, else 0.
func month(s string) int {
	s = strings.ToLower(strings.TrimSuffix(s, "."))
	if s == "" {
		return 0
	}
	for _, names := range months {
		if i := slices.Index(names, s); i >= 0 {
			return i + 1
		}
	}
	return 0
}

// season returns EDTF's number of a season by its English name, else 0.
func season(s string) int {
	switch strings.ToLower(s) {
	case "spring":
		return 21
	case "summer":
		return 22
	case "autumn", "fall":
		return 23
	}
	return 0
}

// isBefore reports whether a word may stand before a date and says nothing of it.
func isBefore(word string) bool {
	switch word {
	case "since", "from", "in", "on", "as", "of", "the", "am", "vom", "im", "den", "der", "ab", "seit", "le", "du", "en", "depuis",
		"el", "del", "desde", "il", "dal", "em", "op", "van", "sinds", "с", "в":
		return true
	}
	return false
}

// isAround reports whether a word makes a date approximate.
func isAround(word string) bool {
	switch word {
	case "about", "around", "circa", "c.", "ca.", "ca", "etwa", "um", "vers", "environ", "hacia", "около":
		return true
	}
	return false
}

// isBetween reports whether a word may stand between a day, a month and a year, or
// after them.
func isBetween(word string) bool {
	switch word {
	case "de", "del", "di", "do", "г", "г.", "года":
		return true
	}
	return false
}

// cutWord cuts a text at the first run of what stands between words; more is false
// where there is none.
func cutWord(text string) (word, rest string, more bool) {
	const between = " \t\n\f\r,-"
	i := strings.IndexAny(text, between)
	if i < 0 {
		return text, "", false
	}
	return text[:i], strings.TrimLeft(text[i:], between), true
}

// readWords reads what a text of words and figures tells of a date. bad is the word that
// it cannot read. Cost: that of the words as far as that one, however long the text.
func readWords(text string) (p parts, bad string) {
	for {
		word, rest, more := cutWord(text)
		if !more {
			break
		}
		if first := strings.ToLower(word); isAround(first) {
			p.about = "~"
		} else if !isBefore(first) {
			break
		}
		text = rest
	}
	return readParts(p, text)
}

func readParts(p parts, text string) (parts, string) {
	for more := true; more; {
		var word string
		word, text, more = cutWord(text)
		n, err := strconv.Atoi(trimOrdinal(word))
		switch {
		case err != nil && p.month == 0 && month(word) > 0:
			p.month = month(word)
		case err != nil && p.month == 0 && season(word) > 0:
			p.month = season(word)
		case err != nil && isBetween(strings.ToLower(word)):
		case err != nil:
			return p, word
		case len(word) == 4 && p.year == "":
			p.year = word
		case n >= 1 && n <= 31 && p.day == 0 && len(word) <= 4:
			p.day = n
		default:
			return p, word
		}
	}
	return p, ""
}

// trimOrdinal turns 3rd, 3. and 1er into figures.
func trimOrdinal(s string) string {
	for _, suffix := range []string{"st", "nd", "rd", "th", ".", "er", "º", "°"} {
		if n := strings.TrimSuffix(s, suffix); n != s && len(n) <= 2 {
			return n
		}
	}
	return s
}
