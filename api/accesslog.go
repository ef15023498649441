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
	request := &requestLog{}
	recorder := &recorder{ResponseWriter: w}
	ctx := context.WithValue(identify(w, r), requestLogKey{}, request)
	level := slog.LevelInfo
	if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
		level = slog.LevelDebug
	}
	request.wanted = a.log.Enabled(ctx, level)
	inner := r.WithContext(ctx)
	defer func() {
		took := a.now().Sub(started)
		a.observer.Request(Request{Method: r.Method, Route: routeOf(inner), Status: recorder.status, Bytes: recorder.bytes, Duration: took})
		if !request.wanted {
			return
		}
		a.log.LogAttrs(ctx, level, "request", append([]slog.Attr{
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

// requestLog is what handlers further in add to the line of their request. Only
// the request's own goroutine writes to it.
type requestLog struct {
	wanted    bool // the line is written
	operation []slog.Attr
	key       string // the caller's key, by its id; "": none was shown
}

type requestLogKey struct{}

// attributes are what is added to the line.
func (l *requestLog) attributes() []slog.Attr {
	if l.key == "" {
		return l.operation
	}
	return append([]slog.Attr{slog.String("key", l.key)}, l.operation...)
}

// logCaller names the caller's key in the line of its request.
func logCaller(ctx context.Context, c access.Caller) {
	if request, ok := ctx.Value(requestLogKey{}).(*requestLog); ok {
		request.key = c.Key.ID
	}
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
