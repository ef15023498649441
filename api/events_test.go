package api

import (
	"bufio"
	"context"
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

func TestSubscriptionAsJSON(t *testing.T) {
	h := seeded(t, Options{})
	if w := serve(t, h, "POST", "/graphql", `{"query": "subscription { changes { cursor } }"}`, "Content-Type", jsonType); w.Code != http.StatusNotAcceptable {
		t.Errorf("%d %s, want 406", w.Code, w.Body)
	}
}
