package api

import (
	"context"
	"iter"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"

	"chancery/api/access"
	"chancery/api/socket"
	"chancery/api/tables"
	"chancery/resolvers"
)

// Options are what a handler is made of. Executor, Log and Now are required.
type Options struct {
	// Executor answers operations. The handler adds its limits and its cache of
	// documents to it, so each handler needs an executor of its own.
	Executor *resolvers.Executor
	// Gate tells who may do what; default: anybody may do anything, at any rate.
	Gate   *access.Gate
	Limits Limits
	// NoIntrospection refuses to tell the schema, NoSuggestions to guess which of its
	// names was meant.
	NoIntrospection bool
	NoSuggestions   bool
	// NoSimpleGet refuses a document in the URL of a GET that a page of any site could
	// send without being asked first.
	NoSimpleGet bool
	// Origins are those whose pages may ask, "*" for any; default the server's own.
	Origins []string
	// Pages answers every path that is not the API's; default 404.
	Pages http.Handler
	// Ready says why requests cannot be answered yet, or any more; default never.
	Ready func(context.Context) error
	// Freshness returns the time of the newest commit, zero without one, and for each
	// source when its newest claim was recorded, the newest first. It is asked by
	// whoever reaches /freshness, so it must be cheap; default 404.
	Freshness func() (knownAt time.Time, sources iter.Seq2[string, time.Time])
	// Trusted are documents that requests may name by id; default none. With
	// TrustedOnly, no other is answered.
	Trusted     *Trusted
	TrustedOnly bool
	// Tables are documents whose tables are served below /tables/; default none.
	Tables *tables.Saved
	// Stopping, when done, ends all subscriptions; nil: never. Sockets are told 1001.
	Stopping context.Context
	// Open counts the sockets and streams that are open, for whoever waits for their
	// end; default nobody.
	Open *sync.WaitGroup
	// Documents counts the looks for documents that were parsed and found valid
	// before; default nobody. At most 500 of up to 16 KiB are kept.
	Documents *CacheStats
	// Observer is told of requests and operations; default nobody.
	Observer Observer
	// Tracer makes spans of operations; default none are made. What the engine does
	// is traced by the same provider.
	Tracer trace.Tracer
	Log    *slog.Logger
	Now    func() time.Time // for durations in the log, and to tell one start of the server from another
}

// NewHandler serves GraphQL at /graphql, tables at /tables/, /healthz, /readyz, /freshness and the pages. It
// logs one line for each request and survives panics.
func NewHandler(o Options) http.Handler {
	limits := o.Limits.Filled()
	if o.Documents == nil {
		o.Documents = &CacheStats{}
	}
	cache := newDocuments(o.Documents)
	o.Executor.SetQueryCache(cache)
	o.Executor.SetParserTokenLimit(limits.Tokens)
	o.Executor.Use(guard{limits: limits, noIntrospection: o.NoIntrospection, cache: cache.Cache})

	mux := http.NewServeMux()
	if o.Open == nil {
		o.Open = &sync.WaitGroup{}
	}
	if o.Observer == nil {
		o.Observer = noObserver{}
	}
	if o.Gate == nil {
		o.Gate = access.NewGate(access.Options{Anonymous: access.Administrator, Now: o.Now})
	}
	x := &exchange{
		observer: o.Observer, tracer: o.Tracer, log: o.Log, gate: o.Gate, noSuggestions: o.NoSuggestions, noSimpleGet: o.NoSimpleGet,
		exec: o.Executor, limits: limits, named: newNamed(o.Trusted, o.TrustedOnly), epoch: o.Now().Format(time.RFC3339Nano),
		streams: &streams{most: limits.Streams, each: limits.CallersStreams, waited: o.Open, observer: o.Observer, of: map[string]int{}},
		load:    newAdmission(limits, o.Now), stopping: o.Stopping, now: o.Now,
	}
	shared := func(next http.Handler) http.Handler { return cors{origins: o.Origins, next: next} }
	mux.Handle("/graphql", shared(endpoint{x, socket.NewHandler(socket.Options{
		Origins: o.Origins,
		Run:     x.overSocket, Begin: x.onSocket, Stopping: o.Stopping, Message: limits.Body, Operations: limits.Operations,
		Init: limits.Init, Write: limits.Write, Ping: limits.Ping,
		Fault: func(value any) { x.fault(context.Background(), value) },
	})}))
	if o.Tables != nil {
		mux.Handle("/tables/", shared(savedTables{x, o.Tables}))
	}
	told := map[string]http.Handler{"/healthz": http.HandlerFunc(healthz), "/readyz": readyz{o.Ready, o.Log}}
	if o.Freshness != nil {
		told["/freshness"] = gated{x, freshness{o.Freshness, o.Now}}
	}
	for path, handler := range told {
		mux.Handle("GET "+path, shared(handler))
		mux.Handle("OPTIONS "+path, shared(http.HandlerFunc(onlyGet))) // preflights
	}
	if o.Pages != nil {
		mux.Handle("/", o.Pages)
	}
	return accessLog{next: safe{newCompressed(mux)}, log: o.Log, now: o.Now, observer: o.Observer}
}
