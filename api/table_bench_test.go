package api

import (
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/resolvers"
	"chancery/schema"
)

var benchRows = flag.Int("rows", 50_000, "rows of the table that BenchmarkTable writes")

// BenchmarkTable writes all of -rows visits, a claim each, of 1,000 people to 200
// nations, from a store on disk, and throws the bytes away.
//
// heapMB is how far the heap rises at most above what the graph takes, garbage not
// collected yet included. foundMB and liveMB are how much of that is in use: the most
// that a garbage collection leaves while the table is written once more, with many of
// them: liveMB from the first byte on, foundMB at any time, the search for the rows
// included. anonMB is by how much the memory of the process that is no file's rises, where the
// system tells.
func BenchmarkTable(b *testing.B) {
	dir := b.TempDir()
	write := openStore(b, dir)
	visitsGraph(b, write, *benchRows, -1)
	if err := write.Close(); err != nil {
		b.Fatal(err)
	}
	store := openStore(b, dir)
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	h := tablesOf(b, openGraph(b, store), 0)
	const q = `{ visits { nodes { id start { edtf earliest precision } destination { id name } visitors { id name } } } }`
	for _, format := range []string{"csv", "ndjson", "arrow", "parquet"} {
		b.Run(format, func(b *testing.B) {
			var first func() // called with the first byte
			table := func() {
				w := &discard{header: http.Header{}, first: first}
				h.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), "GET", tableURL(q, format), nil))
				if got := w.header.Get("Chancery-Rows"); w.status != http.StatusOK || got != fmt.Sprint(*benchRows) {
					b.Fatalf("%d, %s rows", w.status, got)
				}
			}
			table() // what the engine makes for the first to ask is there then
			debug.FreeOSMemory()
			before := memoryNow()
			looked := memoryFrom(before)
			for b.Loop() {
				table()
			}
			most := looked()
			b.ReportMetric(float64(*benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(most.heap, "heapMB")
			b.ReportMetric(most.anonymous, "anonMB")
			defer debug.SetGCPercent(debug.SetGCPercent(5))
			var streaming func() taken
			first = func() {
				runtime.GC()
				streaming = memoryFrom(before)
			}
			debug.FreeOSMemory()
			before = memoryNow()
			looked = memoryFrom(before)
			table()
			b.ReportMetric(looked().live, "foundMB")
			b.ReportMetric(streaming().live, "liveMB")
		})
	}
}

// taken is how much memory is, in MiB.
type taken struct {
	heap, live float64 // of Go's objects, and those that the last collection left
	anonymous  float64 // of the process, no file's; 0 where the system does not tell
}

func memoryNow() (m taken) {
	told := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(told)
	m.heap, m.live = float64(told[0].Value.Uint64())/(1<<20), float64(told[1].Value.Uint64())/(1<<20)
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if _, after, ok := strings.Cut(string(status), "RssAnon:"); ok {
			var kB float64
			if _, err := fmt.Sscan(after, &kB); err == nil {
				m.anonymous = kB / 1024
			}
		}
	}
	return m
}

// memoryFrom looks every millisecond how much more is taken than was, until end is
// called, which tells the most.
func memoryFrom(before taken) (end func() taken) {
	var most taken
	done := make(chan struct{})
	var looking sync.WaitGroup
	looking.Go(func() {
		ticks := time.NewTicker(time.Millisecond)
		defer ticks.Stop()
		for {
			now := memoryNow()
			most.heap, most.live = max(most.heap, now.heap-before.heap), max(most.live, now.live-before.live)
			most.anonymous = max(most.anonymous, now.anonymous-before.anonymous)
			select {
			case <-done:
				return
			case <-ticks.C:
			}
		}
	})
	return func() taken {
		close(done)
		looking.Wait()
		return most
	}
}

// discard is a client that throws away what it reads.
type discard struct {
	header http.Header
	status int
	first  func() // nil: nobody is told
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }

func (d *discard) WriteHeader(status int) {
	d.status = status
	if d.first != nil {
		d.first()
	}
}

func openStore(b testing.TB, dir string) graph.Store {
	b.Helper()
	store, err := local.Open(dir, local.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return store
}

func openGraph(b testing.TB, store graph.Store) *graph.Graph {
	b.Helper()
	g, err := graph.Open(b.Context(), store)
	if err != nil {
		b.Fatal(err)
	}
	return g
}

// visitsHandler serves so many visits, one of which, broken, lacks the destination
// that it must have; negative: none. objects is the engine's limit; 0: its default.
func visitsHandler(b testing.TB, visits, broken, objects int) http.Handler {
	b.Helper()
	return tablesOf(b, visitsGraph(b, memory.New(), visits, broken), objects)
}

// visitsGraph records so many visits; see visitsHandler for the broken one.
func visitsGraph(b testing.TB, store graph.Store, visits, broken int) *graph.Graph {
	b.Helper()
	g := openGraph(b, store)
	fact := func(s, p string, o graph.Term) graph.Fact { return graph.Fact{Subject: s, Predicate: p, Object: o} }
	var claims []graph.Claim
	claim := func(id string, facts ...graph.Fact) {
		claims = append(claims, graph.Claim{ID: "claim/" + id, Source: "source/table", Status: graph.Reported, Facts: facts})
	}
	at := recordedAt
	commit := func() {
		at = at.Add(time.Second)
		if _, err := g.Apply(b.Context(), graph.Changes{At: at, Record: claims}); err != nil {
			b.Fatal(err)
		}
		claims = nil
	}
	claim("source", fact("source/table", graph.Type, graph.Ref("schema:CreativeWork")), fact("source/table", graph.PreferredName, graph.TextIn("Table", "en")))
	for i := range 200 {
		id := fmt.Sprint("nation/", i)
		claim(id, fact(id, graph.Type, graph.Ref("kg:Nation")), fact(id, graph.PreferredName, graph.TextIn(fmt.Sprint("Nation ", i), "en")))
	}
	for i := range 1000 {
		id := fmt.Sprint("person/", i)
		claim(id, fact(id, graph.Type, graph.Ref("schema:Person")), fact(id, graph.PreferredName, graph.TextIn(fmt.Sprint("Person ", i), "en")))
	}
	commit()
	first := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range visits {
		id := fmt.Sprint("event/", i)
		facts := []graph.Fact{
			fact(id, graph.Type, graph.Ref("kg:Visit")),
			fact(id, "kg:visitor", graph.Ref(fmt.Sprint("person/", i*7919%1000))),
			fact(id, "schema:startDate", graph.Date(first.AddDate(0, 0, i*17%9000).Format(time.DateOnly))),
		}
		if i != broken {
			facts = append(facts, fact(id, "kg:destination", graph.Ref(fmt.Sprint("nation/", i*31%200))))
		}
		claim(id, facts...)
		if len(claims) == 50_000 {
			commit()
		}
	}
	if len(claims) > 0 {
		commit()
	}
	return g
}

func tablesOf(b testing.TB, g *graph.Graph, objects int) http.Handler {
	b.Helper()
	o, err := schema.Load()
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	return NewHandler(Options{
		Executor: resolvers.NewExecutor(o, g, query.New(o, g, query.Options{Rows: objects}), time.Now, log),
		Log:      log, Now: time.Now, Limits: patient(Limits{}),
	})
}
