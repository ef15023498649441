package graph

import "context"

// Writer makes one commit after the other without waiting for each: while one is on
// its way to the disk, the next is worked out on top of it. Readers, and whoever
// waits for changes, see its commits in order, each once it is durable. It is for one
// goroutine; the graph may have other writers meanwhile.
//
// A commit that does not become durable leaves the graph without it and without all
// that came after it, and the store can no longer be written to.
type Writer struct {
	graph   *Graph
	started []*ahead // oldest first
	seen    *ahead   // another's, perhaps, in which what was asked for was there already
	batch   Batch    // empty: memory that is used again
}

// mostAhead is how many commits of a Writer may be on their way at once.
const mostAhead = 2

// ahead is a commit that was started and may not be durable yet.
type ahead struct {
	state *state
	done  chan struct{} // closed once it is published, or err is set
	err   error         // why it never will be
}

// wait returns when it is published. The error is why it never will be, or ctx.Err().
func (a *ahead) wait(ctx context.Context) error {
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn is a lock whose wait ends with a context, too: whoever has it may wait for the
// disk. It is made with room for one.
type turn chan struct{}

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) giveBack() { <-t }

// Writer returns a writer. Whoever has one calls its Wait last.
func (g *Graph) Writer() *Writer { return &Writer{graph: g} }

// Update is [Graph.Update], but returns as soon as the commit has its place in the
// order of all commits, which may be before it is durable: see Wait. It gives the
// state that the commit leaves, or where there are no changes that before them.
// The error is also that of a commit before.
func (w *Writer) Update(ctx context.Context, work func(Latest) (Changes, error)) (Receipt, Latest, error) {
	if err := w.waitFor(ctx, mostAhead-1); err != nil {
		return Receipt{}, Latest{}, err
	}
	g := w.graph
	if err := g.write.take(ctx); err != nil {
		return Receipt{}, Latest{}, err
	}
	defer g.write.giveBack()
	before, err := g.newest()
	if err != nil {
		return Receipt{}, Latest{}, err
	}
	c, err := work(before.latest())
	if err != nil || len(c.Record)+len(c.Retract) == 0 {
		w.seen = g.ahead
		return Receipt{}, before.latest(), err
	}
	if r, used, err := before.receipt(ctx, c); used || err != nil {
		w.seen = g.ahead
		return r, before.latest(), err
	}
	p, err := before.plan(c, w.batch)
	if err != nil {
		w.batch = Batch{} // it may not be empty any more
		return Receipt{}, Latest{}, err
	}
	next, err := w.start(ctx, before, p)
	w.batch = p.batch.emptied()
	if err != nil {
		return Receipt{}, Latest{}, err
	}
	return p.receipt(), next.latest(), nil
}

// start makes the commit of a plan; the caller holds write.
func (w *Writer) start(ctx context.Context, before *state, p *plan) (*state, error) {
	g := w.graph
	starter, ok := g.store.(Starter)
	if !ok {
		snap, err := g.store.Commit(ctx, &p.batch)
		if err != nil {
			return nil, err
		}
		next := before.after(snap, p)
		g.publish(next)
		g.keep()
		return next, nil
	}
	snap, durable, err := starter.Start(ctx, &p.batch)
	if err != nil {
		return nil, err
	}
	a := &ahead{state: before.after(snap, p), done: make(chan struct{})}
	last := g.ahead
	g.ahead = a
	w.started = append(w.started, a)
	go func() {
		defer close(a.done)
		a.err = durable()
		if last != nil {
			if <-last.done; last.err != nil {
				a.err = last.err
			}
		}
		if a.err == nil {
			g.publish(a.state)
			g.keep()
		}
	}()
	return a.state, nil
}

// Wait returns when all commits so far are durable, and others see them; also those of
// others that Update found to have what it was asked for. The error is that of the first
// that will never be.
func (w *Writer) Wait() error {
	if err := w.waitFor(context.Background(), 0); err != nil || w.seen == nil {
		return err
	}
	if <-w.seen.done; w.seen.err != nil {
		return w.seen.err
	}
	w.seen = nil
	return nil
}

// Ahead returns how many commits may not be durable yet; after an error of Wait, how
// many will never be.
func (w *Writer) Ahead() int { return len(w.started) }

// waitFor waits until at most so many commits are on their way.
func (w *Writer) waitFor(ctx context.Context, most int) error {
	for len(w.started) > most {
		a := w.started[0]
		if err := a.wait(ctx); err != nil {
			return err
		}
		w.started = w.started[1:]
	}
	return nil
}

// newest returns the state to go on from; the caller holds write. The error is why
// there is none.
func (g *Graph) newest() (*state, error) {
	if g.ahead == nil {
		return g.now.Load(), nil
	}
	select {
	case <-g.ahead.done:
		if g.ahead.err != nil {
			return nil, g.ahead.err
		}
	default:
	}
	return g.ahead.state, nil
}

// hold takes write, and waits until the newest state is published. Of a commit that
// failed, the store tells all who come after it. The error is ctx.Err(); then write is
// not held.
func (g *Graph) hold(ctx context.Context) error {
	if err := g.write.take(ctx); err != nil {
		return err
	}
	if g.ahead != nil {
		if g.ahead.wait(ctx) != nil && ctx.Err() != nil {
			g.write.giveBack()
			return ctx.Err()
		}
		g.ahead = nil
	}
	return nil
}

// latest is the state for whoever works changes out. Nobody can wait for the state
// after it: one that is not published has no such state.
func (s *state) latest() Latest { return Latest{Snapshot: s.snap, ledger: s.ledger, times: s.times} }
