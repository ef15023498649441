package rdf

import (
	"fmt"
	"io"

	"chancery/graph"
)

// Read calls yield for each statement of r, in the order of the file, and stops
// at the first fault or at the first error of yield, which it returns as it is.
// A statement that is written twice comes twice.
//
// A blank node keeps its label; nodes without one are called genid0, genid1, …
// in their order, past labels that the file itself uses. So the same file gives
// the same labels, and nothing keeps two files from using the same one.
//
// The error is a *SyntaxError, one of r that names the place, one of yield, or
// says which option is wrong. Cost: linear; one allocation for each text that
// has not come shortly before.
func Read(r io.Reader, o Options, yield func(Statement) error) error {
	o, err := o.withFormat()
	if err != nil {
		return err
	}
	if !o.Format.known() {
		return fmt.Errorf("%w %v", ErrUnknownFormat, o.Format)
	}
	if o.Base != "" && schemeLength(o.Base) == 0 {
		return fmt.Errorf("base IRI %q is relative: give it a scheme, as in https://example.org/", o.Base)
	}
	if o.Format == JSONLD {
		return readJSONLD(r, o, yield)
	}
	return newParser(r, o, yield).read()
}

// parser reads N-Triples, N-Quads, Turtle and TriG.
type parser struct {
	lexer   lexer
	yield   func(Statement) error
	format  Format
	byLine  bool // N-Triples, N-Quads
	blanks  blankLabels
	strings *interner
	quick   *quickTerms // byLine

	base     reference
	hasBase  bool
	prefixes map[string]string
	graph    graph.Term // of the block that is being read

	depth        int    // of nested [ and (
	wordAt       place  // where the last word began
	escapedLocal bool   // the local name that is being read has a backslash
	opened       place  // of the last string in triple quotes
	scratch      []byte // what unescaping makes
}

func newParser(r io.Reader, o Options, yield func(Statement) error) *parser {
	p := &parser{
		lexer:    *newLexer(r, o.File, o.maxBytes()),
		yield:    yield,
		format:   o.Format,
		byLine:   o.Format == NTriples || o.Format == NQuads,
		strings:  newInterner(),
		prefixes: make(map[string]string, len(o.Prefixes)),
	}
	if o.Base != "" {
		p.base, p.hasBase = parseReference(o.Base), true
	}
	for name, iri := range o.Prefixes {
		p.prefixes[name] = iri
	}
	return p
}

func (p *parser) read() error {
	if err := p.lexer.start(); err != nil {
		return err
	}
	if p.byLine {
		p.quick = newQuickTerms()
		return p.readLines()
	}
	return p.readTurtle()
}

// iri reads <…> and resolves it.
func (p *parser) iri() (string, error) {
	at := p.lexer.mark()
	iri, err := p.iriRef()
	if err != nil {
		return "", err
	}
	if schemeLength(iri) > 0 {
		return p.strings.string(iri), nil
	}
	switch {
	case p.byLine:
		return "", p.lexer.faultAt(at, "<%s> is a relative IRI: %v has only absolute ones, such as <https://example.org/%s>", iri, p.format, iri)
	case !p.hasBase:
		return "", p.lexer.faultAt(at, "<%s> is a relative IRI and there is no base: write @base <https://…> . above, or give a base IRI", iri)
	}
	return p.base.resolve(string(iri)), nil
}

// literal reads a literal that begins with a quote.
func (p *parser) literal() (graph.Term, error) {
	l := &p.lexer
	quote, quotes := byte(l.peek()), 1
	if !p.byLine && l.peekAt(1) == int(quote) && l.peekAt(2) == int(quote) {
		quotes = 3
	}
	text, err := p.stringBody(quote, quotes)
	if err != nil {
		return graph.Term{}, err
	}
	t := graph.Term{Kind: graph.Literal, Text: p.strings.string(text)}
	adjacent := l.peek() == '@'
	if p.byLine {
		l.blanks()
	} else if err := l.space(); err != nil {
		return t, err
	}
	switch l.peek() {
	case '@':
		at := l.mark()
		t.Language, err = p.language()
		if !adjacent && (t.Language == "prefix" || t.Language == "base") {
			return t, l.faultAt(at, `"." is missing before @%s`, t.Language)
		}
	case '^':
		t.Datatype, err = p.datatype()
	}
	return t, err
}

// datatype reads ^^ and an IRI.
func (p *parser) datatype() (string, error) {
	l := &p.lexer
	if l.peekAt(1) != '^' {
		return "", l.fault(l.pos, `"^" is missing: a datatype follows "^^"`)
	}
	l.pos += 2
	if p.byLine {
		l.blanks()
	} else if err := l.space(); err != nil {
		return "", err
	}
	var iri string
	var err error
	switch c := l.peek(); {
	case c == '<':
		iri, err = p.iri()
	case !p.byLine && p.beginsName(c):
		iri, err = p.prefixedName()
	default:
		return "", l.fault(l.pos, `a datatype's IRI was expected after "^^", not %s`, l.found())
	}
	if iri == xsdString {
		iri = ""
	}
	return iri, err
}
