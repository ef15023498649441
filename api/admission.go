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
// those whose clients surely wait still.
type admission struct {
	slots    int           // operations at a time
	each     int           // of one caller
	patience time.Duration // of a burst
	now      func() time.Time

	mu      sync.Mutex
	running int
	of      map[string]int // running, by caller's name
	waiting []*waiter      // in the order in which they came
	empty   time.Time      // when nobody waited last, if somebody waits
}

// waiter is an operation that waits.
type waiter struct {
	caller string
	let    chan struct{} // closed when it may run
}

// mostWaiting bounds what a flood of requests can make us keep.
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
	leave = sync.OnceFunc(func() { a.leave(caller) })
	w, wait := a.queue(caller)
	switch {
	case wait < 0:
		return leave, nil
	case w == nil:
		return nil, tooBusy()
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

func tooBusy() *refusal {
	refused := overloaded("the server has more to do than it can: come back in a second")
	refused.after = 1
	return refused
}

// queue lets an operation run at once (wait is below 0), or has it wait so long at
// most; without a waiter, it may not even wait.
func (a *admission) queue(caller string) (w *waiter, wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.free(caller) {
		a.take(caller)
		return nil, -1
	}
	if len(a.waiting) >= mostWaiting {
		return nil, 0
	}
	if len(a.waiting) == 0 {
		a.empty = a.now()
	}
	wait = a.patience
	if a.standing() {
		wait /= 20
	}
	w = &waiter{caller: caller, let: make(chan struct{})}
	a.waiting = append(a.waiting, w)
	return w, wait
}

func (a *admission) free(caller string) bool { return a.running < a.slots && a.of[caller] < a.each }

func (a *admission) take(caller string) {
	a.running++
	a.of[caller]++
}

// standing reports whether somebody has waited all the time, for long.
func (a *admission) standing() bool {
	return len(a.waiting) > 0 && a.now().Sub(a.empty) > a.patience
}

// leave gives a slot back, and to whoever waits and may have it.
func (a *admission) leave(caller string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running--
	if a.of[caller]--; a.of[caller] == 0 {
		delete(a.of, caller)
	}
	for a.running < a.slots {
		next := a.next()
		if next < 0 {
			break
		}
		w := a.waiting[next]
		a.waiting = slices.Delete(a.waiting, next, next+1)
		a.take(w.caller)
		close(w.let)
	}
}

// next is the place of the waiter to be let in, or -1: all wait for a slot of their
// own caller's.
func (a *admission) next() int {
	may := func(w *waiter) bool { return a.free(w.caller) }
	if !a.standing() {
		return slices.IndexFunc(a.waiting, may)
	}
	for i := len(a.waiting) - 1; i >= 0; i-- {
		if may(a.waiting[i]) {
			return i
		}
	}
	return -1
}

// giveUp takes a waiter out of the queue; false: it was let in before.
func (a *admission) giveUp(w *waiter) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.Index(a.waiting, w)
	if i < 0 {
		return false
	}
	a.waiting = slices.Delete(a.waiting, i, i+1)
	return true
}
