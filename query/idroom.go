package query

import (
	"sync"

	"chancery/graph"
)

// idRoom is memory for the lists of ids that an answer is worked out with. They last as
// long as its run: then others have the memory. The zero value has none; it is for one
// goroutine.
type idRoom struct {
	chunks [][]graph.ID // all but the first are full
	used   int          // of the first
}

const (
	roomChunk = 1 << 14 // ids
	roomKept  = 1 << 19 // ids that are kept for the next run
)

// take returns an empty list with room for n ids. The caller may fill it, and need not
// give back what it does not fill.
func (m *idRoom) take(n int) []graph.ID {
	if len(m.chunks) == 0 || m.used+n > len(m.chunks[0]) {
		m.chunks = append(m.chunks, nil)
		last := len(m.chunks) - 1
		m.chunks[last] = make([]graph.ID, max(n, roomChunk<<min(last, 4)))
		m.chunks[0], m.chunks[last] = m.chunks[last], m.chunks[0]
		m.used = 0
	}
	from := m.used
	m.used += n
	return m.chunks[0][from:from:m.used]
}

// trim gives back what a list leaves of its room, if it is the one that was taken last.
func (m *idRoom) trim(list []graph.ID) []graph.ID {
	if n := cap(list); n > 0 && m.used >= n && &m.chunks[0][m.used-1] == &list[:n][n-1] {
		m.used -= n - len(list)
	}
	return list[:len(list):len(list)]
}

// release forgets all lists. The largest piece of memory is kept.
func (m *idRoom) release() {
	most := 0
	for i, c := range m.chunks {
		if len(c) > len(m.chunks[most]) {
			most = i
		}
	}
	if len(m.chunks) > 0 {
		m.chunks[0] = m.chunks[most]
		clear(m.chunks[1:])
		if m.chunks = m.chunks[:1]; len(m.chunks[0]) > roomKept {
			m.chunks = nil
		}
	}
	m.used = 0
}

var idRooms = sync.Pool{New: func() any { return new(idRoom) }}
