package api

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/trace/noop"

	"chancery/api/access"
)

// TestAdmission holds who is let in when, by a clock that the test moves. Waits are
// so long that they only end by being let in or cancelled.
func TestAdmission(t *testing.T) { synctest.Test(t, testAdmission) }

func testAdmission(t *testing.T) {
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
		before := len(a.waiting)
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
		synctest.Wait()
		if len(a.waiting) != before+1 {
			t.Fatalf("%d wait, and %d waited before", len(a.waiting), before)
		}
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

// TestCrowded holds who is turned away before the request is read, by a clock that the
// test moves.
func TestCrowded(t *testing.T) {
	now := recordedAt
	a := newAdmission(Limits{Concurrent: 2, CallersConcurrent: 1, Patience: time.Hour}, func() time.Time { return now })
	crowded := func(caller string, want bool, when string) {
		t.Helper()
		refused := a.crowded(caller)
		if got := refused != nil; got != want {
			t.Errorf("%s: %s is turned away: %t, want %t", when, caller, got, want)
		}
		if refused != nil && (refused.status != 503 || refused.after != 1) {
			t.Errorf("%s: %s gets %+v", when, caller, refused)
		}
	}
	wait := func(caller string) *waiter {
		w := &waiter{caller: caller}
		if _, ok := a.queue(w, 0); !ok {
			t.Fatal("it may not wait")
		}
		return w
	}
	crowded("x", false, "nobody is there")
	x := wait("x") // runs
	first, second := wait("x"), wait("x")
	crowded("x", false, "the queue is new")
	now = now.Add(2 * time.Hour)
	crowded("x", true, "two of x wait for long")
	crowded("y", false, "a slot is free for y")
	y := wait("y") // runs
	crowded("y", false, "none of y waits")
	waiters := []*waiter{first, second}
	for i := range 6 {
		waiters = append(waiters, wait(string(rune('a'+i))))
	}
	crowded("z", true, "eight wait for two slots")
	for _, w := range waiters {
		if !a.giveUp(w) {
			t.Error("it did not wait")
		}
	}
	crowded("z", false, "nobody waits")
	now = now.Add(time.Second)
	if wait("x"); !a.standing() {
		t.Error("the queue was empty for a moment, and does not stand any more")
	}
	crowded("x", false, "one of x waits")
	wait("x")
	crowded("x", true, "two of x wait again")
	a.leave(y)
	a.leave(x)
	if a.leave(&waiter{caller: "x"}); len(a.waiting) != 0 { // the first of them, who ran
		t.Errorf("%d wait", len(a.waiting))
	}
	a.leave(&waiter{caller: "x"})
	wait("v")
	wait("w")
	if wait("x"); a.standing() {
		t.Error("slots were free, and the queue stands")
	}
}

// TestTurnedAwayUnread has a server with a standing queue refuse a request whose body
// nobody reads.
func TestTurnedAwayUnread(t *testing.T) {
	n := &noted{}
	now := recordedAt
	o := overSeed(t, Options{Observer: n, Now: func() time.Time { return now }, Limits: Limits{Concurrent: 1, Patience: time.Hour}})
	x := endpoint{exchange: &exchange{
		exec: o.Executor, gate: access.NewGate(access.Options{Anonymous: access.Reader, Now: o.Now}), observer: n, log: o.Log, now: o.Now,
		tracer: noop.Tracer{}, load: newAdmission(o.Limits.Filled(), o.Now),
	}}
	ask := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/graphql", unread{t})
		r.Header.Set("Content-Type", "application/json")
		x.ServeHTTP(w, r.WithContext(&serving{Context: r.Context()}))
		return w
	}
	caller := ""
	for range 2 {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/graphql", nil)
		r = r.WithContext(&serving{Context: r.Context()})
		if refused := x.exchange.enter(r, false); refused != nil {
			t.Fatal(refused.err)
		}
		caller = servingOf(r.Context()).name
		if _, ok := x.exchange.load.queue(&waiter{caller: caller}, 0); !ok {
			t.Fatal("it may not wait")
		}
	}
	now = now.Add(2 * time.Hour)
	w := ask()
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), overload) {
		t.Errorf("%d, Retry-After %q: %s", w.Code, w.Header().Get("Retry-After"), w.Body)
	}
	if got := refusedFor(n, Operation{Code: overload, Limit: "concurrent", Transport: overHTTP}); got != 1 {
		t.Errorf("%d are counted, want 1", got)
	}
}

// unread is a body that must not be read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, io.EOF
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
func TestAdmissionOfTables(t *testing.T) { synctest.Test(t, testAdmissionOfTables) }

func testAdmissionOfTables(t *testing.T) {
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
		synctest.Wait()
		for _, w := range append(slices.Clone(a.waiting), a.tables...) {
			if w.caller == name {
				return
			}
		}
		t.Fatalf("%s does not wait", name)
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
