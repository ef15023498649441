package metrics

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// kept are metrics by their labels, which are looked up at once for all metrics that a
// request adds to. Any number of goroutines may use it; the zero value is empty. It grows
// with the labels, which are bounded.
type kept[Labels comparable, Metrics any] struct {
	mu sync.RWMutex
	of map[Labels]Metrics
}

// get returns what is kept, or makes it and keeps it.
func (k *kept[Labels, Metrics]) get(l Labels, make func(Labels) Metrics) Metrics {
	k.mu.RLock()
	m, known := k.of[l]
	k.mu.RUnlock()
	if known {
		return m
	}
	m = make(l) // by two at a time, they are the same
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil {
		k.of = map[Labels]Metrics{}
	}
	k.of[l] = m
	return m
}

type requestLabels struct {
	route, method string
	status        int
}

type ofRequests struct{ requests, bytes prometheus.Counter }

type operationLabels struct {
	name, kind, transport, code string
	counted                     bool // what it read
}

// ofOperations have no durations of subscriptions, and no quads of what is not counted.
type ofOperations struct {
	operations prometheus.Counter
	durations  prometheus.Observer
	quads      prometheus.Counter
}
