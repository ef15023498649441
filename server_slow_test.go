package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chancery/api"
	"chancery/api/inmemory"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/resolvers"
	"chancery/schema"
)

// publicServer is the public server over the seed as serve makes it, with default times,
// but for what listens: see package inmemory. Call it in a bubble.
func publicServer(t *testing.T) *http.Server {
	t.Helper()
	o, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	g, err := load(t.Context(), memory.New(), o, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	c := &serveCommand{Exposure: exposure{RequestTime: 30 * time.Second, IdleTime: 2 * time.Minute}}
	limits, reads := c.Limit.of(true)
	handler := api.NewHandler(api.Options{
		Executor: resolvers.NewExecutor(o, g, query.New(o, g, reads), time.Now, log), Limits: limits, Log: log, Now: time.Now,
	})
	return c.server(handler, headerTime, limits.Patience+limits.Time, log)
}

// largeQuestion has an answer that is larger than what is on its way in a connection.
func largeQuestion() string {
	var all strings.Builder
	for i := range 8 {
		fmt.Fprintf(&all, "a%d: claims(first: 100) { nodes { id facts { field value subject { id } object { id } } source { name } } } ", i)
	}
	return "{ " + all.String() + "}"
}

const leastLarge = 64 << 10

const aPost = "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"

// TestSlowRequests has clients that connect and say nothing, or stop in the middle of a
// request: each is cut off when its time is over, and nothing is left, or the bubble
// would not end.
func TestSlowRequests(t *testing.T) {
	for name, test := range map[string]struct {
		sent string
		time time.Duration
	}{
		"nothing":           {"", 5 * time.Second},
		"half a header":     {"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ", 5 * time.Second},
		"half a body":       {aPost + "Content-Length: 1000\r\n\r\n{", 30 * time.Second},
		"half a chunk":      {aPost + "Transfer-Encoding: chunked\r\n\r\n5\r\n{", 30 * time.Second},
		"a body never sent": {aPost + "Content-Length: 999999999999\r\n\r\n", 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				listener := inmemory.Serve(t, publicServer(t), false)
				began := time.Now()
				var all sync.WaitGroup
				for range 50 {
					all.Go(func() {
						conn, err := listener.Dial(t.Context())
						if err != nil {
							t.Error(err)
							return
						}
						defer conn.Close()
						if _, err := io.WriteString(conn, test.sent); err != nil {
							t.Error(err)
							return
						}
						// The server ends it: io.Copy would wait for ever.
						if _, err := io.Copy(io.Discard, conn); err != nil {
							t.Error(err)
						}
						// It lingers for half a second, for what it says to be read.
						if took := time.Since(began); took < test.time || took > test.time+time.Second {
							t.Errorf("cut off after %v, want %v", took, test.time)
						}
					})
				}
				all.Wait()
				transport := listener.Transport(false)
				defer transport.CloseIdleConnections()
				response, err := (&http.Client{Transport: transport}).Get("http://127.0.0.1/healthz")
				if err != nil {
					t.Fatal(err)
				}
				if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
					t.Errorf("afterwards: %d, %v", response.StatusCode, err)
				}
			})
		})
	}
}

// TestSlowClient sends a request in nearly all the time that it has, and takes the answer
// in as much: it comes whole.
func TestSlowClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, err := inmemory.Serve(t, publicServer(t), false).Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		body := `{"query":"` + largeQuestion() + `"}`
		for i, part := range []string{fmt.Sprintf(aPost+"Connection: close\r\nContent-Length: %d\r\n\r\n", len(body)) + body[:10], body[10:]} {
			if i > 0 {
				time.Sleep(29 * time.Second)
			}
			if _, err := io.WriteString(conn, part); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(29 * time.Second)
		answer, err := io.ReadAll(conn)
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") || !strings.HasSuffix(string(answer), "}}\n") || len(answer) < leastLarge {
			t.Errorf("%v: %d bytes, %.100q", err, len(answer), answer)
		}
	})
}

// TestNobodyTakes has clients ask and take nothing of the answer, nor of the connection:
// it is closed, over HTTP/2 too.
func TestNobodyTakes(t *testing.T) {
	for name, second := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, closed := publicServer(t), make(chan time.Time, 1)
				server.ConnState = func(_ net.Conn, state http.ConnState) {
					if state == http.StateClosed {
						closed <- time.Now()
					}
				}
				listener := inmemory.Serve(t, server, second)
				transport := listener.Transport(second)
				defer transport.CloseIdleConnections()
				forGood := make(chan struct{})
				transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
					conn, err := listener.Dial(ctx)
					return &halting{conn, forGood}, err
				}
				began := time.Now()
				asked := make(chan error, 1)
				go func() {
					r, err := http.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1/graphql?query="+url.QueryEscape(largeQuestion()), nil)
					if err != nil {
						asked <- err
						return
					}
					response, err := transport.RoundTrip(r)
					if err == nil {
						_, err = io.Copy(io.Discard, response.Body)
						err = errors.Join(err, response.Body.Close())
					}
					asked <- err
				}()
				if after := (<-closed).Sub(began); after > 70*time.Second {
					t.Errorf("the connection was closed after %v", after)
				}
				close(forGood)
				if err := <-asked; err == nil {
					t.Error("it was answered")
				}
			})
		})
	}
}

// halting is a client's end of a connection that takes nothing before it is told to.
type halting struct {
	net.Conn
	until chan struct{}
}

func (h *halting) Read(b []byte) (int, error) {
	<-h.until
	return h.Conn.Read(b)
}
