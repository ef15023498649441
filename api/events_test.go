package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/api/inmemory"
)

// TestStream has a stream outlive the time to read a request and that to write an answer,
// fills the server with it, and stops the server.
func TestStream(t *testing.T) {
	inBothVersions(t, func(t *testing.T, second bool) {
		stopping, stop := context.WithCancel(t.Context())
		defer stop()
		var open sync.WaitGroup
		listener := inmemory.Serve(t, &http.Server{ReadTimeout: 30 * time.Second, WriteTimeout: 40 * time.Second, Handler: seeded(t, Options{
			Now: time.Now, Stopping: stopping, Open: &open, Limits: Limits{Streams: 1, Write: 10 * time.Second, Ping: 30 * time.Second},
		})}, second)
		transport := listener.Transport(second)
		defer transport.CloseIdleConnections()
		get := func() *http.Response {
			r, err := http.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1/graphql?query="+url.QueryEscape(`subscription { changes { cursor } }`), nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept", eventsType)
			response, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			return response
		}
		first := get()
		defer first.Body.Close()
		if got := first.Header.Get("Content-Type"); first.StatusCode != http.StatusOK || got != eventsType || first.ProtoMajor == 2 != second {
			t.Fatalf("%s: %d %s", first.Proto, first.StatusCode, got)
		}
		more := get()
		if more.StatusCode != http.StatusServiceUnavailable || more.Header.Get("Retry-After") == "" {
			t.Errorf("one too many: %d %v", more.StatusCode, more.Header)
		}
		if err := more.Body.Close(); err != nil {
			t.Error(err)
		}
		began := time.Now()
		lines := bufio.NewScanner(first.Body)
		for signs := 0; signs < 5; {
			if !lines.Scan() {
				t.Fatalf("the stream ended after %d signs of life: %v", signs, lines.Err())
			}
			if lines.Text() == ":" {
				signs++
			}
		}
		if took := time.Since(began); took != 4*30*time.Second { // the first comes at once
			t.Errorf("five signs of life took %v", took)
		}
		stop()
		for lines.Scan() {
			if strings.Contains(lines.Text(), "complete") {
				t.Error("complete, though the subscription is not over")
			}
		}
		open.Wait()
	})
}

// TestSilentStream has streams in which nothing happens for much longer than a client
// may take for an event, over both versions of the protocol: they are not cut off.
func TestSilentStream(t *testing.T) {
	inBothVersions(t, func(t *testing.T, second bool) {
		listener := inmemory.Serve(t, &http.Server{WriteTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			out := &events{to: w, control: http.NewResponseController(w), limits: Limits{Write: 10 * time.Second, Ping: time.Hour}, now: time.Now, gone: cancel}
			defer out.end()
			out.begin()
			for range 3 {
				if ctx.Err() != nil || !out.write([]byte("data\n\n")) {
					return
				}
				time.Sleep(10 * time.Minute)
			}
		})}, second)
		transport := listener.Transport(second)
		defer transport.CloseIdleConnections()
		r, err := http.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1/", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(response.Body); response.ProtoMajor == 2 != second || err != nil || string(got) != "data\n\ndata\n\ndata\n\n" {
			t.Errorf("%s: %q, %v", response.Proto, got, err)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	})
}

// stuck is a client that takes nothing: each write ends when it is released.
type stuck struct {
	*httptest.ResponseRecorder
	mu        sync.Mutex
	begun     chan struct{} // closed by the first write
	release   chan struct{}
	deadlines int
	unbounded int // writes without a deadline of their own
}

func newStuck() *stuck {
	return &stuck{ResponseRecorder: httptest.NewRecorder(), begun: make(chan struct{}), release: make(chan struct{})}
}

func (s *stuck) SetWriteDeadline(time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadlines++
	return nil
}

func (*stuck) SetReadDeadline(time.Time) error { return nil }

func (s *stuck) Write([]byte) (int, error) {
	s.mu.Lock()
	if s.deadlines == 0 {
		s.unbounded++
	}
	s.mu.Unlock()
	select {
	case <-s.begun:
	default:
		close(s.begun)
	}
	<-s.release
	return 0, errors.New("the deadline is over")
}

// TestStreamsWaitOutsideSlots has clients that take no byte of a stream of events: as
// over HTTP/2, where what has no window waits. The only slot is free all the same.
func TestStreamsWaitOutsideSlots(t *testing.T) {
	h := seeded(t, Options{Limits: Limits{Concurrent: 1, Patience: 10 * time.Minute}})
	for name, body := range map[string]string{
		"a query": aQuestion, "a mutation": anEdit, "what cannot be run": `{"query": "{ nope }"}`,
		"a subscription": `{"query": "subscription { changes { cursor } }"}`,
	} {
		client := newStuck()
		ctx, cancel := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(ctx, "POST", "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", jsonType)
		r.Header.Set("Accept", eventsType)
		var held sync.WaitGroup
		held.Go(func() { h.ServeHTTP(client, r) })
		<-client.begun
		if w := serve(t, h, "POST", "/graphql", aQuestion, "Content-Type", jsonType); w.Code != http.StatusOK {
			t.Errorf("%s: beside it, a question is answered with %d %s", name, w.Code, w.Body)
		}
		close(client.release)
		held.Wait()
		cancel()
		if client.unbounded > 0 {
			t.Errorf("%s: %d writes without a deadline", name, client.unbounded)
		}
	}
}

func TestSubscriptionAsJSON(t *testing.T) {
	h := seeded(t, Options{})
	if w := serve(t, h, "POST", "/graphql", `{"query": "subscription { changes { cursor } }"}`, "Content-Type", jsonType); w.Code != http.StatusNotAcceptable {
		t.Errorf("%d %s, want 406", w.Code, w.Body)
	}
}
