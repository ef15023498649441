package rdf

import (
	"bytes"
	"unicode/utf8"

	"chancery/graph"
)

// quickTerms are terms of N-Triples and N-Quads by the bytes that stand for them, so
// that those which come again are neither scanned nor made again. What is not written
// the simplest way is left to the scanner, faults with it.
type quickTerms struct {
	subject, graph quickTerm // the last ones: mostly these come next
	slots          slots[quickTerm]
}

type quickTerm struct {
	written string
	term    graph.Term
}

func newQuickTerms() *quickTerms {
	return &quickTerms{slots: newSlots(func(t quickTerm) string { return t.written })}
}

// quickSubject returns the subject that begins at the next place, if it is simple and
// the window has all of it; quickGraph and quickTerm likewise.
func (p *parser) quickSubject() (graph.Term, bool) { return p.quickLast(&p.quick.subject) }

func (p *parser) quickGraph() (graph.Term, bool) { return p.quickLast(&p.quick.graph) }

// quickLast does not keep what comes in the slots: new subjects would drive out terms
// that come again.
func (p *parser) quickLast(last *quickTerm) (graph.Term, bool) {
	l := &p.lexer
	rest := l.buf[l.pos:]
	if last.written == "" || !bytes.HasPrefix(rest, []byte(last.written)) {
		written := quickToken(rest)
		if len(written) == 0 || len(written) > l.limit || rest[0] != '<' {
			return graph.Term{}, false
		}
		if slot := p.quick.slots.of(written); slot.written == string(written) {
			*last = *slot
		} else if made, ok := makeQuick(written); ok {
			*last = made
		} else {
			return graph.Term{}, false
		}
	}
	l.pos += len(last.written)
	return last.term, true
}

func (p *parser) quickTerm() (graph.Term, bool) {
	l := &p.lexer
	rest := l.buf[l.pos:]
	written := quickToken(rest)
	if len(written) == 0 || len(written) > l.limit {
		return graph.Term{}, false
	}
	if written[0] == '"' {
		// A language or a datatype may also follow after a blank.
		after := bytes.TrimLeft(rest[len(written):], " \t")
		if len(after) == 0 || after[0] == '@' || after[0] == '^' {
			return graph.Term{}, false
		}
	}
	slot := p.quick.slots.of(written)
	if slot.written != string(written) {
		made, ok := makeQuick(written)
		if !ok {
			return graph.Term{}, false
		}
		if len(written) > internMax { // it hardly comes again
			l.pos += len(written)
			return made.term, true
		}
		p.quick.slots.put(slot, made)
	}
	l.pos += len(written)
	return slot.term, true
}

// quickToken returns the bytes of the IRI or literal that text begins with, with
// brackets or quotes, language and datatype; none where that takes a scanner.
func quickToken(text []byte) []byte {
	if len(text) == 0 {
		return nil
	}
	switch text[0] {
	case '<':
		return text[:bytes.IndexByte(text, '>')+1]
	case '"':
		end := bytes.IndexByte(text[1:], '"') + 2
		if end < 2 {
			return nil
		}
		for i, c := range text[end:] {
			if c == ' ' || c == '\t' || c == '\r' || c == '\n' {
				return text[:end+i]
			}
		}
	}
	return nil
}

// makeQuick makes a term of its bytes; ok is false where they are not simple.
func makeQuick(written []byte) (made quickTerm, ok bool) {
	if written[0] == '<' {
		if !isQuickIRI(written) {
			return made, false
		}
		made.written = string(written)
		made.term = graph.Term{Kind: graph.IRI, Text: made.written[1 : len(written)-1]}
		return made, true
	}
	end := bytes.IndexByte(written[1:], '"') + 1
	text, suffix := written[1:end], written[end+1:]
	if bytes.IndexByte(text, '\\') >= 0 || bytes.IndexByte(text, '\n') >= 0 || bytes.IndexByte(text, '\r') >= 0 || !utf8.Valid(text) {
		return made, false
	}
	language, datatype := 0, 0 // where they begin
	switch {
	case len(suffix) == 0:
	case suffix[0] == '@' && isLanguage(suffix[1:]):
		language = end + 2
	case len(suffix) > 3 && suffix[0] == '^' && suffix[1] == '^' && isQuickIRI(suffix[2:]):
		datatype = end + 4
	default:
		return made, false
	}
	made.written = string(written)
	made.term = graph.Term{Kind: graph.Literal, Text: made.written[1:end]}
	if language > 0 {
		made.term.Language = made.written[language:]
	}
	if datatype > 0 {
		if made.term.Datatype = made.written[datatype : len(written)-1]; made.term.Datatype == xsdString {
			made.term.Datatype = ""
		}
	}
	return made, true
}

// isQuickIRI reports whether <…> is an absolute IRI of ASCII without escapes.
func isQuickIRI(written []byte) bool {
	last := len(written) - 1
	if last < 2 || written[0] != '<' || written[last] != '>' {
		return false
	}
	for _, c := range written[1:last] {
		if c >= utf8.RuneSelf || ascii[c]&inIRI == 0 {
			return false
		}
	}
	return schemeLength(written[1:last]) > 0
}
