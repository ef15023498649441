package local

import "sort"

// source is a set of quads that is read in one order at a time: a delta or a
// segment.
type source struct {
	delta   *delta
	segment *segment
}

// columns are rows of an order, part by part: columns[j][i] is part j of row i.
type columns [4][]uint64

func (c *columns) len() int { return len(c[0]) }

func (c *columns) row(i int) row { return row{c[0][i], c[1][i], c[2][i], c[3][i]} }

// slice returns the rows from lo up to hi.
func (c *columns) slice(lo, hi int) columns {
	return columns{c[0][lo:hi], c[1][lo:hi], c[2][lo:hi], c[3][lo:hi]}
}

// span is the rows from one up to another, which is left out.
type span struct{ from, to row }

// everything is the span of all rows: no id has all bits set.
var everything = span{to: row{1<<64 - 1}}

// with returns the span of the rows that have the key's leading parts.
func with(key row, parts int) span {
	if parts == 0 {
		return everything
	}
	s := span{from: row{}, to: row{}}
	copy(s.from[:], key[:parts])
	copy(s.to[:], key[:parts])
	s.to[parts-1]++ // no id has all bits set
	return s
}

// cursor reads the rows of one source in a span.
type cursor struct {
	rows columns // decoded and not yet read
	span *span
	left []row // of a delta, what is to be decoded

	// Of a segment, rows lo up to hi of block number are to be decoded.
	table  *table
	block  block
	number int
	lo, hi int

	next   int // rows to decode at once
	buffer [4][chunk]uint64
}

// firstChunk is how many rows are decoded at first: many reads want few.
const firstChunk = 32

// seek puts the cursor before the first row of the span.
func (c *cursor) seek(o order, s source, span *span) error {
	c.span, c.next = span, firstChunk
	if s.delta != nil {
		rows := s.delta.in(o)
		lo := seekRows(rows, &span.from, 0)
		c.left = rows[lo:seekRows(rows, &span.to, lo)]
		return c.fill()
	}
	t := s.segment.tables[o]
	if t.blocks == 0 || t.after(0, &span.to) || t.last.less(&span.from) {
		return nil
	}
	c.table = t
	if err := c.open(t.find(&span.from, -1)); err != nil {
		return err
	}
	return c.fill()
}

// open goes to a block.
func (c *cursor) open(number int) error {
	t := c.table
	if err := t.read(number, &c.block); err != nil {
		return err
	}
	c.number, c.lo, c.hi = number, 0, c.block.n
	if !t.after(number, &c.span.from) {
		c.lo = c.block.search(&c.span.from, 4)
	}
	if number+1 == t.blocks || t.after(number+1, &c.span.to) {
		c.hi = c.block.search(&c.span.to, 4)
	}
	return nil
}

// more goes to the next block, or ends the reading of the segment.
func (c *cursor) more() error {
	t := c.table
	if c.number+1 == t.blocks || t.after(c.number+1, &c.span.to) {
		c.table = nil
		return nil
	}
	return c.open(c.number + 1)
}

// fill decodes the next rows when none are left; at the end of the span none
// are left still.
func (c *cursor) fill() error {
	if c.rows.len() > 0 {
		return nil
	}
	n := 0
	for c.table != nil && c.lo >= c.hi {
		if err := c.more(); err != nil {
			return err
		}
	}
	switch {
	case c.table != nil:
		n = min(c.next, c.hi-c.lo)
		for j := range c.rows {
			c.rows[j] = c.buffer[j][:n]
		}
		c.block.decodeAll(c.lo, &c.rows)
		c.lo += n
	case len(c.left) > 0:
		n = min(c.next, len(c.left))
		rows := c.left[:n]
		c.left = c.left[n:]
		for j := range c.rows {
			column := c.buffer[j][:n]
			for i := range column {
				column[i] = rows[i][j]
			}
			c.rows[j] = column
		}
	}
	c.next = chunk
	return nil
}

// before reports whether the cursor's next row comes before the other's.
func (c *cursor) before(other *cursor) bool {
	for j := range c.rows {
		if a, b := c.rows[j][0], other.rows[j][0]; a != b {
			return a < b
		}
	}
	return false
}

// until counts the rows that come before the other's next row.
func (c *cursor) until(other *cursor) int {
	bound := other.rows.row(0)
	n := c.rows.len()
	// Rows before lo come before the bound, those from hi on do not.
	lo, hi := 1, n
	for step := 1; lo < hi; step *= 2 {
		at := min(lo+step-1, n-1)
		if !c.comesBefore(at, &bound) {
			hi = at
			break
		}
		lo = at + 1
	}
	return lo + sort.Search(hi-lo, func(i int) bool { return !c.comesBefore(lo+i, &bound) })
}

func (c *cursor) comesBefore(i int, bound *row) bool {
	for j, b := range bound {
		if a := c.rows[j][i]; a != b {
			return a < b
		}
	}
	return false
}

// skip moves on by n of the decoded rows.
func (c *cursor) skip(n int) error {
	c.rows = c.rows.slice(n, c.rows.len())
	return c.fill()
}
