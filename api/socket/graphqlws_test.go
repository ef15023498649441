package socket

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// What the server of npm graphql-ws 6 is tested for (its tests/server.test.ts and
// tests/use.test.ts, by the gist of each case), and where it is tested here. Cases of
// its hooks in JavaScript that leave no trace on the wire (schema as a promise, own
// parse, validate, replacer and reviver, roots and context values, results put in
// place of others, extra, handleProtocol's arguments) have nothing to stand for here.
//
//	connect
//	  the callback says no: 4403                             TestRefusedInit
//	  the callback says yes, or there is none: acknowledged  TestProtocol: an init …; TestRefusedInit
//	  a payload with the acknowledgement                     none: the protocol leaves it out, as may we
//	  connectionParams reach the operations                  TestRefusedInit; TestKeysOnSockets in package api
//	  no init in time: 4408                                  TestNoInit
//	  in time, and the callback takes longer: stays open     TestSlowBegin
//	  another init while one is pending, or later: 4429      TestSlowBegin; TestProtocol: two inits
//	  a subscription just behind the init                    TestSubscribeBehindInit
//	ping and pong
//	  a ping, with and without a payload; a pong             TestProtocol: a ping …, a pong …
//	  the server's own pings                                 TestKeepAlive; TestSlow: who does not answer is cut off
//	  pings switched off                                     none: they cannot be
//	subscribe
//	  before the acknowledgement: 4401                       TestProtocol: a subscription before the init
//	  a query: next, complete                                TestProtocol: one response
//	  several results: next …, complete                      TestOperations: three responses
//	  completed by the client before there is a result       TestOperations: completed before …
//	  errors of validation: error                            TestProtocol: errors only; clients.mjs in package api
//	  a subscription's events                                clients.mjs in package api
//	  nothing after the client's complete, nor complete      TestOperations: a result after …; TestProtocol: the client completes
//	  an id in use: 4409, also while it is being prepared    TestProtocol: an id in use; TestOperations: an id in use, no result yet
//	  persisted queries                                      TestOperations: a document by its id; persisted_test.go in package api
//	  an operation ends when the socket is cut               TestCut
//	  a reservation of an id ends with its operation         TestProtocol: an id again, once it is free
//	  no error after the client's complete                   TestOperations: an error after …
//	  a subscription that fails: error, no complete, open    TestProtocol: errors only, and no complete
//	  messages that are none: 4400                           TestProtocol
//	close
//	  operations end with the socket, all of them            TestClosedByClient
//	  code and reason                                        TestProtocol; TestRefusedInit
//	servers
//	  a subprotocol that is not spoken: 4406                 TestSubprotocols; TestProtocol
//	  going away: 1001, every client                         TestStopping
//	  a fault: 4500 (its text is not told here)              TestProtocol: a bug; TestFaultAtInit
//	  reasons are cut to what a close frame holds            TestRefusedInit

func TestSubprotocols(t *testing.T) { synctest.Test(t, testSubprotocols) }

func testSubprotocols(t *testing.T) {
	s := serve(t, Options{})
	for _, asked := range [][]string{{"notme", "notmeither"}, {"notme"}, {"graphql", "json"}, {Protocol + "gibberish"}} {
		talk(t, s.dial(t, asked...), "! 4406 the subprotocol must be "+Protocol)
	}
	talk(t, s.dial(t, "this", Protocol, "one"), begun)
}

type whoKey struct{}

// TestRefusedInit has a callback refuse a client, by a text that is longer than a close
// frame holds, and tell operations of another.
func TestRefusedInit(t *testing.T) { synctest.Test(t, testRefusedInit) }

func testRefusedInit(t *testing.T) {
	who := make(chan any, 1)
	s := serve(t, Options{Begin: func(ctx context.Context, payload json.RawMessage) (context.Context, error) {
		if len(payload) == 0 {
			return ctx, errors.New(strings.Repeat("no, ", 50))
		}
		return context.WithValue(ctx, whoKey{}, string(payload)), nil
	}, Run: func(ctx context.Context, _ Request, _ func(Response) bool) { who <- ctx.Value(whoKey{}) }})
	talk(t, s.dial(t, Protocol), `> {"type":"connection_init"}`+"\n! 4403 "+strings.Repeat("no, ", 30)+"...")
	talk(t, s.dial(t, Protocol), `
		> {"type":"connection_init","payload":{"token":"x"}}
		< {"type":"connection_ack"}
		> {"type":"subscribe","id":"1","payload":{"query":"any"}}
		< {"type":"complete","id":"1"}`)
	if got := <-who; got != `{"token":"x"}` {
		t.Errorf("the operation's context has %v", got)
	}
}

// TestSlowBegin has a callback that takes longer than an init may be waited for.
func TestSlowBegin(t *testing.T) {
	for name, script := range map[string]string{
		"one init": begun + `
			> {"type":"ping"}
			< {"type":"pong"}`,
		"two inits": `
			> {"type":"connection_init"}
			> {"type":"connection_init"}
			< {"type":"connection_ack"}
			! 4429 `,
	} {
		t.Run(name, bubble(func(t *testing.T) {
			s := serve(t, Options{Begin: func(ctx context.Context, _ json.RawMessage) (context.Context, error) {
				time.Sleep(15 * time.Second) // the callback's work
				return ctx, nil
			}})
			talk(t, s.dial(t, Protocol), script)
		}))
	}
}

func TestSubscribeBehindInit(t *testing.T) { synctest.Test(t, testSubscribeBehindInit) }

func testSubscribeBehindInit(t *testing.T) {
	talk(t, serve(t, Options{}).dial(t, Protocol), `
		> {"type":"connection_init"}
		> {"type":"subscribe","id":"1","payload":{"query":"one"}}
		< {"type":"connection_ack"}
		< {"type":"next","id":"1","payload":{"data":1}}
		< {"type":"complete","id":"1"}`)
}

// TestFaultAtInit: what the fault was is not told to the client.
func TestFaultAtInit(t *testing.T) { synctest.Test(t, testFaultAtInit) }

func testFaultAtInit(t *testing.T) {
	fault := make(chan any, 1)
	s := serve(t, Options{
		Begin: func(context.Context, json.RawMessage) (context.Context, error) { panic("a bug") },
		Fault: func(value any) { fault <- value },
	})
	talk(t, s.dial(t, Protocol), `> {"type":"connection_init"}`+"\n! 4500 internal error")
	if got := <-fault; got != "a bug" {
		t.Errorf("the fault that was told of is %v", got)
	}
}

func TestOperations(t *testing.T) {
	for name, script := range map[string]string{
		"three responses": begun + `
			> {"type":"subscribe","id":"1","payload":{"query":"three"}}
			< {"type":"next","id":"1","payload":0}
			< {"type":"next","id":"1","payload":1}
			< {"type":"next","id":"1","payload":2}
			< {"type":"complete","id":"1"}`,
		"completed before there is a result": begun + `
			> {"type":"subscribe","id":"1","payload":{"query":"silent"}}
			> {"type":"complete","id":"1"}
			> {"type":"ping"}
			< {"type":"pong"}`,
		"an id in use, no result yet": begun + `
			> {"type":"subscribe","id":"1","payload":{"query":"silent"}}
			> {"type":"subscribe","id":"1","payload":{"query":"one"}}
			! 4409 Subscriber for 1 already exists`,
		"a document by its id": begun + `
			> {"type":"subscribe","id":"1","payload":{"documentId":"one"}}
			< {"type":"next","id":"1","payload":{"data":1}}
			< {"type":"complete","id":"1"}`,
	} {
		t.Run(name, bubble(func(t *testing.T) {
			s := serve(t, Options{})
			conn := s.dial(t, Protocol)
			talk(t, conn, script)
			s.ends(t, conn)
		}))
	}
	for name, query := range map[string]string{"a result after the client's complete": "stubborn", "an error after the client's complete": "failing"} {
		t.Run(name, bubble(func(t *testing.T) {
			s := serve(t, Options{})
			conn := s.dial(t, Protocol)
			talk(t, conn, begun+`> {"type":"subscribe","id":"1","payload":{"query":"`+query+`"}}`)
			synctest.Wait()
			if n := s.running.Load(); n != 1 {
				t.Fatalf("%d operations have begun", n)
			}
			talk(t, conn, `> {"type":"complete","id":"1"}`)
			synctest.Wait()
			if n := s.running.Load(); n != 0 {
				t.Fatalf("%d operations are left", n)
			}
			talk(t, conn, "> "+`{"type":"ping"}`+"\n"+`< {"type":"pong"}`)
		}))
	}
}

// TestClosedByClient closes a socket with several operations, as a client should.
func TestClosedByClient(t *testing.T) { synctest.Test(t, testClosedByClient) }

func testClosedByClient(t *testing.T) {
	s := serve(t, Options{})
	conn := s.dial(t, Protocol)
	talk(t, conn, begun+`
		> {"type":"subscribe","id":"1","payload":{"query":"silent"}}
		> {"type":"subscribe","id":"2","payload":{"query":"stubborn"}}
		> {"type":"subscribe","id":"3","payload":{"query":"forever"}}
		< {"type":"next","id":"3","payload":{"data":0}}`)
	synctest.Wait()
	if n := s.running.Load(); n != 3 {
		t.Errorf("%d operations have begun", n)
	}
	if err := conn.Close(websocket.StatusNormalClosure, "done"); err != nil {
		t.Error(err)
	}
	synctest.Wait()
	if n := s.running.Load(); n != 0 {
		t.Errorf("%d operations are left", n)
	}
}

// TestKeepAlive: a client that says nothing for long, and answers pings, stays.
func TestKeepAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var pings atomic.Int64
		conn := serve(t, Options{}).dialWith(t, &websocket.DialOptions{
			Subprotocols:   []string{Protocol},
			OnPingReceived: func(context.Context, []byte) bool { pings.Add(1); return true },
		}, nil)
		talk(t, conn, begun)
		heard := make(chan error, 1)
		go func() {
			_, text, err := conn.Read(t.Context()) // pings are answered while it reads
			if err == nil && string(text) != `{"type":"pong"}` {
				err = errors.New(string(text))
			}
			heard <- err
		}()
		time.Sleep(time.Hour + time.Second)
		if n := pings.Load(); n != 120 {
			t.Errorf("%d pings in an hour, want one each half a minute", n)
		}
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"ping"}`)); err != nil {
			t.Fatal(err)
		}
		if err := <-heard; err != nil {
			t.Error(err)
		}
	})
}
