package local

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"chancery/graph"
)

var (
	measureTo    = flag.String("measure", "", "file that TestMeasure writes its figures to")
	measureSizes = flag.String("sizes", "100000,1000000,10000000", "events of TestMeasure, five facts each")
)

// figures are what one size gives. Times of opening, committing and syncing are
// medians; those of reads are the least of many rounds in which the store and
// plain sorted arrays take turns, since others may use the machine.
type figures struct {
	Events, Facts, Quads int
	LoadFactsPerSecond   float64 // commits of 20,000 claims, each synced, and closing
	DiskBytesPerFact     float64 // as loaded and closed
	CompactBytesPerFact  float64
	HeapBytesPerFact     float64 // after opening and reading
	Segments             int     // as loaded
	OpenMilliseconds     float64
	CommitMilliseconds   float64 // one claim, one writer
	SyncMilliseconds     float64 // write and sync 400 bytes of a file beside it
	AsLoaded, Compact    map[string]pair
}

// pair is a time in microseconds, and that of the arrays.
type pair struct{ Store, Arrays, Ratio float64 }

// TestMeasure measures the store for docs/bench.
func TestMeasure(t *testing.T) {
	if *measureTo == "" {
		t.Skip("left out: it measures, and checks nothing else; give -measure FILE")
	}
	var all []figures
	for _, size := range strings.Split(*measureSizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, measure(t, n))
		out, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(*measureTo, append(out, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func measure(t *testing.T, n int) figures {
	dir := filepath.Join(t.TempDir(), "store")
	defer func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	}()
	mustOpen := func() *Store {
		s, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	mustClose := func(s *Store) {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	f := figures{Events: n, Facts: n * factsPerEvent}
	facts := float64(f.Facts)
	s := mustOpen()
	took := loadEvents(t, s, n)
	start := time.Now()
	mustClose(s)
	f.LoadFactsPerSecond = facts / (took + time.Since(start)).Seconds()
	bytes, _ := diskSize(t, dir)
	f.DiskBytesPerFact = float64(bytes) / facts
	before := heap()
	var opens []float64
	for range 9 {
		start := time.Now()
		s := mustOpen()
		opens = append(opens, time.Since(start).Seconds()*1e3)
		mustClose(s)
	}
	f.OpenMilliseconds = median(opens)
	s = mustOpen()
	f.Quads, f.Segments = s.Snapshot().Size(), len(s.now.Load().segments)
	arrays := newArrays(t, s.Snapshot())
	arraysHeap := uint64(cap(arrays.forward)+cap(arrays.back)) * 32
	f.AsLoaded = compareReads(t, s.Snapshot(), arrays, n)
	f.HeapBytesPerFact = float64(int64(heap()-before-arraysHeap)) / facts
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.Compact = compareReads(t, s.Snapshot(), arrays, n)
	mustClose(s)
	bytes, _ = diskSize(t, dir)
	f.CompactBytesPerFact = float64(bytes) / facts
	s = mustOpen()
	f.CommitMilliseconds, f.SyncMilliseconds = commitAndSync(t, s, n)
	mustClose(s)
	return f
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// commitAndSync makes commits of one claim, and after each writes and syncs as
// many bytes to another file of the same disk.
func commitAndSync(t *testing.T, s *Store, made int) (commit, sync float64) {
	f, err := directory(t.TempDir()).Create("file")
	if err != nil {
		t.Fatal(err)
	}
	source := newEvents(made + 1000)
	source.made = made
	var commits, syncs []float64
	for range 400 {
		var b graph.Batch
		source.batch(&b, 1)
		start := time.Now()
		if _, err := s.Commit(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		commits = append(commits, time.Since(start).Seconds()*1e3)
		start = time.Now()
		if _, err := f.Write(make([]byte, 400)); err != nil {
			t.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			t.Fatal(err)
		}
		syncs = append(syncs, time.Since(start).Seconds()*1e3)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return median(commits), median(syncs)
}

// arrays are the limit: the rows of the predicates that are read, in two plain
// sorted arrays.
type arrays struct {
	forward, back              []row // by subject; by object
	class, start, by, instance graph.ID
}

func newArrays(t *testing.T, s graph.Snapshot) *arrays {
	t.Helper()
	id := func(term graph.Term) graph.ID {
		id, ok := s.Lookup(term)
		if !ok {
			t.Fatal(term)
		}
		return id
	}
	a := &arrays{instance: id(graph.Ref(graph.Type)), class: id(graph.Ref("kg:Interaction")), start: id(graph.Ref("schema:startDate")), by: id(graph.Ref("kg:by"))}
	for _, p := range []graph.Pattern{{Predicate: a.instance, Object: a.class}, {Predicate: a.start}, {Predicate: a.by}} {
		if err := s.Quads(t.Context(), p, func(q graph.Quad) bool {
			a.back = append(a.back, posl.row(q))
			if p.Object == 0 {
				a.forward = append(a.forward, spol.row(q))
			}
			return true
		}); err != nil {
			t.Fatal(err)
		}
	}
	sortRows(a.forward)
	sortRows(a.back)
	a.forward, a.back = slices.Clip(a.forward), slices.Clip(a.back)
	return a
}

// span returns where rows of back begin and end.
func (a *arrays) span(from, to row) []row {
	lo := sort.Search(len(a.back), func(i int) bool { return !a.back[i].less(&from) })
	hi := sort.Search(len(a.back), func(i int) bool { return !a.back[i].less(&to) })
	return a.back[lo:hi]
}

// atOnce is how many subjects a class scan expands at once.
const atOnce = 4096

// compareReads times the same reads of the store and of the arrays, and checks
// that they give the same.
func compareReads(t *testing.T, s graph.Snapshot, a *arrays, n int) map[string]pair {
	t.Helper()
	ctx := context.Background()
	rng := rand.New(rand.NewPCG(1, 1))
	var subjects []graph.ID
	for range 1000 {
		id, ok := s.Lookup(graph.Ref(fmt.Sprintf("interaction/icews14-%d", rng.IntN(n))))
		if !ok {
			t.Fatal("an event is not found")
		}
		subjects = append(subjects, id)
	}
	slices.Sort(subjects)
	all := graph.NewSet(n)
	for i := range n {
		all.Add(graph.InSpace(graph.Claims, uint64(i)))
	}
	// Two months of the first year.
	from, _ := graph.Inline(graph.Date("2014-03-01"))
	to, _ := graph.Inline(graph.Date("2014-05-01"))
	var links graph.Links
	fail := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	reads := []struct {
		name          string
		store, arrays func() (sum uint64)
	}{
		{
			"expand 1,000 ascending subjects",
			func() (sum uint64) {
				links.Reset()
				fail(s.Expand(ctx, &links, subjects, a.by, false, all))
				return uint64(len(links.All))
			},
			func() (sum uint64) {
				links.Reset()
				a.expand(&links, subjects, a.by, all)
				return uint64(len(links.All))
			},
		},
		{
			"class scan with a date filter",
			func() (sum uint64) {
				var some []graph.ID
				expand := func() {
					links.Reset()
					fail(s.Expand(ctx, &links, some, a.start, false, all))
					for _, l := range links.All {
						if l.To >= from && l.To < to {
							sum++
						}
					}
					some = some[:0]
				}
				fail(s.(graph.Ranger).ScanWithin(ctx, a.instance, a.class, graph.Stretch{From: graph.InSpace(graph.Nodes, 0), To: graph.InSpace(graph.Nodes+1, 0)}, func(r *graph.Run) bool {
					if some = append(some, r.Subjects...); len(some) >= atOnce {
						expand()
					}
					return true
				}))
				expand()
				return sum
			},
			func() (sum uint64) {
				var some []graph.ID
				rows := a.span(row{uint64(a.instance), uint64(a.class)}, row{uint64(a.instance), uint64(a.class) + 1})
				for len(rows) > 0 {
					n := min(len(rows), atOnce)
					some = some[:0]
					for i := range rows[:n] {
						some = append(some, graph.ID(rows[i][2]))
					}
					rows = rows[n:]
					links.Reset()
					a.expand(&links, some, a.start, all)
					for _, l := range links.All {
						if l.To >= from && l.To < to {
							sum++
						}
					}
				}
				return sum
			},
		},
		{
			"scan of a predicate, quad by quad",
			func() (sum uint64) {
				fail(s.Quads(ctx, graph.Pattern{Predicate: a.by}, func(q graph.Quad) bool { sum += uint64(q.Subject); return true }))
				return sum
			},
			func() (sum uint64) {
				a.quads(row{uint64(a.by)}, row{uint64(a.by) + 1}, func(q graph.Quad) bool { sum += uint64(q.Subject); return true })
				return sum
			},
		},
	}
	out := map[string]pair{}
	for _, read := range reads {
		var stores, plains []float64
		rounds := max(15, min(300, 100_000_000/n))
		for range rounds {
			start := time.Now()
			got := read.store()
			stores = append(stores, time.Since(start).Seconds()*1e6)
			start = time.Now()
			want := read.arrays()
			plains = append(plains, time.Since(start).Seconds()*1e6)
			if got != want {
				t.Fatalf("%s gave %d, the arrays %d", read.name, got, want)
			}
		}
		p := pair{Store: slices.Min(stores), Arrays: slices.Min(plains)}
		p.Ratio = p.Store / p.Arrays
		out[read.name] = p
	}
	return out
}

func (a *arrays) expand(dst *graph.Links, nodes []graph.ID, predicate graph.ID, labels *graph.Set) {
	at := 0
	for _, node := range nodes {
		key := row{uint64(node), uint64(predicate)}
		at = seekRows(a.forward, &key, at)
		for i := at; i < len(a.forward) && a.forward[i].hasPrefix(&key, 2); i++ {
			if labels.Has(graph.ID(a.forward[i][3])) {
				dst.All = append(dst.All, graph.Link{To: graph.ID(a.forward[i][2]), Label: graph.ID(a.forward[i][3])})
			}
		}
		dst.Ends = append(dst.Ends, len(dst.All))
	}
}

func (a *arrays) quads(from, to row, yield func(graph.Quad) bool) {
	rows := a.span(from, to)
	for i := range rows {
		if !yield(posl.quad(&rows[i])) {
			return
		}
	}
}
