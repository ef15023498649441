package metrics

import "github.com/prometheus/client_golang/prometheus"

// Engine is what answering has come to since the program was started.
type Engine struct {
	Refused, Stopped int64              // fields that would have gone over the limit on quads, and that went
	Caches           map[string]Lookups // by name
}

// Lookups are looks into a cache.
type Lookups struct{ Hits, Misses int64 }

// engineCollector asks the engine once for each reading.
type engineCollector struct {
	ask func() Engine

	cost, caches *prometheus.Desc
}

func newEngineCollector(ask func() Engine) *engineCollector {
	return &engineCollector{
		ask:    ask,
		cost:   prometheus.NewDesc("chancery_cost_exceeded_total", "Fields over the limit on quads: refused before they were read, or stopped.", []string{"outcome"}, nil),
		caches: prometheus.NewDesc("chancery_cache_lookups_total", "Looks into caches.", []string{"cache", "result"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (c *engineCollector) Describe(to chan<- *prometheus.Desc) {
	to <- c.cost
	to <- c.caches
}

// Collect implements prometheus.Collector.
func (c *engineCollector) Collect(to chan<- prometheus.Metric) {
	count := func(d *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	e := c.ask()
	count(c.cost, e.Refused, "refused")
	count(c.cost, e.Stopped, "stopped")
	for name, looks := range e.Caches {
		count(c.caches, looks.Hits, name, "hit")
		count(c.caches, looks.Misses, name, "miss")
	}
}
