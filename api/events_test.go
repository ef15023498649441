package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
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

// inMemory is a listener whose connections are pipes, so that a test's clock is theirs.
type inMemory chan net.Conn

func (l inMemory) Accept() (net.Conn, error) {
	if c, open := <-l; open {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (l inMemory) Close() error { close(l); return nil }

func (inMemory) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "pipe"} }

// TestSilentStream has streams in which nothing happens for much longer than a client
// may take for an event, over both versions of the protocol: they are not cut off.
func TestSilentStream(t *testing.T) {
	for name, second := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var protocols http.Protocols
				protocols.SetHTTP1(!second)
				protocols.SetUnencryptedHTTP2(second)
				server := &http.Server{Protocols: &protocols, WriteTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
				})}
				listener := make(inMemory)
				var serving sync.WaitGroup
				serving.Go(func() {
					if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
						t.Error(err)
					}
				})
				transport := &http.Transport{Protocols: &protocols, DialContext: func(context.Context, string, string) (net.Conn, error) {
					ours, theirs := net.Pipe()
					listener <- theirs
					return ours, nil
				}}
				r, err := http.NewRequestWithContext(t.Context(), "GET", "http://chancery.example/", nil)
				if err != nil {
					t.Fatal(err)
				}
				response, err := transport.RoundTrip(r)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(response.Body); response.Proto != map[bool]string{false: "HTTP/1.1", true: "HTTP/2.0"}[second] || err != nil || string(got) != "data\n\ndata\n\ndata\n\n" {
					t.Errorf("%s: %q, %v", response.Proto, got, err)
				}
				if err := response.Body.Close(); err != nil {
					t.Error(err)
				}
				transport.CloseIdleConnections()
				if err := server.Close(); err != nil {
					t.Error(err)
				}
				serving.Wait()
			})
		})
	}
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
