package query

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"chancery/graph"
)

// TestNodeSet compares sets with maps, through resets, and with nodes of previews.
func TestNodeSet(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	var s nodeSet
	for range 50 {
		if !s.empty() {
			t.Fatal("a set that was emptied is not empty")
		}
		want := map[graph.ID]bool{}
		node := func() graph.ID {
			seq := rng.Uint64N(100_000)
			if rng.IntN(10) == 0 {
				seq = 1<<50 + rng.Uint64N(10_000)
			}
			return graph.InSpace(graph.Nodes, seq)
		}
		for range rng.IntN(2000) {
			id := node()
			if fresh := s.add(id); fresh == want[id] {
				t.Fatalf("adding %d says %t", id.Sequence(), fresh)
			}
			want[id] = true
		}
		for range 2000 {
			if id := node(); s.has(id) != want[id] {
				t.Fatalf("has %d: %t, want %t", id.Sequence(), s.has(id), want[id])
			}
		}
		if got := s.appendTo(nil); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
			t.Fatalf("%d nodes, want %d", len(got), len(want))
		}
		s.reset()
	}
}

// TestIDSets holds sets of ids, and the sorting of them, to slices: few and many,
// nodes of previews and ids that are no nodes among them.
func TestIDSets(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	random := func(spaces int) graph.ID {
		space := graph.Nodes + graph.Space(rng.IntN(spaces))
		return graph.InSpace(space, uint64(rng.IntN(3000))+uint64(rng.IntN(2))<<50)
	}
	for n := range 60 {
		var ids []graph.ID
		for range rng.IntN(1 + n*n) {
			ids = append(ids, random(1+n%2))
		}
		want := slices.Compact(slices.Sorted(slices.Values(ids)))
		got := ascending(ids)
		if !slices.Equal(got, want) {
			t.Fatalf("%d ids: sorted wrongly", len(want))
		}
		set := newIDSet(got)
		for range 200 {
			id := random(2)
			if _, is := slices.BinarySearch(want, id); set.has(id) != is {
				t.Fatalf("%x among %d: %v", id, len(want), !is)
			}
		}
	}
}
