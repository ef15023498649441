//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// cpuTime is what this process, the clients in it too, has used of processors.
func cpuTime(b testing.TB) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkAttack makes each attack again and again; cpu-ms/op is the time of
// processors that one costs, its client's included. GC is, too.
func BenchmarkAttack(b *testing.B) {
	s := startFor(b, 0, "--profile", "public", "--introspection", "on", "--limit-rate", "0", "--log-level", "error")
	for _, a := range attacks() {
		b.Run(a.name, func(b *testing.B) {
			s.cutBy(b, a.body)
			before := cpuTime(b)
			for b.Loop() {
				s.cutBy(b, a.body)
			}
			b.ReportMetric(float64(cpuTime(b)-before)/1e6/float64(b.N), "cpu-ms/op")
		})
	}
}

// overloadQuestion costs so much that ten times too many of them can be sent by the
// same machine: the names of all nations in 25 languages.
func overloadQuestion() string {
	var names strings.Builder
	for _, language := range strings.Fields("ar be bg cs da de el es et fa fi fr he hi hu it ja ko lt lv nl pl pt ru zh") {
		fmt.Fprintf(&names, "%s: name(language: %q) ", language, language)
	}
	return "{ nations(first: 200) { nodes { id " + names.String() + "} } }"
}

// BenchmarkOverload measures how many questions a second are answered at most, then
// how long the slowest of a hundred takes at 70 % of that, at all of it, and at ten
// times as many: questions are sent by the clock, whether or not those before were
// answered. The server is a process of its own, so that its goroutines do not wait for those of its
// clients. It takes turns, because a machine that does other things too is not the
// same for long; cpu is how many processors the server got.
func BenchmarkOverload(b *testing.B) {
	s := startProcess(b, "--store", "memory")
	const turns, seconds = 3, 8
	for b.Loop() {
		most := s.capacity(b, seconds*time.Second)
		loads := []float64{0.7, 1, 10}
		total := make([]measured, len(loads))
		for range turns {
			for i, load := range loads {
				before, err := s.sample()
				if err != nil {
					b.Fatal(err)
				}
				total[i].add(s.load(b, load*most, seconds*time.Second))
				after, err := s.sample()
				if err != nil {
					b.Fatal(err)
				}
				total[i].cpu += after.cpu - before.cpu
			}
		}
		b.ReportMetric(most, "most/s")
		for i, m := range total {
			at := fmt.Sprintf("-at-%gx", loads[i])
			b.ReportMetric(m.slowest(50)*1e3, "p50-ms"+at)
			b.ReportMetric(m.slowest(99)*1e3, "p99-ms"+at)
			b.ReportMetric(float64(len(m.took))/turns/seconds, "answered/s"+at)
			b.ReportMetric(float64(m.refused)/turns/seconds, "refused/s"+at)
			b.ReportMetric(m.cpu/turns/seconds, "cpu"+at)
		}
	}
}

// measured is what became of many questions.
type measured struct {
	took    []time.Duration // of those that were answered
	refused int             // with 503
	cpu     float64         // seconds
}

func (m *measured) add(other measured) {
	m.took = append(m.took, other.took...)
	m.refused += other.refused
}

// slowest is how many seconds so many of a hundred take at most.
func (m measured) slowest(ofHundred int) float64 {
	if len(m.took) == 0 {
		return 0
	}
	slices.Sort(m.took)
	return m.took[len(m.took)*ofHundred/100].Seconds()
}

var manyConnections = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2_000}}

// once asks, and returns the status.
func (s *server) once(b *testing.B, body []byte) int {
	response, err := manyConnections.Post(s.url+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		b.Error(err)
		return 0
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		b.Error(err)
	}
	return response.StatusCode
}

// capacity is how many questions a second are answered when there is always a next.
func (s *server) capacity(b *testing.B, during time.Duration) float64 {
	body := []byte(document(overloadQuestion()))
	for range 20 {
		s.once(b, body)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	answered := 0
	started := time.Now()
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for time.Since(started) < during {
				if s.once(b, body) == http.StatusOK {
					mu.Lock()
					answered++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	return float64(answered) / time.Since(started).Seconds()
}

// load sends so many questions a second.
func (s *server) load(b *testing.B, perSecond float64, during time.Duration) (m measured) {
	body := []byte(document(overloadQuestion()))
	var all sync.WaitGroup
	var mu sync.Mutex
	started := time.Now()
	for i := 0; ; i++ {
		at := started.Add(time.Duration(float64(i) / perSecond * float64(time.Second)))
		if at.Sub(started) > during {
			break
		}
		time.Sleep(time.Until(at))
		all.Go(func() {
			sent := time.Now()
			status := s.once(b, body)
			took := time.Since(sent)
			mu.Lock()
			defer mu.Unlock()
			switch status {
			case http.StatusOK:
				m.took = append(m.took, took)
			case http.StatusServiceUnavailable:
				m.refused++
			default:
				b.Errorf("status %d", status)
			}
		})
	}
	all.Wait()
	return m
}
