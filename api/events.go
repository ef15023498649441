package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// streams counts the sockets and the streams of events that are open.
type streams struct {
	most     int
	each     int // of one caller
	waited   *sync.WaitGroup
	observer Observer

	mu   sync.Mutex
	open int
	of   map[string]int // open, by caller's name
}

// enter counts one more of a caller, or says why there may be none.
func (s *streams) enter(caller string) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.open >= s.most:
		return overloaded("streams", "too many subscriptions are open: come back later")
	case s.of[caller] >= s.each:
		refused := refuse(http.StatusTooManyRequests, "%d sockets and streams of this key or address are open, and no more may be: close some", s.each)
		refused.err.Extensions["code"] = rateLimited
		refused.err.Extensions["limit"] = "callers-streams"
		return refused
	}
	s.waited.Add(1)
	s.open++
	s.of[caller]++
	s.observer.Subscribers(1)
	return nil
}

func (s *streams) leave(caller string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	if s.of[caller]--; s.of[caller] == 0 {
		delete(s.of, caller)
	}
	s.observer.Subscribers(-1)
	s.waited.Done()
}

// overloaded is what goes beyond a limit of the whole server.
func overloaded(limit, message string) *refusal {
	refused := &refusal{status: http.StatusServiceUnavailable, err: coded(overload, message)}
	refused.err.Extensions["limit"] = limit
	return refused
}

// stream answers with Server-Sent Events, as graphql-sse has it for distinct
// connections: an event next for each response, then complete. A client that does
// not take an event in time is cut off, and so are all when the server stops: then
// complete is missing, and the client knows to come back. It gives what is seen a
// context that ends with the stream.
//
// A subscription can be silent for long, so early has the client told at once that
// the stream has begun. That may wait for the client: who holds a slot of the
// admission does so without, and writes nothing before it has given the slot back.
func (x *exchange) stream(w http.ResponseWriter, r *http.Request, seen *observed, early bool, run func(emit func(*graphql.Response) bool)) {
	seen.Transport = overEvents
	caller := servingOf(r.Context()).name
	if refused := x.streams.enter(caller); refused != nil {
		seen.refuse(refused, w, r)
		return
	}
	defer x.streams.leave(caller)
	ctx, cancel := context.WithCancel(seen.ctx)
	defer cancel()
	seen.ctx = ctx
	if x.stopping != nil {
		defer context.AfterFunc(x.stopping, cancel)()
	}
	out := &events{to: w, control: http.NewResponseController(w), limits: x.limits, now: x.now, gone: cancel}
	defer out.end()
	defer func() {
		if value := recover(); value != nil {
			x.fault(ctx, value)
			panic(http.ErrAbortHandler) // the answer has begun
		}
	}()
	out.begin()
	if early {
		out.write([]byte(":\n\n"))
	}
	run(func(response *graphql.Response) bool {
		var text bytes.Buffer
		text.WriteString("event: next\ndata: ")
		appendBefore(&text, response)
		before := text.Len()
		appendAfter(&text, response)
		text.WriteByte('\n')
		return out.write(text.Bytes()[:before], response.Data, text.Bytes()[before:])
	})
	if ctx.Err() == nil {
		out.write([]byte("event: complete\ndata:\n\n"))
	}
}

// fault has a panic logged; nobody is there to be shown it.
func (x *exchange) fault(ctx context.Context, value any) {
	x.exec.PresentRecoveredError(ctx, value)
}

// events writes a stream of events. A line without meaning goes out now and then,
// so that whoever stands between keeps the connection, and a client that is gone is
// noticed.
type events struct {
	control *http.ResponseController
	limits  Limits
	now     func() time.Time
	gone    func() // called when the client does not take what is written

	mu    sync.Mutex // guards to, alive and ended
	to    http.ResponseWriter
	alive *time.Timer
	ended bool
}

func (e *events) begin() {
	header := e.to.Header()
	header.Set("Content-Type", eventsType)
	header.Set("Cache-Control", keepNot)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Accel-Buffering", "no") // nginx would hold events back
	// The time to read a request is over long before a stream is.
	if err := e.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		e.gone()
	}
	e.to.WriteHeader(http.StatusOK)
	e.mu.Lock() // the timer's first call may come before it is in its field
	e.alive = time.AfterFunc(e.limits.Ping, func() { e.write([]byte(":\n\n")) })
	e.mu.Unlock()
}

// write writes a whole event and sends it; false: the client is gone. The time to take
// it ends with it: over HTTP/2 a deadline that passes ends the stream, though nothing
// is being written.
func (e *events) write(parts ...[]byte) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended {
		return false
	}
	e.alive.Reset(e.limits.Ping)
	if !e.until(e.now().Add(e.limits.Write)) {
		return false
	}
	for _, part := range parts {
		if _, err := e.to.Write(part); err != nil {
			e.gone()
			return false
		}
	}
	if e.control.Flush() != nil {
		e.gone()
		return false
	}
	return e.until(time.Time{})
}

// until sets when what is written must have been taken; zero: never. False: the client
// is gone.
func (e *events) until(deadline time.Time) bool {
	if takenBy(e.control, deadline) != nil {
		e.gone()
		return false
	}
	return true
}

// takenBy sets when what is written must have been taken; zero: never. The error is that
// of a connection that is gone.
func takenBy(control *http.ResponseController, deadline time.Time) error {
	if err := control.SetWriteDeadline(deadline); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// end makes sure that nothing is written any more but the server's own end of the
// answer, in a time of its own.
func (e *events) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended = true
	e.until(e.now().Add(e.limits.Write))
	if e.alive != nil {
		e.alive.Stop()
	}
}
