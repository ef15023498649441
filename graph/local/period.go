package local

// Most blocks of spol are of subjects of one class that have the same
// predicates, once each: every so many rows they come again. Where a subject's
// row of a predicate is, and which bits hold it, is then a matter of counting.

// longest is the longest period that is looked for.
const longest = 32

// findPeriod returns after how many rows the block's predicates come again in
// the same sequence, all of them different, or 0. Only blocks of spol are looked at.
// Cost: O(rows of the block), once a block.
func (b *block) findPeriod() int {
	codes := &b.columns[b.key]
	if b.key != 1 || codes.kind != listed {
		return 0
	}
	code := func(i int) uint64 { return unpack(codes.bits, i, codes.width) }
	seen, period := uint64(0), 0 // of codes: they are below maxListed
	for seen>>code(period)&1 == 0 {
		seen |= 1 << code(period)
		if period++; period > longest || 2*period > b.n {
			return 0
		}
	}
	for i := period; i < b.n; i++ {
		if code(i) != code(i-period) {
			return 0
		}
	}
	return period
}

// turns are the rows of one predicate in a block with a period. A node has one of
// them or none.
type turns struct {
	n                   int  // none: 0
	last                bool // the last of them is the block's last row
	nodes, ends, labels stride
}

// stride is a column's values in rows that are a period apart.
type stride struct {
	bits     []byte
	at, step uint // where the first is, and from one to the next, in bits
	base     uint64
	mask     uint64
	shift    uint8
	relative int8
	list     *column // that the bits number the values of; nil: they are the values
}

// find sets t to the predicate's rows in a block with a period.
func (t *turns) find(b *block, predicate uint64) {
	codes := &b.columns[b.key]
	phase := 0
	for codes.listedValue(unpack(codes.bits, phase, codes.width)) != predicate {
		if phase++; phase == b.period {
			t.n = 0
			return
		}
	}
	t.n = (b.n - phase + b.period - 1) / b.period
	t.last = phase+(t.n-1)*b.period == b.n-1
	t.nodes.set(b, 0, phase)
	t.ends.set(b, 2, phase)
	t.labels.set(b, 3, phase)
}

func (s *stride) set(b *block, j, phase int) {
	c := &b.columns[j]
	s.bits, s.base, s.shift, s.relative, s.list = c.bits, c.base, c.shift&63, c.relative, nil
	width := c.width
	switch c.kind {
	case listed:
		s.base, s.shift, s.list = 0, 0, c
	case grouped:
		codes := &b.columns[b.key]
		sum := uint(0)
		for i := range b.period {
			g := c.values[unpack(codes.bits, i, codes.width)*groupSize:]
			if i == phase {
				s.base, s.shift, width = little(g, 8), g[8]&63, g[9]
				s.at = sum
			}
			sum += uint(g[9])
		}
		s.step, s.mask = sum, 1<<width-1
		return
	}
	s.at, s.step, s.mask = uint(phase)*uint(width), uint(b.period)*uint(width), 1<<width-1
}

// code returns the bits of turn i.
func (s *stride) code(i int) uint64 {
	bit := s.at + uint(i)*s.step
	return word(s.bits, bit>>3) >> (bit & 7) & s.mask
}

// value returns what turn i has, without what the column is relative to.
func (s *stride) value(i int) uint64 {
	v := s.base + s.code(i)<<s.shift
	if s.list != nil {
		v = s.list.listedValue(v)
	}
	return v
}

// get returns the link of turn i, whose node is given.
func (t *turns) get(i int, node uint64) (to, label uint64) {
	to, label = t.ends.value(i), t.labels.value(i)
	if t.ends.relative == 0 {
		to += node
	}
	switch t.labels.relative {
	case 0:
		label += node
	case 2:
		label += to
	}
	return to, label
}

// seek returns the first turn whose node is not below the node; there is a turn. Only what does
// not lean on other columns is packed, and a column of nodes leans on none.
func (t *turns) seek(node uint64) int {
	s := &t.nodes
	lo, hi := 0, t.n
	if s.list != nil || s.mask>>48 != 0 {
		for lo < hi {
			if mid := int(uint(lo+hi) >> 1); s.value(mid) < node {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		return lo
	}
	if node <= s.base {
		return 0
	}
	// What is packed is compared as it is.
	code := (node - s.base) >> s.shift
	if s.base+code<<s.shift < node {
		code++
	}
	hi--
	low, high := s.code(0), s.code(hi)
	switch {
	case code <= low:
		return 0
	case code > high:
		return t.n
	}
	// Nodes of one class are numbered evenly: look where it would be then, and
	// from there in steps that double. code(lo) < code <= code(hi) throughout.
	if i := int((code - low) * uint64(hi) / (high - low)); s.code(i) >= code {
		hi = i
		for step := 1; hi-step > 0; step *= 2 {
			if s.code(hi-step) < code {
				lo = hi - step
				break
			}
			hi -= step
		}
	} else {
		lo = i
		for step := 1; lo+step < hi; step *= 2 {
			if s.code(lo+step) >= code {
				hi = lo + step
				break
			}
			lo += step
		}
	}
	for lo+1 < hi {
		if mid := int(uint(lo+hi) >> 1); s.code(mid) < code {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// pick sets p to the rows.
func (t *turns) pick(p *picks) {
	p.n = t.n
	nodes, ends, labels := p.nodes[:t.n], p.ends[:t.n], p.labels[:t.n]
	t.nodes.values(nodes)
	t.ends.values(ends)
	t.labels.values(labels)
	lean(ends, t.ends.relative, nodes, nil)
	lean(labels, t.labels.relative, nodes, ends)
}

// lean adds to values those of the column that they are relative to.
func lean(values []uint64, on int8, nodes, ends []uint64) {
	if on < 0 {
		return
	}
	if on == 2 {
		nodes = ends
	}
	for i, v := range nodes[:len(values)] {
		values[i] += v
	}
}

// values sets out to what value gives for each turn.
func (s *stride) values(out []uint64) {
	bits, bit, step, base, mask, shift := s.bits, s.at, s.step, s.base, s.mask, s.shift&63
	for i := range out {
		out[i] = base + word(bits, bit>>3)>>(bit&7)&mask<<shift
		bit += step
	}
	if s.list != nil {
		for i, v := range out {
			out[i] = s.list.listedValue(v)
		}
	}
}
