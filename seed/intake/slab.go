package intake

// Slab gives short slices out of long ones, to spare allocations. What it gave is
// kept as long as any of its neighbours is. It is for one goroutine.
type Slab[T any] struct{ free []T }

// slabSize is how many elements are allocated at once.
const slabSize = 512

// Keep returns a copy of what is there; nil of nothing.
func (s *Slab[T]) Keep(these []T) []T {
	if len(these) == 0 {
		return nil
	}
	if cap(s.free)-len(s.free) < len(these) {
		s.free = make([]T, 0, max(slabSize, len(these)))
	}
	from := len(s.free)
	s.free = append(s.free, these...)
	return s.free[from:len(s.free):len(s.free)]
}
