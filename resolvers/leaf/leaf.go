// Package leaf holds the one Go type that gqlgen sees in place of every type of
// the ontology: the finished JSON of a root field.
package leaf

import "io"

// Result is the answer to one root field: JSON as package query wrote it. A nil
// Result is null.
type Result struct{ JSON []byte }

// MarshalGQL writes the JSON as it is. gqlgen's writers are buffers, so writing
// does not fail.
func (r *Result) MarshalGQL(w io.Writer) {
	if _, err := w.Write(r.JSON); err != nil {
		panic("leaf: writing to a buffer failed: " + err.Error())
	}
}

// UnmarshalGQL is there because gqlgen asks it of every scalar.
func (r *Result) UnmarshalGQL(any) error {
	panic("leaf: a Result is never an input") // unreachable unless an argument is left in the schema that gqlgen sees
}
