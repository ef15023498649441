package local

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"chancery/graph"
)

// regular returns rows of spol, as they are encoded: subjects with the same
// predicates, once each. The block begins and ends within a subject's rows.
func regular(rng *rand.Rand) (rows []row, period int) {
	period = 2 + rng.IntN(8)
	if rng.IntN(10) == 0 {
		period = longest + rng.IntN(2)
	}
	n := min(blockRows, period*(2+rng.IntN(200)))
	gap, narrow, listed := 1+rng.IntN(1000), rng.IntN(2) == 0, rng.IntN(3) == 0
	subject := 1<<60 | rng.Uint64N(1<<40)
	var predicates []uint64
	for p := uint64(1 << 60); len(predicates) < period; {
		p += 1 + rng.Uint64N(50)
		predicates = append(predicates, p)
	}
	for len(rows) < n+period {
		subject += 1 + rng.Uint64N(uint64(gap))
		for k, p := range predicates {
			r := row{subject, p, 5<<60 | rng.Uint64N(1<<(4*(k%9)+1))<<8, 2<<60 | subject&(1<<50-1)}
			if listed {
				r[2] = []uint64{1 << 60, 5<<60 | 77, 6 << 60}[rng.IntN(3)]
			}
			if narrow && k%2 == 0 {
				r[3] = 2<<60 | rng.Uint64N(3)
			}
			rows = append(rows, r)
		}
	}
	from := rng.IntN(period)
	return rows[from : from+n], period
}

func encoded(o order, rows []row) *block {
	var parts columns
	for _, r := range rows {
		for j, v := range r {
			parts[j] = append(parts[j], v)
		}
	}
	e := encoder{order: o}
	var b block
	parseBlock(&b, o, append(e.encode(nil, &parts), make([]byte, slack)...))
	b.period = b.findPeriod()
	return &b
}

// TestTurns compares what is counted in a block with a period with its rows.
func TestTurns(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 300 {
		rows, period := regular(rng)
		b := encoded(spol, rows)
		if period > longest {
			period = 0
		}
		if b.period != period {
			t.Fatalf("%d rows have the period %d, want %d", len(rows), b.period, period)
		}
		if period == 0 {
			continue
		}
		for _, predicate := range []uint64{rows[rng.IntN(len(rows))][1], rows[0][1], rows[len(rows)-1][1], 3} {
			var of []row
			for _, r := range rows {
				if r[1] == predicate {
					of = append(of, r)
				}
			}
			var turns turns
			turns.find(b, predicate)
			if turns.n != len(of) {
				t.Fatalf("%d turns, want %d", turns.n, len(of))
			}
			if turns.n == 0 {
				continue // nothing is looked for then, see rows
			}
			if turns.last != (of[len(of)-1] == rows[len(rows)-1]) {
				t.Fatal("the last row is not told")
			}
			var p picks
			turns.pick(&p)
			for i, r := range of {
				if to, label := turns.get(i, r[0]); turns.nodes.value(i) != r[0] || to != r[2] || label != r[3] {
					t.Fatalf("turn %d is %x %x %x, want %x", i, turns.nodes.value(i), to, label, r)
				}
				if p.nodes[i] != r[0] || p.ends[i] != r[2] || p.labels[i] != r[3] {
					t.Fatalf("pick %d is %x %x %x, want %x", i, p.nodes[i], p.ends[i], p.labels[i], r)
				}
			}
			for range 50 {
				node := of[rng.IntN(len(of))][0] + rng.Uint64N(5) - 2
				if rng.IntN(20) == 0 {
					node = rng.Uint64()
				}
				want, _ := slices.BinarySearchFunc(of, node, func(r row, node uint64) int { return compareRows(row{r[0]}, row{node}) })
				if got := turns.seek(node); got != want {
					t.Fatalf("%x is found at turn %d of %d, want %d", node, got, len(of), want)
				}
			}
		}
		// One row less somewhere, and there is no period any more.
		if at := period + rng.IntN(len(rows)-2*period+1); at < len(rows)-period {
			if b := encoded(spol, slices.Delete(slices.Clone(rows), at, at+1)); b.period != 0 {
				t.Fatalf("a row less at %d of %d, and the period is %d still", at, len(rows), b.period)
			}
		}
	}
}

// TestExpandRegular expands nodes of blocks with and without a period, dense and
// sparse, ascending and not, and compares with the quads.
func TestExpandRegular(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, odd := range []int{0, 0, 1, 30} { // of a thousand nodes, those with a link less and one more
		s, err := Open(t.TempDir(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for commit := range 2 {
			var b graph.Batch
			for i := range 4000 {
				node, label := graph.Ref(fmt.Sprintf("node/%d-%d", commit, i)), graph.Ref(fmt.Sprintf("claim/%d", rng.IntN(50)))
				for k := 3 * commit; k < 5+3*commit; k++ { // two classes
					times := 1
					if rng.IntN(5000) < odd {
						times = 2 * rng.IntN(2)
					}
					for range times {
						b.AddQuad(node, graph.Ref(fmt.Sprintf("link/%d", k)), graph.Ref(fmt.Sprintf("thing/%d", rng.IntN(300))), label)
					}
				}
			}
			if _, err := s.Commit(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		compareExpansions(t, rng, s.Snapshot())
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func compareExpansions(t *testing.T, rng *rand.Rand, snap graph.Snapshot) {
	type end struct {
		node, predicate graph.ID
		inverse         bool
	}
	links := map[end][]graph.Link{}
	var nodes, predicates [2][]graph.ID // by direction
	if err := snap.Quads(t.Context(), graph.Pattern{}, func(q graph.Quad) bool {
		for i, e := range []end{{q.Subject, q.Predicate, false}, {q.Object, q.Predicate, true}} {
			to := q.Object
			if e.inverse {
				to = q.Subject
			}
			links[e] = append(links[e], graph.Link{To: to, Label: q.Label})
			nodes[i], predicates[i] = append(nodes[i], e.node), append(predicates[i], e.predicate)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	for _, of := range links {
		slices.SortFunc(of, compareLinks)
	}
	for direction, inverse := range []bool{false, true} {
		slices.Sort(nodes[direction])
		all := slices.Compact(nodes[direction])
		for range 25 {
			predicate := predicates[direction][rng.IntN(len(predicates[direction]))]
			var some []graph.ID
			share := 1 << rng.IntN(9)
			for _, node := range all {
				if rng.IntN(share) == 0 {
					some = append(some, node)
					if rng.IntN(30) == 0 {
						some = append(some, node+graph.ID(rng.IntN(2)))
					}
				}
			}
			if rng.IntN(3) == 0 { // not ascending
				for range 1 + len(some)/10 {
					some = slices.Insert(some, rng.IntN(len(some)+1), all[rng.IntN(len(all))], 0)
				}
			}
			var labels *graph.Set
			if rng.IntN(2) == 0 {
				labels = graph.NewSet(50)
				for i := range 50 {
					if rng.IntN(3) > 0 {
						labels.Add(graph.InSpace(graph.Claims, uint64(i)))
					}
				}
			}
			var got graph.Links
			if err := snap.Expand(t.Context(), &got, some, predicate, inverse, labels); err != nil {
				t.Fatal(err)
			}
			for i, node := range some {
				want := slices.Clone(links[end{node, predicate, inverse}])
				if labels != nil {
					want = slices.DeleteFunc(want, func(l graph.Link) bool { return !labels.Has(l.Label) })
				}
				if !slices.Equal(got.Of(i), want) {
					t.Fatalf("node %x, %d of %d, along %x (inverse %t): %v, want %v", node, i, len(some), predicate, inverse, got.Of(i), want)
				}
			}
		}
	}
}
