package query

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// tracerOf returns the tracer of whoever traces the request that ctx is of; nil:
// nobody does.
func tracerOf(ctx context.Context) trace.Tracer {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return nil
	}
	return span.TracerProvider().Tracer("chancery/query")
}

// span begins a span within the run's, and returns what ends it. Only a run with a
// tracer has spans.
func (r *run) span(name string) (end func()) {
	outer, before := r.ctx, r.rows
	ctx, span := r.tracer.Start(outer, name)
	r.ctx = ctx
	return func() {
		span.SetAttributes(attribute.Int("chancery.objects", r.rows-before))
		span.End()
		r.ctx = outer
	}
}
