package rdf

import "chancery/graph"

// lineEncoder writes N-Triples and N-Quads, in the canonical form of RDFC-1.0:
// one space between terms, escapes only where they must be.
type lineEncoder struct{}

func (lineEncoder) begin(dst []byte) []byte { return dst }

func (lineEncoder) append(dst []byte, s *Statement) ([]byte, error) {
	return AppendNQuad(dst, s), nil
}

func (lineEncoder) end(dst []byte) ([]byte, error) { return dst, nil }

// AppendNQuad appends a statement as a line of N-Quads, in canonical form. The
// terms are not checked.
func AppendNQuad(dst []byte, s *Statement) []byte {
	dst = appendTerm(dst, &s.Subject)
	dst = append(dst, ' ')
	dst = appendTerm(dst, &s.Predicate)
	dst = append(dst, ' ')
	dst = appendTerm(dst, &s.Object)
	if s.Graph.Kind != 0 {
		dst = append(dst, ' ')
		dst = appendTerm(dst, &s.Graph)
	}
	return append(dst, " .\n"...)
}

func appendTerm(dst []byte, t *graph.Term) []byte {
	switch t.Kind {
	case graph.IRI:
		return appendIRI(dst, t.Text)
	case graph.Blank:
		dst = append(dst, "_:"...)
		return append(dst, t.Text...)
	}
	dst = appendString(dst, t.Text)
	if t.Language != "" {
		dst = append(dst, '@')
		return append(dst, t.Language...)
	}
	if t.Datatype != "" {
		dst = append(dst, "^^"...)
		return appendIRI(dst, t.Datatype)
	}
	return dst
}

func appendIRI(dst []byte, iri string) []byte {
	dst = append(dst, '<')
	dst = append(dst, iri...)
	return append(dst, '>')
}

func appendString(dst []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	dst = append(dst, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c != 0x7F {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, `\b`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\r':
			dst = append(dst, `\r`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hex[c>>4], hex[c&0xF])
		}
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"')
}
