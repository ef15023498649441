package traces

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// TestSend has a collector read what is sent to it, after it has refused once.
func TestSend(t *testing.T) {
	t.Setenv("OTEL_BSP_EXPORT_TIMEOUT", "3600000") // of OpenTelemetry's SDK, in ms: no machine is too slow for that
	refuse := true
	var got collector.ExportTraceServiceRequest
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%v %v", err, r.Header)
		}
		if refuse {
			http.Error(w, "not today", http.StatusServiceUnavailable)
			return
		}
		if err := proto.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	var log bytes.Buffer
	p, err := New(Options{Endpoint: server.URL + "/v1/traces", Sample: 1, Version: "v1", Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	_, lost := p.Tracer("test").Start(t.Context(), "lost")
	lost.End()
	if err := p.sdk.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	refuse = false
	ctx, outer := p.Tracer("test").Start(t.Context(), "outer", trace.WithSpanKind(trace.SpanKindServer))
	_, inner := p.Tracer("other").Start(ctx, "inner", trace.WithAttributes(
		attribute.String("s", "x"), attribute.Int("i", 7), attribute.Bool("b", true), attribute.Float64("f", 0.5)))
	inner.End()
	outer.SetStatus(codes.Error, "TIMEOUT")
	outer.End()
	if err := p.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	spans := map[string]*otlp.Span{}
	for _, scope := range got.GetResourceSpans()[0].GetScopeSpans() {
		for _, span := range scope.GetSpans() {
			spans[scope.GetScope().GetName()+" "+span.GetName()] = span
		}
	}
	above, below := spans["test outer"], spans["other inner"]
	if above == nil || below == nil || len(spans) != 2 {
		t.Fatalf("%v", &got)
	}
	if !bytes.Equal(below.GetParentSpanId(), above.GetSpanId()) || !bytes.Equal(below.GetTraceId(), above.GetTraceId()) || len(above.GetParentSpanId()) > 0 {
		t.Errorf("%v is not within %v", below, above)
	}
	if above.GetKind() != otlp.Span_SPAN_KIND_SERVER || above.GetStatus().GetCode() != otlp.Status_STATUS_CODE_ERROR || below.GetStatus() != nil {
		t.Errorf("%v", above)
	}
	if a := below.GetAttributes(); a[0].GetValue().GetStringValue() != "x" || a[1].GetValue().GetIntValue() != 7 || !a[2].GetValue().GetBoolValue() || a[3].GetValue().GetDoubleValue() != 0.5 {
		t.Errorf("%v", a)
	}
	for _, want := range []string{"traces are lost", "503", "not today", "taken again", "lost=1"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %q:\n%s", want, &log)
		}
	}
}

func TestBadOptions(t *testing.T) {
	for _, test := range []struct {
		endpoint string
		sample   float64
		says     string
	}{
		{"127.0.0.1:4318", 1, ""},
		{"ftp://host/v1/traces", 1, "no URL of a collector"},
		{"http://127.0.0.1:4318", 1, "http://127.0.0.1:4318/v1/traces"},
		{"http://127.0.0.1:4318/v1/traces", 2, "from 0 to 1"},
	} {
		if _, err := New(Options{Endpoint: test.endpoint, Sample: test.sample}); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}
