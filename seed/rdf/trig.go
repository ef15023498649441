package rdf

import "chancery/graph"

// namedGraph reads what follows GRAPH.
func (p *parser) namedGraph() error {
	l := &p.lexer
	if err := l.space(); err != nil {
		return err
	}
	var name graph.Term
	var err error
	switch c := l.peek(); {
	case c == '[':
		if name, err = p.anonymous(); err != nil {
			return err
		}
	case c == '<', c == '_', p.beginsName(c):
		if name, err = p.node(); err != nil {
			return err
		}
	default:
		return l.fault(l.pos, "a graph's name was expected after GRAPH: <…>, prefix:name or _:label, not %s", l.found())
	}
	if err := l.space(); err != nil {
		return err
	}
	if l.peek() != '{' {
		return l.fault(l.pos, `"{" was expected after the graph's name, not %s`, l.found())
	}
	return p.graphBlock(name)
}

// anonymous reads [ ].
func (p *parser) anonymous() (graph.Term, error) {
	l := &p.lexer
	at := l.mark()
	l.pos++
	if err := l.space(); err != nil {
		return graph.Term{}, err
	}
	if l.peek() != ']' {
		return graph.Term{}, l.faultAt(at, "a graph's name is an IRI, _:label or []: no [ … ] with properties")
	}
	l.pos++
	return graph.Term{Kind: graph.Blank, Text: p.blanks.generate()}, nil
}

// subjectOrGraph goes on behind a term that may be either.
func (p *parser) subjectOrGraph(t graph.Term) error {
	if err := p.lexer.space(); err != nil {
		return err
	}
	if p.lexer.peek() == '{' {
		if p.format == Turtle {
			return p.lexer.fault(p.lexer.pos, `Turtle has no graphs: "{" needs TriG`)
		}
		return p.graphBlock(t)
	}
	return p.topTriples(t, false)
}

// graphBlock reads { … }.
func (p *parser) graphBlock(name graph.Term) error {
	l := &p.lexer
	opened := l.mark()
	p.graph = name
	l.pos++
	for {
		if err := l.space(); err != nil {
			return err
		}
		switch c := l.peek(); {
		case c == '}':
			l.pos++
			p.graph = graph.Term{}
			return nil
		case c < 0:
			return l.fault(l.pos, `"}" is missing: the graph that begins at line %d is not closed`, opened.line)
		case c == '@':
			return l.fault(l.pos, "a directive within a graph: write it before the graph")
		case c == '{':
			return l.fault(l.pos, "a graph within a graph: close the first by \"}\"")
		}
		if err := p.graphTriples(); err != nil {
			return err
		}
		if l.peek() == '.' {
			l.pos++
		} else if l.peek() != '}' {
			return p.noStop()
		}
	}
}

// graphTriples reads the triples of a subject within a graph.
func (p *parser) graphTriples() error {
	l := &p.lexer
	switch c := l.peek(); {
	case c == '[':
		anonymous, subject, err := p.bracket(nil)
		if err != nil {
			return err
		}
		return p.predicateObjects(subject, !anonymous, '}')
	case c == '(':
		subject, err := p.collection(nil)
		if err != nil {
			return err
		}
		return p.predicateObjects(subject, false, '}')
	case c == '<', c == '_', p.beginsName(c):
		subject, err := p.node()
		if err != nil {
			return err
		}
		return p.predicateObjects(subject, false, '}')
	}
	return p.noSubject()
}
