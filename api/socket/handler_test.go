package socket

import (
	"cmp"
	"context"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// served is a server whose operations are told by their query: "one" has one
// response, "three" has three, "bad" none but errors, "forever" waits for its end
// after a response, "silent" without any, "stubborn" and "failing" answer when they
// were ended, "flood" never stops sending, "panic" does. Options may have another Run.
type served struct {
	url     string
	running atomic.Int64
}

func serve(t *testing.T, o Options) *served {
	t.Helper()
	s := &served{}
	run := o.Run
	o.Run = func(ctx context.Context, r Request, emit func(Response) bool) {
		s.running.Add(1)
		defer s.running.Add(-1)
		if run != nil {
			run(ctx, r, emit)
			return
		}
		switch cmp.Or(r.Query, r.DocumentID) {
		case "three":
			for i := range 3 {
				emit(Response{JSON: []byte(strconv.Itoa(i))})
			}
		case "silent":
			<-ctx.Done()
		case "stubborn":
			<-ctx.Done()
			emit(Response{JSON: []byte(`{"data":"too late"}`)})
		case "failing":
			<-ctx.Done()
			emit(Response{Errors: []byte(`[{"message":"too late"}]`)})
		case "one":
			emit(Response{JSON: []byte(`{"data":1}`)})
		case "bad":
			emit(Response{Errors: []byte(`[{"message":"no"}]`)})
		case "forever":
			emit(Response{JSON: []byte(`{"data":0}`)})
			<-ctx.Done()
		case "flood":
			for emit(Response{JSON: []byte(`"` + strings.Repeat("x", 1<<16) + `"`)}) {
			}
		case "panic":
			panic("a bug")
		}
	}
	server := httptest.NewServer(NewHandler(o))
	t.Cleanup(server.Close)
	s.url = "ws" + strings.TrimPrefix(server.URL, "http")
	return s
}

func (s *served) dial(t *testing.T, protocols ...string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), s.url, &websocket.DialOptions{Subprotocols: protocols})
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	t.Cleanup(func() {
		if conn.CloseNow() != nil {
			return
		}
	})
	return conn
}

// talk sends messages (> ...) and expects messages (< ...) or a close (! code, and
// the beginning of the reason), line by line.
func talk(t *testing.T, conn *websocket.Conn, script string) {
	t.Helper()
	for line := range strings.Lines(strings.TrimSpace(script)) {
		sign, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if sign == "" {
			continue
		}
		if sign == ">" {
			if err := conn.Write(t.Context(), websocket.MessageText, []byte(rest)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_, text, err := conn.Read(ctx)
		cancel()
		got := string(text)
		if err != nil {
			got = err.Error()
		}
		if sign == "<" && (err != nil || got != rest) {
			t.Fatalf("got %s, want %s", got, rest)
		}
		if sign == "!" {
			code, reason, _ := strings.Cut(rest, " ")
			if !strings.Contains(got, "StatusCode("+code+")") || !strings.Contains(got, `reason = "`+reason) {
				t.Fatalf("got %s, want a close with %s", got, rest)
			}
		}
	}
}

const begun = `
	> {"type":"connection_init"}
	< {"type":"connection_ack"}
`

// TestProtocol has what the protocol says of single messages; graphqlws_test.go tells
// which of these the server of npm graphql-ws is tested for too.
func TestProtocol(t *testing.T) {
	s := serve(t, Options{})
	for name, script := range map[string]string{
		"a message that is no JSON":        "> nope\n! 4400 a message must be",
		"a message that is no object":      "> [1]\n! 4400 a message must be",
		"null":                             "> null\n! 4400 a message must be",
		"a message without a type":         "> {}\n! 4400 a message must have a type",
		"a type that is a number":          `> {"type":1}` + "\n! 4400 a message must have a type",
		"a type that nobody knows":         begun + `> {"type":"iamnothere"}` + "\n! 4400 no client sends",
		"a server's message":               begun + `> {"type":"next","id":"1","payload":{}}` + "\n! 4400 no client sends",
		"an init with a text":              `> {"type":"connection_init","payload":"x"}` + "\n! 4400 the payload of connection_init",
		"an init with an object":           `> {"type":"connection_init","payload":{"token":"x"}}` + "\n" + `< {"type":"connection_ack"}`,
		"an init with null":                `> {"type":"connection_init","payload":null}` + "\n" + `< {"type":"connection_ack"}`,
		"two inits":                        begun + `> {"type":"connection_init"}` + "\n! 4429 ",
		"a subscription before the init":   `> {"type":"subscribe","id":"1","payload":{"query":"one"}}` + "\n! 4401 ",
		"a ping before the init":           `> {"type":"ping"}` + "\n" + `< {"type":"pong"}`,
		"a ping with a payload":            begun + `> {"type":"ping","payload":{"a":[1]}}` + "\n" + `< {"type":"pong","payload":{"a":[1]}}`,
		"a pong that nobody asked for":     begun + `> {"type":"pong","payload":{}}` + "\n" + `> {"type":"ping"}` + "\n" + `< {"type":"pong"}`,
		"a subscription without an id":     begun + `> {"type":"subscribe","payload":{"query":"one"}}` + "\n! 4400 the id",
		"a subscription with an empty id":  begun + `> {"type":"subscribe","id":"","payload":{"query":"one"}}` + "\n! 4400 the id",
		"a subscription without a payload": begun + `> {"type":"subscribe","id":"1"}` + "\n! 4400 the payload",
		"a subscription without a query":   begun + `> {"type":"subscribe","id":"1","payload":{}}` + "\n! 4400 the payload's query",
		"a query that is an object":        begun + `> {"type":"subscribe","id":"1","payload":{"query":{}}}` + "\n! 4400 the payload's query",
		"variables that are a text":        begun + `> {"type":"subscribe","id":"1","payload":{"query":"one","variables":"{}"}}` + "\n! 4400 the payload's variables",
		"a name that is a number":          begun + `> {"type":"subscribe","id":"1","payload":{"query":"one","operationName":1}}` + "\n! 4400 the payload's operationName",
		"one response": begun + `
			> {"type":"subscribe","id":"1","payload":{"query":"one","variables":null,"operationName":null,"extensions":null}}
			< {"type":"next","id":"1","payload":{"data":1}}
			< {"type":"complete","id":"1"}`,
		"an id again, once it is free": begun + `
			> {"type":"subscribe","id":"1","payload":{"query":"one"}}
			< {"type":"next","id":"1","payload":{"data":1}}
			< {"type":"complete","id":"1"}
			> {"type":"subscribe","id":"1","payload":{"query":"one"}}
			< {"type":"next","id":"1","payload":{"data":1}}
			< {"type":"complete","id":"1"}`,
		"an id in use": begun + `
			> {"type":"subscribe","id":"s","payload":{"query":"forever"}}
			< {"type":"next","id":"s","payload":{"data":0}}
			> {"type":"subscribe","id":"s","payload":{"query":"one"}}
			! 4409 Subscriber for s already exists`,
		"errors only, and no complete": begun + `
			> {"type":"subscribe","id":"1","payload":{"query":"bad"}}
			< {"type":"error","id":"1","payload":[{"message":"no"}]}
			> {"type":"ping"}
			< {"type":"pong"}`,
		"the client completes": begun + `
			> {"type":"subscribe","id":"1","payload":{"query":"forever"}}
			< {"type":"next","id":"1","payload":{"data":0}}
			> {"type":"complete","id":"1"}
			> {"type":"subscribe","id":"1","payload":{"query":"one"}}
			< {"type":"next","id":"1","payload":{"data":1}}
			< {"type":"complete","id":"1"}`,
		"a complete of nothing": begun + `
			> {"type":"complete","id":"x"}
			> {"type":"ping"}
			< {"type":"pong"}`,
		"a bug": begun + `
			> {"type":"subscribe","id":"1","payload":{"query":"panic"}}
			! 4500 internal error`,
	} {
		t.Run(name, func(t *testing.T) { talk(t, s.dial(t, Protocol), script) })
	}
	t.Run("no subprotocol", func(t *testing.T) { talk(t, s.dial(t), "! 4406 ") })
	t.Run("another subprotocol", func(t *testing.T) { talk(t, s.dial(t, "graphql-ws"), "! 4406 ") })
	t.Run("bytes", func(t *testing.T) {
		conn := s.dial(t, Protocol)
		if err := conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"type":"ping"}`)); err != nil {
			t.Fatal(err)
		}
		talk(t, conn, "! 4400 a message must be text")
	})
	settles(t, "operations", func() bool { return s.running.Load() == 0 })
}

func TestNoInit(t *testing.T) {
	s := serve(t, Options{Init: 20 * time.Millisecond})
	talk(t, s.dial(t, Protocol), "! 4408 ")
}

func TestTooManyOperations(t *testing.T) {
	s := serve(t, Options{Operations: 1})
	talk(t, s.dial(t, Protocol), begun+`
		> {"type":"subscribe","id":"1","payload":{"query":"forever"}}
		< {"type":"next","id":"1","payload":{"data":0}}
		> {"type":"subscribe","id":"2","payload":{"query":"one"}}
		< {"type":"error","id":"2","payload":[{"message":"too many operations at a time on one socket","extensions":{"code":"LIMIT_EXCEEDED"}}]}`)
}

func TestStopping(t *testing.T) {
	stopping, stop := context.WithCancel(t.Context())
	s := serve(t, Options{Stopping: stopping})
	conns := []*websocket.Conn{s.dial(t, Protocol), s.dial(t, Protocol)}
	for _, conn := range conns {
		talk(t, conn, begun)
	}
	stop()
	for _, conn := range conns {
		_, _, err := conn.Read(t.Context())
		if websocket.CloseStatus(err) != websocket.StatusGoingAway {
			t.Errorf("%v, want 1001", err)
		}
	}
}

func TestOtherOrigin(t *testing.T) {
	s := serve(t, Options{})
	_, response, err := websocket.Dial(t.Context(), s.url, &websocket.DialOptions{
		Subprotocols: []string{Protocol}, HTTPHeader: map[string][]string{"Origin": {"https://elsewhere.example"}},
	})
	if err == nil || response.StatusCode != 403 {
		t.Errorf("%v, want 403", err)
	}
}

// TestSlow has a client that never reads, nor answers pings: it is cut off, and its
// operation ends.
func TestSlow(t *testing.T) {
	s := serve(t, Options{Write: 50 * time.Millisecond, Ping: 50 * time.Millisecond})
	conn := s.dial(t, Protocol)
	talk(t, conn, begun+`> {"type":"subscribe","id":"1","payload":{"query":"flood"}}`)
	settles(t, "its operation begins", func() bool { return s.running.Load() == 1 })
	settles(t, "a client that never reads is cut off", func() bool { return s.running.Load() == 0 })
}

// TestCut opens sockets with an operation each and cuts them: nothing is left.
func TestCut(t *testing.T) {
	s := serve(t, Options{})
	before := runtime.NumGoroutine()
	const sockets = 200
	for range sockets {
		conn := s.dial(t, Protocol)
		talk(t, conn, begun+`
			> {"type":"subscribe","id":"1","payload":{"query":"forever"}}
			< {"type":"next","id":"1","payload":{"data":0}}`)
		if err := conn.CloseNow(); err != nil {
			t.Fatal(err)
		}
	}
	settles(t, "operations end", func() bool { return s.running.Load() == 0 })
	settles(t, "goroutines end", func() bool { return runtime.NumGoroutine() <= before+5 })
}

// settles waits until something becomes true, for a minute at most.
func settles(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("in vain: " + what)
		}
	}
}
