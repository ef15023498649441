package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"chancery/resolvers"
)

// Observer is told of what a handler serves, each as it ends; metrics are made of
// it. Its methods are called by many goroutines, and must not block.
type Observer interface {
	// Request is told of each HTTP request. A socket or a stream of events is one,
	// which ends when it is closed.
	Request(Request)
	// Operation is told of each GraphQL operation, and of each that could not be run.
	Operation(Operation)
	// Subscribers is told of sockets and streams of events: 1 opened, or -1.
	Subscribers(change int)
	// Event is told that a client took an event of a subscription.
	Event()
}

// Request is an HTTP request that is over.
type Request struct {
	Method   string // as the client wrote it
	Route    string // /graphql, /tables/, /healthz, /readyz, /freshness, or / for the pages
	Status   int    // 101: a socket
	Bytes    int64  // of the answer's body, packed or not as it was sent
	Duration time.Duration
}

// Operation is a GraphQL operation that is over. It tells nothing of its document
// and its variables.
type Operation struct {
	Name      string // as the client wrote it; "": none, or it was never read
	Kind      string // query, mutation or subscription; "": it was never read
	Transport string // http, sse or websocket
	Trusted   bool   // its document is in the manifest of trusted documents
	Code      string // of its first error; "": none
	Limit     string // that it went over, where it was refused for one
	Quads     int64  // read for a query that began; negative: it is none
	Duration  time.Duration
}

type noObserver struct{}

func (noObserver) Request(Request)     {}
func (noObserver) Operation(Operation) {}
func (noObserver) Subscribers(int)     {}
func (noObserver) Event()              {}

const (
	overHTTP   = "http"
	overEvents = "sse"
	overSocket = "websocket"
)

// observed is an operation under way. The goroutine that runs it owns it.
type observed struct {
	Operation
	exchange *exchange
	ctx      context.Context // with the operation's span
	span     trace.Span
	started  time.Time
	told     bool // what came of it
}

// observe begins an operation; whoever calls it calls end. The operation's
// context is that of what it returns.
func (x *exchange) observe(ctx context.Context, transport string) *observed {
	o := &observed{exchange: x, started: x.now()}
	o.Transport, o.Quads = transport, -1
	ctx = graphql.StartOperationTrace(ctx)
	if x.tracer == nil {
		o.ctx, o.span = ctx, noop.Span{}
		return o
	}
	o.ctx, o.span = x.tracer.Start(ctx, "operation", trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(o.started))
	return o
}

// read notes what the document says of the operation. Its parts were measured by
// gqlgen, by the same clock as spans have.
func (o *observed) read(operation *graphql.OperationContext) {
	if operation.Operation != nil {
		o.Name, o.Kind = operation.Operation.Name, string(operation.Operation.Operation)
	}
	o.Trusted = o.exchange.named.trusted.texts[operation.RawQuery]
	if !o.span.IsRecording() {
		return
	}
	now := time.Now() // as gqlgen reads it
	for name, part := range map[string]graphql.TraceTiming{"parse": operation.Stats.Parsing, "validate": operation.Stats.Validation} {
		if part.Start.IsZero() {
			continue // refused before
		}
		if part.End.IsZero() {
			part.End = now
		}
		_, span := o.exchange.tracer.Start(o.ctx, name, trace.WithTimestamp(part.Start))
		span.End(trace.WithTimestamp(part.End))
	}
}

// answered notes the first error of the operation.
func (o *observed) answered(response *graphql.Response) {
	o.told = true
	if response == nil || len(response.Errors) == 0 || o.Code != "" {
		return
	}
	first := response.Errors[0]
	o.Code = resolvers.Code(first)
	o.Limit, _ = first.Extensions["limit"].(string)
}

// reads notes what was read for a query, whose context is that of its dispatch.
func (o *observed) reads(ctx context.Context) {
	if quads, counted := resolvers.QuadsRead(ctx); counted {
		o.Quads = quads
	}
}

// follows is told that a subscription begins, and returns the context for its
// events. Its span ends here: what lasts for days is none. Each event has one of its
// own; see delivers.
func (o *observed) follows(ctx context.Context) context.Context {
	o.told = true
	if o.span.IsRecording() {
		o.describe()
	}
	o.span.End()
	if !o.span.SpanContext().IsValid() {
		return ctx
	}
	return trace.ContextWithSpanContext(ctx, o.span.SpanContext())
}

// delivers has a client given a response of a subscription, and makes a span of it,
// within the trace that the subscription began in.
func (o *observed) delivers(ctx context.Context, response *graphql.Response, emit func(*graphql.Response) bool) (taken bool) {
	if o.exchange.tracer == nil {
		return emit(response)
	}
	_, span := o.exchange.tracer.Start(ctx, "event", trace.WithSpanKind(trace.SpanKindProducer), trace.WithTimestamp(o.exchange.now()))
	taken = emit(response)
	if span.IsRecording() {
		span.SetAttributes(
			attribute.String("graphql.operation.name", o.Name), attribute.String("chancery.transport", o.Transport),
			attribute.Int("chancery.bytes", len(response.Data)), attribute.Bool("chancery.taken", taken))
		if len(response.Errors) > 0 {
			code := resolvers.Code(response.Errors[0])
			span.SetAttributes(attribute.String("error.type", code))
			span.SetStatus(codes.Error, code)
		}
	}
	span.End(trace.WithTimestamp(o.exchange.now()))
	return taken
}

// refuse answers with a refusal.
func (o *observed) refuse(f *refusal, w http.ResponseWriter, r *http.Request) {
	f.write(w, r)
	o.answered(&graphql.Response{Errors: gqlerror.List{f.err}})
}

// end tells of the operation. What panicked is told as INTERNAL.
func (o *observed) end() {
	if !o.told {
		o.Code = resolvers.Internal
	}
	now := o.exchange.now()
	o.Duration = now.Sub(o.started)
	if o.span.IsRecording() {
		o.describe()
	}
	if o.exchange.tracer != nil {
		o.span.End(trace.WithTimestamp(now))
	}
	o.exchange.observer.Operation(o.Operation)
	if request := servingOf(o.ctx); request != nil && o.Transport != overSocket {
		if !request.wanted {
			return
		}
		request.operation = o.attributes() // they go into the request's line
		return
	}
	if !o.exchange.log.Enabled(o.ctx, slog.LevelInfo) {
		return
	}
	attrs := append(o.attributes(), slog.Duration("duration", o.Duration))
	if key := callerOf(o.ctx).Key.ID; key != "" {
		attrs = append(attrs, slog.String("key", key))
	}
	o.exchange.log.LogAttrs(o.ctx, slog.LevelInfo, "operation", attrs...)
}

// describe gives the span its name and what OpenTelemetry's conventions have for
// GraphQL.
func (o *observed) describe() {
	if o.Kind != "" {
		name := o.Kind
		if o.Name != "" {
			name += " " + o.Name
		}
		o.span.SetName(name)
		o.span.SetAttributes(attribute.String("graphql.operation.type", o.Kind), attribute.String("graphql.operation.name", o.Name))
	}
	o.span.SetAttributes(attribute.String("chancery.transport", o.Transport))
	if o.Quads >= 0 {
		o.span.SetAttributes(attribute.Int64("chancery.quads", o.Quads))
	}
	if o.Code != "" {
		o.span.SetAttributes(attribute.String("error.type", o.Code))
		o.span.SetStatus(codes.Error, o.Code)
	}
}

// attributes are what a line of the log says of the operation.
func (o *observed) attributes() []slog.Attr {
	attrs := []slog.Attr{
		slog.String("operation", o.Name),
		slog.String("kind", o.Kind),
		slog.String("transport", o.Transport),
	}
	if o.Quads >= 0 {
		attrs = append(attrs, slog.Int64("quads", o.Quads))
	}
	if o.Code != "" {
		attrs = append(attrs, slog.String("code", o.Code))
	}
	if o.Limit != "" {
		attrs = append(attrs, slog.String("limit", o.Limit))
	}
	return attrs
}
