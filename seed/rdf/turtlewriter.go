package rdf

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"chancery/graph"
)

// turtleEncoder writes Turtle and TriG. Statements that follow each other and
// share graph, subject and predicate are written as one sentence.
type turtleEncoder struct {
	prefixes []namespace // longest IRI first
	base     string
	resolver reference
	names    *nameCache

	last    Statement
	written bool // last is a statement, its sentence not closed yet
}

type namespace struct{ prefix, iri string }

// nameCache keeps how IRIs were written last.
type nameCache struct {
	seed  maphash.Seed
	slots [1 << 12]struct{ iri, text string }
}

func newTurtleEncoder(o Options) (*turtleEncoder, error) {
	e := &turtleEncoder{base: o.Base, names: &nameCache{seed: maphash.MakeSeed()}}
	if o.Base != "" {
		if reason := checkIRI(o.Base); reason != "" {
			return nil, fmt.Errorf("base IRI: %s", reason)
		}
		e.resolver = parseReference(o.Base)
	}
	for prefix, iri := range o.Prefixes {
		if !isPrefix(prefix) {
			return nil, fmt.Errorf("%q is no prefix: it begins with a letter and goes on with letters, digits, \"_\", \"-\" and inner dots", prefix)
		}
		if reason := checkIRI(iri); reason != "" {
			return nil, fmt.Errorf("prefix %s: %s", prefix, reason)
		}
		e.prefixes = append(e.prefixes, namespace{prefix, iri})
	}
	slices.SortFunc(e.prefixes, func(a, b namespace) int {
		if d := len(b.iri) - len(a.iri); d != 0 {
			return d
		}
		return strings.Compare(a.prefix, b.prefix)
	})
	return e, nil
}

// begin declares base and prefixes.
func (e *turtleEncoder) begin(dst []byte) []byte {
	if e.base != "" {
		dst = fmt.Appendf(dst, "@base <%s> .\n", e.base)
	}
	byName := slices.SortedFunc(slices.Values(e.prefixes), func(a, b namespace) int { return strings.Compare(a.prefix, b.prefix) })
	for _, n := range byName {
		dst = fmt.Appendf(dst, "@prefix %s: <%s> .\n", n.prefix, n.iri)
	}
	if len(dst) > 0 {
		dst = append(dst, '\n')
	}
	return dst
}

func (e *turtleEncoder) append(dst []byte, s *Statement) ([]byte, error) {
	sameGraph := e.written && s.Graph == e.last.Graph
	if !sameGraph {
		dst = e.closeGraph(dst)
		if s.Graph.Kind != 0 {
			dst = e.appendTerm(dst, &s.Graph)
			dst = append(dst, " {\n"...)
		}
	}
	switch {
	case !sameGraph || s.Subject != e.last.Subject:
		if sameGraph {
			dst = append(dst, " .\n"...)
		}
		dst = e.indent(dst, s, 0)
		dst = e.appendTerm(dst, &s.Subject)
		dst = append(dst, ' ')
		dst = e.appendPredicate(dst, &s.Predicate)
	case s.Predicate != e.last.Predicate:
		dst = append(dst, " ;\n"...)
		dst = e.indent(dst, s, 1)
		dst = e.appendPredicate(dst, &s.Predicate)
	default:
		dst = append(dst, " ,\n"...)
		dst = e.indent(dst, s, 2)
		dst = e.appendTerm(dst, &s.Object)
		return dst, nil
	}
	dst = append(dst, ' ')
	dst = e.appendTerm(dst, &s.Object)
	e.last, e.written = *s, true
	return dst, nil
}

func (e *turtleEncoder) indent(dst []byte, s *Statement, levels int) []byte {
	if s.Graph.Kind != 0 {
		levels++
	}
	return append(dst, "            "[:4*levels]...)
}

// closeGraph ends the sentence and the graph.
func (e *turtleEncoder) closeGraph(dst []byte) []byte {
	if !e.written {
		return dst
	}
	dst = append(dst, " .\n"...)
	if e.last.Graph.Kind != 0 {
		dst = append(dst, "}\n"...)
	}
	return dst
}

func (e *turtleEncoder) end(dst []byte) ([]byte, error) { return e.closeGraph(dst), nil }

func (e *turtleEncoder) appendPredicate(dst []byte, t *graph.Term) []byte {
	if t.Text == rdfType {
		return append(dst, 'a')
	}
	return e.appendTerm(dst, t)
}

func (e *turtleEncoder) appendTerm(dst []byte, t *graph.Term) []byte {
	switch t.Kind {
	case graph.IRI:
		return e.appendIRI(dst, t.Text)
	case graph.Blank:
		return appendTerm(dst, t)
	}
	if t.Datatype != "" && isBare(t.Text, t.Datatype) {
		return append(dst, t.Text...)
	}
	dst = appendString(dst, t.Text)
	if t.Language != "" {
		dst = append(dst, '@')
		return append(dst, t.Language...)
	}
	if t.Datatype != "" {
		dst = append(dst, "^^"...)
		return e.appendIRI(dst, t.Datatype)
	}
	return dst
}

// isBare reports whether a literal reads back equal without quotes.
func isBare(text, datatype string) bool {
	switch datatype {
	case xsdBoolean:
		return text == "true" || text == "false"
	case xsdInteger, xsdDecimal, xsdDouble:
		return numberType(text) == datatype
	}
	return false
}

// numberType is the datatype that a number without quotes has, or nothing.
func numberType(text string) string {
	rest := strings.TrimLeft(text, "+-")
	if len(text)-len(rest) > 1 {
		return ""
	}
	digits := func() int {
		n := 0
		for n < len(rest) && is(int(rest[n]), digit) {
			n++
		}
		rest = rest[n:]
		return n
	}
	whole, fraction, point := digits(), 0, false
	if rest != "" && rest[0] == '.' {
		point, rest = true, rest[1:]
		fraction = digits()
	}
	switch {
	case whole+fraction == 0:
		return ""
	case rest == "" && !point:
		return xsdInteger
	case rest == "" && fraction > 0:
		return xsdDecimal
	case rest == "" || rest[0]|0x20 != 'e':
		return ""
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	if digits() > 0 && rest == "" {
		return xsdDouble
	}
	return ""
}

// appendIRI writes an IRI in the shortest way that reads back equal.
func (e *turtleEncoder) appendIRI(dst []byte, iri string) []byte {
	if len(e.prefixes) == 0 && e.base == "" {
		return appendIRI(dst, iri)
	}
	slot := &e.names.slots[maphash.String(e.names.seed, iri)%uint64(len(e.names.slots))]
	if slot.iri == iri {
		return append(dst, slot.text...)
	}
	from := len(dst)
	dst = e.appendNewIRI(dst, iri)
	slot.iri, slot.text = iri, string(dst[from:])
	return dst
}

func (e *turtleEncoder) appendNewIRI(dst []byte, iri string) []byte {
	for _, n := range e.prefixes {
		if local, ok := strings.CutPrefix(iri, n.iri); ok && isLocal(local) {
			dst = append(dst, n.prefix...)
			dst = append(dst, ':')
			return append(dst, local...)
		}
	}
	if folder := e.base[:strings.LastIndexByte(e.base, '/')+1]; folder != "" {
		relative, ok := strings.CutPrefix(iri, folder)
		if ok && relative != "" && schemeLength(relative) == 0 && e.resolver.resolve(relative) == iri {
			return appendIRI(dst, relative)
		}
	}
	return appendIRI(dst, iri)
}

// isLocal reports whether a local name can be written without escapes.
func isLocal(s string) bool {
	for i, r := range s {
		switch {
		case r == ':' || i > 0 && r == '.':
		case i == 0 && !isNameStart(r), !isNameChar(r):
			return false
		}
	}
	return s == "" || s[len(s)-1] != '.'
}

// isPrefix is PN_PREFIX, or nothing.
func isPrefix(s string) bool {
	for i, r := range s {
		switch {
		case i == 0 && !isNameBase(r), r != '.' && !isNameChar(r):
			return false
		}
	}
	return (s == "" || s[len(s)-1] != '.') && utf8.ValidString(s)
}
