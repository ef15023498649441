package api

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestStream has a stream outlive the time to read a request, fills the server with
// it, and stops the server.
func TestStream(t *testing.T) {
	stopping, stop := context.WithCancel(t.Context())
	var open sync.WaitGroup
	server := httptest.NewUnstartedServer(seeded(t, Options{
		Now: time.Now, Stopping: stopping, Open: &open, Limits: Limits{Streams: 1, Ping: 400 * time.Millisecond},
	}))
	server.Config.ReadTimeout, server.Config.WriteTimeout = time.Second, time.Second
	server.Start()
	defer server.Close()
	defer stop() // before Close, which waits for the streams: else a failed test would hang
	get := func() *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/graphql?query="+url.QueryEscape(`subscription { changes { cursor } }`), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", eventsType)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := response.Body.Close(); err != nil {
				t.Error(err)
			}
		})
		return response
	}
	first := get()
	if got := first.Header.Get("Content-Type"); first.StatusCode != http.StatusOK || got != eventsType {
		t.Fatalf("%d %s", first.StatusCode, got)
	}
	if second := get(); second.StatusCode != http.StatusServiceUnavailable || second.Header.Get("Retry-After") == "" {
		t.Errorf("one too many: %d %v", second.StatusCode, second.Header)
	}
	lines := bufio.NewScanner(first.Body)
	for signs := 0; signs < 5; {
		if !lines.Scan() {
			t.Fatalf("the stream ended after %d signs of life: %v", signs, lines.Err())
		}
		if lines.Text() == ":" {
			signs++
		}
	}
	stop()
	for lines.Scan() {
		if strings.Contains(lines.Text(), "complete") {
			t.Error("complete, though the subscription is not over")
		}
	}
	open.Wait()
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
	h := seeded(t, Options{Limits: Limits{Concurrent: 1, Patience: time.Minute}})
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
