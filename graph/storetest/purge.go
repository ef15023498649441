package storetest

import (
	"context"
	"sync"
	"testing"

	"chancery/graph"
)

// RunPurge runs the suite of a store that is a graph.Purger.
func RunPurge(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, graph.Store, graph.Purger)
	}{
		{"Empty", testPurgeEmpty},
		{"Terms", testPurgeTerms},
		{"BesideCommits", testPurgeBesideCommits},
		{"Refusals", testPurgeRefusals},
	} {
		t.Run("Purge"+test.name, func(t *testing.T) {
			s := open(t)
			test.run(t, s, s.(graph.Purger))
		})
	}
}

func mustPurge(t *testing.T, p graph.Purger) {
	t.Helper()
	if err := p.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func testPurgeEmpty(t *testing.T, s graph.Store, p graph.Purger) {
	mustPurge(t, p)
	if snap := s.Snapshot(); snap.Commit() != 0 || snap.Size() != 0 {
		t.Errorf("purging an empty store left commit %d with %d quads", snap.Commit(), snap.Size())
	}
}

func testPurgeTerms(t *testing.T, s graph.Store, p graph.Purger) {
	secret, shared := graph.Text("the name of the source"), graph.Text("shared")
	before := mustCommit(t, s, func(b *graph.Batch) {
		b.AddQuad(node(0), predicate(0), secret, claim(0))
		b.AddQuad(node(0), predicate(0), shared, claim(0))
		b.AddQuad(node(1), predicate(0), shared, claim(1))
	})
	ids := map[graph.Term]graph.ID{}
	for _, term := range []graph.Term{secret, shared, node(0), node(1), predicate(0), claim(0), claim(1)} {
		ids[term] = lookup(t, before, term)
	}
	mustCommit(t, s, func(b *graph.Batch) {
		b.RemoveQuad(node(0), predicate(0), secret, claim(0))
		b.RemoveQuad(node(0), predicate(0), shared, claim(0))
	})
	mustPurge(t, p)
	mustPurge(t, p) // again is as good as once
	after := s.Snapshot()
	if after.Commit() != 2 || len(quads(t, after, graph.Pattern{})) != 1 {
		t.Errorf("commit %d with %d quads, want commit 2 with 1", after.Commit(), len(quads(t, after, graph.Pattern{})))
	}
	gone := map[graph.Term]bool{secret: true, node(0): true, claim(0): true}
	for term, id := range ids {
		if found, ok := after.Lookup(term); ok == gone[term] || ok && found != id {
			t.Errorf("%v is found as %x, %t", term, found, ok)
		}
		if back, ok := after.Term(id); ok == gone[term] || ok && back != term {
			t.Errorf("the id of %v is of %v, %t", term, back, ok)
		}
		if back, ok := before.Term(id); !ok || back != term {
			t.Errorf("the snapshot before has %v for the id of %v, %t", back, term, ok)
		}
	}
	again := mustCommit(t, s, func(b *graph.Batch) { b.AddQuad(node(2), predicate(0), secret, claim(2)) })
	if id := lookup(t, again, secret); id == ids[secret] {
		t.Errorf("%v has the id again that was purged", secret)
	} else if back, ok := again.Term(id); !ok || back != secret {
		t.Errorf("%v came back as %v, %t", secret, back, ok)
	}
}

// testPurgeBesideCommits has a writer add and remove the same terms over and
// over while terms are purged: what is there must always be whole.
func testPurgeBesideCommits(t *testing.T, s graph.Store, p graph.Purger) {
	ctx, cancel := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	writing.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			var b graph.Batch
			b.AddQuad(node(i%7), predicate(0), graph.Text("some text"), claim(i%5))
			b.RemoveQuad(node((i-3)%7), predicate(0), graph.Text("some text"), claim((i-3)%5))
			snap, err := s.Commit(context.Background(), &b)
			if err != nil {
				t.Error(err)
				return
			}
			for _, q := range quads(t, snap, graph.Pattern{}) {
				for _, id := range []graph.ID{q.Subject, q.Predicate, q.Object, q.Label} {
					term, ok := snap.Term(id)
					if !ok {
						t.Errorf("commit %d has no term for %x", snap.Commit(), id)
						return
					}
					if back, ok := snap.Lookup(term); !ok || back != id {
						t.Errorf("commit %d finds %v as %x, not %x", snap.Commit(), term, back, id)
						return
					}
				}
			}
		}
	})
	for range 30 {
		mustPurge(t, p)
	}
	cancel()
	writing.Wait()
}

func testPurgeRefusals(t *testing.T, s graph.Store, p graph.Purger) {
	mustCommit(t, s, func(b *graph.Batch) { b.AddQuad(node(1), predicate(1), node(2), claim(1)) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Purge(ctx); err == nil || err != ctx.Err() { //nolint:errorlint // the contract says ctx.Err()
		t.Errorf("a purge that was cancelled gave %v", err)
	}
	mustCommit(t, s, func(b *graph.Batch) { b.AddQuad(node(3), predicate(1), node(2), claim(1)) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.Purge(t.Context()); err != graph.ErrClosed { //nolint:errorlint // the contract says ErrClosed
		t.Errorf("a purge after Close gave %v", err)
	}
}
