package api

import (
	"context"
	"encoding/base32"
	"encoding/binary"
	"log/slog"
	"math/rand/v2"
	"net/http"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// requestIDHeader names a request in its answer, and in each line that it leaves in
// the log. A proxy in front may have named it.
const requestIDHeader = "X-Request-Id"

// identify returns the request's id, which the answer gets too.
func identify(w http.ResponseWriter, r *http.Request) string {
	id := r.Header.Get(requestIDHeader)
	if !isRequestID(id) {
		id = newRequestID()
	}
	w.Header().Set(requestIDHeader, id)
	return id
}

// traced returns the request's own context, with the trace that the client's
// traceparent says it is a part of.
func traced(r *http.Request) context.Context {
	if r.Header["Traceparent"] == nil {
		return r.Context()
	}
	return propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
}

// newRequestID returns 128 random bits. They tell requests apart; that nobody could
// guess them is not needed.
func newRequestID() string {
	var id [16]byte
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64())
	return string(requestIDs.AppendEncode(make([]byte, 0, 26), id[:]))
}

var requestIDs = base32.StdEncoding.WithPadding(base32.NoPadding)

// isRequestID takes up to 128 letters, digits and marks that mean nothing in a log.
func isRequestID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', c == '-', c == '_', c == '.', c == ':', c == '/', c == '+', c == '=':
		default:
			return false
		}
	}
	return true
}

// LogHandler adds request_id to each line that is logged with a request's context,
// and trace_id where the request is a part of a trace.
func LogHandler(to slog.Handler) slog.Handler { return identified{to} }

type identified struct{ slog.Handler }

// Handle adds what the context knows.
func (h identified) Handle(ctx context.Context, line slog.Record) error {
	if request := servingOf(ctx); request != nil {
		line.AddAttrs(slog.String("request_id", request.id))
	}
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		line.AddAttrs(slog.String("trace_id", span.TraceID().String()))
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs keeps what is added on the outside.
func (h identified) WithAttrs(attrs []slog.Attr) slog.Handler {
	return identified{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps what is added on the outside.
func (h identified) WithGroup(name string) slog.Handler {
	return identified{h.Handler.WithGroup(name)}
}
