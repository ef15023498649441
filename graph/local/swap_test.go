package local

import (
	"context"
	"errors"
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
					for _, holder := range holders {
						within := graph.Stretch{From: office, To: office + 1}
						err = errors.Join(err, snap.ScanWithin(ctx, heldBy, holder, within, func(run *graph.Run) bool {
							n += len(run.Subjects)
							return true
						}))
					}
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
