package rdf

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"chancery/graph"
)

// iriRef scans <…> and gives what is inside, escapes resolved. It holds until
// the next token.
func (p *parser) iriRef() ([]byte, error) {
	l := &p.lexer
	l.keep = l.pos
	defer func() { l.keep = -1 }()
	i, escaped := l.pos+1, false
	var high byte
	for {
		for i < len(l.buf) && ascii[l.buf[i]]&inIRI != 0 {
			high |= l.buf[i]
			i++
		}
		var ok bool
		if i, ok = l.more(i); !ok {
			return nil, l.fault(l.keep, `IRI is not closed: ">" is missing`)
		}
		if l.tooLong(i) {
			return nil, l.fault(l.keep, `IRI of more than %d bytes: is ">" missing?`, l.limit)
		}
		switch c := l.buf[i]; {
		case c == '>':
			if err := l.checkUTF8(l.keep, i, high); err != nil {
				return nil, err
			}
			iri := l.buf[l.keep+1 : i]
			if escaped {
				var err error
				if iri, err = p.unescape(l.keep+1, i, true); err != nil {
					return nil, err
				}
			}
			l.pos = i + 1
			return iri, nil
		case c == '\\':
			escaped = true
			i++
		case ascii[c]&inIRI == 0:
			return nil, p.badInIRI(i)
		}
	}
}

func (p *parser) badInIRI(i int) error {
	l := &p.lexer
	switch c := l.buf[i]; {
	case c == ' ':
		return l.fault(i, "a space within an IRI: write %%20, or close the IRI with \">\"")
	case c == '\n' || c == '\r':
		return l.fault(l.keep, `IRI is not closed: ">" is missing on its line`)
	case c < ' ':
		return l.fault(i, "control character U+%04X within an IRI: write %%%02X", c, c)
	default:
		return l.fault(i, "%q is not allowed within an IRI: write %%%02X, or close the IRI with \">\"", c, c)
	}
}

// stringBody scans a literal's text, escapes resolved, with its quotes: 1 or 3
// of them. It holds until the next token.
func (p *parser) stringBody(quote byte, quotes int) ([]byte, error) {
	l := &p.lexer
	l.keep = l.pos
	defer func() { l.keep = -1 }()
	if quotes == 3 {
		p.opened = l.mark()
	}
	i, escaped := l.pos+quotes, false
	var high byte
	for {
		for i < len(l.buf) {
			c := l.buf[i]
			if c == quote || c == '\\' || c == '\n' || c == '\r' {
				break
			}
			high |= c
			i++
		}
		var ok bool
		if i, ok = l.more(i); !ok {
			return nil, l.faultAt(p.placeIn(l.keep, i), "string is not closed: %s is missing", strings.Repeat(string(quote), quotes))
		}
		if l.tooLong(i) {
			return nil, l.faultAt(p.placeIn(l.keep, i), "string of more than %d bytes: is it not closed? Otherwise raise the limit", l.limit)
		}
		switch l.buf[i] {
		case '\\':
			if i, ok = l.more(i + 1); !ok {
				continue
			}
			escaped = true
			if c := l.buf[i]; c != '\n' && c != '\r' {
				i++
			}
		case '\n', '\r':
			if quotes == 1 {
				return nil, l.fault(l.keep, "string is not closed on its line: %c is missing, or write \\n for a line end%s", quote, p.longStrings())
			}
			l.newline(i)
			i++
		case quote:
			if quotes == 3 {
				if i, ok = p.closes(i, quote); !ok {
					i++
					continue
				}
			}
			text := l.buf[l.keep+quotes : i]
			if err := p.checkText(i, high); err != nil {
				return nil, err
			}
			if escaped {
				var err error
				if text, err = p.unescape(l.keep+quotes, i, false); err != nil {
					return nil, err
				}
			}
			l.pos = i + quotes
			return text, nil
		}
	}
}

func (p *parser) longStrings() string {
	if p.byLine {
		return ""
	}
	return `; """…""" may span lines`
}

// closes reports whether three quotes begin at i. Of more than three the last
// three close the string, so that it may not end in a quote itself: the grammar
// allows at most two in a row inside.
func (p *parser) closes(i int, quote byte) (int, bool) {
	l := &p.lexer
	last, ok := l.more(i + 2)
	i = last - 2
	return i, ok && l.buf[i+1] == quote && l.buf[i+2] == quote
}

// checkText checks a string up to i, which may span lines: a fault's place is
// told for the line it is on.
func (p *parser) checkText(i int, high byte) error {
	l := &p.lexer
	if high < utf8.RuneSelf || utf8.Valid(l.buf[l.keep:i]) {
		return nil
	}
	at := l.keep
	for at < i {
		r, size := utf8.DecodeRune(l.buf[at:i])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return l.faultAt(p.placeIn(at, i), "byte 0x%02X is not UTF-8: convert the file to UTF-8 (from Latin-1, say: iconv -f latin1 -t utf-8)", l.buf[at])
}

// placeIn is the place of index at within a token that has been scanned up to
// end, perhaps over lines.
func (p *parser) placeIn(at, end int) place {
	l := &p.lexer
	if at >= l.lineFrom {
		return l.at(at)
	}
	text := string(l.buf[l.keep:end])
	text = strings.ReplaceAll(text, "\r\n", "\x00\n") // one line end, the same length
	text = strings.ReplaceAll(text, "\r", "\n")
	before, after := text[:at-l.keep], text[at-l.keep:]
	line := l.line - strings.Count(after, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	column := utf8.RuneCountInString(before[start:]) + 1
	if start == 0 {
		column += p.opened.column - 1
	}
	return place{line, column}
}

// unescape resolves the escapes of buf[from:to]: \uXXXX and \UXXXXXXXX, and in
// strings also \n and the like.
func (p *parser) unescape(from, to int, iri bool) ([]byte, error) {
	l := &p.lexer
	out := p.scratch[:0]
	for i := from; i < to; {
		c := l.buf[i]
		if c != '\\' {
			out = append(out, c)
			i++
			continue
		}
		c = l.buf[i+1]
		plain := strings.IndexByte(`tbnrf"'\`, c)
		switch {
		case c == 'u' || c == 'U':
			r, size, err := p.codePoint(i, to)
			if err != nil {
				return nil, err
			}
			if iri && r < utf8.RuneSelf && ascii[r]&inIRI == 0 {
				return nil, l.faultAt(p.placeIn(i, to), "%s stands for %q, which is not allowed within an IRI: write %%%02X", l.buf[i:i+size], r, r)
			}
			out = utf8.AppendRune(out, r)
			i += size
		case iri:
			return nil, l.faultAt(p.placeIn(i, to), `"\%c" is no escape within an IRI: only \uXXXX and \UXXXXXXXX are`, p.runeAt(i+1))
		case plain >= 0:
			out = append(out, "\t\b\n\r\f\"'\\"[plain])
			i += 2
		default:
			return nil, l.faultAt(p.placeIn(i, to), `"\%c" is no escape: \t \b \n \r \f \" \' \\ \uXXXX \UXXXXXXXX are; write \\ for a backslash`, p.runeAt(i+1))
		}
	}
	p.scratch = out
	return out, nil
}

// runeAt is a character of a token that has been checked.
func (p *parser) runeAt(i int) rune {
	r, _ := utf8.DecodeRune(p.lexer.buf[i:])
	return r
}

// codePoint reads the \u or \U at i.
func (p *parser) codePoint(i, to int) (rune, int, error) {
	l := &p.lexer
	size := 6
	if l.buf[i+1] == 'U' {
		size = 10
	}
	for n := 2; n < size; n++ {
		if i+n >= to || ascii[l.buf[i+n]]&hexDigit == 0 {
			return 0, 0, l.faultAt(p.placeIn(i, to), `"\%c" needs %d hexadecimal digits`, l.buf[i+1], size-2)
		}
	}
	n, err := strconv.ParseUint(string(l.buf[i+2:i+size]), 16, 32)
	r := rune(n)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(r) {
		return 0, 0, l.faultAt(p.placeIn(i, to), "%s is no character: surrogates and what is above U+10FFFF are not; write the character itself, in UTF-8", l.buf[i:i+size])
	}
	return r, size, nil
}

// name scans name characters, with dots inside but not at the end, and gives
// them. What a local name allows beyond is judged by extra, which returns how
// many bytes at i belong to the name. The name holds until the next token.
func (p *parser) name(extra func(i int) (size, at int, err error)) ([]byte, error) {
	l := &p.lexer
	l.keep = l.pos
	defer func() { l.keep = -1 }()
	i, end := l.pos, l.pos // end is behind the last character that is no dot
	for {
		for i < len(l.buf) && ascii[l.buf[i]]&nameChar != 0 && l.buf[i] < utf8.RuneSelf {
			i++
			end = i
		}
		shift := l.keep
		var ok bool
		i, ok = l.more(i)
		end -= shift - l.keep
		if !ok {
			break
		}
		if l.tooLong(i) {
			return nil, l.fault(l.keep, "name of more than %d bytes", l.limit)
		}
		if l.buf[i] == '.' {
			i++
			continue
		}
		if extra != nil {
			size, at, err := extra(i)
			if err != nil {
				return nil, err
			}
			end -= i - at
			if i = at; size > 0 {
				i += size
				end = i
				continue
			}
		}
		r, size, at := l.rune(i)
		end -= i - at
		i = at
		if size == 0 {
			return nil, l.badByte(i)
		}
		if !isNameChar(r) {
			break
		}
		i += size
		end = i
	}
	l.pos = end
	return l.buf[l.keep:end], nil
}

// blankLabel reads _:label and gives the node.
func (p *parser) blankLabel() (graph.Term, error) {
	l := &p.lexer
	if l.peekAt(1) != ':' {
		return graph.Term{}, l.fault(l.pos, `":" is missing after "_": a blank node is written _:label`)
	}
	c := l.peekAt(2)
	if c >= utf8.RuneSelf {
		r, _, at := l.rune(l.pos + 2)
		l.pos = at - 2
		if !isNameStart(r) {
			c = -1
		}
	} else if !is(c, nameBase|digit) && c != '_' {
		c = -1
	}
	if c < 0 {
		return graph.Term{}, l.fault(l.pos, "blank node without a label: write _: and a letter, digit or underscore")
	}
	l.pos += 2
	label, err := p.name(nil)
	if err != nil {
		return graph.Term{}, err
	}
	text := p.strings.string(label)
	if p.byLine {
		if l.peek() == ':' {
			return graph.Term{}, l.fault(l.pos, `":" is not allowed in a blank node's label`)
		}
		return graph.Term{Kind: graph.Blank, Text: text}, nil
	}
	return graph.Term{Kind: graph.Blank, Text: p.blanks.written(text)}, nil
}

// language reads @tag.
func (p *parser) language() (string, error) {
	l := &p.lexer
	l.keep = l.pos
	defer func() { l.keep = -1 }()
	i := l.pos + 1
	for {
		var ok bool
		if i, ok = l.more(i); !ok || l.tooLong(i) {
			break
		}
		if c := l.buf[i]; !is(int(c), letter|digit) && c != '-' {
			break
		}
		i++
	}
	tag := l.buf[l.keep+1 : i]
	if !isLanguage(tag) {
		return "", l.fault(l.keep, `"@%s" is no language tag: write letters, then perhaps "-" and letters or digits, such as @en or @pt-BR`, tag)
	}
	if i < len(l.buf) && l.buf[i] == '_' {
		return "", l.fault(i, `"_" in a language tag: write "-", as in @pt-BR`)
	}
	text := p.strings.string(tag)
	l.pos = i
	return text, nil
}
