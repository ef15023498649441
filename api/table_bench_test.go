package api

import (
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/resolvers"
	"chancery/schema"
)

var benchRows = flag.Int("rows", 50_000, "rows of the table that BenchmarkTable writes")

// BenchmarkTable writes all of -rows visits, a claim each, of 1,000 people to 200
// nations, from a store in memory, and throws the bytes away. heapMB is how far the heap
// rises at most above what the graph takes, looked at between writes; most of it is garbage not
// collected yet.
func BenchmarkTable(b *testing.B) {
	h := visitsHandler(b, *benchRows, -1, 0)
	const q = `{ visits { nodes { id start { edtf earliest precision } destination { id name } visitors { id name } } } }`
	for _, format := range []string{"csv", "ndjson", "arrow", "parquet"} {
		b.Run(format, func(b *testing.B) {
			var most uint64
			for b.Loop() {
				runtime.GC()
				var stats runtime.MemStats
				runtime.ReadMemStats(&stats)
				w := &discard{header: http.Header{}, before: stats.HeapAlloc}
				h.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), "GET", tableURL(q, format), nil))
				if got := w.header.Get("Chancery-Rows"); w.status != http.StatusOK || got != fmt.Sprint(*benchRows) {
					b.Fatalf("%d, %s rows", w.status, got)
				}
				most = max(most, w.most)
			}
			b.ReportMetric(float64(*benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(most)/(1<<20), "heapMB")
		})
	}
}

// discard is a client that throws away what it reads.
type discard struct {
	header       http.Header
	status       int
	before, most uint64
}

func (d *discard) Header() http.Header    { return d.header }
func (d *discard) WriteHeader(status int) { d.status = status }
func (d *discard) Write(b []byte) (int, error) {
	if len(b) > 10_000 { // reading the statistics stops everything
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		if stats.HeapAlloc > d.before {
			d.most = max(d.most, stats.HeapAlloc-d.before)
		}
	}
	return len(b), nil
}

// visitsHandler serves so many visits, one of which, broken, lacks the destination
// that it must have; negative: none. objects is the engine's limit; 0: its default.
func visitsHandler(b testing.TB, visits, broken, objects int) http.Handler {
	b.Helper()
	o, err := schema.Load()
	if err != nil {
		b.Fatal(err)
	}
	g, err := graph.Open(b.Context(), memory.New())
	if err != nil {
		b.Fatal(err)
	}
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
	log := slog.New(slog.DiscardHandler)
	return NewHandler(Options{
		Executor: resolvers.NewExecutor(o, g, query.New(o, g, query.Options{Rows: objects}), time.Now, log),
		Log:      log, Now: time.Now,
	})
}
