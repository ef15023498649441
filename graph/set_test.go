package graph

import (
	"math/rand/v2"
	"testing"
)

// TestHasAll holds whole stretches of a set to each of their claims.
func TestHasAll(t *testing.T) {
	const claims = 20_000
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 2))
		s := NewSet(rng.IntN(claims))
		out := map[int]bool{}
		for range rng.IntN(6) {
			out[rng.IntN(claims)] = true
		}
		for i := range claims {
			if !out[i] {
				s.Add(InSpace(Claims, uint64(i)))
			}
		}
		for range 2000 {
			from := rng.IntN(claims)
			to := from + rng.IntN(max(1, (claims+100-from)>>rng.IntN(14)))
			want := true
			for i := from; i <= to; i++ {
				want = want && s.has(uint64(i))
			}
			if got := s.hasAll(uint64(from), uint64(to)); got != want {
				t.Fatalf("seed %d: from %d to %d: %t", seed, from, to, got)
			}
		}
	}
}
