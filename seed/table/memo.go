package table

import "slices"

// memo remembers what functions made of a column's cells, or what an entity's column
// led to, as long as that pays. Functions depend on nothing but their values.
type memo struct {
	known        map[string]memoed
	hits, misses int
}

type memoed struct {
	values []string
	bad    *fault
}

const (
	memoSize = 8192 // cells at most
	memoTry  = 2000 // lookups after which one in four must have been a hit
)

func (m *memo) get(cell string) (memoed, bool) {
	if m.misses > memoTry && m.hits < m.misses/3 {
		return memoed{}, false
	}
	known, ok := m.known[cell]
	if ok {
		m.hits++
	} else {
		m.misses++
	}
	return known, ok
}

// put does nothing for a nil memo.
func (m *memo) put(cell string, values []string, bad *fault) {
	if m == nil || m.misses > memoTry && m.hits < m.misses/3 {
		return
	}
	if m.known == nil || len(m.known) >= memoSize {
		m.known = map[string]memoed{}
	}
	m.known[cell] = memoed{slices.Clone(values), bad}
}
