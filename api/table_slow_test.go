package api

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"chancery/api/inmemory"
	"chancery/query"
)

// inBothVersions runs a test over HTTP/1.1 and HTTP/2, by a clock of its own: see
// package inmemory.
func inBothVersions(t *testing.T, test func(t *testing.T, second bool)) {
	for name, second := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, second) })
		})
	}
}

// halting is a client's end of a connection, which halts once it has taken so many bytes.
type halting struct {
	net.Conn
	after int
	halt  func()
}

func (h *halting) Read(b []byte) (int, error) {
	if h.after <= 0 {
		return h.Conn.Read(b)
	}
	n, err := h.Conn.Read(b[:min(len(b), h.after)])
	if h.after -= n; h.after == 0 {
		h.halt()
	}
	return n, err
}

// firstRows are fewer bytes than the first batch of 2,000 visits has.
const firstRows = 20 << 10

// TestTableMadeSlowly has the first rows come later than the server's deadline for answers.
func TestTableMadeSlowly(t *testing.T) {
	inBothVersions(t, func(t *testing.T, second bool) {
		o := overSeed(t, Options{Now: time.Now, Limits: Limits{Time: 10 * time.Second, Write: 10 * time.Second}})
		o.Executor.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			time.Sleep(20 * time.Second)
			return next(ctx)
		})
		listener := inmemory.Serve(t, &http.Server{Handler: NewHandler(o), WriteTimeout: 15 * time.Second}, second)
		transport := listener.Transport(second)
		defer transport.CloseIdleConnections()
		response, err := (&http.Client{Transport: transport}).Get("http://127.0.0.1" + tableURL(someVisits, "csv"))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if rows, err := io.ReadAll(response.Body); err != nil || strings.Count(string(rows), "\n") != 3 {
			t.Errorf("%s: %q, %v", response.Proto, rows, err)
		}
	})
}

// TestTableTakenSlowly has a client take a batch in not much less time than it has, and
// then the next one wait for its turn: the table comes whole.
func TestTableTakenSlowly(t *testing.T) {
	visits := crowdedVisits(t)
	inBothVersions(t, func(t *testing.T, second bool) {
		o := overVisits(t, visits, query.Options{}, Options{Limits: Limits{Concurrent: 1, Time: 10 * time.Second, Write: 10 * time.Second}})
		o.Executor.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			if graphql.GetOperationContext(ctx).Operation.Name == "Hold" {
				time.Sleep(34 * time.Second)
			}
			return next(ctx)
		})
		h := NewHandler(o)
		listener := inmemory.Serve(t, &http.Server{Handler: h, WriteTimeout: 40 * time.Second}, second)
		transport := listener.Transport(second)
		defer transport.CloseIdleConnections()
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := listener.Dial(ctx)
			return &halting{conn, firstRows, func() { time.Sleep(29 * time.Second) }}, err
		}
		began := time.Now()
		response, err := (&http.Client{Transport: transport}).Get("http://127.0.0.1/tables/visits")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var holding sync.WaitGroup
		defer holding.Wait()
		holding.Go(func() {
			serve(t, h, "POST", "/graphql", `{"query": "query Hold { __typename }"}`, "Content-Type", jsonType)
		})
		rows, err := io.ReadAll(response.Body)
		if n := strings.Count(string(rows), "\n"); err != nil || n != 5_001 || response.ProtoMajor == 2 != second {
			t.Errorf("%s: %d rows, %v", response.Proto, n-1, err)
		}
		if took := time.Since(began); took < 34*time.Second {
			t.Errorf("the table did not wait for its turn: it took %v", took)
		}
	})
}

// TestTableNobodyTakes has a client that stops reading: it is cut off, and its place is
// free meanwhile.
func TestTableNobodyTakes(t *testing.T) {
	visits := crowdedVisits(t)
	inBothVersions(t, func(t *testing.T, second bool) {
		h := NewHandler(overVisits(t, visits, query.Options{}, Options{Limits: Limits{Concurrent: 1, Time: 10 * time.Second, Write: 10 * time.Second}}))
		ended := make(chan any, 1)
		listener := inmemory.Serve(t, &http.Server{
			ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // of the panic that is looked at below
			// Over HTTP/2 a deadline ends an answer, and a client that takes nothing of the
			// connection is not told: this ends the connection. The program has it too.
			HTTP2: &http.HTTP2Config{WriteByteTimeout: 30 * time.Second},
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer func() {
					value := recover()
					ended <- value
					if value != nil {
						panic(value)
					}
				}()
				h.ServeHTTP(w, r)
			}),
		}, second)
		transport := listener.Transport(second)
		halted := make(chan struct{})
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := listener.Dial(ctx)
			return &halting{conn, firstRows, func() { <-halted }}, err
		}
		began := time.Now()
		response, err := (&http.Client{Transport: transport}).Get("http://127.0.0.1/tables/visits")
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // the server waits for the client
		if beside := serve(t, h, "GET", "/tables/visits?rows=1", ""); beside.Code != http.StatusOK {
			t.Errorf("beside it: %d", beside.Code)
		}
		if err, ok := (<-ended).(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("it ended with %v: was the table too small?", err)
		}
		if took := time.Since(began); took < 30*time.Second || took > time.Minute { // what was taken last may have begun a new half
			t.Errorf("it was cut off after %v, want 30 s to 60 s", took)
		}
		close(halted)
		if _, err := io.ReadAll(response.Body); err == nil {
			t.Error("the table looks whole")
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		transport.CloseIdleConnections()
	})
}
