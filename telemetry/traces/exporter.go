package traces

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/slim/otlp/common/v1"
	resources "go.opentelemetry.io/proto/slim/otlp/resource/v1"
	otlp "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// exporter posts batches of spans. The batching goroutine owns it.
type exporter struct {
	endpoint string
	resource *resources.Resource
	client   *http.Client
	log      *slog.Logger
	lost     int // spans since the collector took the last batch
}

func newExporter(endpoint string, about *resource.Resource, log *slog.Logger) *exporter {
	return &exporter{
		endpoint: endpoint, resource: &resources.Resource{Attributes: attributes(about.Attributes())},
		client: &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment}}, log: log,
	}
}

// ExportSpans sends a batch. What goes wrong is logged when it begins, not
// returned: the SDK would write it to a log of its own.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := e.send(ctx, spans)
	switch {
	case err != nil:
		if e.lost == 0 {
			e.log.Warn("traces are lost", "endpoint", e.endpoint, "error", err)
		}
		e.lost += len(spans)
	case e.lost > 0:
		e.log.Info("traces are taken again", "endpoint", e.endpoint, "lost", e.lost)
		e.lost = 0
	}
	return nil
}

// Shutdown ends what is idle.
func (e *exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	return nil
}

func (e *exporter) send(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	body, err := proto.Marshal(&collector.ExportTraceServiceRequest{ResourceSpans: []*otlp.ResourceSpans{
		{Resource: e.resource, ScopeSpans: scopes(spans)},
	}})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	response, err := e.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	said, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answers %s: %.200q", response.Status, said)
	}
	return nil
}

// scopes sorts spans by the package that made them.
func scopes(spans []sdk.ReadOnlySpan) []*otlp.ScopeSpans {
	var all []*otlp.ScopeSpans
	of := map[instrumentation.Scope]*otlp.ScopeSpans{}
	for _, span := range spans {
		scope := span.InstrumentationScope()
		within := of[scope]
		if within == nil {
			within = &otlp.ScopeSpans{Scope: &common.InstrumentationScope{Name: scope.Name, Version: scope.Version}}
			of[scope], all = within, append(all, within)
		}
		within.Spans = append(within.Spans, spanOf(span))
	}
	return all
}

func spanOf(span sdk.ReadOnlySpan) *otlp.Span {
	self, parent := span.SpanContext(), span.Parent()
	trace, id := self.TraceID(), self.SpanID()
	out := &otlp.Span{
		TraceId: trace[:], SpanId: id[:], TraceState: self.TraceState().String(), Flags: uint32(self.TraceFlags()),
		Name: span.Name(),
		Kind: otlp.Span_SpanKind(span.SpanKind()), // the numbers are the same

		StartTimeUnixNano: uint64(span.StartTime().UnixNano()), EndTimeUnixNano: uint64(span.EndTime().UnixNano()),
		Attributes: attributes(span.Attributes()), DroppedAttributesCount: uint32(span.DroppedAttributes()),
	}
	if parent.HasSpanID() {
		above := parent.SpanID()
		out.ParentSpanId = above[:]
	}
	switch status := span.Status(); status.Code {
	case codes.Error:
		out.Status = &otlp.Status{Code: otlp.Status_STATUS_CODE_ERROR, Message: status.Description}
	case codes.Ok:
		out.Status = &otlp.Status{Code: otlp.Status_STATUS_CODE_OK}
	}
	return out
}

func attributes(given []attribute.KeyValue) []*common.KeyValue {
	out := make([]*common.KeyValue, len(given))
	for i, a := range given {
		value := &common.AnyValue{}
		switch a.Value.Type() {
		case attribute.BOOL:
			value.Value = &common.AnyValue_BoolValue{BoolValue: a.Value.AsBool()}
		case attribute.INT64:
			value.Value = &common.AnyValue_IntValue{IntValue: a.Value.AsInt64()}
		case attribute.FLOAT64:
			value.Value = &common.AnyValue_DoubleValue{DoubleValue: a.Value.AsFloat64()}
		default: // lists, which nothing here gives, as JSON
			value.Value = &common.AnyValue_StringValue{StringValue: a.Value.String()}
		}
		out[i] = &common.KeyValue{Key: string(a.Key), Value: value}
	}
	return out
}
