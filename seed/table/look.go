package table

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"chancery/seed/table/code"
	"chancery/seed/table/format"
	"chancery/seed/table/value"
)

// look is what has been seen of a file.
type look struct {
	records int
	names   []string // of columns, in order
	columns map[string]*column
}

// column is what has been seen of one.
type column struct {
	name     string
	filled   int
	distinct map[string]int
	example  string
	longest  int
	inID     bool // all values may stand in an id
	dates    int
	order    string // dmy or mdy, where figures alone need one; "?" where either would do
	numbers  int
	years    int
	spans    int // stretches of days
	lists    map[string]int
	many     bool     // a record has several values
	unknown  []string // texts that stand for nothing: ?, n/a
	open     []string // texts that stand for no end: present
	opens    map[string]int
}

// placeholders are texts that tables have for what is not known.
var placeholders = []string{"?", "-", "--", ".", "n/a", "N/A", "NA", "unknown", "Unknown", "none", "None", "null", "NULL"}

// openEnds are texts that tables have for what has not ended.
var openEnds = []string{"present", "Present", "ongoing", "Ongoing", "current", "Current", "incumbent", "Incumbent", "now", "today"}

func (l *look) column(name string) *column {
	c := l.columns[name]
	if c == nil && name != "" {
		c = &column{name: name, distinct: map[string]int{}, inID: true, lists: map[string]int{}, opens: map[string]int{}}
		l.columns[name] = c
		l.names = append(l.names, name)
	}
	return c
}

func (l *look) take(rec *format.Record, columns []string) {
	l.records++
	for i, cell := range rec.Cells {
		if columns[i] != "" {
			l.column(columns[i]).take(cell)
		}
	}
	if rec.Cells != nil {
		return
	}
	for _, key := range format.Keys(rec.Tree) {
		path, err := parsePath(key)
		if err != nil {
			continue
		}
		c := l.column(key)
		all := texts(nil, follow(rec.Tree, path))
		for _, text := range all {
			c.take(text)
		}
		c.many = c.many || len(all) > 1
	}
}

func (c *column) take(cell string) {
	if cell = strings.TrimSpace(cell); cell == "" {
		return
	}
	if slices.Contains(placeholders, cell) {
		if !slices.Contains(c.unknown, cell) {
			c.unknown = append(c.unknown, cell)
		}
		return
	}
	if slices.Contains(openEnds, cell) {
		if !slices.Contains(c.open, cell) {
			c.open = append(c.open, cell)
		}
		c.opens[cell]++
		return
	}
	c.count(cell)
}

// settle takes what would stand for no end for what it says, where the column has no times.
func (c *column) settle() {
	if _, ok := c.isDate(); ok || c.filled == 0 && c.isEnd() {
		return
	}
	for _, text := range c.open {
		for range c.opens[text] {
			c.count(text)
		}
	}
	c.open = nil
}

// count takes a cell that says something.
func (c *column) count(cell string) {
	c.filled++
	c.distinct[cell]++
	if c.example == "" {
		c.example = cell
	}
	c.longest = max(c.longest, len(cell))
	c.inID = c.inID && value.Slug(cell) == strings.ToLower(cell) || c.inID && !strings.ContainsFunc(cell, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-._~", r)
	})
	if _, err := value.Year(cell); err == nil {
		c.years++
	} else if strings.Contains(cell, "/") && c.takeSpan(cell) { // Date would take 2018-05-03/2018-05-05 for one
		c.spans++
	} else if _, err := value.Date(cell, ""); err == nil {
		c.dates++
	} else if !c.takeFigures(cell) && c.takeSpan(cell) {
		c.spans++
	}
	if _, err := value.Number(cell, ""); err == nil {
		c.numbers++
	}
	for _, between := range []string{";", "|", ","} {
		if strings.Contains(cell, between) {
			c.lists[between]++
		}
	}
}

// takeFigures takes a date of figures alone.
func (c *column) takeFigures(cell string) bool {
	_, asDMY := value.Date(cell, "dmy")
	_, asMDY := value.Date(cell, "mdy")
	return c.takeOrder(asDMY == nil, asMDY == nil)
}

// takeSpan takes a stretch of days for a date.
func (c *column) takeSpan(cell string) bool {
	in := func(order string) bool {
		ends, err := value.Dates(cell, order)
		return err == nil && len(ends) == 2
	}
	if in("") {
		c.dates++
		return true
	}
	return c.takeOrder(in("dmy"), in("mdy"))
}

// takeOrder takes a date that can be read in the orders. It tells 31/12/2019 from
// 12/31/2019 by the values that are only one of them.
func (c *column) takeOrder(dmy, mdy bool) bool {
	switch {
	case !dmy && !mdy:
		return false
	case dmy && mdy:
		if c.order == "" {
			c.order = "?"
		}
	case dmy:
		c.order = "dmy"
	default:
		c.order = "mdy"
	}
	c.dates++
	return true
}

func (c *column) mostly(n int) bool { return c.filled > 0 && n*20 >= c.filled*19 }

func (c *column) unique(records int) bool { return c.filled == records && len(c.distinct) == records }

// has reports whether one of the words is in the column's name.
func (c *column) has(words ...string) bool {
	name := strings.ToLower(c.name)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
}

// without is the function for what stands for nothing, with its bar, or "".
func (c *column) without() string {
	if len(c.unknown) == 0 {
		return ""
	}
	return " | none " + strings.Join(c.unknown, " ")
}

// endWord is in names of columns that say when something ended.
var endWord = regexp.MustCompile(`(?:^|\PL)(?i:end|ends|ended|end-?date|end-?year|until|closed|left|depart\pL*)(?:\PL|$)|\p{Ll}(?:End|Ended|Until|Closed|Left|Departed)(?:\PL|\p{Lu}|$)`)

// isEnd reports whether the column's name says that something ended: not every name with
// end in it does, as in attendance.
func (c *column) isEnd() bool { return endWord.MatchString(c.name) }

// timeWords are in names of columns that have dates, even if many of them are wrong.
var timeWords = []string{"start", "date", "datum", "zeitraum", "fecha", "since", "begin", "until", "arriv", "depart", "born"}

// isDate reports whether the values are dates, and how they are read: by date, or by
// dates where some are stretches of days.
func (c *column) isDate() (function string, ok bool) {
	switch {
	case c.mostly(c.years) && c.filled > 0 && c.has("year", "date", "since", "until", "birth", "death"):
		return "year", true
	case c.dates > 0 && (c.mostly(c.dates+c.years) || c.has(timeWords...) && (c.dates+c.years)*2 > c.filled):
		function := "date"
		if c.spans > 0 {
			function = "dates"
		}
		switch c.order {
		case "":
			return function, true
		case "?":
			return function + " dmy", true
		}
		return function + " " + c.order, true
	}
	return "", false
}

// hints are words in columns' names that tell a code system.
var hints = []struct {
	scheme string
	words  []string
}{
	{"wikidata", []string{"wikidata", "qid"}},
	{"bioguide", []string{"bioguide"}},
	{"govtrack", []string{"govtrack"}},
	{"geonames", []string{"geonameid", "geonames"}},
	{"lei", []string{"lei"}},
	{"orcid", []string{"orcid"}},
	{"gec", []string{"gec", "fips"}},
	{"ioc", []string{"cioc", "ioc"}},
	{"cow", []string{"cow", "ccode"}},
	{"iso3166-1-numeric", []string{"numeric", "ccn3"}},
	{"iso3166-1-alpha-3", []string{"iso3", "alpha3", "alpha-3", "cca3", "iso_3", "country", "nation"}},
	{"iso3166-1-alpha-2", []string{"iso2", "alpha2", "alpha-2", "cca2", "iso_2", "iso", "country", "nation"}},
}

// scheme guesses the code system of a column, or "".
func (c *column) scheme() string {
	for _, h := range hints {
		s, ok := code.Find(h.scheme)
		if !ok || !c.has(h.words...) {
			continue
		}
		fits := 0
		for v := range c.distinct {
			if s.Matches(v) {
				fits++
			}
		}
		if fits*10 >= len(c.distinct)*9 && fits > 0 {
			return h.scheme
		}
	}
	return ""
}

// about tells in a few words what was seen of a column.
func (c *column) about(records int) string {
	if c.filled == 0 && len(c.open) == 0 {
		return "empty in every record"
	}
	var all []string
	if len(c.open) > 0 {
		all = append(all, "no end where it is "+strings.Join(c.open, " or "))
	}
	if c.filled == 0 {
		return strings.Join(all, "; ") + ", else empty"
	}
	if c.filled < records {
		all = append(all, fmt.Sprintf("empty in %d of %d", records-c.filled, records))
	}
	if len(c.unknown) > 0 {
		all = append(all, "nothing known where it is "+strings.Join(c.unknown, " or "))
	}
	function, date := c.isDate()
	switch {
	case date && c.order == "?":
		all = append(all, fmt.Sprintf("dates, of which day and month cannot be told apart: %s or %s", function, strings.Replace(function, "dmy", "mdy", 1)))
	case date:
		all = append(all, "dates: "+function)
	case c.scheme() != "":
		all = append(all, "codes of "+c.scheme())
	case c.mostly(c.numbers):
		all = append(all, "numbers")
	}
	switch {
	case c.unique(records):
		all = append(all, "different in each record")
	case len(c.distinct) == 1:
		all = append(all, "the same in each record")
	case len(c.distinct) <= 12:
		var values []string
		for v := range c.distinct {
			values = append(values, short(v, 24))
		}
		slices.Sort(values)
		all = append(all, "one of "+strings.Join(values, ", "))
	default:
		all = append(all, fmt.Sprintf("%d different values", len(c.distinct)))
	}
	for _, between := range []string{";", "|"} {
		if n := c.lists[between]; n*10 >= c.filled && !date {
			all = append(all, fmt.Sprintf("perhaps a list: split %s", strconv.Quote(between)))
		}
	}
	return strings.Join(all, "; ") + "; as in " + short(c.example, 48)
}

func short(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
