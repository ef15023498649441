package rdf

import (
	"fmt"
	"unicode/utf8"

	"chancery/graph"
)

// Fault says why no syntax can hold a term, or "".
func Fault(t graph.Term) string { return checkTerm(&t) }

// checkTerm says why no syntax can hold a term.
func checkTerm(t *graph.Term) string {
	switch t.Kind {
	case graph.IRI:
		return checkIRI(t.Text)
	case graph.Blank:
		if !isBlankLabel(t.Text) {
			return fmt.Sprintf("%q is no label of a blank node: letters, digits, \"_\", \"-\" and inner dots are", t.Text)
		}
	case graph.Literal:
		if !utf8.ValidString(t.Text) {
			return fmt.Sprintf("literal %q is not UTF-8", t.Text)
		}
		if t.Language != "" {
			if t.Datatype != "" {
				return "a literal has a language or a datatype, not both"
			}
			if !isLanguage(t.Language) {
				return fmt.Sprintf("%q is no language tag", t.Language)
			}
		}
		if t.Datatype != "" {
			return checkIRI(t.Datatype)
		}
	}
	return ""
}

// checkIRI says why a text is no absolute IRI.
func checkIRI(iri string) string {
	if schemeLength(iri) == 0 {
		return fmt.Sprintf("IRI %q is relative: give it absolute", iri)
	}
	var high byte
	for i := range len(iri) {
		c := iri[i]
		if ascii[c]&inIRI == 0 {
			return fmt.Sprintf("%q is not allowed within an IRI: give %%%02X in %q", c, c, iri)
		}
		high |= c
	}
	if high >= utf8.RuneSelf && !utf8.ValidString(iri) {
		return fmt.Sprintf("IRI %q is not UTF-8", iri)
	}
	return ""
}

// isBlankLabel is BLANK_NODE_LABEL without "_:".
func isBlankLabel(label string) bool {
	for i, r := range label {
		switch {
		case r == utf8.RuneError && !utf8.ValidString(label[i:]):
			return false
		case i == 0 && !isNameStart(r), i > 0 && r != '.' && !isNameChar(r):
			return false
		}
	}
	return label != "" && label[len(label)-1] != '.'
}
