package rdf

import "hash/maphash"

// slots keep what was made of bytes, one thing in each slot: what comes later takes
// the place of what was there. They are few at first, since most texts are short,
// and become more as they fill, up to mostSlots.
type slots[T any] struct {
	seed   maphash.Seed
	all    []T
	filled int
	bytes  func(T) string // that a thing was made of; "" of an empty slot
}

const (
	firstSlots = 1 << 6
	mostSlots  = 1 << 13
)

func newSlots[T any](bytes func(T) string) slots[T] {
	return slots[T]{seed: maphash.MakeSeed(), all: make([]T, firstSlots), bytes: bytes}
}

// of is the slot of these bytes, until the next put.
func (s *slots[T]) of(b []byte) *T {
	return &s.all[maphash.Bytes(s.seed, b)&uint64(len(s.all)-1)]
}

// put fills a slot. The slot stays readable, even where the slots become more.
func (s *slots[T]) put(slot *T, made T) {
	if s.bytes(*slot) == "" {
		s.filled++
	}
	*slot = made
	if s.filled <= len(s.all)/2 || len(s.all) == mostSlots {
		return
	}
	fewer := s.all
	s.all, s.filled = make([]T, min(8*len(fewer), mostSlots)), 0
	for _, t := range fewer {
		if b := s.bytes(t); b != "" {
			*s.of([]byte(b)) = t
		}
	}
	for _, t := range s.all {
		if s.bytes(t) != "" {
			s.filled++
		}
	}
}
