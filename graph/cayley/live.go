package cayley

import (
	"context"
	"sync"

	upstream "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"chancery/graph"
)

// Live is a store as a Cayley QuadStore that reads its newest commit and writes.
// Any number of goroutines may use it.
type Live struct {
	reader
	store graph.Store
	write sync.Mutex // one ApplyDeltas at a time: it reads before it commits
}

var _ upstream.QuadStore = (*Live)(nil)

// NewLive wraps a store and takes it over: closing the one closes the other.
func NewLive(store graph.Store) *Live {
	return &Live{store: store, reader: reader{ctx: context.Background(), now: store.Snapshot, moves: true}}
}

// Pin returns the newest commit, to run a query on.
func (s *Live) Pin(ctx context.Context) *Pinned { return Pin(ctx, s.store.Snapshot()) }

// Close closes the store; its error is the store's.
func (s *Live) Close() error { return s.store.Close() }

// ApplyDeltas applies the deltas in their order, as one commit, all or none.
//
// To add a quad that is there is ErrQuadExists unless IgnoreDup, to delete one
// that is not is ErrQuadNotExist unless IgnoreMissing; a quad counts as there
// when the deltas before have added it. Quads that other writers of the store
// commit meanwhile may be missed by this check, never lost.
// The error is a *graph.DeltaError of Cayley's that names the delta, wrapping one
// of these, ErrInvalidAction, quad.ErrInvalid (a part is missing or empty) or a
// *ValueError; or it is the store's.
func (s *Live) ApplyDeltas(deltas []upstream.Delta, ignore upstream.IgnoreOpts) error {
	s.write.Lock()
	defer s.write.Unlock()
	snap := s.store.Snapshot()
	touched := make(map[terms]*change, len(deltas))
	var order []terms // of touched, so that equal deltas make equal batches
	for _, d := range deltas {
		t, err := termsOf(d.Quad)
		if err != nil {
			return &upstream.DeltaError{Delta: d, Err: err}
		}
		c := touched[t]
		if c == nil {
			there, err := t.in(s.ctx, snap)
			if err != nil {
				return err
			}
			c = &change{before: there, after: there}
			touched[t] = c
			order = append(order, t)
		}
		switch {
		case d.Action != upstream.Add && d.Action != upstream.Delete:
			return &upstream.DeltaError{Delta: d, Err: upstream.ErrInvalidAction}
		case d.Action == upstream.Add && c.after && !ignore.IgnoreDup:
			return &upstream.DeltaError{Delta: d, Err: upstream.ErrQuadExists}
		case d.Action == upstream.Delete && !c.after && !ignore.IgnoreMissing:
			return &upstream.DeltaError{Delta: d, Err: upstream.ErrQuadNotExist}
		}
		c.after = d.Action == upstream.Add
	}
	var b graph.Batch
	for _, t := range order {
		switch c := touched[t]; {
		case c.after && !c.before:
			b.AddQuad(t.subject, t.predicate, t.object, t.label)
		case !c.after && c.before:
			b.RemoveQuad(t.subject, t.predicate, t.object, t.label)
		}
	}
	_, err := s.store.Commit(s.ctx, &b)
	return err
}

// change is whether a quad is there before and after the deltas.
type change struct{ before, after bool }

// terms is a quad in terms. The zero label is no label.
type terms struct{ subject, predicate, object, label graph.Term }

// termsOf returns a quad's terms. The error is quad.ErrInvalid or a *ValueError.
func termsOf(q quad.Quad) (terms, error) {
	var t terms
	if !q.IsValid() || q.Label != nil && !quad.IsValidValue(q.Label) {
		return t, quad.ErrInvalid
	}
	var err error
	if t.subject, err = TermOf(q.Subject); err != nil {
		return t, err
	}
	if t.predicate, err = TermOf(q.Predicate); err != nil {
		return t, err
	}
	if t.object, err = TermOf(q.Object); err != nil {
		return t, err
	}
	if q.Label != nil {
		t.label, err = TermOf(q.Label)
	}
	return t, err
}

// in reports whether the quad is in the snapshot.
func (t terms) in(ctx context.Context, snap graph.Snapshot) (bool, error) {
	var q graph.Quad
	var known [4]bool
	q.Subject, known[0] = snap.Lookup(t.subject)
	q.Predicate, known[1] = snap.Lookup(t.predicate)
	q.Object, known[2] = snap.Lookup(t.object)
	if t.label.Kind == 0 {
		known[3] = true
	} else {
		q.Label, known[3] = snap.Lookup(t.label)
	}
	if known != [4]bool{true, true, true, true} {
		return false, nil
	}
	return has(ctx, snap, q)
}
