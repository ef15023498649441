package local

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"chancery/graph"
)

// TestSwapBesideFlushes is the suite's swap of two facts with a disk that takes
// no time, so that there are a hundred times as many commits, and flushes,
// merges and purges among the reads.
func TestSwapBesideFlushes(t *testing.T) {
	reads := int64(1_000_000)
	if sparse || testing.Short() {
		reads /= 10
	}
	s, err := open(newMemFS(), Options{FlushQuads: 256})
	if err != nil {
		t.Fatal(err)
	}
	swap := func(b *graph.Batch, i int) {
		to := [2]graph.Term{graph.Ref("person/a"), graph.Ref("person/b")}
		b.AddQuad(graph.Ref("office/x"), graph.Ref("kg:heldBy"), to[i%2], graph.Ref("claim/x"))
		b.RemoveQuad(graph.Ref("office/x"), graph.Ref("kg:heldBy"), to[(i+1)%2], graph.Ref("claim/x"))
		b.AddQuad(graph.Ref(fmt.Sprint("office/", i)), graph.Ref("kg:heldBy"), graph.Ref("person/c"), graph.Ref("claim/y"))
	}
	first := mustCommit(t, s, func(b *graph.Batch) {
		swap(b, 0)
		// A purge leaves what is used: both persons keep their ids.
		b.AddQuad(graph.Ref("person/a"), graph.Ref("kg:knows"), graph.Ref("person/b"), graph.Ref("claim/x"))
	})
	office, _ := first.Lookup(graph.Ref("office/x"))
	heldBy, _ := first.Lookup(graph.Ref("kg:heldBy"))
	holders := [2]graph.ID{}
	mustCommit(t, s, func(b *graph.Batch) { swap(b, 1) })
	holders[0], _ = s.Snapshot().Lookup(graph.Ref("person/a"))
	holders[1], _ = s.Snapshot().Lookup(graph.Ref("person/b"))
	ctx, cancel := context.WithCancel(t.Context())
	var left atomic.Int64
	left.Store(reads)
	var commits, purges atomic.Int64
	var writing, reading sync.WaitGroup
	writing.Go(func() {
		for i := 2; ctx.Err() == nil; i++ {
			var b graph.Batch
			swap(&b, i)
			if _, err := s.Commit(context.Background(), &b); err != nil {
				t.Error(err)
				return
			}
			commits.Add(1)
		}
	})
	writing.Go(func() {
		for ctx.Err() == nil {
			if err := s.Purge(context.Background()); err != nil {
				t.Error(err)
				return
			}
			purges.Add(1)
		}
	})
	for reader := range 8 {
		reading.Go(func() {
			var links graph.Links
			for left.Add(-1) >= 0 || (commits.Load() < 3000 || purges.Load() < 10) && !t.Failed() {
				snap, n := s.Snapshot().(*snapshot), 0
				var err error
				switch reader % 3 {
				case 0:
					links.Reset()
					err = snap.Expand(ctx, &links, []graph.ID{office}, heldBy, false, nil)
					n = len(links.All)
				case 1:
					err = snap.Quads(ctx, graph.Pattern{Subject: office}, func(graph.Quad) bool { n++; return true })
				case 2:
					r := graph.Range{Predicate: heldBy, From: min(holders[0], holders[1]), To: max(holders[0], holders[1]) + 1, Descending: true}
					err = snap.Scan(ctx, r, func(run *graph.Run) bool {
						for i, object := range run.Objects {
							if run.Subjects[i] == office && (object == holders[0] || object == holders[1]) {
								n++
							}
						}
						return true
					})
				}
				if err != nil || n != 1 {
					t.Errorf("reader %d saw %d facts at commit %d, want 1; error %v", reader, n, snap.Commit(), err)
					return
				}
			}
		})
	}
	reading.Wait()
	cancel()
	writing.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := check(s.fsys, true); err != nil {
		t.Error(err)
	}
	t.Logf("%d reads beside %d commits and %d purges", reads-left.Load(), commits.Load(), purges.Load())
}
