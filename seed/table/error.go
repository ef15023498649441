package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/validator/core"

	"chancery/seed/check"
)

// Error is one fault of a mapping.
type Error struct {
	File         string
	Line, Column int    // from 1; 0 when the fault has no place
	Key          string // the key of the mapping at fault; empty when it is none
	Reason       string // what is wrong, and what to write instead
}

// Error gives all of it in one line: visits.yaml:14:9: destination: no
// entity is called "contry"; did you mean country?
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": ")
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Errors are the faults of a mapping, in the order of the file.
type Errors = check.List[*Error] //nolint:errname // several, as one

// maxErrors is how many faults of one mapping are listed.
const maxErrors = 100

// faults collects what is wrong with a mapping.
type faults struct {
	file string
	errs Errors
}

func (f *faults) add(at place, key, format string, args ...any) {
	e := &Error{File: f.file, Line: at.line, Column: at.column, Key: key, Reason: fmt.Sprintf(format, args...)}
	if !slices.ContainsFunc(f.errs, func(before *Error) bool { return *before == *e }) {
		f.errs = append(f.errs, e)
	}
}

// err returns what was collected, in the order of the file, or nil.
func (f *faults) err() error {
	if len(f.errs) == 0 {
		return nil
	}
	slices.SortStableFunc(f.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f.errs[:min(len(f.errs), maxErrors)]
}

// suggest ends a message about a wrong word: with what is like it, or else with
// all that there is.
func suggest(given string, options []string) string {
	const longest = 64 // the cost of comparing grows with the square
	if len(given) <= longest {
		if near := core.SuggestionList(given, options); len(near) > 0 {
			return fmt.Sprintf("; did you mean %s?", near[0])
		}
	}
	if len(options) == 0 {
		return "; there are none"
	}
	sorted := slices.Sorted(slices.Values(options))
	if len(sorted) == 1 {
		return "; there is " + sorted[0]
	}
	return "; there are " + strings.Join(sorted[:len(sorted)-1], ", ") + " and " + sorted[len(sorted)-1]
}
