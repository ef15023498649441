package graph

import "math/bits"

// Set is a set of claims, one bit a claim. It must not change once it is shared.
type Set struct{ words []uint64 }

// NewSet returns an empty set with room for n claims.
func NewSet(n int) *Set { return &Set{words: make([]uint64, (n+63)/64)} }

// Add puts a claim into the set. An id that is no claim's is a bug.
func (s *Set) Add(claim ID) {
	if claim.Space() != Claims {
		panic("graph: only claims go into a Set")
	}
	word := claim.Sequence() / 64
	for uint64(len(s.words)) <= word {
		s.words = append(s.words, 0)
	}
	s.words[word] |= 1 << (claim.Sequence() % 64)
}

// Has reports whether the id is a claim in the set.
func (s *Set) Has(claim ID) bool {
	return claim.Space() == Claims && s.has(claim.Sequence())
}

func (s *Set) has(seq uint64) bool {
	return seq/64 < uint64(len(s.words)) && s.words[seq/64]>>(seq%64)&1 == 1
}

// Len counts the claims. Cost: O(room/64).
func (s *Set) Len() int {
	n := 0
	for _, w := range s.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// All yields the claims, ascending.
func (s *Set) All(yield func(ID) bool) {
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			if !yield(InSpace(Claims, uint64(i*64+bits.TrailingZeros64(w)))) {
				return
			}
		}
	}
}
