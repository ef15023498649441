package graph

import (
	"math/bits"
	"sync/atomic"
)

// Set is a set of claims, one bit a claim. It must not change once it is shared.
type Set struct {
	words []uint64
	full  atomic.Pointer[[]uint64] // see fullWords; nil until they are asked for
}

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

// hasAll reports whether all claims from one sequence to another, both among them,
// are in the set. Cost: O((to-from)/4096), once O(room/64).
func (s *Set) hasAll(from, to uint64) bool {
	if from > to {
		return true
	}
	first, last := from/64, to/64
	if last >= uint64(len(s.words)) {
		return false
	}
	head, tail := ^uint64(0)<<(from%64), ^uint64(0)>>(63-to%64)
	if first == last {
		return s.words[first]|^(head&tail) == ^uint64(0)
	}
	if s.words[first]|^head != ^uint64(0) || s.words[last]|^tail != ^uint64(0) {
		return false
	}
	full := s.fullWords()
	for w := first + 1; w < last; {
		switch word := full[w/64]; {
		case w%64 == 0 && w+64 <= last && word == ^uint64(0):
			w += 64
		case word>>(w%64)&1 == 0:
			return false
		default:
			w++
		}
	}
	return true
}

// fullWords returns a bit for each word, set where all of its claims are in the set.
func (s *Set) fullWords() []uint64 {
	if full := s.full.Load(); full != nil {
		return *full
	}
	full := make([]uint64, (len(s.words)+63)/64)
	for i, w := range s.words {
		if w == ^uint64(0) {
			full[i/64] |= 1 << (i % 64)
		}
	}
	s.full.Store(&full) // whoever comes first: all make the same
	return full
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
