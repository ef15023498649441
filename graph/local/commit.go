package local

import (
	"context"
	"slices"

	"chancery/graph"
)

// Commit implements graph.Store. The store's own errors are ErrReadOnly,
// ErrTooLarge and *CorruptError.
func (s *Store) Commit(ctx context.Context, b *graph.Batch) (graph.Snapshot, error) {
	after, durable, err := s.Start(ctx, b)
	if err == nil {
		err = durable()
	}
	if err != nil {
		return nil, err
	}
	return after, nil
}

// Start implements graph.Starter.
func (s *Store) Start(ctx context.Context, b *graph.Batch) (after graph.Snapshot, durable func() error, err error) {
	if err := s.takeWithRoom(ctx); err != nil {
		return nil, nil, err
	}
	next, err := s.apply(b)
	s.give()
	if err != nil {
		return nil, nil, err
	}
	// From here on the commit is in line: others build on it.
	return next, func() error { return s.settle(next.commit) }, nil
}

// takeWithRoom takes the turn once memory has room for more quads.
func (s *Store) takeWithRoom(ctx context.Context) error {
	for {
		if err := s.take(ctx); err != nil {
			return err
		}
		err := s.health.err()
		if s.closed {
			err = graph.ErrClosed
		}
		if err == nil && s.head.inMemory() <= 4*s.options.FlushQuads {
			return nil
		}
		room := s.room
		s.give()
		if err != nil {
			return err
		}
		s.wake()
		select {
		case <-room:
		case <-s.health.failed:
		case <-s.stop:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// inMemory is what a snapshot has that no file has, in quads: terms count for
// as many as take the same memory.
func (s *snapshot) inMemory() (quads int) {
	for _, d := range s.deltas {
		quads += d.size()
	}
	for _, t := range s.words.fresh {
		quads += int(t.bytes.Load()) / quadMemory
	}
	return quads
}

// quadMemory is what a quad takes in a delta: 32 bytes in each order.
const quadMemory = 128

// apply works a batch out on top of head, which it moves on, and puts its
// change in line. The turn is held.
func (s *Store) apply(b *graph.Batch) (*snapshot, error) {
	head := s.head
	if size := roomFor(b); size > maxRecord {
		return nil, ErrTooLarge
	}
	ids, err := s.intern(b.Terms)
	if err != nil {
		s.health.fail(err) // ids are given that no record has
		return nil, err
	}
	b.IDs = ids
	c := &change{commit: head.commit + 1, before: head.terms, fresh: s.head.words.fresh[len(s.head.words.fresh)-1]}
	c.after = c.fresh.count()
	added, removed := rowsOf(b.Add, ids), rowsOf(b.Remove, ids)
	removed = without(removed, added)
	if c.added, err = s.effective(added, false); err == nil {
		c.removed, err = s.effective(removed, true)
	}
	if err != nil {
		s.health.fail(err)
		return nil, err
	}
	s.head = head.after(c, s.frozen, s.options.FlushQuads/4)
	s.pending = append(s.pending, c)
	return s.head, nil
}

// roomFor is an upper bound for the size of a batch's record.
func roomFor(b *graph.Batch) (size int) {
	for _, t := range b.Terms {
		size += len(t.Text) + len(t.Datatype) + len(t.Language) + 32
	}
	return size + 40*(len(b.Add)+len(b.Remove)) + 64
}

// intern returns the terms' ids.
func (s *Store) intern(all []graph.Term) (ids []graph.ID, err error) {
	words := s.head.words
	ids = make([]graph.ID, len(all))
	var key []byte
	for i, t := range all {
		id, ok := graph.Inline(t)
		if !ok {
			key = appendKey(key[:0], t)
			if id, err = words.intern(key); err != nil {
				return nil, err
			}
		}
		if s.named != nil {
			s.named.add(id)
		}
		ids[i] = id
	}
	return ids, nil
}

// rowsOf returns a batch's quads, ascending, each once.
func rowsOf(quads []graph.BatchQuad, ids []graph.ID) []row {
	rows := make([]row, len(quads))
	for i, q := range quads {
		rows[i] = row{uint64(ids[q.Subject-1]), uint64(ids[q.Predicate-1]), uint64(ids[q.Object-1])}
		if q.Label != 0 {
			rows[i][3] = uint64(ids[q.Label-1])
		}
	}
	sortRows(rows)
	return slices.Compact(rows)
}

// without returns the rows that the others do not have; both are ascending.
func without(rows, others []row) []row {
	if len(rows) == 0 || len(others) == 0 {
		return rows
	}
	return slices.DeleteFunc(rows, func(r row) bool {
		_, there := slices.BinarySearchFunc(others, r, compareRows)
		return there
	})
}

// effective returns the rows that are there now, or that are not. A row with a
// term that is new needs no look.
func (s *Store) effective(rows []row, there bool) ([]row, error) {
	hints := make([]int, len(s.head.segments)+len(s.head.deltas))
	kept := rows[:0]
	for i := range rows {
		r := &rows[i]
		is := false
		if s.head.terms.hasAll(r) {
			var err error
			if is, err = s.head.has(r, hints); err != nil {
				return nil, err
			}
		}
		if is == there {
			kept = append(kept, *r)
		}
	}
	return kept, nil
}

func (c *counts) hasAll(r *row) bool {
	return c.has(graph.ID(r[0])) && c.has(graph.ID(r[1])) && c.has(graph.ID(r[2])) && c.has(graph.ID(r[3]))
}

// after is the snapshot that a change leaves, whose terms are in the dictionary.
// Deltas up to limit quads together are merged, but for the first frozen.
func (s *snapshot) after(c *change, frozen, limit int) *snapshot {
	next := *s
	next.commit = c.commit
	next.size += uint64(len(c.added)) - uint64(len(c.removed))
	next.terms = s.words.fresh[len(s.words.fresh)-1].count()
	if flips := differ(c.added, c.removed); len(flips) > 0 {
		next.deltas = collapse(append(slices.Clip(s.deltas), newDelta(flips)), frozen, limit)
	}
	return &next
}

// settle returns when the commit is durable. Whoever comes first writes and
// syncs the changes of all who are in line.
func (s *Store) settle(commit uint64) error {
	s.syncing.Lock()
	defer s.syncing.Unlock()
	if s.synced >= commit {
		return nil
	}
	s.turn <- struct{}{}
	changes, head := s.pending, s.head
	s.pending = nil
	s.give()
	if err := s.write(changes, head); err != nil {
		return err
	}
	if head.inMemory() >= s.options.FlushQuads {
		s.wake()
	}
	return nil
}

// write makes the changes durable and publishes the snapshot that they lead to.
// syncing is held.
func (s *Store) write(changes []*change, head *snapshot) error {
	if err := s.health.err(); err != nil {
		return err
	}
	if len(changes) > 0 {
		records := make([][]byte, len(changes))
		for i, c := range changes {
			records[i] = c.append(nil)
		}
		if err := s.log.append(records); err != nil {
			s.health.fail(err)
			return s.health.err()
		}
	}
	s.synced = head.commit
	s.now.Store(head)
	return nil
}
