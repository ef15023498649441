package rdf

// atDirective reads @prefix or @base.
func (p *parser) atDirective() error {
	l := &p.lexer
	at := l.mark()
	l.pos++
	var word string
	if is(l.peek(), letter) {
		var err error
		if word, err = p.word(); err != nil {
			return err
		}
	}
	switch word {
	case "prefix":
		return p.prefixDirective(true)
	case "base":
		return p.baseDirective(true)
	}
	return l.faultAt(at, "@%s is no directive: @prefix and @base are, in small letters", word)
}

// prefixDirective reads what follows @prefix or PREFIX.
func (p *parser) prefixDirective(stop bool) error {
	l := &p.lexer
	if err := l.space(); err != nil {
		return err
	}
	var prefix string
	if c := l.peek(); c != ':' {
		if !p.beginsName(c) {
			return l.fault(l.pos, "a prefix was expected, such as ex:, not %s", l.found())
		}
		var err error
		if prefix, err = p.word(); err != nil {
			return err
		}
		if l.peek() != ':' {
			return l.fault(l.pos, `":" is missing after prefix %q`, prefix)
		}
	}
	l.pos++
	iri, err := p.directiveIRI()
	if err != nil {
		return err
	}
	p.prefixes[prefix] = iri
	return p.directiveEnd(stop, "@prefix")
}

// baseDirective reads what follows @base or BASE.
func (p *parser) baseDirective(stop bool) error {
	iri, err := p.directiveIRI()
	if err != nil {
		return err
	}
	p.base, p.hasBase = parseReference(iri), true
	return p.directiveEnd(stop, "@base")
}

func (p *parser) directiveIRI() (string, error) {
	l := &p.lexer
	if err := l.space(); err != nil {
		return "", err
	}
	if l.peek() != '<' {
		return "", l.fault(l.pos, "an IRI in <…> was expected, not %s", l.found())
	}
	return p.iri()
}

func (p *parser) directiveEnd(stop bool, name string) error {
	l := &p.lexer
	if !stop {
		return nil
	}
	if err := l.space(); err != nil {
		return err
	}
	if l.peek() != '.' {
		return l.fault(l.pos, `"." is missing after %s, before %s`, name, l.found())
	}
	l.pos++
	return nil
}
