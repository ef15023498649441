package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Store is what a graph and its store have to tell of themselves.
type Store struct {
	Commit      uint64    // number of the newest
	CommittedAt time.Time // its record time; zero: there is none
	Quads       int
	Claims      int // ever recorded
	OnDisk      bool
	Segments    int   // of a store on disk
	Bytes       int64 // likewise: of its files
	Writable    bool
}

// storeCollector asks the store once for each reading, so that its numbers are of
// one commit.
type storeCollector struct {
	ask func() Store

	commits, committed, quads, claims, segments, bytes, writable *prometheus.Desc
}

func newStoreCollector(ask func() Store) *storeCollector {
	metric := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &storeCollector{
		ask:       ask,
		commits:   metric("chancery_commits_total", "Commits that the graph has ever had."),
		committed: metric("chancery_last_commit_timestamp_seconds", "Record time of the newest commit, in seconds since 1970."),
		quads:     metric("chancery_store_quads", "Quads in the store."),
		claims:    metric("chancery_store_claims", "Claims ever recorded, retracted ones too."),
		segments:  metric("chancery_store_segments", "Segments of the store on disk."),
		bytes:     metric("chancery_store_bytes", "Bytes of the store's files."),
		writable:  metric("chancery_store_writable", "1 while the store takes commits, 0 once its disk has failed."),
	}
}

// Describe implements prometheus.Collector.
func (c *storeCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.commits, c.committed, c.quads, c.claims, c.segments, c.bytes, c.writable} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *storeCollector) Collect(to chan<- prometheus.Metric) {
	s := c.ask()
	gauge := func(d *prometheus.Desc, value float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	to <- prometheus.MustNewConstMetric(c.commits, prometheus.CounterValue, float64(s.Commit))
	if !s.CommittedAt.IsZero() {
		gauge(c.committed, float64(s.CommittedAt.UnixMicro())/1e6)
	}
	gauge(c.quads, float64(s.Quads))
	gauge(c.claims, float64(s.Claims))
	writable := 0.0
	if s.Writable {
		writable = 1
	}
	gauge(c.writable, writable)
	if s.OnDisk {
		gauge(c.segments, float64(s.Segments))
		gauge(c.bytes, float64(s.Bytes))
	}
}
