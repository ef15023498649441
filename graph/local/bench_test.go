package local

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"sync"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
)

// The benchmarks' data: events in the manner of ICEWS (7,000 parties of uneven
// weight, 230 actions, days in order, a year a million events), a claim of one table's row for
// each. A fact is one of the five quads that say what happened; a claim has five
// quads of its own beside them.
var events = flag.Int("events", 100_000, "events in the benchmarks' data")

const (
	factsPerEvent = 5
	perBatch      = 20_000
)

type eventSource struct {
	rng     *rand.Rand
	zipf    *rand.Zipf
	total   int
	made    int
	parties []graph.Term
	actions []graph.Term
}

func newEvents(total int) *eventSource {
	e := &eventSource{rng: rand.New(rand.NewPCG(7, 7)), total: total}
	e.zipf = rand.NewZipf(e.rng, 1.2, 20, 6999)
	for i := range 7000 {
		e.parties = append(e.parties, graph.Ref(fmt.Sprintf("party/some-official-of-country-%d", i)))
	}
	for i := range 230 {
		e.actions = append(e.actions, graph.Ref(fmt.Sprintf("action/make-statement-%d", i)))
	}
	return e
}

// batch fills one commit, or returns false when all events are made.
func (e *eventSource) batch(b *graph.Batch, n int) bool {
	if e.made == e.total {
		return false
	}
	at := graph.Moment(time.UnixMicro(1_760_000_000_000_000 + int64(e.made)))
	class, source, status := graph.Ref("kg:Claim"), graph.Ref("source/icews14"), graph.Text("REPORTED")
	rdfType, locator := graph.Ref(graph.Type), graph.Ref(graph.Locator)
	for range min(n, e.total-e.made) {
		i := e.made
		e.made++
		claim := graph.Ref(fmt.Sprintf("claim/icews14/%d", i))
		event := graph.Ref(fmt.Sprintf("interaction/icews14-%d", i))
		day := graph.Date(time.Date(2014+i/1_000_000, 1, 1+int(int64(i)%1_000_000*365/int64(min(e.total, 1_000_000))), 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		b.AddQuad(claim, rdfType, class, claim)
		b.AddQuad(claim, graph.Ref(graph.Source), source, claim)
		b.AddQuad(claim, graph.Ref(graph.StatusOf), status, claim)
		b.AddQuad(claim, graph.Ref(graph.RecordedAt), at, claim)
		b.AddQuad(claim, locator, graph.Text(fmt.Sprintf("row %d", i+1)), claim)
		b.AddQuad(event, rdfType, graph.Ref("kg:Interaction"), claim)
		b.AddQuad(event, graph.Ref("kg:by"), e.parties[e.zipf.Uint64()], claim)
		b.AddQuad(event, graph.Ref("kg:action"), e.actions[e.rng.IntN(230)], claim)
		b.AddQuad(event, graph.Ref("kg:to"), e.parties[e.zipf.Uint64()], claim)
		b.AddQuad(event, graph.Ref("schema:startDate"), day, claim)
	}
	return true
}

// loadEvents commits all events and returns the time that the commits took.
func loadEvents(tb testing.TB, s graph.Store, total int) (took time.Duration) {
	tb.Helper()
	source := newEvents(total)
	for {
		var b graph.Batch
		if !source.batch(&b, perBatch) {
			return took
		}
		start := time.Now()
		if _, err := s.Commit(context.Background(), &b); err != nil {
			tb.Fatal(err)
		}
		took += time.Since(start)
	}
}

func diskSize(tb testing.TB, dir string) (bytes int64, by map[string]int64) {
	tb.Helper()
	by = map[string]int64{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			tb.Fatal(err)
		}
		bytes += info.Size()
		by[filepath.Ext(e.Name())] += info.Size()
	}
	return bytes, by
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkLoad commits batches of 20,000 claims, each synced, and closes.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		s, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		took := loadEvents(b, s, *events)
		start := time.Now()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		facts := float64(*events * factsPerEvent)
		b.ReportMetric(facts/(took+time.Since(start)).Seconds(), "facts/s")
		bytes, by := diskSize(b, dir)
		b.ReportMetric(float64(bytes)/facts, "bytes/fact")
		if s, err = Open(dir, Options{}); err != nil {
			b.Fatal(err)
		}
		b.Logf("%v; segments %d", by, len(s.now.Load().segments))
		if err := s.Compact(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		bytes, by = diskSize(b, dir)
		b.ReportMetric(float64(bytes)/facts, "bytes/fact-compact")
		b.Logf("%v", by)
	}
}

func BenchmarkLoadMemory(b *testing.B) {
	for b.Loop() {
		s := memory.New()
		took := loadEvents(b, s, *events)
		b.ReportMetric(float64(*events*factsPerEvent)/took.Seconds(), "facts/s")
	}
}

// loaded returns a directory with the benchmarks' data, compacted or as loaded.
func loaded(b *testing.B, compact bool) string {
	b.Helper()
	dir := b.TempDir()
	s, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	loadEvents(b, s, *events)
	if compact {
		if err := s.Compact(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

func BenchmarkOpen(b *testing.B) {
	dir := loaded(b, false)
	before := heap()
	for b.Loop() {
		s, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		b.ReportMetric(float64(heap()-before)/float64(*events*factsPerEvent), "heap-bytes/fact")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkReads(b *testing.B) {
	s, err := Open(loaded(b, true), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("local", func(b *testing.B) { benchReads(b, s.Snapshot()) })
	plain := newPlain(b, s.Snapshot())
	b.Run("plain", func(b *testing.B) { benchReads(b, plain) })
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	if s, err = Open(loaded(b, false), Options{}); err != nil {
		b.Fatal(err)
	}
	b.Run("local-as-loaded", func(b *testing.B) { benchReads(b, s.Snapshot()) })
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	m := memory.New()
	loadEvents(b, m, *events)
	b.Run("memory", func(b *testing.B) { benchReads(b, m.Snapshot()) })
}

func benchReads(b *testing.B, s graph.Snapshot) {
	id := func(t graph.Term) graph.ID {
		id, ok := s.Lookup(t)
		if !ok {
			b.Fatal(t)
		}
		return id
	}
	by, to := id(graph.Ref("kg:by")), id(graph.Ref("kg:to"))
	rng := rand.New(rand.NewPCG(1, 1))
	subjects := map[graph.ID]bool{}
	for len(subjects) < 1000 {
		subjects[id(graph.Ref(fmt.Sprintf("interaction/icews14-%d", rng.IntN(*events))))] = true
	}
	sorted := make([]graph.ID, 0, 1000)
	for s := range subjects {
		sorted = append(sorted, s)
	}
	slices.Sort(sorted)
	parties := make([]graph.ID, 0, 100)
	for i := range 100 {
		parties = append(parties, id(graph.Ref(fmt.Sprintf("party/some-official-of-country-%d", i))))
	}
	slices.Sort(parties)
	all := graph.NewSet(*events)
	for i := range *events {
		all.Add(graph.InSpace(graph.Claims, uint64(i)))
	}
	var links graph.Links
	b.Run("expand-1000", func(b *testing.B) {
		for b.Loop() {
			links.Reset()
			if err := s.Expand(b.Context(), &links, sorted, by, false, all); err != nil || len(links.All) != 1000 {
				b.Fatal(err, len(links.All))
			}
		}
	})
	b.Run("expand-inverse-100-parties", func(b *testing.B) {
		for b.Loop() {
			links.Reset()
			if err := s.Expand(b.Context(), &links, parties, to, true, all); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(links.All)), "ns/link")
	})
	b.Run("scan-predicate", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n = 0
			if err := s.Quads(b.Context(), graph.Pattern{Predicate: by}, func(graph.Quad) bool { n++; return true }); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/quad")
	})
	b.Run("lookup", func(b *testing.B) {
		for b.Loop() {
			if _, ok := s.Lookup(graph.Ref("interaction/icews14-4321")); !ok {
				b.Fatal("not found")
			}
		}
	})
	b.Run("term", func(b *testing.B) {
		i := 0
		for b.Loop() {
			if _, ok := s.Term(sorted[i%1000]); !ok {
				b.Fatal("not found")
			}
			i++
		}
	})
	if texter, ok := s.(graph.Texter); ok {
		b.Run("texts-in-order", func(b *testing.B) { // as term, but by a reader
			texts, text := texter.Texts(), []byte(nil)
			for i := 0; b.Loop(); i++ {
				if text, ok = texts.AppendText(text[:0], sorted[i%1000]); !ok {
					b.Fatal("not found")
				}
			}
		})
	}
}

// plain is the limit: the quads in two plain sorted arrays.
type plain struct {
	graph.Snapshot
	forward, back []row
}

func newPlain(tb testing.TB, s graph.Snapshot) *plain {
	tb.Helper()
	p := &plain{Snapshot: s}
	if err := s.Quads(tb.Context(), graph.Pattern{}, func(q graph.Quad) bool {
		p.forward, p.back = append(p.forward, spol.row(q)), append(p.back, posl.row(q))
		return true
	}); err != nil {
		tb.Fatal(err)
	}
	sortRows(p.forward)
	sortRows(p.back)
	return p
}

func (p *plain) Expand(_ context.Context, dst *graph.Links, nodes []graph.ID, predicate graph.ID, inverse bool, labels *graph.Set) error {
	rows := p.forward
	if inverse {
		rows = p.back
	}
	at := 0
	for _, node := range nodes {
		key := row{uint64(node), uint64(predicate)}
		if inverse {
			key = row{uint64(predicate), uint64(node)}
		}
		at = seekRows(rows, &key, at)
		for i := at; i < len(rows) && rows[i].hasPrefix(&key, 2); i++ {
			if labels == nil || labels.Has(graph.ID(rows[i][3])) {
				dst.All = append(dst.All, graph.Link{To: graph.ID(rows[i][2]), Label: graph.ID(rows[i][3])})
			}
		}
		dst.Ends = append(dst.Ends, len(dst.All))
	}
	return nil
}

func (p *plain) Quads(_ context.Context, pattern graph.Pattern, yield func(graph.Quad) bool) error {
	key := row{uint64(pattern.Predicate)}
	for i := sort.Search(len(p.back), func(i int) bool { return !p.back[i].less(&key) }); i < len(p.back) && p.back[i][0] == key[0]; i++ {
		if !yield(posl.quad(&p.back[i])) {
			return nil
		}
	}
	return nil
}

// BenchmarkSync writes and syncs 400 bytes: what a commit cannot be faster than.
func BenchmarkSync(b *testing.B) {
	f, err := directory(b.TempDir()).Create("file")
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 400)
	for b.Loop() {
		if _, err := f.Write(buf); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkCommit makes commits of one claim each.
func BenchmarkCommit(b *testing.B) {
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprint("writers-", writers), func(b *testing.B) {
			s, err := Open(b.TempDir(), Options{})
			if err != nil {
				b.Fatal(err)
			}
			var source sync.Mutex
			events := newEvents(math.MaxInt)
			next := func() *graph.Batch {
				source.Lock()
				defer source.Unlock()
				var batch graph.Batch
				events.batch(&batch, 1)
				return &batch
			}
			b.SetParallelism(max(1, writers/runtime.GOMAXPROCS(0)))
			if writers == 1 {
				for b.Loop() {
					if _, err := s.Commit(b.Context(), next()); err != nil {
						b.Fatal(err)
					}
				}
			} else {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if _, err := s.Commit(b.Context(), next()); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkOpenGraph opens the store and the graph of claims above it.
func BenchmarkOpenGraph(b *testing.B) {
	dir := loaded(b, false)
	for b.Loop() {
		s, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		g, err := graph.Open(b.Context(), s)
		if err != nil {
			b.Fatal(err)
		}
		if err := g.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
