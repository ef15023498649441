// Package memory is the store for tests, the seed and throw-away graphs: it
// keeps everything in memory and promises nothing after the process ends.
//
// Each order of the quads is a B-tree that is copied on write: a snapshot is a
// copy of four roots, so readers and the writer share nodes but never wait for
// each other.
package memory

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/tidwall/btree"

	"chancery/graph"
)

// Store is a graph.Store in memory. Make one with New.
type Store struct {
	write  chan struct{} // holds a token while a commit runs; closed store: see closed
	closed atomic.Bool
	terms  *dictionary // the writer's; snapshots have their own
	now    atomic.Pointer[snapshot]
}

var _ graph.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store {
	s := &Store{write: make(chan struct{}, 1), terms: newDictionary()}
	empty := &snapshot{terms: s.terms}
	for i, order := range compare {
		empty.indexes[i] = btree.NewBTreeGOptions(func(a, b graph.Quad) bool { return order(a, b) < 0 }, btree.Options{NoLocks: true})
	}
	s.now.Store(empty)
	return s
}

// Snapshot implements graph.Store.
func (s *Store) Snapshot() graph.Snapshot { return s.now.Load() }

// Commit implements graph.Store.
func (s *Store) Commit(ctx context.Context, b *graph.Batch) (graph.Snapshot, error) {
	select {
	case s.write <- struct{}{}:
		defer func() { <-s.write }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s.closed.Load() {
		return nil, graph.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ids := make([]graph.ID, len(b.Terms))
	for i, t := range b.Terms {
		ids[i] = s.terms.intern(t)
	}
	before := s.now.Load()
	after := &snapshot{commit: before.commit + 1, terms: s.terms, counts: s.terms.counts()}
	for i := range before.indexes {
		// The copies share nodes until one of them writes; before is never written to.
		after.indexes[i] = before.indexes[i].IsoCopy()
	}
	for _, q := range b.Remove {
		for _, index := range after.indexes {
			index.Delete(resolve(q, ids))
		}
	}
	added := make([]graph.Quad, len(b.Add))
	for i, q := range b.Add {
		added[i] = resolve(q, ids)
	}
	for i, index := range after.indexes {
		// One after the other in its order, most go where the one before went.
		slices.SortFunc(added, compare[i])
		var hint btree.PathHint
		for _, q := range added {
			index.SetHint(q, &hint)
		}
	}
	s.now.Store(after)
	return after, nil
}

// Close implements graph.Store.
func (s *Store) Close() error {
	s.write <- struct{}{}
	defer func() { <-s.write }()
	if s.closed.Swap(true) {
		return graph.ErrClosed
	}
	return nil
}

func resolve(q graph.BatchQuad, ids []graph.ID) graph.Quad {
	out := graph.Quad{
		Subject:   ids[q.Subject-1],
		Predicate: ids[q.Predicate-1],
		Object:    ids[q.Object-1],
	}
	if q.Label != 0 {
		out.Label = ids[q.Label-1]
	}
	return out
}
