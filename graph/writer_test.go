package graph_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"chancery/graph"
	"chancery/graph/memory"
)

// slowDisk is a store whose commits are durable when the test says so.
type slowDisk struct {
	graph.Store
	durable chan chan error // of each commit, once it was started
}

func newSlowDisk() *slowDisk { return &slowDisk{memory.New(), make(chan chan error, 10)} }

// Start implements graph.Starter.
func (s *slowDisk) Start(ctx context.Context, b *graph.Batch) (graph.Snapshot, func() error, error) {
	after, err := s.Store.Commit(ctx, b)
	synced := make(chan error, 1)
	s.durable <- synced
	return after, func() error { return <-synced }, err
}

func recording(t *testing.T, w *graph.Writer, claims ...string) graph.Latest {
	t.Helper()
	receipt, after, err := w.Update(t.Context(), func(graph.Latest) (graph.Changes, error) {
		c := graph.Changes{At: day(1)}
		for _, claim := range claims {
			c.Record = append(c.Record, said(claim, nil))
		}
		return c, nil
	})
	if err != nil || len(receipt.Recorded) != len(claims) {
		t.Fatalf("recording %v: %+v, %v", claims, receipt, err)
	}
	return after
}

// TestWriter: a writer builds on commits that nobody else sees until they are durable,
// and then they see them in order.
func TestWriter(t *testing.T) {
	disk := newSlowDisk()
	g, err := graph.Open(t.Context(), disk)
	if err != nil {
		t.Fatal(err)
	}
	w := g.Writer()
	recording(t, w, "a")
	first := <-disk.durable
	after := recording(t, w, "b")
	second := <-disk.durable
	for _, claim := range []string{"claim/a", "claim/b"} {
		if id, ok := after.Lookup(graph.Ref(claim)); !ok || !after.Known(id) {
			t.Errorf("the writer's state does not know %s", claim)
		}
	}
	if n, ahead := g.Latest().Commit(), w.Ahead(); n != 0 || ahead != 2 {
		t.Errorf("others see commit %d and %d are on their way, want none and 2", n, ahead)
	}
	superseded := g.Latest().Superseded()
	second <- nil // the first is not durable yet, so this one is not seen either
	if n := g.Latest().Commit(); n != 0 {
		t.Errorf("others see commit %d before the first", n)
	}
	first <- nil
	<-superseded
	// Whoever commits otherwise comes after them, and sees both.
	apply(t, g, day(2), graph.Changes{Record: []graph.Claim{said("c", nil)}})
	if v := view(t, g, graph.Perspective{}); v.Commit() != 3 || admitted(v, v.Facts()) != "a b c" {
		t.Errorf("commit %d admits %s", v.Commit(), admitted(v, v.Facts()))
	}
	// And the writer after them.
	if after := recording(t, w, "d"); after.Commit() != 4 {
		t.Errorf("the writer goes on with commit %d, want 4", after.Commit())
	}
	third := <-disk.durable
	third <- nil
	if err := w.Wait(); err != nil || w.Ahead() != 0 {
		t.Errorf("waiting: %v, %d on their way", err, w.Ahead())
	}
	if changes := view(t, g, graph.Perspective{}).Changes(graph.Change{}, 10); len(changes) != 4 || !slices.IsSortedFunc(changes, graph.Change.Compare) {
		t.Errorf("changes %v", changes)
	}
}

// TestWriterLosesCommits: of a commit that does not become durable, and of what was
// built on it, nobody ever sees anything.
func TestWriterLosesCommits(t *testing.T) {
	disk := newSlowDisk()
	g, err := graph.Open(t.Context(), disk)
	if err != nil {
		t.Fatal(err)
	}
	w := g.Writer()
	recording(t, w, "a")
	<-disk.durable <- nil
	recording(t, w, "b")
	torn := errors.New("torn")
	<-disk.durable <- torn
	if _, _, err := w.Update(t.Context(), func(graph.Latest) (graph.Changes, error) {
		return graph.Changes{At: day(1), Record: []graph.Claim{said("c", nil)}}, nil
	}); err == nil {
		<-disk.durable <- nil // it was started before the one before it failed
	}
	if err := w.Wait(); !errors.Is(err, torn) || w.Ahead() < 1 {
		t.Errorf("waiting: %v, %d lost", err, w.Ahead())
	}
	if v := view(t, g, graph.Perspective{}); v.Commit() != 1 || admitted(v, v.Facts()) != "a" {
		t.Errorf("commit %d admits %s", v.Commit(), admitted(v, v.Facts()))
	}
	if _, _, err := w.Update(t.Context(), func(graph.Latest) (graph.Changes, error) { return graph.Changes{}, nil }); !errors.Is(err, torn) {
		t.Errorf("going on: %v", err)
	}
}

// TestWriterBesideAnother: what a writer finds done by another that is not durable yet
// is no more certain than that: Wait tells if it never will be.
func TestWriterBesideAnother(t *testing.T) {
	for _, want := range []error{nil, errors.New("torn")} {
		disk := newSlowDisk()
		g, err := graph.Open(t.Context(), disk)
		if err != nil {
			t.Fatal(err)
		}
		recording(t, g.Writer(), "a")
		other := g.Writer()
		if _, _, err := other.Update(t.Context(), func(now graph.Latest) (graph.Changes, error) {
			if _, there := now.Lookup(graph.Ref("claim/a")); !there {
				t.Error("the other does not see the first's claim")
			}
			return graph.Changes{}, nil
		}); err != nil {
			t.Fatal(err)
		}
		<-disk.durable <- want
		if err := other.Wait(); !errors.Is(err, want) {
			t.Errorf("waiting gives %v, want %v", err, want)
		}
	}
}

// TestWaitingForTheDisk: whoever waits for a commit that is on its way to the disk stops
// waiting with the context, and leaves the turn to others.
func TestWaitingForTheDisk(t *testing.T) {
	disk := newSlowDisk()
	g, err := graph.Open(t.Context(), disk)
	if err != nil {
		t.Fatal(err)
	}
	w := g.Writer()
	recording(t, w, "a")
	first := <-disk.durable
	recording(t, w, "b")
	second := <-disk.durable
	over, end := context.WithCancel(t.Context())
	end()
	c := graph.Changes{At: day(1), Record: []graph.Claim{said("c", nil)}}
	work := func(graph.Latest) (graph.Changes, error) { return c, over.Err() } // nobody gets so far
	for name, wait := range map[string]func() error{
		"Apply":  func() error { _, err := g.Apply(over, c); return err },
		"Update": func() error { _, err := g.Update(over, work); return err },
		"Erase": func() error {
			_, err := g.Erase(over, graph.Erasure{At: day(1), Claims: []string{"claim/a"}, Reason: "test"})
			return err
		},
		"Writer.Update": func() error { _, _, err := w.Update(over, work); return err },
	} {
		if err := wait(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want that it was cancelled", name, err)
		}
	}
	// One that waits in the turn of another does too.
	inside, leave := make(chan struct{}), make(chan struct{})
	first <- nil
	second <- nil
	done := make(chan error)
	go func() {
		_, err := g.Update(t.Context(), func(graph.Latest) (graph.Changes, error) {
			close(inside)
			<-leave
			return graph.Changes{}, nil
		})
		done <- err
	}()
	<-inside
	if _, err := g.Apply(over, c); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for its turn: %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := w.Wait(); err != nil {
		t.Error(err)
	}
	apply(t, g, day(2), c)
	if v := view(t, g, graph.Perspective{}); admitted(v, v.Facts()) != "a b c" {
		t.Errorf("admitted: %s", admitted(v, v.Facts()))
	}
}
