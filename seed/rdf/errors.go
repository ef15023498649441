package rdf

import (
	"errors"
	"fmt"
	"strings"
)

// ErrUnknownFormat is wrapped by errors about a format that is not named, or by
// a name that is none.
var ErrUnknownFormat = errors.New("unknown RDF format")

// SyntaxError is the fault at which reading ended. What was before it has been
// handed on.
type SyntaxError struct {
	File string // Options.File
	// From 1; a column counts characters. Both are 0 where the place is not known:
	// what a JSON-LD document means is judged when it has been read.
	Line, Column int
	Reason       string // what is wrong, and what to write instead
}

// Error gives all of it in one line, such as: people.ttl:3:14: prefix foaf: is
// not declared: write @prefix foaf: <…> . above.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(e.Reason)
	return b.String()
}

// TermError is a statement that the format cannot hold. Nothing of it was
// written, and the writer can go on.
type TermError struct {
	Statement Statement
	Reason    string // what is wrong, and what to give instead
}

// Error names the statement.
func (e *TermError) Error() string {
	s := e.Statement
	return fmt.Sprintf("cannot write %v %v %v: %s", s.Subject, s.Predicate, s.Object, e.Reason)
}
