package rdf

import (
	"unicode/utf8"

	"chancery/graph"
)

// beginsName reports whether a prefixed name or a keyword may begin with c.
func (p *parser) beginsName(c int) bool {
	return c == ':' || is(c, letter) || c >= utf8.RuneSelf
}

// prefixedName reads prefix:local and gives the IRI.
func (p *parser) prefixedName() (string, error) {
	word, err := p.word()
	if err != nil {
		return "", err
	}
	if p.lexer.peek() != ':' {
		return "", p.lexer.faultAt(p.wordAt, `%q was not expected here: an IRI is written <…> or prefix:name`, word)
	}
	return p.local(word)
}

// word reads the letters before a colon, or a keyword. They begin at wordAt.
func (p *parser) word() (string, error) {
	l := &p.lexer
	p.wordAt = l.mark()
	if l.peek() == ':' {
		return "", nil
	}
	r, size, at := l.rune(l.pos)
	l.pos = at
	if size == 0 {
		return "", l.badByte(l.pos)
	}
	if !isNameBase(r) {
		return "", l.fault(l.pos, "%s was not expected here: an IRI is written <…> or prefix:name", l.found())
	}
	word, err := p.name(nil)
	if err != nil {
		return "", err
	}
	return p.strings.string(word), nil
}

// local reads the colon and the local name behind a prefix.
func (p *parser) local(prefix string) (string, error) {
	l := &p.lexer
	namespace, ok := p.prefixes[prefix]
	if !ok {
		return "", l.faultAt(p.wordAt, "prefix %s: is not declared: write @prefix %s: <…> . above", prefix, prefix)
	}
	l.pos++ // the colon
	switch c := l.peek(); {
	case is(c, nameBase|digit) || c == '_' || c == ':' || c == '%' || c == '\\':
	case c >= utf8.RuneSelf:
		r, size, at := l.rune(l.pos)
		l.pos = at
		if size == 0 {
			return "", l.badByte(l.pos)
		}
		if !isNameStart(r) {
			return namespace, nil
		}
	default:
		return namespace, nil
	}
	p.escapedLocal = false
	name, err := p.name(p.localExtra)
	if err != nil {
		return "", err
	}
	out := append(p.scratch[:0], namespace...)
	if !p.escapedLocal {
		out = append(out, name...)
	} else {
		for i := 0; i < len(name); i++ {
			if name[i] == '\\' {
				i++
			}
			out = append(out, name[i])
		}
	}
	p.scratch = out
	return p.strings.string(out), nil
}

// localExtra accepts what a local name may hold beyond name characters: ":",
// %HH and escaped signs.
func (p *parser) localExtra(i int) (size, at int, err error) {
	l := &p.lexer
	switch l.buf[i] {
	case ':':
		return 1, i, nil
	case '%':
		last, ok := l.more(i + 2)
		i = last - 2
		if !ok || ascii[l.buf[i+1]]&hexDigit == 0 || ascii[l.buf[i+2]]&hexDigit == 0 {
			return 0, i, l.fault(i, `"%%" in a name needs two hexadecimal digits: write %%25 for "%%" itself`)
		}
		return 3, i, nil
	case '\\':
		last, ok := l.more(i + 1)
		i = last - 1
		if !ok || l.buf[i+1] >= utf8.RuneSelf || ascii[l.buf[i+1]]&escapable == 0 {
			return 0, i, l.fault(i, `"\" in a name goes before one of _~.-!$&'()*+,;=/?#@%%: write the IRI in <…> instead`)
		}
		p.escapedLocal = true
		return 2, i, nil
	}
	return 0, i, nil
}

// number reads an integer, decimal or double as it is written.
func (p *parser) number() (graph.Term, error) {
	l := &p.lexer
	n := 0
	digits := func() (count int) {
		for is(l.peekAt(n), digit) {
			n++
			count++
		}
		return count
	}
	if c := l.peek(); c == '+' || c == '-' {
		n++
	}
	l.keep = l.pos
	defer func() { l.keep = -1 }()
	datatype := xsdInteger
	whole := digits()
	fraction := 0
	if l.peekAt(n) == '.' && (is(l.peekAt(n+1), digit) || whole > 0 && p.exponentAt(n+1) > 0) {
		n++
		fraction = digits()
		datatype = xsdDecimal
	}
	if whole+fraction == 0 {
		return graph.Term{}, l.fault(l.pos, "a number needs a digit after its sign or point, not %s", l.found())
	}
	if size := p.exponentAt(n); size > 0 {
		n += size
		digits()
		datatype = xsdDouble
	}
	if n > l.limit {
		return graph.Term{}, l.fault(l.pos, "number of more than %d digits", l.limit)
	}
	text := p.strings.string(l.buf[l.pos : l.pos+n])
	l.pos += n
	return graph.Typed(text, datatype), nil
}

// exponentAt is the length of the e and sign n places on, or 0 if no exponent is
// there.
func (p *parser) exponentAt(n int) int {
	l := &p.lexer
	if c := l.peekAt(n); c != 'e' && c != 'E' {
		return 0
	}
	size := 1
	if c := l.peekAt(n + 1); c == '+' || c == '-' {
		size++
	}
	if !is(l.peekAt(n+size), digit) {
		return 0
	}
	return size
}
