package statements_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"chancery/schema"
	"chancery/seed/intake"
	"chancery/seed/statements"
)

// lent is a file without end, which may be read until it is given back.
type lent struct {
	lines int
	back  bool // a race if anybody reads still
}

func (l *lent) Read(p []byte) (int, error) {
	if l.back {
		panic("the file is read after it was given back")
	}
	l.lines++
	return copy(p, fmt.Sprintf("<https://chancery.example/nation/n-%d> <https://example.org/p> \"x\" .\n", l.lines)), nil
}

// TestReadingEnds: whoever is done with a reader, or stops it, is done with its file.
func TestReadingEnds(t *testing.T) {
	o, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	for _, entries := range []int{1, 2, 700} {
		file := &lent{}
		r := statements.New(file, o, statements.Options{File: "a.nt", Base: "https://chancery.example/", Held: 1})
		err := r.Read(t.Context(), func(intake.Entry) error {
			if entries--; entries == 0 {
				return full
			}
			return nil
		}, nil)
		file.back = true
		if !errors.Is(err, full) {
			t.Errorf("reading gives %v, want what taking gave", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	file := &lent{}
	r := statements.New(file, o, statements.Options{File: "a.nt", Base: "https://chancery.example/", Held: 1})
	err = r.Read(ctx, func(intake.Entry) error { cancel(); return nil }, nil)
	file.back = true
	if !errors.Is(err, context.Canceled) {
		t.Errorf("reading gives %v, want that it was cancelled", err)
	}
	broken := io.MultiReader(io.LimitReader(&lent{}, 5000), failing{})
	r = statements.New(broken, o, statements.Options{File: "a.nt", Base: "https://chancery.example/"})
	taken := 0
	err = r.Read(t.Context(), func(intake.Entry) error { taken++; return nil }, nil)
	if !errors.Is(err, io.ErrClosedPipe) || taken < 50 || r.Counts().Rows != taken-1 {
		t.Errorf("of a file that breaks off, %d entries of %d statements are taken: %v", taken, r.Counts().Rows, err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
