package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"chancery/api/access"
)

// accessLog logs each request: method, path, status, bytes, duration, the id of the
// caller's key where one was shown, and what its operation has to say of itself. It
// logs no query and no variables, which may be private. Operations on a socket have
// lines of their own.
type accessLog struct {
	next     http.Handler
	log      *slog.Logger
	now      func() time.Time
	observer Observer
}

func (a accessLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := a.now()
	request := &serving{Context: traced(r), id: identify(w, r)}
	recorder := &recorder{ResponseWriter: w}
	level := slog.LevelInfo
	if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
		level = slog.LevelDebug
	}
	request.wanted = a.log.Enabled(request, level)
	inner := r.WithContext(request)
	defer func() {
		took := a.now().Sub(started)
		a.observer.Request(Request{Method: r.Method, Route: routeOf(inner), Status: recorder.status, Bytes: recorder.bytes, Duration: took})
		if !request.wanted {
			return
		}
		a.log.LogAttrs(request, level, "request", append([]slog.Attr{
			slog.String("method", r.Method),
			slog.String("path", r.URL.Path),
			slog.Int("status", recorder.status),
			slog.Int64("bytes", recorder.bytes),
			slog.Duration("duration", took),
		}, request.attributes()...)...)
	}()
	a.next.ServeHTTP(recorder, inner)
}

// routeOf is the Route of a request that the mux has handed on.
func routeOf(r *http.Request) string {
	return r.Pattern[strings.IndexByte(r.Pattern, ' ')+1:] // without the method
}

// serving is the context of a request: all that we know of it is in this one value. Only
// the request's own goroutine writes to it.
type serving struct {
	context.Context
	id     string        // see identify
	caller access.Caller // once it was let in
	name   string        // the caller's, see access.Caller.Name

	// What handlers further in add to the line of their request.
	wanted    bool // the line is written
	operation []slog.Attr
}

type servingKey struct{}

// Value returns the request's own values, and those of the server.
func (s *serving) Value(key any) any {
	if key == (servingKey{}) {
		return s
	}
	return s.Context.Value(key)
}

// servingOf is the request that a context is of; nil: it is of none.
func servingOf(ctx context.Context) *serving {
	s, _ := ctx.Value(servingKey{}).(*serving)
	return s
}

// letIn notes who sent the request.
func (s *serving) letIn(c access.Caller) { s.caller, s.name = c, c.Name() }

// callerOf is who sent the request that a context is of; the zero Caller, if it is of none.
func callerOf(ctx context.Context) access.Caller {
	if s := servingOf(ctx); s != nil {
		return s.caller
	}
	return access.Caller{}
}

// attributes are what is added to the line.
func (s *serving) attributes() []slog.Attr {
	if s.caller.Key.ID == "" {
		return s.operation
	}
	return append([]slog.Attr{slog.String("key", s.caller.Key.ID)}, s.operation...)
}

// recorder notes the status and the size of a response.
type recorder struct {
	http.ResponseWriter
	status int // 0 until the header is written
	bytes  int64
}

// WriteHeader notes the first status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write notes 200 where no status was written, as net/http does.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
