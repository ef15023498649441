package query

import (
	"sync"

	"chancery/graph"
)

// room is memory for the lists that an answer is worked out with. They last as long as
// its run: then another has the memory. It belongs to the goroutine of the run.
type room struct {
	ids     lists[graph.ID]
	numbers lists[uint32]
}

// lists are lists without pointers, in a few pieces of memory. The zero value has none.
type lists[T any] struct {
	pieces [][]T // the first is the one that is not full yet
	used   int   // of the first
	taken  int   // of all
}

// A run takes pieces of firstPiece elements and more, twice as many each time, up to
// mostShared together: what it takes beyond that is its own.
const (
	firstPiece = 1 << 13
	mostShared = 1 << 20
)

// take returns an empty list with room for n elements, that hold anything.
func (m *lists[T]) take(n int) []T {
	if len(m.pieces) == 0 || m.used+n > len(m.pieces[0]) {
		size := max(n, firstPiece, m.taken)
		if m.taken+size > mostShared {
			return make([]T, 0, n)
		}
		m.taken += size
		m.pieces = append(m.pieces, nil)
		last := len(m.pieces) - 1
		m.pieces[last] = make([]T, size)
		m.pieces[0], m.pieces[last] = m.pieces[last], m.pieces[0]
		m.used = 0
	}
	from := m.used
	m.used += n
	return m.pieces[0][from:from:m.used]
}

// trim gives back what a list leaves of its room, if it is the one that was taken last.
func (m *lists[T]) trim(list []T) []T {
	if n := cap(list); n > 0 && m.used >= n && &m.pieces[0][m.used-1] == &list[:n][n-1] {
		m.used -= n - len(list)
	}
	return list[:len(list):len(list)]
}

// release forgets all lists. The largest piece is kept.
func (m *lists[T]) release() {
	most := 0
	for i, piece := range m.pieces {
		if len(piece) > len(m.pieces[most]) {
			most = i
		}
	}
	m.used, m.taken = 0, 0
	if len(m.pieces) > 0 {
		m.pieces[0] = m.pieces[most]
		clear(m.pieces[1:])
		m.pieces = m.pieces[:1]
		m.taken = len(m.pieces[0])
	}
}

func (m *room) release() {
	m.ids.release()
	m.numbers.release()
}

var rooms = sync.Pool{New: func() any { return new(room) }}

// rowsRoom is room for rows that a condition is put to, which does not keep them.
var rowsRoom = sync.Pool{New: func() any { return new([]row) }}
