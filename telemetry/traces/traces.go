// Package traces sends OpenTelemetry spans to a collector, by OTLP over HTTP.
//
// Who makes spans knows nothing of it: packages api, resolvers and query use
// OpenTelemetry's interface, and without a provider of this package they make none.
//
// The messages are OpenTelemetry's own; the sending is ours, because the exporter
// otlptracehttp brings gRPC along, which nothing here would use. A batch that the
// collector does not take is lost, and said so in the log; nothing waits for it.
package traces

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Options of a provider. Endpoint and Log are required.
type Options struct {
	// Endpoint takes OTLP over HTTP: http://127.0.0.1:4318/v1/traces.
	Endpoint string
	// Sample is the part of the requests that is traced, from 0 to 1, where they do
	// not say themselves by traceparent whether they are.
	Sample  float64
	Version string // of the program
	Log     *slog.Logger
}

// Provider makes spans and sends them. Close it.
type Provider struct{ sdk *sdk.TracerProvider }

// New returns a provider. The error says what is wrong with the options; whether
// the collector is there shows in the log, once there are spans.
func New(o Options) (*Provider, error) {
	endpoint, err := url.Parse(o.Endpoint)
	if err != nil {
		return nil, err
	}
	if endpoint.Scheme != "http" && endpoint.Scheme != "https" || endpoint.Host == "" {
		return nil, fmt.Errorf("%q is no URL of a collector, such as http://127.0.0.1:4318/v1/traces", o.Endpoint)
	}
	if endpoint.Path == "" || endpoint.Path == "/" {
		return nil, fmt.Errorf("%q has no path; collectors take traces at %s://%s/v1/traces", o.Endpoint, endpoint.Scheme, endpoint.Host)
	}
	if !(o.Sample >= 0 && o.Sample <= 1) {
		return nil, errors.New("the part of requests that is traced must be from 0 to 1")
	}
	about := resource.NewSchemaless(
		attribute.String("service.name", "chancery"),
		attribute.String("service.version", o.Version),
	)
	exporter := newExporter(endpoint.String(), about, o.Log)
	return &Provider{sdk.NewTracerProvider(
		sdk.WithBatcher(exporter),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(o.Sample))),
		sdk.WithResource(about),
	)}, nil
}

// Tracer returns a tracer for a package.
func (p *Provider) Tracer(name string) trace.Tracer { return p.sdk.Tracer(name) }

// Close sends what is left, until ctx is done.
func (p *Provider) Close(ctx context.Context) error { return p.sdk.Shutdown(ctx) }
