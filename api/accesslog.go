package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"chancery/api/access"
)

// accessLog logs each request: method, path, status, bytes, duration, the
// operation's name and the id of the caller's key. It logs no query and no variables, which may be private.
type accessLog struct {
	next http.Handler
	log  *slog.Logger
	now  func() time.Time
}

func (a accessLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := a.now()
	request := &requestLog{}
	recorder := &recorder{ResponseWriter: w}
	defer func() {
		level := slog.LevelInfo
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			level = slog.LevelDebug
		}
		a.log.LogAttrs(r.Context(), level, "request",
			slog.String("method", r.Method),
			slog.String("path", r.URL.Path),
			slog.Int("status", recorder.status),
			slog.Int64("bytes", recorder.bytes),
			slog.Duration("duration", a.now().Sub(started)),
			slog.String("operation", request.operation),
			slog.String("key", request.key),
		)
	}()
	a.next.ServeHTTP(recorder, r.WithContext(context.WithValue(r.Context(), requestLogKey{}, request)))
}

// requestLog is what handlers further in add to the line of their request. Only
// the request's own goroutine writes to it.
type requestLog struct {
	operation string
	key       string // the caller's key, by its id
}

type requestLogKey struct{}

// logOperation names the operation in the line of its request.
func logOperation(ctx context.Context, name string) {
	if request, ok := ctx.Value(requestLogKey{}).(*requestLog); ok {
		request.operation = name
	}
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
