package rdf

import (
	"strings"

	"chancery/graph"
)

// readTurtle reads Turtle and TriG.
func (p *parser) readTurtle() error {
	for {
		if err := p.lexer.space(); err != nil {
			return err
		}
		if p.lexer.peek() < 0 {
			return p.lexer.readError()
		}
		if err := p.block(); err != nil {
			return err
		}
	}
}

// block reads a directive, the triples of a subject or a graph.
func (p *parser) block() error {
	l := &p.lexer
	switch c := l.peek(); {
	case c == '@':
		return p.atDirective()
	case c == '{':
		if p.format == Turtle {
			return l.fault(l.pos, `Turtle has no graphs: "{" needs TriG`)
		}
		return p.graphBlock(graph.Term{})
	case c == '<', c == '_':
		subject, err := p.node()
		if err != nil {
			return err
		}
		return p.subjectOrGraph(subject)
	case c == '[':
		anonymous, subject, err := p.bracket(nil)
		if err != nil {
			return err
		}
		if anonymous {
			return p.subjectOrGraph(subject)
		}
		return p.topTriples(subject, true)
	case c == '(':
		subject, err := p.collection(nil)
		if err != nil {
			return err
		}
		return p.topTriples(subject, false)
	case p.beginsName(c):
		return p.wordBlock()
	}
	return p.noSubject()
}

// noSubject says why what comes next is none.
func (p *parser) noSubject() error {
	l := &p.lexer
	switch c := l.peek(); {
	case c == '"', c == '\'', is(c, digit):
		return l.fault(l.pos, "a literal cannot be a subject: write an IRI, a prefixed name or a blank node")
	case c == '}':
		return l.fault(l.pos, `"}" closes no graph`)
	case c == ';', c == ',':
		return l.fault(l.pos, `a subject was expected, not %q: was the statement above closed by "."?`, rune(c))
	}
	return l.fault(l.pos, "a subject was expected: <…>, prefix:name, _:label, [ or (, not %s", l.found())
}

// wordBlock reads a block that begins with a keyword or a prefixed name.
func (p *parser) wordBlock() error {
	l := &p.lexer
	word, err := p.word()
	if err != nil {
		return err
	}
	if l.peek() == ':' {
		iri, err := p.local(word)
		if err != nil {
			return err
		}
		return p.subjectOrGraph(graph.Ref(iri))
	}
	switch {
	case strings.EqualFold(word, "PREFIX"):
		return p.prefixDirective(false)
	case strings.EqualFold(word, "BASE"):
		return p.baseDirective(false)
	case strings.EqualFold(word, "GRAPH") && p.format == TriG:
		return p.namedGraph()
	case strings.EqualFold(word, "GRAPH"):
		return l.faultAt(p.wordAt, "Turtle has no graphs: GRAPH needs TriG")
	}
	return l.faultAt(p.wordAt, "a subject was expected, not %q: an IRI is written <…> or prefix:name", word)
}

// topTriples reads the rest of a subject's triples and the full stop.
func (p *parser) topTriples(subject graph.Term, mayEnd bool) error {
	l := &p.lexer
	if err := p.predicateObjects(subject, mayEnd, '.'); err != nil {
		return err
	}
	if l.peek() != '.' {
		return p.noStop()
	}
	l.pos++
	return nil
}

// noStop says that a statement does not end where it could.
func (p *parser) noStop() error {
	l := &p.lexer
	if l.peek() < 0 {
		return l.fault(l.pos, `the file ends within a statement: is it cut off, or is only the last "." missing?`)
	}
	return l.fault(l.pos, `".", ";" or "," was expected after the object, not %s`, l.found())
}

// node reads an IRI, a prefixed name or a labelled blank node.
func (p *parser) node() (graph.Term, error) {
	switch p.lexer.peek() {
	case '<':
		iri, err := p.iri()
		return graph.Ref(iri), err
	case '_':
		return p.blankLabel()
	default:
		iri, err := p.prefixedName()
		return graph.Ref(iri), err
	}
}

// predicateObjects reads predicates and objects up to a closing sign, which it
// leaves. There may be none if mayEnd.
func (p *parser) predicateObjects(subject graph.Term, mayEnd bool, closing int) error {
	l := &p.lexer
	for {
		if err := l.space(); err != nil {
			return err
		}
		if c := l.peek(); mayEnd && (c == closing || c == '.') {
			return nil
		}
		predicate, err := p.predicate()
		if err != nil {
			return err
		}
		if err := p.objects(subject, predicate); err != nil {
			return err
		}
		if l.peek() != ';' {
			return nil
		}
		for l.peek() == ';' {
			l.pos++
			if err := l.space(); err != nil {
				return err
			}
		}
		mayEnd = true
	}
}

// predicate reads an IRI, a prefixed name or a.
func (p *parser) predicate() (graph.Term, error) {
	l := &p.lexer
	switch c := l.peek(); {
	case c == '<':
		iri, err := p.iri()
		return graph.Ref(iri), err
	case c == '_' || c == '[':
		return graph.Term{}, l.fault(l.pos, "a predicate cannot be a blank node: write an IRI or a prefixed name")
	case c == '"', c == '\'', is(c, digit):
		return graph.Term{}, l.fault(l.pos, "a predicate cannot be a literal: write an IRI or a prefixed name")
	case c < 0:
		return graph.Term{}, l.fault(l.pos, "the file ends within a statement: a predicate was expected")
	case p.beginsName(c):
		word, err := p.word()
		if err != nil {
			return graph.Term{}, err
		}
		if l.peek() == ':' {
			iri, err := p.local(word)
			return graph.Ref(iri), err
		}
		if word == "a" {
			return graph.Ref(rdfType), nil
		}
		return graph.Term{}, l.faultAt(p.wordAt, "a predicate was expected, not %q: an IRI is written <…> or prefix:name, rdf:type also a", word)
	}
	return graph.Term{}, l.fault(l.pos, "a predicate was expected: <…>, prefix:name or a, not %s", l.found())
}

// objects reads objects up to what is no comma.
func (p *parser) objects(subject, predicate graph.Term) error {
	l := &p.lexer
	for {
		if err := l.space(); err != nil {
			return err
		}
		s := Statement{Subject: subject, Predicate: predicate, Graph: p.graph}
		if err := p.object(&s); err != nil {
			return err
		}
		if err := l.space(); err != nil {
			return err
		}
		if l.peek() != ',' {
			return nil
		}
		l.pos++
	}
}

// object reads the object of a statement and hands the statement on, before
// those about nodes nested in it.
func (p *parser) object(s *Statement) error {
	l := &p.lexer
	s.Line = l.line
	var err error
	switch c := l.peek(); {
	case c == '[':
		_, _, err = p.bracket(s)
		return err
	case c == '(':
		_, err = p.collection(s)
		return err
	case c == '<' || c == '_':
		s.Object, err = p.node()
	case c == '"' || c == '\'':
		s.Object, err = p.literal()
	case is(c, digit) || c == '+' || c == '-' || c == '.' && is(l.peekAt(1), digit):
		s.Object, err = p.number()
	case p.beginsName(c):
		s.Object, err = p.wordObject()
	case c < 0:
		return l.fault(l.pos, "the file ends within a statement: an object was expected")
	default:
		return l.fault(l.pos, "an object was expected, not %s", l.found())
	}
	if err != nil {
		return err
	}
	return p.yield(*s)
}

// wordObject reads a prefixed name, true or false.
func (p *parser) wordObject() (graph.Term, error) {
	word, err := p.word()
	if err != nil {
		return graph.Term{}, err
	}
	switch {
	case p.lexer.peek() == ':':
		iri, err := p.local(word)
		return graph.Ref(iri), err
	case word == "true" || word == "false":
		return graph.Typed(word, xsdBoolean), nil
	}
	return graph.Term{}, p.lexer.faultAt(p.wordAt, `an object was expected, not %q: a text stands in "…", an IRI is written <…> or prefix:name`, word)
}
