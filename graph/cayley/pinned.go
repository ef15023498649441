package cayley

import (
	"context"

	upstream "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"chancery/graph"
)

// Pinned is one snapshot as a Cayley QuadStore that cannot be written to. Any
// number of goroutines may use it.
type Pinned struct{ reader }

var _ upstream.QuadStore = (*Pinned)(nil)

// Pin wraps a snapshot for one query. What Cayley reads without a context of its
// own, which is to look values up, ends with ctx.
func Pin(ctx context.Context, snap graph.Snapshot) *Pinned {
	return &Pinned{reader{ctx: ctx, now: func() graph.Snapshot { return snap }}}
}

// Err returns the first error that a read has run into: some of Cayley's iterators
// drop theirs and end early, so ask when a query has ended.
func (s *Pinned) Err() error {
	if err := s.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// ApplyDeltas returns ErrReadOnly.
func (*Pinned) ApplyDeltas([]upstream.Delta, upstream.IgnoreOpts) error { return ErrReadOnly }

// NewQuadWriter returns ErrReadOnly.
func (*Pinned) NewQuadWriter() (quad.WriteCloser, error) { return nil, ErrReadOnly }

// Close does nothing: a snapshot needs no closing.
func (*Pinned) Close() error { return nil }
