package seed

import (
	"fmt"
	"strings"

	"chancery/seed/check"
)

// Error is one fault of a document.
type Error struct {
	File         string
	Line, Column int    // from 1; 0 when the fault has no place
	Claim        string // id of the claim; empty outside of claims
	Field        string // the key at fault; empty when it is none
	Reason       string // what is wrong, and what to write instead
}

// Error gives all of it in one line: summit.yaml:214:9: claim claim/x/y:
// visitors: nation/kz is a Nation; Person is allowed here.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": ")
	if e.Claim != "" {
		b.WriteString("claim " + e.Claim + ": ")
	}
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Errors are the faults of a document, in the order of the file as far as they
// were found together.
type Errors = check.List[*Error] //nolint:errname // several, as one
