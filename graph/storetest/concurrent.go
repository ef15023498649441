package storetest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"chancery/graph"
)

func testWritersTakeTurns(t *testing.T, s graph.Store) {
	const writers, each = 8, 50
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				var b graph.Batch
				b.AddQuad(node(w), predicate(i), node(i), claim(w*each+i))
				if _, err := s.Commit(t.Context(), &b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if snap := s.Snapshot(); snap.Size() != writers*each || snap.Commit() != writers*each {
		t.Errorf("%d quads in %d commits, want %d of each", snap.Size(), snap.Commit(), writers*each)
	}
}

// testSwap lets one writer swap two facts, over and over, while eight readers
// look: none may ever see neither or both.
func testSwap(t *testing.T, s graph.Store) {
	const readers, reads = 8, 1_000_000
	state := func(b *graph.Batch, odd bool) {
		b.AddQuad(node(0), predicate(0), node(1), claim(0))
		b.RemoveQuad(node(0), predicate(0), node(2), claim(0))
		if odd {
			b.Add, b.Remove = b.Remove, b.Add
		}
	}
	first := mustCommit(t, s, func(b *graph.Batch) {
		b.AddQuad(node(0), predicate(0), node(1), claim(0))
		b.RemoveQuad(node(0), predicate(0), node(2), claim(0))
	})
	subject, p := lookup(t, first, node(0)), lookup(t, first, predicate(0))
	var left atomic.Int64
	left.Store(reads)
	done := make(chan struct{})
	var writing, reading sync.WaitGroup
	var commits atomic.Int64
	writing.Go(func() {
		for odd := true; ; odd = !odd {
			select {
			case <-done:
				return
			default:
			}
			var b graph.Batch
			state(&b, odd)
			if _, err := s.Commit(context.Background(), &b); err != nil {
				t.Error(err)
				return
			}
			commits.Add(1)
		}
	})
	for range readers {
		reading.Go(func() {
			var links graph.Links
			// On a busy machine all could be read before the writer has begun.
			for left.Add(-1) >= 0 || commits.Load() < 2 && !t.Failed() {
				links.Reset()
				if err := s.Snapshot().Expand(context.Background(), &links, []graph.ID{subject}, p, false, nil); err != nil {
					t.Error(err)
					return
				}
				if len(links.All) != 1 {
					t.Errorf("a reader saw %d facts, want 1", len(links.All))
					return
				}
			}
		})
	}
	reading.Wait()
	close(done)
	writing.Wait()
	t.Logf("%d reads beside %d commits", reads-left.Load(), commits.Load())
}
