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

// RunScan runs the suite of a store whose snapshots are graph.Rangers and
// graph.Counters.
func RunScan(t *testing.T, open Open) {
	t.Run("ScanAndCount", func(t *testing.T) { testScanAndCount(t, open(t)) })
	t.Run("ScanCancelled", func(t *testing.T) { testScanCancelled(t, open(t)) })
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
		all := quads(t, snap, graph.Pattern{})
		for range min(20, len(all)) {
			q := all[rng.IntN(len(all))]
			within := graph.Stretch{From: all[rng.IntN(len(all))].Subject, To: all[rng.IntN(len(all))].Subject} // perhaps of nothing
			if rng.IntN(3) == 0 {
				within = graph.Stretch{From: q.Subject, To: q.Subject + 1}
			}
			CheckWithin(t, snap, q.Predicate, q.Object, within)
		}
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

// CheckWithin compares a stretch of an object's subjects with what Quads gives. A count
// may be more than there are, but not less, and not so when it says that it is exact.
func CheckWithin(t testing.TB, snap graph.Snapshot, predicate, object graph.ID, within graph.Stretch) {
	t.Helper()
	var want, got []graph.Quad
	if err := snap.Quads(t.Context(), graph.Pattern{Predicate: predicate, Object: object}, func(q graph.Quad) bool {
		if q.Subject >= within.From && q.Subject < within.To {
			want = append(want, q)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want, func(a, b graph.Quad) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Label, b.Label))
	})
	ranger := snap.(graph.Ranger)
	err := ranger.ScanWithin(t.Context(), predicate, object, within, func(run *graph.Run) bool {
		n := len(run.Subjects)
		if n == 0 || len(run.Predicates) != n || len(run.Objects) != n || len(run.Labels) != n {
			t.Fatalf("a run of %d subjects, %d predicates, %d objects, %d labels", n, len(run.Predicates), len(run.Objects), len(run.Labels))
		}
		for i := range n {
			got = append(got, graph.Quad{Subject: run.Subjects[i], Predicate: run.Predicates[i], Object: run.Objects[i], Label: run.Labels[i]})
		}
		return true
	})
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("to %v by %v within %v: %v, %v; want %v", object, predicate, within, got, err, want)
	}
	n, exact, err := ranger.CountWithin(predicate, object, within)
	if err != nil || n < len(want) || exact && n != len(want) {
		t.Fatalf("to %v by %v within %v counts %d (exact %t), %v; there are %d", object, predicate, within, n, exact, err, len(want))
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
	ranger, by, to := snap.(graph.Ranger), lookup(t, snap, predicate(1)), lookup(t, snap, node(2))
	whole := graph.Stretch{From: graph.InSpace(graph.Nodes, 0), To: graph.InSpace(graph.Nodes+1, 0)}
	calls := 0
	if err := ranger.ScanWithin(t.Context(), by, to, whole, func(*graph.Run) bool { calls++; return false }); err != nil || calls != 1 {
		t.Errorf("yield was called %d times after it asked to stop, error %v", calls, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ranger.ScanWithin(ctx, by, to, whole, func(*graph.Run) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("ScanWithin: %v", err)
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
