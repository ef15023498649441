package check

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// Predicates with rules of their own that the schema has no directive for.
const (
	startDate = "schema:startDate"
	endDate   = "schema:endDate"
	latitude  = "schema:latitude"
	longitude = "schema:longitude"
	address   = "schema:url"
)

// words are what of texts and enums need not be worked out again for each value.
type words struct {
	o         *schema.Ontology
	enums     map[string][]string // options by the name of the enum
	languages map[string]string   // what is wrong with a tag, or ""
	schemes   map[string]string   // likewise of the datatype of an identifier
}

func newWords(o *schema.Ontology) words {
	return words{o: o, enums: map[string][]string{}, languages: map[string]string{}, schemes: map[string]string{}}
}

// mostWords bounds what is kept of one kind: files may hold any number of them.
const mostWords = 10_000

// kept returns what bad says of a word, from the map where it is there.
func kept(in map[string]string, word string, bad func(string) string) string {
	reason, ok := in[word]
	if !ok {
		if len(in) >= mostWords {
			clear(in)
		}
		reason = bad(word)
		in[word] = reason
	}
	return reason
}

func (w *words) options(enum string) []string {
	options, ok := w.enums[enum]
	if !ok {
		options = enumNames(w.o, enum)
		w.enums[enum] = options
	}
	return options
}

// badValue returns what is wrong with the literal of a property, or "".
func (w *words) badValue(f *schema.Field, t graph.Term) string {
	if t.Kind != graph.Literal {
		return fmt.Sprintf("%s is no value; this is a property, and leads to no entity", t)
	}
	iri := f.Predicates[0].IRI
	switch f.Value {
	case schema.Enum:
		if options := w.options(f.Def.Type.Name()); !slices.Contains(options, t.Text) {
			return fmt.Sprintf("%q is no %s%s", t.Text, f.Def.Type.Name(), suggest(t.Text, options))
		}
		return badDatatype(t, "")
	case schema.Time:
		return badTime(t, iri == startDate || iri == endDate)
	case schema.Float:
		return badNumber(t, iri)
	case schema.Int:
		if _, err := strconv.ParseInt(t.Text, 10, 32); err != nil {
			return fmt.Sprintf("%q is no whole number of 32 bits", t.Text)
		}
		return badDatatype(t, graph.Integer)
	case schema.Boolean:
		if t.Text != "true" && t.Text != "false" {
			return fmt.Sprintf("%q is neither true nor false", t.Text)
		}
		return badDatatype(t, graph.Boolean)
	case schema.Moment:
		at, err := time.Parse(time.RFC3339Nano, t.Text)
		if err != nil {
			return fmt.Sprintf("%q is no moment; write it as in 2025-11-06T14:30:00Z", t.Text)
		}
		if canonical := graph.Moment(at); canonical.Text != t.Text {
			return fmt.Sprintf("%q is not written in UTC to the microsecond; write %s", t.Text, canonical.Text)
		}
		return badDatatype(t, graph.DateTime)
	}
	if iri == address {
		if u, err := url.Parse(t.Text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Sprintf("%q is no address on the web; write it as in https://example.org/page", t.Text)
		}
	}
	return w.badText(t, false)
}

// badDatatype returns what is wrong with a literal's type, or "": it must be the
// one given, and no text in a language.
func badDatatype(t graph.Term, want string) string {
	if t.Datatype == want && t.Language == "" {
		return ""
	}
	if want == "" {
		return fmt.Sprintf("%s must be plain text, without datatype and language", t)
	}
	return fmt.Sprintf("%s must have the datatype %s", t, want)
}

// badText returns what is wrong with a text, or "".
func (w *words) badText(t graph.Term, inLanguage bool) string {
	if t.Kind != graph.Literal || t.Datatype != "" {
		return fmt.Sprintf("%s is no text; give a literal without a datatype", t)
	}
	switch {
	case strings.TrimSpace(t.Text) == "":
		return "the text is empty; leave it out when there is nothing to say"
	case !utf8.ValidString(t.Text):
		return fmt.Sprintf("%q is not UTF-8", t.Text)
	case t.Text != strings.TrimSpace(t.Text):
		return fmt.Sprintf("%q begins or ends with a blank; take it off", t.Text)
	case strings.ContainsFunc(t.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return fmt.Sprintf("%q has a control character; take it out", t.Text)
	}
	if t.Language == "" {
		return ""
	}
	if !inLanguage {
		return fmt.Sprintf("%s is in a language, and this is text of no language", t)
	}
	return kept(w.languages, t.Language, badLanguage)
}

func badLanguage(tag string) string {
	parsed, err := language.Raw.Parse(tag)
	switch {
	case err != nil || parsed == language.Und:
		return fmt.Sprintf("%q is no language; write a BCP 47 tag, as in en or uz-Cyrl", tag)
	case parsed.String() != tag:
		return fmt.Sprintf("the language %q is written %s", tag, parsed)
	}
	return ""
}

func (w *words) badIdentifier(t graph.Term) string {
	if t.Kind != graph.Literal || !strings.HasPrefix(t.Datatype, graph.Scheme) || t.Language != "" {
		return fmt.Sprintf("%s is no identifier; give a literal with the datatype %s and the name of its catalogue, as in %swikidata",
			t, graph.Scheme, graph.Scheme)
	}
	if bad := kept(w.schemes, t.Datatype, badScheme); bad != "" {
		return bad
	}
	if t.Datatype == graph.Scheme {
		return fmt.Sprintf("the catalogue of %q has no name; write it as in iso3166-1-alpha-2", t.Text)
	}
	return w.badText(graph.Text(t.Text), false)
}

// badScheme returns what is wrong with the datatype of an identifier, or "".
func badScheme(datatype string) string {
	scheme := strings.TrimPrefix(datatype, graph.Scheme)
	for _, r := range scheme {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-._", r) {
			return fmt.Sprintf("%q is no name of a catalogue: it has the character %q; write small letters, digits and - . _", scheme, r)
		}
	}
	return ""
}

// badTime returns what is wrong with a rough date, or "".
func badTime(t graph.Term, bound bool) string {
	d, err := edtf.Parse(t.Text)
	if err != nil {
		return err.Error()
	}
	if bound && d.IsInterval() {
		return fmt.Sprintf("%s is a stretch of time, and this is one end of one; some day between is written %s", d, someDay(d))
	}
	return badDatatype(t, graph.EDTF)
}

// someDay writes the set of the days of an interval.
func someDay(d edtf.Date) string {
	earliest, latest := d.Bounds()
	from, to := "", ""
	if earliest > edtf.Past {
		from = earliest.String()
	}
	if latest < edtf.Future {
		to = latest.String()
	}
	return "[" + from + ".." + to + "]"
}

func number(s string) (float64, bool) {
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

func badNumber(t graph.Term, predicate string) string {
	n, ok := number(t.Text)
	if !ok {
		return fmt.Sprintf("%q is no number; write it as in -77.04", t.Text)
	}
	most := math.Inf(1)
	switch predicate {
	case latitude:
		most = 90
	case longitude:
		most = 180
	}
	if math.Abs(n) > most {
		return fmt.Sprintf("%s does not lie between %v and %v degrees", t.Text, -most, most)
	}
	if canonical := graph.Number(n); canonical != t {
		return fmt.Sprintf("%s is not written as numbers are stored; write %s", t, canonical)
	}
	return ""
}
