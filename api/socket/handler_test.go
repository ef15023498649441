package socket

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"chancery/api/inmemory"
)

// served is a server whose operations are told by their query: "one" has one
// response, "three" has three, "bad" none but errors, "forever" waits for its end
// after a response, "silent" without any, "stubborn" and "failing" answer when they
// were ended, "flood" never stops sending, "panic" does. Options may have another Run.
type served struct {
	listener *inmemory.Listener
	running  atomic.Int64
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
	s.listener = inmemory.Serve(t, &http.Server{Handler: NewHandler(o)}, false)
	return s
}

func (s *served) dial(t *testing.T, protocols ...string) *websocket.Conn {
	t.Helper()
	return s.dialWith(t, &websocket.DialOptions{Subprotocols: protocols}, nil)
}

// dialWith dials as the options say; taking, where there is one, wraps the client's end.
func (s *served) dialWith(t *testing.T, o *websocket.DialOptions, taking func(net.Conn) net.Conn) *websocket.Conn {
	t.Helper()
	transport := s.listener.Transport(false)
	if taking != nil {
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := s.listener.Dial(ctx)
			return taking(conn), err
		}
	}
	o.HTTPClient = &http.Client{Transport: transport}
	conn, _, err := websocket.Dial(t.Context(), "ws://127.0.0.1/", o)
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

// bubble runs a test by a clock of its own, see package inmemory: what it waits for
// comes, or the test tells that nothing is left to come.
func bubble(test func(t *testing.T)) func(t *testing.T) {
	return func(t *testing.T) { synctest.Test(t, test) }
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
		_, text, err := conn.Read(t.Context())
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
		t.Run(name, bubble(func(t *testing.T) {
			s := serve(t, Options{})
			conn := s.dial(t, Protocol)
			talk(t, conn, script)
			s.ends(t, conn)
		}))
	}
	t.Run("no subprotocol", bubble(func(t *testing.T) { talk(t, serve(t, Options{}).dial(t), "! 4406 ") }))
	t.Run("another subprotocol", bubble(func(t *testing.T) { talk(t, serve(t, Options{}).dial(t, "graphql-ws"), "! 4406 ") }))
	t.Run("bytes", bubble(func(t *testing.T) {
		conn := serve(t, Options{}).dial(t, Protocol)
		if err := conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"type":"ping"}`)); err != nil {
			t.Fatal(err)
		}
		talk(t, conn, "! 4400 a message must be text")
	}))
}

// ends cuts the client's connection, and looks whether an operation is left.
func (s *served) ends(t *testing.T, conn *websocket.Conn) {
	t.Helper()
	if err := conn.CloseNow(); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	synctest.Wait()
	if n := s.running.Load(); n != 0 {
		t.Errorf("%d operations are left", n)
	}
}

func TestNoInit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, began := serve(t, Options{}), time.Now()
		talk(t, s.dial(t, Protocol), "! 4408 ")
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("closed after %v", took)
		}
	})
}

func TestTooManyOperations(t *testing.T) { synctest.Test(t, testTooManyOperations) }

func testTooManyOperations(t *testing.T) {
	s := serve(t, Options{Operations: 1})
	talk(t, s.dial(t, Protocol), begun+`
		> {"type":"subscribe","id":"1","payload":{"query":"forever"}}
		< {"type":"next","id":"1","payload":{"data":0}}
		> {"type":"subscribe","id":"2","payload":{"query":"one"}}
		< {"type":"error","id":"2","payload":[{"message":"too many operations at a time on one socket","extensions":{"code":"LIMIT_EXCEEDED"}}]}`)
}

func TestStopping(t *testing.T) { synctest.Test(t, testStopping) }

func testStopping(t *testing.T) {
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
	synctest.Test(t, func(t *testing.T) {
		transport := serve(t, Options{}).listener.Transport(false)
		defer transport.CloseIdleConnections()
		_, response, err := websocket.Dial(t.Context(), "ws://127.0.0.1/", &websocket.DialOptions{
			Subprotocols: []string{Protocol}, HTTPHeader: map[string][]string{"Origin": {"https://elsewhere.example"}},
			HTTPClient: &http.Client{Transport: transport},
		})
		if err == nil || response.StatusCode != 403 {
			t.Errorf("%v, want 403", err)
		}
	})
}

// TestSlow has a client that never reads, nor answers pings: it is cut off when the time
// for a message is over, and its operation ends.
func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		conn := s.dial(t, Protocol)
		talk(t, conn, begun+`> {"type":"subscribe","id":"1","payload":{"query":"flood"}}`)
		synctest.Wait()
		if n := s.running.Load(); n != 1 {
			t.Fatalf("%d operations have begun", n)
		}
		time.Sleep(9 * time.Second)
		if n := s.running.Load(); n != 1 {
			t.Fatal("cut off before its time")
		}
		time.Sleep(2 * time.Second)
		if n := s.running.Load(); n != 0 {
			t.Error("a client that never reads is not cut off")
		}
	})
}

// slowly is a client's end of a connection that takes so many bytes a second.
type slowly struct {
	net.Conn
	each int
}

func (s slowly) Read(b []byte) (int, error) {
	if len(b) > s.each {
		b = b[:s.each]
	}
	n, err := s.Conn.Read(b)
	time.Sleep(time.Second * time.Duration(n) / time.Duration(s.each))
	return n, err
}

// TestTakenSlowly has a client take each message in nine of its ten seconds, and pings
// are to come meanwhile, the first when eight of them are left: nobody takes it for gone.
func TestTakenSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const messages, size = 20, 9 << 13
		// The look whether there was an init waits for a lock, beside which no bubble's clock goes on.
		s := serve(t, Options{Init: time.Hour, Ping: 26 * time.Second, Run: func(_ context.Context, _ Request, emit func(Response) bool) {
			for range messages {
				if !emit(Response{JSON: []byte(`"` + strings.Repeat("x", size) + `"`)}) {
					return
				}
			}
		}})
		conn := s.dialWith(t, &websocket.DialOptions{Subprotocols: []string{Protocol}}, func(conn net.Conn) net.Conn { return slowly{conn, 1 << 13} })
		talk(t, conn, begun+`> {"type":"subscribe","id":"1","payload":{"query":"much"}}`)
		for i := range messages {
			if _, text, err := conn.Read(t.Context()); err != nil || len(text) < size {
				t.Fatalf("message %d: %d bytes, %v", i+1, len(text), err)
			}
		}
		talk(t, conn, `< {"type":"complete","id":"1"}`)
	})
}

// TestCut opens sockets with an operation each and cuts them: nothing is left, or the
// bubble would not end.
func TestCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
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
		synctest.Wait()
		if n := s.running.Load(); n != 0 {
			t.Errorf("%d operations are left", n)
		}
	})
}
