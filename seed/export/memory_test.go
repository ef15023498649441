package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/schema"
	"chancery/schema/schematest"
)

// visits is a graph of so many visits, a hundred a commit.
func visits(t testing.TB, n int) *graph.Graph {
	t.Helper()
	g, err := graph.Open(context.Background(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	fact := func(subject, predicate string, object graph.Term) graph.Fact {
		return graph.Fact{Subject: subject, Predicate: predicate, Object: object}
	}
	claims := []graph.Claim{{ID: "claim/visits/source", Source: "source/visits", Status: graph.Confirmed, Facts: []graph.Fact{
		fact("source/visits", graph.Type, graph.Ref("schema:CreativeWork")), fact("nation/kz", graph.Type, graph.Ref("kg:Nation")),
	}}}
	for i := range n {
		event, person := fmt.Sprint("event/visit-", i), fmt.Sprint("person/", i%1000)
		claims = append(claims, graph.Claim{
			ID: fmt.Sprint("claim/visits/", i), Source: "source/visits", Status: graph.Reported, Locator: fmt.Sprint("row ", i), RecordedBy: "import visits",
			Facts: []graph.Fact{
				fact(event, graph.Type, graph.Ref("kg:Visit")), fact(event, graph.PreferredName, graph.TextIn(fmt.Sprint("Visit ", i), "en")),
				fact(event, "schema:startDate", graph.Date(fmt.Sprintf("2%03d-05-06", i%1000))), fact(event, "kg:destination", graph.Ref("nation/kz")),
				fact(person, graph.Type, graph.Ref("schema:Person")), fact(event, "kg:visitor", graph.Ref(person)),
			},
		})
		if len(claims) >= 100 || i == n-1 {
			if _, err := g.Apply(context.Background(), graph.Changes{At: at, Record: claims}); err != nil {
				t.Fatal(err)
			}
			claims = nil
		}
	}
	return g
}

func ontology(t testing.TB) *schema.Ontology { return schematest.Ontology(t) }

func allOptions() []Options {
	return []Options{
		{Format: NQuads, History: true},
		{Format: TriG, History: true},
		{Format: JSONLD, History: true},
		{Format: NQuads},
		{Format: CSV, atOnce: 256},
		{Format: GraphML, atOnce: 256},
		{Format: TriG, Class: "Visit"},
		{Format: JSONLD, Around: []string{"person/1"}, Hops: 2},
	}
}

// heap is the most live memory that was seen while something was written.
type heap struct {
	most    uint64
	written int
	seen    int
}

func (h *heap) Write(p []byte) (int, error) {
	if h.written += len(p); h.written > h.seen {
		h.seen = h.written + 1<<20
		h.most = max(h.most, live())
	}
	return len(p), nil
}

func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestMemory: what lives while a graph is written does not grow with the graph.
func TestMemory(t *testing.T) {
	o := ontology(t)
	g := visits(t, 8_000)
	for _, options := range allOptions() {
		if err := Write(t.Context(), g, o, options, io.Discard); err != nil { // what the graph keeps of it, it keeps
			t.Fatal(err)
		}
		live() // pools are emptied by the second collection
		before := live()
		h := &heap{}
		if err := Write(t.Context(), g, o, options, h); err != nil {
			t.Fatal(err)
		}
		runtime.KeepAlive(g)
		more := int64(h.most) - int64(before)
		t.Logf("%s, history %t: %d kB written, %d kB held", options.Format, options.History, h.written>>10, more>>10)
		if more > 1500<<10 {
			t.Errorf("%s, history %t, class %q: %d kB are held to write %d kB", options.Format, options.History, options.Class, more>>10, h.written>>10)
		}
	}
}

// TestSortedInParts: rows that are sorted in several goes come in the same order.
func TestSortedInParts(t *testing.T) {
	g, o := visits(t, 500), ontology(t)
	for _, format := range []Format{CSV, GraphML} {
		var whole bytes.Buffer
		if err := Write(t.Context(), g, o, Options{Format: format}, &whole); err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 2, 7, 249, 499, 500, 501} {
			var parts bytes.Buffer
			if err := Write(t.Context(), g, o, Options{Format: format, atOnce: n}, &parts); err != nil || !bytes.Equal(whole.Bytes(), parts.Bytes()) {
				t.Errorf("%s, %d at once: other bytes, %v", format, n, err)
			}
		}
	}
}

// hangsUp is a reader of an export that is gone after some bytes.
type hangsUp struct {
	after  int
	cancel func()
	got    int
}

func (h *hangsUp) Write(p []byte) (int, error) {
	h.got += len(p)
	if h.got >= h.after {
		h.cancel()
	}
	return len(p), nil
}

// TestHangsUp: nothing is written long after the reader is gone.
func TestHangsUp(t *testing.T) {
	g, o := visits(t, 5_000), ontology(t)
	for _, options := range allOptions() {
		ctx, cancel := context.WithCancel(t.Context())
		w := &hangsUp{after: 100 << 10, cancel: cancel}
		if err := Write(ctx, g, o, options, w); !errors.Is(err, context.Canceled) && w.got >= w.after {
			t.Errorf("%s: %v", options.Format, err)
		}
		if w.got > 400<<10 {
			t.Errorf("%s: %d bytes were written, of which %d were wanted", options.Format, w.got, w.after)
		}
		cancel()
	}
}

// BenchmarkWrite writes 10,000 visits, one claim with six facts each, out of memory.
func BenchmarkWrite(b *testing.B) {
	const n = 10_000
	g, o := visits(b, n), ontology(b)
	for _, options := range []Options{
		{Format: NQuads, History: true},
		{Format: TriG, History: true},
		{Format: JSONLD, History: true},
		{Format: NQuads},
		{Format: CSV},
		{Format: GraphML},
		{Format: NQuads, Class: "Visit"},
	} {
		name := string(options.Format)
		switch {
		case options.History:
			name += "/history"
		case options.Class != "":
			name += "/class"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(context.Background(), g, o, options, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
		})
	}
}
