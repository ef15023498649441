package api

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"chancery/api/access"
	"chancery/api/tables"
	"chancery/resolvers"
)

// tellFresh is a Freshness that has nothing to tell.
func tellFresh() (time.Time, iter.Seq2[string, time.Time]) {
	return recordedAt, func(func(string, time.Time) bool) {}
}

// TestTablesAtTheDoor holds tables, their list, and what is fresh to the gate of
// /graphql.
func TestTablesAtTheDoor(t *testing.T) {
	n := &noted{}
	k := newKeyed(t, access.Options{})
	h := tabled(t, Options{Gate: k.gate, Observer: n, Freshness: tellFresh})
	for _, target := range []string{tableURL(someVisits, "csv"), "/tables/nations", "/tables/nations?format=parquet", "/tables/", "/tables/none", "/freshness"} {
		for _, key := range []string{"", "Bearer chancery_AAAAAAAAAA_B"} {
			w := serve(t, h, "GET", target, "", "Authorization", key)
			if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), unauthenticated) || w.Header().Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%s with %q: %d %v %s, want 401", target, key, w.Code, w.Header(), w.Body)
			}
		}
		want := http.StatusOK
		if target == "/tables/none" {
			want = http.StatusNotFound
		}
		if w := serve(t, h, "GET", target, "", "Authorization", "Bearer "+k.text[access.Reader]); w.Code != want {
			t.Errorf("%s with a reader's key: %d %s, want %d", target, w.Code, w.Body, want)
		}
	}
	// All that went to tables and was turned away: five targets, twice each.
	if got := refusedFor(n, Operation{Transport: overHTTP, Code: unauthenticated}); got != 10 {
		t.Errorf("%d refusals were observed, want 10: %+v", got, n.operations)
	}
	open := tabled(t, Options{Gate: newKeyed(t, access.Options{Anonymous: access.Reader}).gate, Freshness: tellFresh})
	for _, target := range []string{"/tables/nations", "/freshness"} {
		if w := serve(t, open, "GET", target, ""); w.Code != http.StatusOK {
			t.Errorf("%s where anybody may read: %d", target, w.Code)
		}
	}
}

// refusedFor counts the operations that ended so.
func refusedFor(n *noted, want Operation) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := 0
	for _, o := range n.operations {
		if o.Code == want.Code && o.Limit == want.Limit && o.Transport == want.Transport {
			count++
		}
	}
	return count
}

func TestTablesAreCounted(t *testing.T) {
	k := newKeyed(t, access.Options{Rates: access.Rates{Key: 0.1}})
	h := tabled(t, Options{Gate: k.gate})
	for i, target := range slices.Repeat([]string{"/tables/nations", tableURL(someVisits, "csv")}, 3) {
		w := serve(t, h, "GET", target, "", "Authorization", "Bearer "+k.text[access.Reader])
		if i < 5 && w.Code != http.StatusOK || i == 5 && (w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "10") {
			t.Errorf("request %d: %d, Retry-After %q; want 429 for the sixth", i+1, w.Code, w.Header().Get("Retry-After"))
		}
	}
}

// TestOverloadedTables asks while the only slot is taken.
func TestOverloadedTables(t *testing.T) {
	n := &noted{}
	o := overTables(t, Options{Observer: n, Limits: Limits{Concurrent: 1, Patience: 1}})
	held, free := make(chan struct{}), make(chan struct{})
	o.Executor.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		if graphql.GetOperationContext(ctx).Operation.Name == "Hold" {
			close(held)
			<-free
		}
		return next(ctx)
	})
	h := NewHandler(o)
	var holding sync.WaitGroup
	holding.Go(func() {
		serve(t, h, "POST", "/graphql", `{"query": "query Hold { ...People } fragment People on Query { people { totalCount } }"}`, "Content-Type", jsonType)
	})
	<-held
	targets := []string{"/graphql?query={people{totalCount}}", tableURL(someVisits, "csv"), "/tables/nations", "/tables/nations?format=arrow"}
	for _, target := range targets {
		w := serve(t, h, "GET", target, "")
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), overload) || w.Header().Get("Retry-After") != "1" {
			t.Errorf("%s: %d %v %s, want 503", target, w.Code, w.Header(), w.Body)
		}
	}
	if got := refusedFor(n, Operation{Transport: overHTTP, Code: overload, Limit: "concurrent"}); got != len(targets) {
		t.Errorf("%d refusals were observed, want %d: %+v", got, len(targets), n.operations)
	}
	close(free)
	holding.Wait()
	for _, target := range targets {
		if w := serve(t, h, "GET", target, ""); w.Code != http.StatusOK {
			t.Errorf("%s, once there is room: %d %s", target, w.Code, w.Body)
		}
	}
}

// bounded notes the order of deadlines and writes.
type bounded struct {
	*httptest.ResponseRecorder
	calls []string
}

func (b *bounded) SetWriteDeadline(at time.Time) error {
	call := "deadline"
	if at.IsZero() {
		call = "none"
	}
	b.calls = append(b.calls, call)
	return nil
}

func (*bounded) SetReadDeadline(time.Time) error { return nil }

func (b *bounded) Write(text []byte) (int, error) {
	if len(text) > 0 {
		b.calls = append(b.calls, "write")
	}
	return b.ResponseRecorder.Write(text)
}

// TestTableDeadlines: what the client is given has a time of its own each time, which
// ends with it, and so has the server's own end of the answer. A Parquet file is written
// at its end.
func TestTableDeadlines(t *testing.T) {
	h := tabled(t, Options{})
	for _, format := range tables.Formats {
		w := &bounded{ResponseRecorder: httptest.NewRecorder()}
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/tables/nations?format="+format.Name, nil))
		writes := 0
		for i, call := range w.calls {
			if call != "write" {
				continue
			}
			if writes++; i == 0 || w.calls[i-1] != "deadline" || w.calls[i+1] != "none" {
				t.Errorf("%s: write %d has no deadline of its own: %v", format.Name, writes, w.calls)
			}
		}
		if writes == 0 {
			t.Errorf("%s: nothing was written", format.Name)
		}
		if w.calls[len(w.calls)-1] != "deadline" {
			t.Errorf("%s: the end has no deadline: %v", format.Name, w.calls)
		}
	}
}

// TestUnfitRows: what was asked for is unfit, and said so; what a library says is
// nobody's business.
func TestUnfitRows(t *testing.T) {
	var logged strings.Builder
	o := overSeed(t, Options{Log: slog.New(slog.NewTextHandler(&logged, nil))})
	NewHandler(o) // which sets the executor up
	ctx := graphql.StartOperationTrace(t.Context())
	operation, errs := o.Executor.CreateOperationContext(ctx, &graphql.RawParams{Query: someVisits})
	if errs != nil {
		t.Fatal(errs)
	}
	_, ctx = o.Executor.DispatchOperation(ctx, operation)
	table, failed := openTable(ctx, time.Minute)
	if failed != nil {
		t.Fatal(failed)
	}
	shape := table.Shape()
	_, unfit := tables.NewWriter(io.Discard, tables.CSV, tables.About{Shape: append(shape, shape...)})
	if shown := notWritten(ctx, table, unfit); resolvers.Code(shown) != resolvers.BadUserInput || !strings.Contains(shown.Message, "alias") {
		t.Errorf("two columns of one name: %v", shown)
	}
	inside := errors.New("parquet: column chunk 3 of /srv/secret")
	if shown := notWritten(ctx, table, inside); resolvers.Code(shown) != resolvers.Internal || strings.Contains(shown.Message, "secret") {
		t.Errorf("a library's error: %v", shown)
	}
	if !strings.Contains(logged.String(), inside.Error()) {
		t.Errorf("the log has nothing of it: %s", &logged)
	}
}

// onWrite calls a function before the first write.
type onWrite struct {
	http.ResponseWriter
	do func()
}

func (o *onWrite) Write(b []byte) (int, error) {
	o.do()
	return o.ResponseWriter.Write(b)
}

// TestTableOfARevokedKey revokes a key after the first rows: the table is cut.
func TestTableOfARevokedKey(t *testing.T) {
	n := &noted{}
	k := newKeyed(t, access.Options{})
	h := tabled(t, Options{Gate: k.gate, Observer: n})
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/tables/nations", nil)
	r.Header.Set("Authorization", "Bearer "+k.text[access.Reader])
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("the table was not cut: %v", err)
		}
		if got := refusedFor(n, Operation{Transport: overHTTP, Code: unauthenticated}); got != 1 {
			t.Errorf("observed: %+v", n.operations)
		}
		if w := serve(t, h, "GET", "/tables/nations", "", "Authorization", "Bearer "+k.text[access.Editor]); w.Code != http.StatusOK {
			t.Errorf("another key: %d %s", w.Code, w.Body)
		}
	}()
	h.ServeHTTP(&onWrite{httptest.NewRecorder(), sync.OnceFunc(func() {
		if _, err := access.Revoke(k.path, k.id[access.Reader], recordedAt); err != nil {
			t.Error(err)
		}
	})}, r)
}
