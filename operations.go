package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"go.opentelemetry.io/otel/trace"

	"chancery/api"
	"chancery/graph"
	"chancery/graph/local"
	"chancery/query"
	"chancery/telemetry/metrics"
	"chancery/telemetry/traces"
)

// operations are the settings of those who run the server.
type operations struct {
	Notice      time.Duration `name:"drain-notice" default:"0s" env:"CHANCERY_DRAIN_NOTICE" help:"When stopping, fail /readyz for so long before refusing connections, for a load balancer to see. Default: ${default}."`
	Trace       string        `placeholder:"URL" env:"CHANCERY_TRACE" help:"Send traces to this OTLP collector, such as http://127.0.0.1:4318/v1/traces. Default: none are made."`
	TraceSample float64       `placeholder:"PART" default:"1" env:"CHANCERY_TRACE_SAMPLE" help:"Trace this part of the requests, from 0 to 1; a request with a traceparent says itself whether it is. Default: ${default}."`
}

// tracer returns what makes spans, and what sends the last of them; without a
// collector it makes none.
func (o *operations) tracer(log *slog.Logger) (trace.Tracer, func(context.Context) error, error) {
	if o.Trace == "" {
		return nil, func(context.Context) error { return nil }, nil
	}
	provider, err := traces.New(traces.Options{Endpoint: o.Trace, Sample: o.TraceSample, Version: version(), Log: log})
	if err != nil {
		return nil, nil, errors.Join(errors.New("--trace or --trace-sample makes no sense"), err)
	}
	return provider.Tracer("chancery/api"), provider.Close, nil
}

// sizes are those of the graph and its store for metrics. dir is that of a store
// on disk.
func sizes(g *graph.Graph, store graph.Store, dir string, log *slog.Logger) func() metrics.Store {
	return func() metrics.Store {
		now := g.Sizes()
		s := metrics.Store{Commit: now.Commit, CommittedAt: now.At, Quads: now.Quads, Claims: now.Claims, Writable: true}
		if disk, ok := store.(*local.Store); ok {
			s.OnDisk, s.Segments, s.Writable = true, disk.Segments(), disk.Err() == nil
			var err error
			if s.Bytes, err = bytesIn(dir); err != nil {
				log.Warn("the store's files cannot be measured", "error", err)
			}
		}
		return s
	}
}

// engineStats are what an engine and the cache of documents tell for metrics.
func engineStats(engine *query.Engine, documents *api.CacheStats) func() metrics.Engine {
	return func() metrics.Engine {
		s := engine.Stats()
		return metrics.Engine{Refused: s.Refused, Stopped: s.Stopped, Caches: map[string]metrics.Lookups{
			"documents": {Hits: documents.Hits(), Misses: documents.Misses()},
			"names":     metrics.Lookups(s.Names),
			"texts":     metrics.Lookups(s.Texts),
		}}
	}
}

// bytesIn is the size of the files in a directory that has no folders.
func bytesIn(dir string) (n int64, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil { // else it is gone, as files of a store go
			n += info.Size()
		}
	}
	return n, nil
}

// freshness is that of the graph for /freshness.
func freshness(g *graph.Graph) func() (time.Time, iter.Seq2[string, time.Time]) {
	fresh := graph.NewFreshness(g)
	return func() (time.Time, iter.Seq2[string, time.Time]) {
		at, all := fresh.Newest()
		return at, func(yield func(string, time.Time) bool) {
			for _, f := range all {
				if !yield(f.Source, f.Newest) {
					return
				}
			}
		}
	}
}

// version is that of the program, as go build tells it from the tag or the commit
// that it was built at: v1.2.3, v0.0.0-20261124182503-ca6f8f2b0c1d, with +dirty where
// files had been changed; (devel) where it was not told.
func version() string {
	if build, ok := debug.ReadBuildInfo(); ok && build.Main.Version != "" {
		return build.Main.Version
	}
	return "unknown"
}
