package api

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestAdmission holds who is let in when, by a clock that the test moves. Waits are
// so long that they only end by being let in or cancelled.
func TestAdmission(t *testing.T) {
	var mu sync.Mutex
	now := recordedAt
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	a := newAdmission(Limits{Concurrent: 2, CallersConcurrent: 2, Patience: time.Hour}, clock)
	enter := func(caller string) func() {
		t.Helper()
		leave, refused := a.enter(t.Context(), caller)
		if refused != nil {
			t.Fatalf("%s: %v", caller, refused.err)
		}
		return leave
	}
	let := make(chan string, 10)
	leaves := map[string]func(){}
	// wait has somebody wait, and returns once it does.
	wait := func(name, caller string) {
		t.Helper()
		a.mu.Lock()
		before := len(a.waiting)
		a.mu.Unlock()
		go func() {
			leave, refused := a.enter(context.WithoutCancel(t.Context()), caller)
			if refused != nil {
				name = "refused"
			}
			mu.Lock()
			leaves[name] = leave
			mu.Unlock()
			let <- name
		}()
		settlesIn(t, "it waits", func() bool { a.mu.Lock(); defer a.mu.Unlock(); return len(a.waiting) == before+1 })
	}
	leave := func(name string) { mu.Lock(); l := leaves[name]; mu.Unlock(); l() }

	first, second := enter("x"), enter("x")
	wait("a", "y")
	wait("b", "y")
	first()
	first() // does nothing
	if got := <-let; got != "a" {
		t.Errorf("%s was let in, want a, which came first", got)
	}
	mu.Lock()
	now = now.Add(2 * time.Hour)
	mu.Unlock()
	wait("c", "y") // the queue has stood since before
	second()
	if got := <-let; got != "c" {
		t.Errorf("%s was let in, want c, the last that came to a queue that stands", got)
	}
	leave("a")
	if got := <-let; got != "b" {
		t.Errorf("%s was let in, want b", got)
	}
	leave("b")
	leave("c")
	if a.running != 0 || len(a.of) != 0 || len(a.waiting) != 0 {
		t.Errorf("left: %+v", a)
	}
}

func TestAdmissionOfOneCaller(t *testing.T) {
	a := newAdmission(Limits{Concurrent: 3, CallersConcurrent: 2, Patience: time.Millisecond}, time.Now)
	for range 2 {
		if _, refused := a.enter(t.Context(), "x"); refused != nil {
			t.Fatal(refused.err)
		}
	}
	if _, refused := a.enter(t.Context(), "x"); refused == nil || refused.status != 503 || refused.after != 1 {
		t.Errorf("a third of one caller: %+v, want 503", refused)
	}
	if _, refused := a.enter(t.Context(), "y"); refused != nil {
		t.Errorf("another caller: %v", refused.err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	a.patience = time.Hour
	if _, refused := a.enter(gone, "z"); refused == nil {
		t.Error("somebody who is gone was let in")
	}
	if len(a.waiting) != 0 {
		t.Errorf("%d wait still", len(a.waiting))
	}
}

// TestAdmissionByMany has many come and go: never are there more than may be, and
// nothing is left.
func TestAdmissionByMany(t *testing.T) {
	a := newAdmission(Limits{Concurrent: 3, CallersConcurrent: 2, Patience: time.Millisecond}, time.Now)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			for range 200 {
				leave, refused := a.enter(t.Context(), string(rune('a'+i%4)))
				if refused != nil {
					continue
				}
				a.mu.Lock()
				if a.running > 3 || a.of[string(rune('a'+i%4))] > 2 {
					t.Errorf("%d run, %v", a.running, a.of)
				}
				a.mu.Unlock()
				leave()
			}
		})
	}
	all.Wait()
	if a.running != 0 || len(a.of) != 0 || len(a.waiting) != 0 {
		t.Errorf("left: %d running of %v, %d waiting", a.running, a.of, len(a.waiting))
	}
}

// TestAdmissionOfTables has tables that have begun go before others, at every other
// slot.
func TestAdmissionOfTables(t *testing.T) {
	a := newAdmission(Limits{Concurrent: 2, CallersConcurrent: 2, Patience: time.Hour}, time.Now)
	type entered struct {
		name  string
		leave func()
	}
	let := make(chan entered, 10)
	waits := func(name string, begun bool) {
		t.Helper()
		go func() {
			leave, refused := a.wait(context.WithoutCancel(t.Context()), &waiter{caller: name, begun: begun}, time.Hour)
			if refused != nil {
				name = "refused"
			}
			let <- entered{name, leave}
		}()
		settlesIn(t, name+" waits", func() bool {
			a.mu.Lock()
			defer a.mu.Unlock()
			for _, w := range append(slices.Clone(a.waiting), a.tables...) {
				if w.caller == name {
					return true
				}
			}
			return false
		})
	}
	first, _ := a.enter(t.Context(), "x")
	second, _ := a.enter(t.Context(), "x")
	waits("newcomer", false)
	waits("table", true)
	waits("other table", true)
	next := func(leave func(), want string) func() {
		t.Helper()
		leave()
		got := <-let
		if got.name != want {
			t.Errorf("%s was let in, want %s", got.name, want)
		}
		return got.leave
	}
	table := next(first, "table")
	newcomer := next(second, "newcomer") // one of two slots is a table's already
	other := next(newcomer, "other table")
	table()
	other()
	if _, refused := a.resume(t.Context(), "x", 0); refused != nil {
		t.Errorf("where there is room: %v", refused.err)
	}
	if _, refused := a.enter(t.Context(), "x"); refused != nil {
		t.Fatal(refused.err)
	}
	if _, refused := a.resume(t.Context(), "x", time.Millisecond); refused == nil || refused.status != 503 {
		t.Errorf("a table that waited in vain: %+v", refused)
	}
	if a.running != 2 || a.resumed != 1 || len(a.waiting)+len(a.tables) != 0 {
		t.Errorf("left: %+v", a)
	}
}
