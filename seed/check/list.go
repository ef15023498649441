package check

import "strings"

// List is several faults that were found together, in the order in which they are to
// be mended. It is never empty where it is returned as an error.
type List[E error] []E //nolint:errname // several, as one

// Error gives one fault a line.
func (l List[E]) Error() string {
	lines := make([]string, len(l))
	for i, one := range l {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the faults to errors.As.
func (l List[E]) Unwrap() []error {
	all := make([]error, len(l))
	for i, one := range l {
		all[i] = one
	}
	return all
}
