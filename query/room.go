package query

import (
	"sync"
	"unsafe"

	"chancery/graph"
)

// room is memory for the lists that an answer is worked out with. They last as long as
// its run: then another has the memory. It belongs to the goroutine of the run.
type room struct {
	ids     lists[graph.ID]
	numbers lists[uint32]
	items   lists[item]
	text    []byte   // where an answer is written
	path    []step   // where the writer is
	keys    []string // where the run is
}

// lists are lists in a few pieces of memory. The zero value has none.
type lists[T any] struct {
	pieces [][]T // the first is the one that is not full yet
	used   int   // of the first
	taken  int   // of all
}

// A run takes pieces of firstPiece elements and more, as many each time as it has, up to
// mostShared bytes together: what it takes beyond that is its own. The next run has a
// piece of up to mostReused bytes.
const (
	firstPiece = 1 << 13
	mostShared = 8 << 20
	mostReused = 2 << 20
)

// size is how many bytes an element has.
func (m *lists[T]) size() int { return int(unsafe.Sizeof(*new(T))) }

// take returns an empty list with room for n elements, that hold anything.
func (m *lists[T]) take(n int) []T {
	if len(m.pieces) == 0 || m.used+n > len(m.pieces[0]) {
		size := max(n, firstPiece, m.taken)
		if (m.taken+size)*m.size() > mostShared {
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

// release forgets all lists. The largest piece is kept, if it is not too large; with
// pointers it is cleared, so that it holds nothing else.
func (m *lists[T]) release(pointers bool) {
	kept, used := []T(nil), 0
	for i, piece := range m.pieces {
		if len(piece) > len(kept) && len(piece)*m.size() <= mostReused {
			if kept, used = piece, len(piece); i == 0 {
				used = m.used
			}
		}
	}
	*m = lists[T]{}
	if kept != nil {
		if pointers {
			clear(kept[:used])
		}
		m.pieces, m.taken = [][]T{kept}, len(kept)
	}
}

func (m *room) release() {
	m.ids.release(false)
	m.numbers.release(false)
	m.items.release(true)
}

// mostCopied is how long an answer may be to be copied out of the room that it was written
// in, which is so large already: else that grows with the answer, and goes with it.
const mostCopied = 64 << 10

// finished returns the answer that was written in the room's text.
func (m *room) finished(text []byte) []byte {
	if cap(text) > mostCopied {
		m.text = nil
		return text
	}
	m.text = text
	return append(make([]byte, 0, len(text)), text...)
}

var rooms = sync.Pool{New: func() any { return new(room) }}

// rowsRoom is room for rows that a condition is put to, which does not keep them.
var rowsRoom = pool[[]row]{bytes: func(rows *[]row) int { return bytesOf(*rows) }}
