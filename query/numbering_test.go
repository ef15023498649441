package query

import (
	"math/rand/v2"
	"slices"
	"testing"

	"chancery/graph"
)

// TestNumbering holds numbers to those of a map, over ids that collide.
func TestNumbering(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var n numbering
	for _, size := range []uint64{1, 10, 5000, 100, 40_000} {
		n.reset()
		want := map[graph.ID]uint32{0: 0}
		seen := []graph.ID(nil)
		for range 3 * size {
			id := graph.InSpace(graph.Space(rng.IntN(7)), rng.Uint64N(size)<<(20*rng.IntN(2)))
			if _, ok := want[id]; !ok {
				want[id] = uint32(len(want))
				seen = append(seen, id)
			}
			if got := n.number(id); got != want[id] {
				t.Fatalf("of %d: number(%x) = %d, want %d", size, uint64(id), got, want[id])
			}
		}
		if !slices.Equal(n.seen(), seen) || n.len() != len(want) {
			t.Fatalf("of %d: %d ids seen, %d numbers, want %d and %d", size, len(n.seen()), n.len(), len(seen), len(want))
		}
	}
}

func BenchmarkNumbering(b *testing.B) {
	ids := make([]graph.ID, 30_000)
	rng := rand.New(rand.NewPCG(3, 3))
	for i := range ids {
		ids[i] = graph.InSpace(graph.Nodes, rng.Uint64N(2000))
	}
	b.ReportAllocs()
	for b.Loop() {
		var n numbering
		for _, id := range ids {
			n.number(id)
		}
	}
}
