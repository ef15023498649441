package local

import "sync"

// merge reads the rows of a span that an odd number of sources hold.
type merge struct {
	span    span
	cursors []*cursor
	spare   []*cursor
	given   int // rows of the first cursor that next has given out
	length  int // of out
	out     [4][chunk]uint64
}

var merges = sync.Pool{New: func() any { return &merge{} }}

// longRun is how many rows of one source are given out as they are; fewer are
// gathered first.
const longRun = 64

// newMerge starts before the first row of the span. It is to be released.
func newMerge(o order, sources []source, s span) (*merge, error) {
	m := merges.Get().(*merge)
	m.span = s
	for _, source := range sources {
		var c *cursor
		if n := len(m.spare); n > 0 {
			c, m.spare = m.spare[n-1], m.spare[:n-1]
		} else {
			c = &cursor{}
		}
		m.cursors = append(m.cursors, c)
		if err := c.seek(o, source, &m.span); err != nil {
			m.release()
			return nil, err
		}
		if c.rows.len() == 0 {
			m.drop(len(m.cursors) - 1)
		}
	}
	return m, nil
}

// drop puts a cursor aside that is at its end.
func (m *merge) drop(i int) {
	c := m.cursors[i]
	// What it has read is not held: a file's mapping goes with its last reader.
	c.rows, c.left, c.table, c.block = columns{}, nil, nil, block{}
	m.cursors = append(m.cursors[:i], m.cursors[i+1:]...)
	m.spare = append(m.spare, c)
}

// release ends the merge.
func (m *merge) release() {
	for n := len(m.cursors); n > 0; n-- {
		m.drop(n - 1)
	}
	m.given = 0
	merges.Put(m)
}

// next returns the next rows, to be read before the next call; none at the end.
func (m *merge) next() (columns, error) {
	if m.given > 0 {
		n := m.given
		m.given = 0
		if err := m.advance(0, n); err != nil {
			return columns{}, err
		}
	}
	m.length = 0
	for len(m.cursors) > 0 && m.length < chunk {
		n, equal := m.order()
		first := m.cursors[0]
		switch {
		case equal:
			if err := m.settle(); err != nil {
				return columns{}, err
			}
			continue
		case n >= longRun || len(m.cursors) == 1:
			if m.length > 0 {
				return m.gathered(), nil
			}
			m.given = n
			return first.rows.slice(0, n), nil
		}
		n = min(n, chunk-m.length)
		for j := range m.out {
			copy(m.out[j][m.length:], first.rows[j][:n])
		}
		m.length += n
		if err := m.advance(0, n); err != nil {
			return columns{}, err
		}
	}
	return m.gathered(), nil
}

func (m *merge) gathered() (c columns) {
	for j := range c {
		c[j] = m.out[j][:m.length]
	}
	return c
}

// order puts the cursor whose row comes first in the first place and returns how
// many of its rows come before all others'. Equal says that another has the
// same row.
func (m *merge) order() (n int, equal bool) {
	first, second := 0, -1
	for i := 1; i < len(m.cursors); i++ {
		switch c := m.cursors[i]; {
		case c.before(m.cursors[first]):
			first, second = i, first
		case second < 0 || c.before(m.cursors[second]):
			second = i
		}
	}
	c := m.cursors[first]
	if second < 0 {
		return c.rows.len(), false
	}
	other := m.cursors[second]
	m.cursors[0], m.cursors[first] = c, m.cursors[0]
	if !c.before(other) {
		return 0, true
	}
	return c.until(other), false
}

// settle moves past a row that several sources hold, and gathers it if their
// number is odd.
func (m *merge) settle() error {
	r := m.cursors[0].rows.row(0)
	odd := false
	for i := len(m.cursors) - 1; i >= 0; i-- {
		if m.cursors[i].rows.row(0) == r {
			odd = !odd
			if err := m.advance(i, 1); err != nil {
				return err
			}
		}
	}
	if odd {
		for j := range m.out {
			m.out[j][m.length] = r[j]
		}
		m.length++
	}
	return nil
}

// advance moves cursor i by n rows and drops it at its end.
func (m *merge) advance(i, n int) error {
	c := m.cursors[i]
	if err := c.skip(n); err != nil {
		return err
	}
	if c.rows.len() == 0 {
		m.drop(i)
	}
	return nil
}
