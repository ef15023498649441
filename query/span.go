package query

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// spansOf returns what makes spans for whoever traces the request that ctx is of;
// nil: nobody does.
func spansOf(ctx context.Context) trace.Tracer {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return nil
	}
	return span.TracerProvider().Tracer("chancery/query")
}

// span begins a span within the run's, and returns what ends it. Only a run that
// is traced has spans.
func (r *run) span(name string) (end func()) {
	outer, before, read := r.ctx, r.rows, r.meter.Read()
	ctx, span := r.spans.Start(outer, name)
	r.ctx = ctx
	return func() {
		span.SetAttributes(attribute.Int("chancery.objects", r.rows-before), attribute.Int64("chancery.quads", r.meter.Read()-read))
		span.End()
		r.ctx = outer
	}
}
