package graph

import (
	"strconv"
	"time"
)

// TermKind is the kind of an RDF term.
type TermKind uint8

const (
	IRI TermKind = iota + 1 // Text is the IRI: relative (person/x), compact (kg:visitor) or absolute
	Blank
	Literal
)

// Datatypes of literals, as compact IRIs. A literal without a datatype is a plain string.
const (
	Integer  = "xsd:integer"
	Decimal  = "xsd:decimal"
	Boolean  = "xsd:boolean"
	DateTime = "xsd:dateTime"
	EDTF     = "edtf:EDTF"
	// Scheme precedes the name of a code system in the datatype of an identifier: scheme:iso3166-1-alpha-2.
	Scheme = "scheme:"
)

// Term is one RDF term. Terms are equal when all their parts are.
type Term struct {
	Kind     TermKind
	Text     string
	Datatype string // of a Literal that is no plain or language-tagged string
	Language string // BCP 47 tag of a Literal
}

// Ref is the term of an entity's id, a claim's id or a compact IRI.
func Ref(iri string) Term { return Term{Kind: IRI, Text: iri} }

// Text is a plain string.
func Text(s string) Term { return Term{Kind: Literal, Text: s} }

// TextIn is a string in a language.
func TextIn(s, language string) Term { return Term{Kind: Literal, Text: s, Language: language} }

// Typed is a literal with a datatype.
func Typed(s, datatype string) Term { return Term{Kind: Literal, Text: s, Datatype: datatype} }

// Date is a rough date in EDTF. The text is not checked.
func Date(s string) Term { return Typed(s, EDTF) }

// Moment is an instant, cut to microseconds, in UTC.
func Moment(t time.Time) Term {
	return Typed(t.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano), DateTime)
}

// Number is a decimal number, in the shortest form that reads back equal.
func Number(f float64) Term { return Typed(strconv.FormatFloat(f, 'g', -1, 64), Decimal) }

// String gives the term in the manner of N-Quads, IRIs as they are stored.
func (t Term) String() string {
	switch t.Kind {
	case IRI:
		return "<" + t.Text + ">"
	case Blank:
		return "_:" + t.Text
	case Literal:
		s := strconv.Quote(t.Text)
		if t.Language != "" {
			return s + "@" + t.Language
		}
		if t.Datatype != "" {
			return s + "^^<" + t.Datatype + ">"
		}
		return s
	}
	return "<none>"
}
