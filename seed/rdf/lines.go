package rdf

import "chancery/graph"

// readLines reads N-Triples and N-Quads.
func (p *parser) readLines() error {
	l := &p.lexer
	for {
		l.blanks()
		switch l.peek() {
		case -1:
			return l.readError()
		case '\n', '\r':
			l.newline(l.pos)
			l.pos++
		case '#':
			if err := l.comment(); err != nil {
				return err
			}
		default:
			if err := p.line(); err != nil {
				return err
			}
		}
	}
}

// line reads a statement up to the end of its line.
func (p *parser) line() error {
	l := &p.lexer
	s := Statement{Line: l.line}
	var err error
	var quick bool
	if s.Subject, quick = p.quickSubject(); !quick {
		if s.Subject, err = p.lineSubject(); err != nil {
			return err
		}
	}
	l.blanks()
	if l.peek() != '<' {
		return l.fault(l.pos, "a predicate was expected: an IRI in <…>, not %s", l.found())
	}
	if s.Predicate, quick = p.quickTerm(); !quick {
		if s.Predicate, err = p.lineIRI(); err != nil {
			return err
		}
	}
	l.blanks()
	if s.Object, quick = p.quickTerm(); !quick {
		if s.Object, err = p.lineObject(); err != nil {
			return err
		}
	}
	l.blanks()
	if c := l.peek(); p.format == NQuads && (c == '<' || c == '_') {
		if s.Graph, quick = p.quickGraph(); !quick {
			if s.Graph, err = p.lineSubject(); err != nil {
				return err
			}
		}
		l.blanks()
	}
	if err := p.lineEnd(s.Graph); err != nil {
		return err
	}
	return p.yield(s)
}

// lineSubject reads an IRI or a blank node.
func (p *parser) lineSubject() (graph.Term, error) {
	switch l := &p.lexer; l.peek() {
	case '<':
		return p.lineIRI()
	case '_':
		return p.blankLabel()
	case '"':
		return graph.Term{}, l.fault(l.pos, "a literal cannot be a subject: write an IRI in <…> or a blank node _:label")
	case '@':
		return graph.Term{}, l.fault(l.pos, "%v has no prefixes and no base: is this Turtle or TriG?", p.format)
	default:
		return graph.Term{}, l.fault(l.pos, "a subject was expected: an IRI in <…> or a blank node _:label, not %s", l.found())
	}
}

func (p *parser) lineIRI() (graph.Term, error) {
	iri, err := p.iri()
	return graph.Term{Kind: graph.IRI, Text: iri}, err
}

func (p *parser) lineObject() (graph.Term, error) {
	switch l := &p.lexer; l.peek() {
	case '<':
		return p.lineIRI()
	case '_':
		return p.blankLabel()
	case '"':
		return p.literal()
	default:
		return graph.Term{}, l.fault(l.pos, `an object was expected: an IRI in <…>, a blank node _:label or a literal in "…", not %s`, l.found())
	}
}

// lineEnd reads the full stop, perhaps a comment, and stops before the line end.
func (p *parser) lineEnd(graphName graph.Term) error {
	l := &p.lexer
	if c := l.peek(); c != '.' {
		switch {
		case c == '<' || c == '_' || c == '"':
			if p.format == NTriples {
				return l.fault(l.pos, `a fourth term: write "." after the object; graph names need N-Quads`)
			}
			if graphName.Kind == 0 {
				return l.fault(l.pos, "a graph name is an IRI in <…> or a blank node, not a literal")
			}
			return l.fault(l.pos, `a fifth term: write "." after the graph name`)
		case c == ',' || c == ';':
			return l.fault(l.pos, "%v has no %q: write each statement in full, or is this Turtle?", p.format, rune(c))
		}
		return l.fault(l.pos, `"." is missing at the end of the statement, before %s`, l.found())
	}
	l.pos++
	l.blanks()
	switch l.peek() {
	case -1, '\n', '\r', '#':
		return nil
	}
	return l.fault(l.pos, "the line should end after \".\": write each statement on a line of its own, not %s behind", l.found())
}
