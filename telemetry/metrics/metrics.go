// Package metrics counts what a server does, for Prometheus. docs/operations.md
// lists every metric with its unit.
//
// Labels never grow without bound: an operation is named by what clients send, so
// beside those of trusted documents only so many names are told apart.
package metrics

import (
	"cmp"
	"net/http"
	"runtime"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"chancery/api"
)

// Options of metrics. The zero value works.
type Options struct {
	Version, Schema string        // of the program, of its schema
	Store           func() Store  // asked whenever metrics are read; nil: nothing is told of it
	Engine          func() Engine // likewise
	// Names is how many names of operations are told apart beside those of trusted
	// documents; default 100. The first to be answered without an error are.
	Names int
}

// Metrics is an api.Observer that counts. Any number of goroutines may use it.
type Metrics struct {
	registry *prometheus.Registry

	requests, bytes    *prometheus.CounterVec
	operations         *prometheus.CounterVec
	durations          *prometheus.HistogramVec
	quads, refused     *prometheus.CounterVec
	subscribers        prometheus.Gauge
	subscriptionEvents prometheus.Counter

	ofRequests   kept[requestLabels, ofRequests]
	ofOperations kept[operationLabels, ofOperations]

	most  int
	mu    sync.RWMutex
	names map[string]bool // guarded by mu
}

var _ api.Observer = (*Metrics)(nil)

// The name of operations without one, and of those beyond the bound. No name in
// GraphQL has parentheses.
const (
	noName    = "(none)"
	otherName = "(other)"
)

// New returns metrics with a registry of their own, where Go's and the process's
// are too.
func New(o Options) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry:   prometheus.NewRegistry(),
		requests:   counter("chancery_http_requests_total", "HTTP requests that are over.", "route", "method", "status"),
		bytes:      counter("chancery_http_response_bytes_total", "Bytes of answers' bodies, as they were sent.", "route"),
		operations: counter("chancery_operations_total", "GraphQL operations that are over, by the code of their first error.", "operation", "kind", "transport", "code"),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "chancery_operation_duration_seconds", Help: "Time to answer queries and mutations, parsing included.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation", "kind"}),
		quads:       counter("chancery_quads_read_total", "Quads read to answer operations.", "operation"),
		refused:     counter("chancery_operations_refused_total", "Operations refused or given up for a limit.", "limit"),
		subscribers: prometheus.NewGauge(prometheus.GaugeOpts{Name: "chancery_subscribers", Help: "Sockets and streams of events that are open."}),
		subscriptionEvents: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "chancery_subscription_events_total", Help: "Events of subscriptions that clients took.",
		}),
		most: cmp.Or(o.Names, 100), names: map[string]bool{},
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "chancery_build_info", Help: "1, for the program that runs.",
		ConstLabels: prometheus.Labels{"version": o.Version, "schema": o.Schema, "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.bytes, m.operations, m.durations, m.quads, m.refused, m.subscribers, m.subscriptionEvents, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if o.Store != nil {
		m.registry.MustRegister(newStoreCollector(o.Store))
	}
	if o.Engine != nil {
		m.registry.MustRegister(newEngineCollector(o.Engine))
	}
	return m
}

// Handler serves the metrics as Prometheus reads them.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Request implements api.Observer.
func (m *Metrics) Request(r api.Request) {
	route := cmp.Or(r.Route, "none")
	of := m.ofRequests.get(requestLabels{route, method(r.Method), r.Status}, func(l requestLabels) ofRequests {
		return ofRequests{m.requests.WithLabelValues(l.route, l.method, strconv.Itoa(l.status)), m.bytes.WithLabelValues(l.route)}
	})
	of.requests.Inc()
	of.bytes.Add(float64(r.Bytes))
}

// method is a method's label: clients may send any word.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodPatch:
		return m
	}
	return "other"
}

// Operation implements api.Observer.
func (m *Metrics) Operation(o api.Operation) {
	name, kind := m.name(o), cmp.Or(o.Kind, "none")
	of := m.ofOperations.get(operationLabels{name, kind, o.Transport, cmp.Or(o.Code, "OK"), o.Quads >= 0}, func(l operationLabels) (of ofOperations) {
		of.operations = m.operations.WithLabelValues(l.name, l.kind, l.transport, l.code)
		if l.kind == "query" || l.kind == "mutation" { // a subscription takes as long as it is wanted
			of.durations = m.durations.WithLabelValues(l.name, l.kind)
		}
		if l.counted {
			of.quads = m.quads.WithLabelValues(l.name)
		}
		return of
	})
	of.operations.Inc()
	if of.durations != nil {
		of.durations.Observe(o.Duration.Seconds())
	}
	if of.quads != nil {
		of.quads.Add(float64(o.Quads))
	}
	switch {
	case o.Limit != "":
		m.refused.WithLabelValues(o.Limit).Inc()
	case o.Code == "LIMIT_EXCEEDED":
		m.refused.WithLabelValues("answer").Inc()
	case o.Code == "COST_EXCEEDED":
		m.refused.WithLabelValues("cost").Inc()
	case o.Code == "TIMEOUT":
		m.refused.WithLabelValues("time").Inc()
	}
}

// name is an operation's label.
func (m *Metrics) name(o api.Operation) string {
	if o.Name == "" {
		return noName
	}
	if o.Trusted {
		return o.Name
	}
	m.mu.RLock()
	known, full := m.names[o.Name], len(m.names) >= m.most
	m.mu.RUnlock()
	if known {
		return o.Name
	}
	if full || o.Code != "" {
		return otherName
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.names) >= m.most && !m.names[o.Name] {
		return otherName
	}
	m.names[o.Name] = true
	return o.Name
}

// Subscribers implements api.Observer.
func (m *Metrics) Subscribers(change int) { m.subscribers.Add(float64(change)) }

// Event implements api.Observer.
func (m *Metrics) Event() { m.subscriptionEvents.Inc() }
