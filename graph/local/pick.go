package local

// picks are the rows of one predicate in a block of spol or posl, decoded.
type picks struct {
	n                   int
	nodes, ends, labels [blockRows]uint64 // columns 0 or 1, 2, 3
	at                  [blockRows]uint16 // numbers of the rows
	codes               [blockRows]uint64
}

// pick decodes the rows that have the predicate, and of them only what an
// expansion needs. Cost: O(rows of the block), some 2 ns each.
func (b *block) pick(p *picks, predicate uint64) {
	node := 1 - b.key
	c := &b.columns[b.key]
	if b.key == 0 || c.kind == packed && c.width == 0 {
		// The predicate's rows lie side by side.
		lo, hi := b.span(b.key, predicate, 0, b.n)
		p.n = hi - lo
		b.decode(node, lo, p.nodes[:p.n])
		b.decode(2, lo, p.ends[:p.n])
		b.decode(3, lo, p.labels[:p.n])
		return
	}
	codes, want := p.codes[:b.n], predicate
	if c.kind == listed {
		want = uint64(c.count)
		for code := range uint64(c.count) {
			if c.listedValue(code) == predicate {
				want = code
			}
		}
		unpackAll(codes, c.bits, 0, c.width, 0)
	} else {
		b.decode(b.key, 0, codes)
	}
	n := 0
	for i, code := range codes {
		if code == want {
			p.at[n%blockRows] = uint16(i)
			n++
		}
	}
	p.n = n
	b.gather(node, p, p.nodes[:p.n])
	b.gather(2, p, p.ends[:p.n])
	b.gather(3, p, p.labels[:p.n])
}

// gather sets out to part j of the rows picked.
func (b *block) gather(j int, p *picks, out []uint64) {
	c := &b.columns[j]
	at := p.at[:len(out)]
	switch c.kind {
	case packed:
		base, bits, width, shift := c.base, c.bits, uint(c.width), c.shift&63
		mask := uint64(1)<<width - 1
		for k, i := range at {
			bit := uint(i) * width
			out[k] = base + word(bits, bit>>3)>>(bit&7)&mask<<shift
		}
	case listed:
		for k, i := range at {
			out[k] = c.listedValue(unpack(c.bits, int(i), c.width))
		}
	case grouped:
		b.gatherGrouped(c, p, out)
	}
	// Only columns that lean on nothing are leant on.
	if c.relative >= 0 {
		on := c.relative
		if int(on) == 1-b.key {
			on = 0
		}
		lean(out, on, p.nodes[:len(out)], p.ends[:len(out)])
	}
}

// gatherGrouped needs p.codes to be the key column's codes. Rows picked have one
// code, so they have one group.
func (b *block) gatherGrouped(c *column, p *picks, out []uint64) {
	if len(out) == 0 {
		return
	}
	var widths [maxListed]uint8
	for code := range c.count {
		widths[code] = c.group(uint64(code)).width
	}
	g := c.group(p.codes[p.at[0]])
	mask, shift := uint64(1)<<(g.width&63)-1, g.shift&63
	bit, row := uint(0), 0
	for k, i := range p.at[:len(out)] {
		for _, code := range p.codes[row:i] {
			bit += uint(widths[code%maxListed])
		}
		row = int(i)
		out[k] = g.base + word(c.bits, bit>>3)>>(bit&7)&mask<<shift
	}
}
