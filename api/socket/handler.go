package socket

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Options are what a handler is made of. Run is required.
type Options struct {
	// Run runs an operation: it calls emit for each response, in order, and returns
	// when the operation is over, ctx is done or emit returns false. Several run at
	// a time. A panic closes the socket with 4500.
	Run func(ctx context.Context, r Request, emit func(Response) bool)
	// Begin is asked whether a client may go on, by the payload of its
	// connection_init, empty for none; its context is that of the operations. An
	// error closes the socket with 4403 and the error's text, a panic with 4500.
	// Default: any client may.
	Begin func(ctx context.Context, payload json.RawMessage) (context.Context, error)
	// Origins are those whose pages may open a socket, "*" for any.
	Origins []string
	// Stopping, when done, closes all sockets with 1001; nil: never.
	Stopping context.Context
	// Fault is told what Run panicked with; default nobody.
	Fault func(value any)

	Message    int           // bytes of a client's message; default 1 MiB
	Operations int           // at a time on one socket; default 100
	Init       time.Duration // to wait for connection_init; default 10 s
	Write      time.Duration // to wait for a client to take a message; default 10 s
	Ping       time.Duration // between pings, each to be answered before the next; default 30 s
}

// Response is one response of an operation, or why there is none.
type Response struct {
	JSON   []byte // the whole response
	Errors []byte // its list of errors, where the operation failed before it had data; else nil
}

// NewHandler serves sockets. A browser's page may open one from the server's own
// origin and from Origins; other clients send no Origin. A handler returns when its socket is
// closed and nothing of it is left.
func NewHandler(o Options) http.Handler {
	o.Message = cmp.Or(o.Message, 1<<20)
	o.Operations = cmp.Or(o.Operations, 100)
	o.Init = cmp.Or(o.Init, 10*time.Second)
	o.Write = cmp.Or(o.Write, 10*time.Second)
	o.Ping = cmp.Or(o.Ping, 30*time.Second)
	if o.Begin == nil {
		o.Begin = func(ctx context.Context, _ json.RawMessage) (context.Context, error) { return ctx, nil }
	}
	if o.Fault == nil {
		o.Fault = func(any) {}
	}
	return handler{o}
}

// Asked reports whether a request asks for a WebSocket.
func Asked(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

type handler struct{ Options }

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{Protocol},
		OriginPatterns:     patterns(h.Origins),
		InsecureSkipVerify: slices.Contains(h.Origins, "*"),
	})
	if err != nil {
		return // Accept has answered
	}
	ctx, cancel := context.WithCancel(r.Context())
	s := &session{Options: h.Options, conn: conn, ctx: ctx, operations: map[string]*operation{}}
	defer s.end(cancel)
	defer func() {
		if value := recover(); value != nil { // of Begin; operations have their own
			s.Fault(value)
			s.close(internalFault, "internal error")
		}
	}()
	if conn.Subprotocol() != Protocol {
		s.close(wrongSubprotocol, "the subprotocol must be "+Protocol)
		return
	}
	conn.SetReadLimit(int64(h.Message))
	s.serve()
}

// patterns are origins as the library matches them: an IPv6 address has brackets.
func patterns(origins []string) []string {
	quoted := make([]string, len(origins))
	for i, origin := range origins {
		quoted[i] = strings.ReplaceAll(origin, "[", `\[`)
	}
	return quoted
}

// session is one socket.
type session struct {
	Options
	conn  *websocket.Conn
	ctx   context.Context // done when the socket is to end
	begun context.Context // of operations, once there was a connection_init; only serve's goroutine uses it

	running sync.WaitGroup // operations, timers' work
	pinger  *time.Timer

	mu         sync.Mutex // also held while a message is written, so that none follows its operation's end
	initiated  bool
	operations map[string]*operation // under way, by id
}

// operation is one under way.
type operation struct{ cancel context.CancelFunc }

// serve reads messages until the socket ends.
func (s *session) serve() {
	defer s.after(s.Init, s.checkInit)()
	s.pinger = time.AfterFunc(s.Ping, s.ping)
	defer s.pinger.Stop()
	if s.Stopping != nil {
		defer context.AfterFunc(s.Stopping, func() { s.close(int(websocket.StatusGoingAway), "the server is stopping") })()
	}
	for {
		kind, text, err := s.conn.Read(s.ctx)
		if err != nil {
			return // the client is gone, or the socket was closed
		}
		m, err := readMessage(text)
		switch {
		case kind != websocket.MessageText:
			s.close(badRequest, "a message must be text")
		case err != nil:
			s.close(badRequest, err.Error())
		case s.take(m):
			continue
		}
		return
	}
}

// after runs work once the time is over, unless the function that it returns was
// called before. A timer costs nothing while it waits.
func (s *session) after(wait time.Duration, work func()) (stop func()) {
	s.running.Add(1)
	timer := time.AfterFunc(wait, func() {
		defer s.running.Done()
		work()
	})
	return func() {
		if timer.Stop() {
			s.running.Done()
		}
	}
}

func (s *session) checkInit() {
	s.mu.Lock()
	initiated := s.initiated
	s.mu.Unlock()
	if !initiated {
		s.close(initTimeout, "connection_init did not come in time")
	}
}

// ping asks whether the client is still there, and has itself called again. The
// last call may outlive the socket by a moment.
func (s *session) ping() {
	ctx, cancel := context.WithTimeout(s.ctx, s.Ping)
	defer cancel()
	err := s.conn.Ping(ctx)
	// The library gives a ping five seconds to be written. Where it was not, because a
	// message is being taken slowly, the message's own time tells whether the client is
	// there: the socket is as it was. (Where the ping itself was not taken, it is closed.)
	waited := errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil
	if err != nil && !waited {
		s.drop()
		return
	}
	s.pinger.Reset(s.Ping)
}

// take does what a message says; false: the socket was closed for it.
func (s *session) take(m message) bool {
	switch m.kind {
	case "ping":
		return s.write(reply("pong", "", m.payload))
	case "connection_init":
		s.mu.Lock()
		again := s.initiated
		s.initiated = true
		s.mu.Unlock()
		if again {
			s.close(tooManyInits, "there was a connection_init before")
			return false
		}
		var err error
		if s.begun, err = s.Begin(s.ctx, m.payload); err != nil {
			s.close(forbidden, err.Error())
			return false
		}
		return s.write(reply("connection_ack", "", nil))
	case "subscribe":
		return s.subscribe(m)
	case "complete":
		s.mu.Lock()
		defer s.mu.Unlock()
		if op := s.operations[m.id]; op != nil {
			op.cancel()
			delete(s.operations, m.id)
		}
	}
	return true
}

// subscribe starts an operation, or says why not.
func (s *session) subscribe(m message) bool {
	s.mu.Lock()
	initiated, used, many := s.initiated, s.operations[m.id] != nil, len(s.operations) >= s.Operations
	s.mu.Unlock()
	switch {
	case !initiated:
		s.close(unauthorized, "connection_init comes first")
	case used:
		s.close(subscriberExists, "Subscriber for "+m.id+" already exists")
	case many:
		return s.write(reply("error", m.id, []byte(`[{"message":"too many operations at a time on one socket","extensions":{"code":"LIMIT_EXCEEDED"}}]`)))
	default:
		s.start(m)
		return true
	}
	return false
}

// start has an operation run beside.
func (s *session) start(m message) {
	ctx, cancel := context.WithCancel(s.begun)
	op := &operation{cancel}
	s.mu.Lock()
	s.operations[m.id] = op // free still: only serve's goroutine adds any
	s.mu.Unlock()
	s.running.Go(func() {
		defer cancel()
		defer func() {
			if value := recover(); value != nil {
				s.Fault(value)
				s.close(internalFault, "internal error")
			}
		}()
		s.run(ctx, m, op)
	})
}

// run runs an operation, and says when it is over unless the client did.
func (s *session) run(ctx context.Context, m message, op *operation) {
	failed := false
	s.Run(ctx, m.request, func(r Response) bool {
		if r.Errors != nil {
			failed = true
			s.tell(m.id, op, reply("error", m.id, r.Errors), true)
			return false
		}
		return s.tell(m.id, op, reply("next", m.id, r.JSON), false)
	})
	if !failed {
		s.tell(m.id, op, reply("complete", m.id, nil), true)
	}
}

// tell writes a message of an operation, and ends it with its last; false: it was
// over, or the client does not take it.
func (s *session) tell(id string, op *operation, text []byte, last bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.operations[id] != op || s.ctx.Err() != nil {
		return false
	}
	if last {
		delete(s.operations, id)
	}
	return s.send(text)
}

// write writes a message of no operation.
func (s *session) write(text []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.send(text)
}

// send writes a message; the caller holds mu. A client that does not take it in
// time is cut off: nothing is kept for it.
func (s *session) send(text []byte) bool {
	ctx, cancel := context.WithTimeout(s.ctx, s.Write)
	defer cancel()
	if s.conn.Write(ctx, websocket.MessageText, text) != nil {
		s.drop()
		return false
	}
	return true
}

// close closes the socket with a code, and waits a few seconds for the client to
// agree.
func (s *session) close(code int, reason string) {
	if len(reason) > mostReasonBytes {
		reason = strings.ToValidUTF8(reason[:mostReasonBytes-3], "") + "..."
	}
	if s.conn.Close(websocket.StatusCode(code), reason) != nil {
		return // the client is gone
	}
}

// drop closes the socket without a word.
func (s *session) drop() {
	if s.conn.CloseNow() != nil {
		return // it is closed
	}
}

// end leaves nothing of the socket.
func (s *session) end(cancel context.CancelFunc) {
	cancel()
	s.drop()
	s.running.Wait()
}
