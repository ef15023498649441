package edit

import (
	"strings"

	"chancery/query"
)

// Errors are what is wrong with the input of one mutation, in the order in which
// it was checked. It is never empty where it is returned.
type Errors []*query.Error

// Error gives one error a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the errors to errors.As.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}

// mostListed is how many errors a client is told at once.
const mostListed = 50

func (e Errors) listed() Errors { return e[:min(len(e), mostListed)] }
