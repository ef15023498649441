package memory

import (
	"context"

	"chancery/graph"
)

var _ graph.Purger = (*Store)(nil)

// Purge implements graph.Purger: the dictionary is copied without the terms that
// no quad uses. Snapshots taken before keep the old one; the text goes with them.
func (s *Store) Purge(ctx context.Context) error {
	select {
	case s.write <- struct{}{}:
		defer func() { <-s.write }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.closed.Load() {
		return graph.ErrClosed
	}
	now := *s.now.Load()
	used := map[graph.ID]bool{}
	read := 0
	now.indexes[spol].Scan(func(q graph.Quad) bool {
		used[q.Subject], used[q.Predicate], used[q.Object], used[q.Label] = true, true, true, true
		read++
		return read%checkEvery != 0 || ctx.Err() == nil
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	purged := newDictionary()
	for space := range s.terms.terms {
		kept := make([]graph.Term, len(*s.terms.terms[space].Load()))
		for i, t := range *s.terms.terms[space].Load() {
			if id := graph.InSpace(graph.Space(space), uint64(i)); used[id] {
				kept[i] = t
			}
		}
		purged.terms[space].Store(&kept)
		for i, t := range kept {
			if t.Kind != 0 {
				purged.add(t, graph.InSpace(graph.Space(space), uint64(i)))
			}
		}
	}
	s.terms, now.terms = purged, purged
	s.now.Store(&now)
	return nil
}
