package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"chancery/graph"
)

// RunPredicates runs the suite of a store whose snapshots are
// graph.PredicateListers.
func RunPredicates(t *testing.T, open Open) {
	t.Run("Predicates", func(t *testing.T) { testPredicates(t, open(t)) })
}

// RunScan runs the suite of a store whose snapshots are graph.Scanners and
// graph.Counters.
func RunScan(t *testing.T, open Open) {
	t.Run("ScanAndCount", func(t *testing.T) { testScanAndCount(t, open(t)) })
	t.Run("ScanCancelled", func(t *testing.T) { testScanCancelled(t, open(t)) })
}

// CheckScan compares a range of a snapshot with what Quads gives. Count may say
// more than there is, but not less, and not so when it says that it is exact.
func CheckScan(t testing.TB, snap graph.Snapshot, r graph.Range) {
	t.Helper()
	var want, got []graph.Quad
	if err := snap.Quads(t.Context(), graph.Pattern{Predicate: r.Predicate}, func(q graph.Quad) bool {
		if q.Object >= r.From && (r.To == 0 || q.Object < r.To) {
			want = append(want, q)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want, func(a, b graph.Quad) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Label, b.Label))
	})
	if r.Descending {
		slices.Reverse(want)
	}
	err := snap.(graph.Scanner).Scan(t.Context(), r, func(run *graph.Run) bool {
		n := len(run.Subjects)
		if n == 0 || len(run.Predicates) != n || len(run.Objects) != n || len(run.Labels) != n {
			t.Fatalf("a run of %d subjects, %d predicates, %d objects, %d labels", n, len(run.Predicates), len(run.Objects), len(run.Labels))
		}
		for i := range n {
			got = append(got, graph.Quad{Subject: run.Subjects[i], Predicate: run.Predicates[i], Object: run.Objects[i], Label: run.Labels[i]})
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%+v gave %d quads, want %d", r, len(got), len(want))
	}
}

// CheckCount compares a count with what Quads gives: it may be more, never less,
// and just as many when it says that it is exact.
func CheckCount(t testing.TB, snap graph.Snapshot, p graph.Pattern) {
	t.Helper()
	want := 0
	if err := snap.Quads(t.Context(), p, func(graph.Quad) bool { want++; return true }); err != nil {
		t.Fatal(err)
	}
	n, exact, err := snap.(graph.Counter).Count(p)
	if err != nil || n < want || exact && n != want || n > snap.Size() {
		t.Fatalf("%+v counts %d (exact %t), %v; there are %d", p, n, exact, err, want)
	}
}

func testScanAndCount(t *testing.T, s graph.Store) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	day := func() graph.Term { return graph.Date(fmt.Sprintf("2025-%02d-%02d", 1+rng.IntN(12), 1+rng.IntN(28))) }
	quad := func() (graph.Term, graph.Term, graph.Term, graph.Term) {
		object := day()
		if rng.IntN(4) == 0 {
			object = node(rng.IntN(50))
		}
		return node(rng.IntN(200)), predicate(rng.IntN(3)), object, claim(rng.IntN(100))
	}
	for round := range 30 {
		snap := mustCommit(t, s, func(b *graph.Batch) {
			for range rng.IntN(400) {
				b.AddQuad(quad())
				if round > 10 && rng.IntN(3) == 0 {
					b.RemoveQuad(quad())
				}
			}
		})
		for range 20 {
			r := graph.Range{Descending: rng.IntN(2) == 0}
			if p, ok := snap.Lookup(predicate(rng.IntN(3))); ok {
				r.Predicate = p
			} else {
				continue
			}
			for _, end := range []*graph.ID{&r.From, &r.To} {
				if rng.IntN(4) > 0 {
					*end = lookup(t, snap, day()) // To may be below From: nothing then
				}
			}
			CheckScan(t, snap, r)
		}
		if ranger, is := snap.(graph.Ranger); is {
			checkRanger(t, rng, snap, ranger)
		}
		all := quads(t, snap, graph.Pattern{})
		for range min(20, len(all)) {
			p := all[rng.IntN(len(all))]
			for _, part := range []*graph.ID{&p.Subject, &p.Predicate, &p.Object, &p.Label} {
				if rng.IntN(2) == 0 {
					*part = 0
				}
			}
			CheckCount(t, snap, p)
		}
	}
}

// checkRanger compares stretches of the subjects of some objects with what Quads gives.
func checkRanger(t *testing.T, rng *rand.Rand, snap graph.Snapshot, ranger graph.Ranger) {
	t.Helper()
	all := quads(t, snap, graph.Pattern{})
	for range min(20, len(all)) {
		q := all[rng.IntN(len(all))]
		within := graph.Stretch{From: all[rng.IntN(len(all))].Subject, To: all[rng.IntN(len(all))].Subject}
		if rng.IntN(3) == 0 {
			within = graph.Stretch{From: q.Subject, To: q.Subject + 1}
		}
		var want, got []graph.Quad
		for _, other := range all {
			if other.Predicate == q.Predicate && other.Object == q.Object && other.Subject >= within.From && other.Subject < within.To {
				want = append(want, other)
			}
		}
		slices.SortFunc(want, func(a, b graph.Quad) int {
			return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Label, b.Label))
		})
		err := ranger.ScanWithin(t.Context(), q.Predicate, q.Object, within, func(run *graph.Run) bool {
			for i, s := range run.Subjects {
				got = append(got, graph.Quad{Subject: s, Predicate: run.Predicates[i], Object: run.Objects[i], Label: run.Labels[i]})
			}
			return true
		})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v within %v: %v, %v; want %v", q, within, got, err, want)
		}
		n, exact, err := ranger.CountWithin(q.Predicate, q.Object, within)
		if err != nil || n < len(want) || exact && n != len(want) {
			t.Fatalf("%v within %v counts %d (exact %t), %v; there are %d", q, within, n, exact, err, len(want))
		}
	}
}

// CheckPredicates compares the predicates that a snapshot lists with those of its
// quads: it may list more, never fewer.
func CheckPredicates(t testing.TB, snap graph.Snapshot) {
	t.Helper()
	listed, err := snap.(graph.PredicateLister).Predicates(t.Context())
	if err != nil || !slices.IsSorted(listed) || len(slices.Compact(slices.Clone(listed))) != len(listed) {
		t.Fatalf("the predicates are %v, %v", listed, err)
	}
	if err := snap.Quads(t.Context(), graph.Pattern{}, func(q graph.Quad) bool {
		if _, ok := slices.BinarySearch(listed, q.Predicate); !ok {
			t.Fatalf("the predicates are %v; %v has another", listed, q)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
}

func testPredicates(t *testing.T, s graph.Store) {
	for round := range 40 {
		snap := mustCommit(t, s, func(b *graph.Batch) {
			for i := range round % 5 {
				b.AddQuad(node(i), predicate(round/2), node(2), claim(round))
			}
			if round > 20 {
				b.RemoveQuad(node(0), predicate(round/2-5), node(2), claim(round-10))
			}
		})
		CheckPredicates(t, snap)
	}
}

func testScanCancelled(t *testing.T, s graph.Store) {
	snap := mustCommit(t, s, func(b *graph.Batch) {
		for i := range 100 {
			b.AddQuad(node(i), predicate(1), node(2), claim(1))
		}
	})
	r := graph.Range{Predicate: lookup(t, snap, predicate(1))}
	calls := 0
	if err := snap.(graph.Scanner).Scan(t.Context(), r, func(*graph.Run) bool { calls++; return false }); err != nil || calls != 1 {
		t.Errorf("yield was called %d times after it asked to stop, error %v", calls, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := snap.(graph.Scanner).Scan(ctx, r, func(*graph.Run) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("Scan: %v", err)
	}
}

// CheckTexts compares what a graph.Texter reads of ids, in this order, with Term.
func CheckTexts(t testing.TB, snap graph.Snapshot, ids []graph.ID) {
	t.Helper()
	reader := snap.(graph.Texter).Texts()
	for i, id := range ids {
		term, want := snap.Term(id)
		got, ok := reader.AppendText([]byte("before "), id)
		if ok != want || string(got) != "before "+term.Text {
			t.Fatalf("text %d, of id %x: %q, %v; want %q, %v", i, uint64(id), got, ok, term.Text, want)
		}
	}
}
