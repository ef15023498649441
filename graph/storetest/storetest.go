// Package storetest is the conformance suite for stores: every promise of
// graph.Store and graph.Snapshot is a test here. A store passes it whole.
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

// Open returns an empty store for one test and closes it when the test ends.
type Open func(t *testing.T) graph.Store

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, graph.Store)
	}{
		{"Empty", testEmpty},
		{"Terms", testTerms},
		{"InlineTermsOrder", testInlineOrder},
		{"AddAndRemove", testAddAndRemove},
		{"SnapshotsStay", testSnapshotsStay},
		{"ExpandLabels", testExpandLabels},
		{"Random", testRandom},
		{"Cancelled", testCancelled},
		{"StopsReading", testStopsReading},
		{"Closed", testClosed},
		{"WritersTakeTurns", testWritersTakeTurns},
		{"SwapIsNeverHalfSeen", testSwap},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func node(i int) graph.Term      { return graph.Ref(fmt.Sprint("person/", i)) }
func predicate(i int) graph.Term { return graph.Ref(fmt.Sprint("kg:p", i)) }
func claim(i int) graph.Term     { return graph.Ref(fmt.Sprint("claim/", i)) }

// mustCommit commits what fill puts into a batch.
func mustCommit(t *testing.T, s graph.Store, fill func(*graph.Batch)) graph.Snapshot {
	t.Helper()
	var b graph.Batch
	fill(&b)
	snap, err := s.Commit(t.Context(), &b)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// lookup returns the id of a term that must be there.
func lookup(t *testing.T, s graph.Snapshot, term graph.Term) graph.ID {
	t.Helper()
	id, ok := s.Lookup(term)
	if !ok {
		t.Fatalf("%v is not found", term)
	}
	return id
}

// quads returns all quads that match, sorted.
func quads(t *testing.T, s graph.Snapshot, p graph.Pattern) []graph.Quad {
	t.Helper()
	var out []graph.Quad
	if err := s.Quads(t.Context(), p, func(q graph.Quad) bool { out = append(out, q); return true }); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out, compareQuads)
	return out
}

func compareQuads(a, b graph.Quad) int {
	return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Predicate, b.Predicate),
		cmp.Compare(a.Object, b.Object), cmp.Compare(a.Label, b.Label))
}

func testEmpty(t *testing.T, s graph.Store) {
	snap := s.Snapshot()
	if snap.Commit() != 0 || snap.Size() != 0 {
		t.Errorf("commit %d and size %d, want 0 and 0", snap.Commit(), snap.Size())
	}
	if id, ok := snap.Lookup(node(1)); ok {
		t.Errorf("an empty store found %v", id)
	}
	if term, ok := snap.Term(graph.InSpace(graph.Nodes, 0)); ok {
		t.Errorf("an empty store knows %v", term)
	}
	if got := quads(t, snap, graph.Pattern{}); len(got) != 0 {
		t.Errorf("an empty store has %v", got)
	}
	var links graph.Links
	if err := snap.Expand(t.Context(), &links, []graph.ID{0, 1}, 1, false, nil); err != nil || len(links.All) != 0 || len(links.Ends) != 2 {
		t.Errorf("expanding in an empty store gave %v, %v", links, err)
	}
	if after := mustCommit(t, s, func(*graph.Batch) {}); after.Commit() != 1 || after.Size() != 0 {
		t.Errorf("an empty batch made commit %d of size %d, want 1 and 0", after.Commit(), after.Size())
	}
}

// sampleTerms are of every kind and space, and alike in all but one part.
var sampleTerms = []graph.Term{
	graph.Ref("person/x"), graph.Ref("kg:visitor"), graph.Ref("claim/x"),
	{Kind: graph.Blank, Text: "person/x"},
	graph.Text("x"), graph.Text(""), graph.TextIn("x", "en"), graph.TextIn("x", "ru"), graph.Typed("x", "scheme:cow"), graph.Typed("x", "scheme:gec"),
	graph.Typed("1", graph.Integer), graph.Typed("01", graph.Integer), graph.Typed("-7", graph.Integer), graph.Typed("9223372036854775807", graph.Integer),
	graph.Text("1"), graph.Number(0.5), graph.Typed("0.50", graph.Decimal), graph.Typed("true", graph.Boolean),
	graph.Date("2025-11-06"), graph.Date("2025-11"), graph.Date("2025"), graph.Date("2025~"), graph.Date("2025-11?"), graph.Date("2025-11-06%"),
	graph.Date("[..2025-10-31]"), graph.Date("2025-10/2025-11"), graph.Date("201X"), graph.Date("2025-XX"), graph.Date("-0044-03-15"), graph.Date(".."), graph.Date("2025-21"), graph.Date("Y-170000002"),
	graph.Date("not a date"), graph.Text("2025-11-06"),
	graph.Moment(time.Unix(1, 2000)), graph.Typed("2025-11-06T12:00:00Z", graph.DateTime), graph.Typed("2025-11-06T12:00:00+05:00", graph.DateTime),
	graph.Text("nul \x00, invalid \xff, long " + fmt.Sprint(make([]int, 500))),
}

func testTerms(t *testing.T, s graph.Store) {
	before := s.Snapshot()
	snap := mustCommit(t, s, func(b *graph.Batch) {
		for _, term := range sampleTerms {
			b.AddQuad(node(0), predicate(0), term, graph.Term{})
		}
	})
	seen := map[graph.ID]graph.Term{}
	for _, term := range sampleTerms {
		id := lookup(t, snap, term)
		if other, taken := seen[id]; taken {
			t.Errorf("%v and %v have one id", term, other)
		}
		seen[id] = term
		if back, ok := snap.Term(id); !ok || back != term {
			t.Errorf("%v came back as %v, %t", term, back, ok)
		}
		if _, inline := graph.Inline(term); inline {
			continue
		}
		if id.Space() != graph.SpaceOf(term) {
			t.Errorf("%v is in space %d, want %d", term, id.Space(), graph.SpaceOf(term))
		}
		if _, ok := before.Lookup(term); ok {
			t.Errorf("the snapshot before finds %v", term)
		}
		if _, ok := before.Term(id); ok {
			t.Errorf("the snapshot before knows the id of %v", term)
		}
	}
	again := mustCommit(t, s, func(b *graph.Batch) { b.AddQuad(node(1), predicate(0), graph.Text("x"), graph.Term{}) })
	for id, term := range seen {
		if now := lookup(t, again, term); now != id {
			t.Errorf("%v changed its id from %x to %x", term, id, now)
		}
	}
	for i := range 3 {
		mustCommit(t, s, func(b *graph.Batch) { b.AddQuad(node(0), predicate(0), claim(i), claim(i)) })
	}
	for i := range 3 {
		// claim/x of the sample came first.
		if id := lookup(t, s.Snapshot(), claim(i)); id.Sequence() != uint64(i+1) {
			t.Errorf("claim %d has sequence %d: claims must be dense", i, id.Sequence())
		}
	}
}

func testInlineOrder(t *testing.T, s graph.Store) {
	for _, ascending := range [][]graph.Term{
		{graph.Typed("-9", graph.Integer), graph.Typed("0", graph.Integer), graph.Typed("5", graph.Integer), graph.Typed("40", graph.Integer)},
		{graph.Date("-0044"), graph.Date("1648-10"), graph.Date("2025-01-01"), graph.Date("2025-01"), graph.Date("2025"), graph.Date("2025-01-02")},
		{graph.Moment(time.Unix(-5, 0)), graph.Moment(time.Unix(0, 0)), graph.Moment(time.Unix(0, 1000)), graph.Moment(time.Unix(9, 0))},
	} {
		snap := mustCommit(t, s, func(b *graph.Batch) {
			for _, term := range ascending {
				b.AddQuad(node(0), predicate(0), term, graph.Term{})
			}
		})
		for i := 1; i < len(ascending); i++ {
			if a, b := lookup(t, snap, ascending[i-1]), lookup(t, snap, ascending[i]); a >= b {
				t.Errorf("the id of %v is not below that of %v", ascending[i-1], ascending[i])
			}
		}
	}
}

func testAddAndRemove(t *testing.T, s graph.Store) {
	q := func(label graph.Term) (graph.Term, graph.Term, graph.Term, graph.Term) {
		return node(1), predicate(1), node(2), label
	}
	none := graph.Term{}
	steps := []struct {
		name string
		fill func(*graph.Batch)
		size int
	}{
		{"add", func(b *graph.Batch) { b.AddQuad(q(claim(1))) }, 1},
		{"add again", func(b *graph.Batch) { b.AddQuad(q(claim(1))) }, 1},
		{"add with another label and with none", func(b *graph.Batch) { b.AddQuad(q(claim(2))); b.AddQuad(q(none)) }, 3},
		{"remove what is not there", func(b *graph.Batch) { b.RemoveQuad(q(claim(9))) }, 3},
		{"remove one label", func(b *graph.Batch) { b.RemoveQuad(q(claim(1))) }, 2},
		{"remove and add at once", func(b *graph.Batch) { b.AddQuad(q(none)); b.RemoveQuad(q(none)) }, 2},
		{"twice in one batch", func(b *graph.Batch) { b.AddQuad(q(claim(3))); b.AddQuad(q(claim(3))) }, 3},
		{"remove all", func(b *graph.Batch) {
			for _, label := range []graph.Term{none, claim(2), claim(3)} {
				b.RemoveQuad(q(label))
			}
		}, 0},
	}
	for i, step := range steps {
		snap := mustCommit(t, s, step.fill)
		if snap.Size() != step.size || len(quads(t, snap, graph.Pattern{})) != step.size {
			t.Errorf("%s: size %d with %d quads, want %d", step.name, snap.Size(), len(quads(t, snap, graph.Pattern{})), step.size)
		}
		if snap.Commit() != uint64(i+1) {
			t.Errorf("%s: commit %d, want %d", step.name, snap.Commit(), i+1)
		}
	}
	if left := quads(t, s.Snapshot(), graph.Pattern{Subject: lookup(t, s.Snapshot(), node(1))}); len(left) != 0 {
		t.Errorf("removed quads are still found: %v", left)
	}
}

func testSnapshotsStay(t *testing.T, s graph.Store) {
	var snaps []graph.Snapshot
	for i := range 50 {
		snaps = append(snaps, mustCommit(t, s, func(b *graph.Batch) {
			b.AddQuad(node(i), predicate(0), node(i+1), claim(i))
			if i >= 10 {
				b.RemoveQuad(node(i-10), predicate(0), node(i-9), claim(i-10))
			}
		}))
	}
	for i, snap := range snaps {
		if want := min(i+1, 10); snap.Size() != want || len(quads(t, snap, graph.Pattern{})) != want {
			t.Errorf("the snapshot of commit %d has %d quads now, want %d", i+1, snap.Size(), want)
		}
	}
}

func testExpandLabels(t *testing.T, s graph.Store) {
	snap := mustCommit(t, s, func(b *graph.Batch) {
		for object := range 4 {
			for label := range 3 {
				b.AddQuad(node(0), predicate(0), node(10+object), claim(object*3+label))
			}
		}
		b.AddQuad(node(0), predicate(0), node(10), graph.Term{})
		b.AddQuad(node(1), predicate(0), node(10), claim(0))
		b.AddQuad(node(0), predicate(1), node(10), claim(0))
	})
	p := lookup(t, snap, predicate(0))
	a, b, target := lookup(t, snap, node(0)), lookup(t, snap, node(1)), lookup(t, snap, node(10))
	labels := graph.NewSet(0)
	labels.Add(lookup(t, snap, claim(0)))
	labels.Add(lookup(t, snap, claim(4)))
	expand := func(nodes []graph.ID, inverse bool, labels *graph.Set) *graph.Links {
		t.Helper()
		var links graph.Links
		if err := snap.Expand(t.Context(), &links, nodes, p, inverse, labels); err != nil {
			t.Fatal(err)
		}
		return &links
	}
	if got := expand([]graph.ID{a, b, 0, a}, false, nil); len(got.Of(0)) != 13 || len(got.Of(1)) != 1 || len(got.Of(2)) != 0 || len(got.Of(3)) != 13 {
		t.Errorf("any label: ends %v", got.Ends)
	}
	got := expand([]graph.ID{a, b}, false, labels)
	if want := []graph.Link{{To: target, Label: lookup(t, snap, claim(0))}, {To: lookup(t, snap, node(11)), Label: lookup(t, snap, claim(4))}}; !slices.Equal(got.Of(0), want) {
		t.Errorf("labels: %v, want %v", got.Of(0), want)
	}
	if back := expand([]graph.ID{target}, true, labels); len(back.Of(0)) != 2 || back.All[0].To != a || back.All[1].To != b {
		t.Errorf("inverse: %v", back.All)
	}
}

// testRandom compares the store with a plain set of quads, pattern by pattern.
func testRandom(t *testing.T, s graph.Store) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	type quad struct{ s, p, o, l int } // label -1: none
	model := map[quad]bool{}
	term := func(q quad) (graph.Term, graph.Term, graph.Term, graph.Term) {
		label := graph.Term{}
		if q.l >= 0 {
			label = claim(q.l)
		}
		return node(q.s), predicate(q.p), node(q.o), label
	}
	for range 60 {
		snap := mustCommit(t, s, func(b *graph.Batch) {
			removed, added := []quad{}, []quad{}
			for range rng.IntN(30) {
				q := quad{rng.IntN(6), rng.IntN(3), rng.IntN(6), rng.IntN(4) - 1}
				if rng.IntN(3) == 0 {
					b.RemoveQuad(term(q))
					removed = append(removed, q)
				} else {
					b.AddQuad(term(q))
					added = append(added, q)
				}
			}
			for _, q := range removed {
				delete(model, q)
			}
			for _, q := range added {
				model[q] = true
			}
		})
		if snap.Size() != len(model) {
			t.Fatalf("size %d, want %d", snap.Size(), len(model))
		}
		var want []graph.Quad
		for q := range model {
			s, p, o, l := term(q)
			id := graph.Quad{Subject: lookup(t, snap, s), Predicate: lookup(t, snap, p), Object: lookup(t, snap, o)}
			if l.Kind != 0 {
				id.Label = lookup(t, snap, l)
			}
			want = append(want, id)
		}
		slices.SortFunc(want, compareQuads)
		checkPatterns(t, snap, want)
		checkExpand(t, snap, want)
	}
}

// checkPatterns asks for each quad with every part of it fixed or free.
func checkPatterns(t *testing.T, snap graph.Snapshot, all []graph.Quad) {
	t.Helper()
	for _, q := range append(slices.Clone(all[:min(len(all), 8)]), graph.Quad{}) {
		for mask := range 16 {
			p := q
			for bit, part := range []*graph.ID{&p.Subject, &p.Predicate, &p.Object, &p.Label} {
				if mask>>bit&1 == 0 {
					*part = 0
				}
			}
			var want []graph.Quad
			for _, q := range all {
				if (p.Subject == 0 || p.Subject == q.Subject) && (p.Predicate == 0 || p.Predicate == q.Predicate) &&
					(p.Object == 0 || p.Object == q.Object) && (p.Label == 0 || p.Label == q.Label) {
					want = append(want, q)
				}
			}
			if got := quads(t, snap, p); !slices.Equal(got, want) {
				t.Fatalf("pattern %v: %d quads, want %d", p, len(got), len(want))
			}
		}
	}
}

func checkExpand(t *testing.T, snap graph.Snapshot, all []graph.Quad) {
	t.Helper()
	for _, q := range all[:min(len(all), 8)] {
		for _, inverse := range []bool{false, true} {
			nodes := []graph.ID{q.Subject, q.Object}
			var links graph.Links
			if err := snap.Expand(t.Context(), &links, nodes, q.Predicate, inverse, nil); err != nil {
				t.Fatal(err)
			}
			for i, node := range nodes {
				var want []graph.Link
				for _, other := range all {
					from, to := other.Subject, other.Object
					if inverse {
						from, to = to, from
					}
					if from == node && other.Predicate == q.Predicate {
						want = append(want, graph.Link{To: to, Label: other.Label})
					}
				}
				slices.SortFunc(want, func(a, b graph.Link) int { return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.Label, b.Label)) })
				if !slices.Equal(links.Of(i), want) {
					t.Fatalf("expanding %x along %x (inverse %t): %v, want %v", node, q.Predicate, inverse, links.Of(i), want)
				}
			}
		}
	}
}

func testCancelled(t *testing.T, s graph.Store) {
	snap := mustCommit(t, s, func(b *graph.Batch) { b.AddQuad(node(1), predicate(1), node(2), claim(1)) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := snap.Quads(ctx, graph.Pattern{}, func(graph.Quad) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("Quads: %v", err)
	}
	var links graph.Links
	if err := snap.Expand(ctx, &links, []graph.ID{1}, 1, false, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Expand: %v", err)
	}
	var b graph.Batch
	b.AddQuad(node(3), predicate(1), node(2), claim(1))
	if _, err := s.Commit(ctx, &b); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit: %v", err)
	}
	if s.Snapshot().Size() != 1 {
		t.Error("a cancelled commit changed the store")
	}
}

func testStopsReading(t *testing.T, s graph.Store) {
	snap := mustCommit(t, s, func(b *graph.Batch) {
		for i := range 100 {
			b.AddQuad(node(i), predicate(1), node(2), claim(1))
		}
	})
	n := 0
	if err := snap.Quads(t.Context(), graph.Pattern{}, func(graph.Quad) bool { n++; return n < 3 }); err != nil || n != 3 {
		t.Errorf("yield was called %d times after it asked to stop at 3, error %v", n, err)
	}
}

func testClosed(t *testing.T, s graph.Store) {
	snap := mustCommit(t, s, func(b *graph.Batch) { b.AddQuad(node(1), predicate(1), node(2), claim(1)) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), &graph.Batch{}); !errors.Is(err, graph.ErrClosed) {
		t.Errorf("Commit after Close: %v", err)
	}
	if err := s.Close(); !errors.Is(err, graph.ErrClosed) {
		t.Errorf("second Close: %v", err)
	}
	if len(quads(t, snap, graph.Pattern{})) != 1 {
		t.Error("a snapshot is not readable after Close")
	}
}
