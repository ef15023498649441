package api

import (
	"context"
	"slices"
	"sync"
	"time"
)

// admission lets so many operations run at a time, and has the others wait in a
// short queue or come back later. More at a time would not be answered sooner, only
// each of them later.
//
// The queue is short in time, not in places, as in "Fail at Scale" (Maurer, 2015):
// a burst may wait for as long as patience says; but once the queue has not been
// empty for that long, it is no burst, and nobody waits longer than a twentieth of
// it. From then on the last to come are the first to be let in, because they are
// those whose clients surely wait still; and where enough wait already, whoever comes is
// turned away before the request is read: at ten times what can be done, nine of ten
// are, and what that costs is taken from those that are answered.
//
// A table that has begun waits for each further batch of rows. What is there of it
// would be lost without the rest, so it waits longer, and a slot that is given back
// goes to it first; but to tables only, at most every other slot, so that others are
// answered beside them.
type admission struct {
	slots    int           // operations at a time
	each     int           // of one caller
	patience time.Duration // of a burst
	now      func() time.Time

	mu      sync.Mutex
	running int
	resumed int            // running, of tables that had begun
	of      map[string]int // running, by caller's name
	waiting []*waiter      // in the order in which they came
	tables  []*waiter      // that have begun, in that order too
	empty   time.Time      // when nobody waited last, moments left out, if somebody waits
	left    time.Time      // when the queue became empty last; zero: a slot was free since
}

// waiter is an operation that runs or waits to.
type waiter struct {
	caller string
	begun  bool          // a table that has begun
	let    chan struct{} // closed when it may run; nil: it need not wait
	left   bool          // it ran, and gave its slot back
}

// mostWaiting, in either queue, bounds what a flood of requests can make us keep.
const mostWaiting = 1000

func newAdmission(l Limits, now func() time.Time) *admission {
	return &admission{
		slots: l.Concurrent, each: l.CallersConcurrent, patience: l.Patience, now: now,
		of: map[string]int{},
	}
}

// enter waits until an operation may run. The caller calls leave once it has; more
// calls do nothing. The refusal says to come back later.
func (a *admission) enter(ctx context.Context, caller string) (leave func(), refused *refusal) {
	return a.wait(ctx, &waiter{caller: caller}, 0)
}

// resume is enter for the next batch of a table that has begun, which waits for as
// long as is said.
func (a *admission) resume(ctx context.Context, caller string, patience time.Duration) (leave func(), refused *refusal) {
	return a.wait(ctx, &waiter{caller: caller, begun: true}, patience)
}

func (a *admission) wait(ctx context.Context, w *waiter, patience time.Duration) (leave func(), refused *refusal) {
	leave = func() { a.leave(w) }
	wait, ok := a.queue(w, patience)
	switch {
	case !ok:
		return nil, tooBusy()
	case w.let == nil:
		return leave, nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-w.let:
		return leave, nil
	case <-timer.C:
	case <-ctx.Done():
	}
	if a.giveUp(w) {
		return nil, tooBusy()
	}
	return leave, nil // it was let in at the same moment
}

// crowded refuses whoever would come to a standing queue that has enough in it, so that
// what such a request asks need not be read: as many of the same caller as there are
// slots, or four times as many of all, who have no slot to go to. It is nil for all
// others, who are not let in by that either: enter is still to be asked.
func (a *admission) crowded(caller string) *refusal {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) < a.slots || !a.standing() {
		return nil
	}
	if len(a.waiting) >= 4*a.slots && a.running >= a.slots {
		return tooBusy()
	}
	own := 0
	for _, w := range a.waiting {
		if w.caller == caller {
			own++
		}
	}
	if own < a.slots {
		return nil
	}
	return tooBusy()
}

func tooBusy() *refusal {
	refused := overloaded("concurrent", "the server has more to do than it can: come back in a second")
	refused.after = 1
	return refused
}

// queue lets an operation run at once (w.let stays nil), or has it wait so long at
// most; ok: false: it may not even wait.
func (a *admission) queue(w *waiter, patience time.Duration) (wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.free(w) {
		a.take(w)
		a.left = time.Time{}
		return 0, true
	}
	line, wait := &a.waiting, a.patience
	if w.begun {
		line, wait = &a.tables, patience
	}
	if len(*line) >= mostWaiting {
		return 0, false
	}
	if !w.begun {
		// Where those who wait give up at the same moment, the next is a moment away.
		if now := a.now(); len(a.waiting) == 0 && now.Sub(a.left) > a.patience/20 {
			a.empty = now
		}
		if a.standing() {
			wait /= 20
		}
	}
	w.let = make(chan struct{})
	*line = append(*line, w)
	return wait, true
}

func (a *admission) free(w *waiter) bool { return a.running < a.slots && a.of[w.caller] < a.each }

func (a *admission) take(w *waiter) {
	a.running++
	a.of[w.caller]++
	if w.begun {
		a.resumed++
	}
}

// standing reports whether somebody has waited all the time, for long.
func (a *admission) standing() bool {
	return len(a.waiting) > 0 && a.now().Sub(a.empty) > a.patience
}

// leave gives a slot back, once, and to whoever waits and may have it.
func (a *admission) leave(w *waiter) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if w.left {
		return
	}
	w.left = true
	a.running--
	if w.begun {
		a.resumed--
	}
	if a.of[w.caller]--; a.of[w.caller] == 0 {
		delete(a.of, w.caller)
	}
	for a.running < a.slots {
		next := a.next()
		if next == nil {
			break
		}
		a.forget(next)
		a.take(next)
		close(next.let)
	}
}

// next is the waiter to be let in, or nil: all wait for a slot of their own
// caller's.
func (a *admission) next() *waiter {
	table := slices.IndexFunc(a.tables, a.free)
	if table >= 0 && a.resumed < a.slots/2 {
		return a.tables[table]
	}
	if !a.standing() {
		if i := slices.IndexFunc(a.waiting, a.free); i >= 0 {
			return a.waiting[i]
		}
	} else {
		for _, w := range slices.Backward(a.waiting) {
			if a.free(w) {
				return w
			}
		}
	}
	if table >= 0 {
		return a.tables[table]
	}
	return nil
}

// giveUp takes a waiter out of the queue; false: it was let in before.
func (a *admission) giveUp(w *waiter) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.forget(w)
}

// forget takes a waiter out of its queue; false: it is in none.
func (a *admission) forget(w *waiter) bool {
	line := &a.waiting
	if w.begun {
		line = &a.tables
	}
	i := slices.Index(*line, w)
	if i < 0 {
		return false
	}
	*line = slices.Delete(*line, i, i+1)
	if !w.begun && len(a.waiting) == 0 {
		a.left = a.now()
	}
	return true
}
