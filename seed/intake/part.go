package intake

import (
	"context"
	"iter"
)

// Part is one file of an import.
type Part struct {
	Name string // of the file, for messages
	// Dataset is what its claims are of, claim/DATASET/KEY, where that is known
	// before they are read: a file that cannot be read retracts nothing of it.
	Dataset string
	// Partial: the file is a part of its data set, and nothing of that is retracted.
	Partial bool
	Reader  Reader
	// Counts tells what Reader has met, once it has ended; nil: only its entries
	// and rejections are counted.
	Counts func() Counts
}

// Counts are what a reader has met in a file beside its entries.
type Counts struct {
	Rows int            `json:"rows"`
	Left map[string]int `json:"left,omitempty"` // rows left out, by the mapping's reason
}

// Parts are the files of an import, opened one after the other. One that cannot be
// opened has a Reader that says so: see [Failed].
type Parts = iter.Seq[Part]

// Failed is the reader of a file that cannot be read.
func Failed(err error) Reader { return failed{err} }

type failed struct{ err error }

// Read implements [Reader].
func (f failed) Read(context.Context, func(Entry) error, func(Rejection) error) error { return f.err }
