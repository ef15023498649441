package local

import (
	"encoding/binary"
	"fmt"
)

// A column of a block holds one part of up to blockRows rows in one of these
// ways. Every way gives any row's value without decoding those before it, so
// that a block is searched in place.
const (
	packed  = iota // base + bits<<shift
	listed         // base + the value that the bits number
	grouped        // as packed, each value of the key column with a base, shift and width of its own
	columnKinds
)

const (
	blockRows = 1024
	// every is how many rows of a grouped column share one noted bit offset.
	every = 32
	// maxListed bounds a listed column's values, and a grouped column's groups.
	maxListed = 64

	groupSize = 10 // base, shift, width

	// chunk is how many rows are decoded at a time.
	chunk = 256
)

// column is one part of a block's rows, in place.
type column struct {
	kind, width, shift uint8
	relative           int8 // values are added to those of this column; -1: to nothing
	count              int  // listed: values; grouped: groups
	base               uint64
	values             []byte // listed: shift bytes each; grouped: the groups
	marks              []byte // grouped: bit offset of each every-th row, 2 bytes each
	bits               []byte // with at least 8 bytes beyond what rows use
}

// unpack returns number i of the width; width is at most 56, or 64.
func unpack(bits []byte, i int, width uint8) uint64 {
	at := uint(i) * uint(width)
	return word(bits, at>>3) >> (at & 7) & (1<<width - 1)
}

// unpackAll sets out to base and the numbers from lo on.
func unpackAll(out []uint64, bits []byte, lo int, width uint8, base uint64) {
	step := uint(width)
	at, mask := uint(lo)*step, uint64(1)<<step-1
	// Four numbers, or two, lie in one word.
	if width <= 14 {
		for len(out) >= 4 {
			w := word(bits, at>>3) >> (at & 7)
			out[0] = base + w&mask
			w >>= step & 63
			out[1] = base + w&mask
			w >>= step & 63
			out[2] = base + w&mask
			w >>= step & 63
			out[3] = base + w&mask
			at += 4 * step
			out = out[4:]
		}
	} else if width <= 28 {
		for len(out) >= 2 {
			w := word(bits, at>>3) >> (at & 7)
			out[0] = base + w&mask
			out[1] = base + w>>(step&63)&mask
			at += 2 * step
			out = out[2:]
		}
	}
	for i := range out {
		out[i] = base + word(bits, at>>3)>>(at&7)&mask
		at += step
	}
}

// little reads n bytes as a number. The slice has 8.
func little(b []byte, n uint8) uint64 {
	return binary.LittleEndian.Uint64(b) & (1<<(8*n) - 1)
}

func (c *column) listedValue(code uint64) uint64 {
	return c.base + little(c.values[int(code)*int(c.shift):], c.shift)
}

// group is how a grouped column packs the rows of one key.
type group struct {
	base         uint64
	shift, width uint8
}

func (c *column) group(code uint64) group {
	g := c.values[int(code)*groupSize:]
	return group{binary.LittleEndian.Uint64(g), g[8], g[9]}
}

// block is up to blockRows rows in place.
type block struct {
	n       int
	key     int // the column that holds predicates
	period  int // rows after which predicates come again, see findPeriod; 0: no such thing
	columns [4]column
}

// get returns part j of row i.
func (b *block) get(j, i int) uint64 {
	v := b.plain(j, i)
	if r := b.columns[j].relative; r >= 0 {
		v += b.plain(int(r), i)
	}
	return v
}

// plain leaves out what the column is relative to.
func (b *block) plain(j, i int) uint64 {
	c := &b.columns[j]
	switch c.kind {
	case packed:
		return c.base + unpack(c.bits, i, c.width)<<(c.shift&63)
	case listed:
		return c.listedValue(unpack(c.bits, i, c.width))
	}
	var one [1]uint64
	b.ungroup(c, i, one[:])
	return one[0]
}

// decodeAll sets rows to those from lo on, as many as it has room for.
func (b *block) decodeAll(lo int, rows *columns) {
	for j, out := range rows {
		c := &b.columns[j]
		if c.relative < 0 {
			b.decodePlain(j, lo, out)
			continue
		}
		of := rows[c.relative][:len(out)] // which comes before
		if c.kind == packed && c.width == 0 {
			for i, v := range of {
				out[i] = v + c.base
			}
			continue
		}
		b.decodePlain(j, lo, out)
		for i, v := range of {
			out[i] += v
		}
	}
}

// decode sets out to part j of the rows from lo on.
func (b *block) decode(j, lo int, out []uint64) {
	b.decodePlain(j, lo, out)
	r := int(b.columns[j].relative)
	if r < 0 {
		return
	}
	for from := 0; from < len(out); from += chunk {
		var other [chunk]uint64
		n := min(chunk, len(out)-from)
		b.decodePlain(r, lo+from, other[:n])
		for i, v := range other[:n] {
			out[from+i] += v
		}
	}
}

// decodePlain leaves out what the column is relative to.
func (b *block) decodePlain(j, lo int, out []uint64) {
	c := &b.columns[j]
	switch c.kind {
	case packed:
		if c.width == 0 {
			fill(out, c.base)
			return
		}
		if c.shift == 0 {
			unpackAll(out, c.bits, lo, c.width, c.base)
			return
		}
		unpackAll(out, c.bits, lo, c.width, 0)
		base, shift := c.base, c.shift&63
		for i, v := range out {
			out[i] = base + v<<shift
		}
	case listed:
		if len(out) < c.count {
			for i := range out {
				out[i] = c.listedValue(unpack(c.bits, lo+i, c.width))
			}
			return
		}
		var list [maxListed]uint64
		for code := range c.count {
			list[code] = c.listedValue(uint64(code))
		}
		unpackAll(out, c.bits, lo, c.width, 0)
		for i, code := range out {
			out[i] = list[code%maxListed]
		}
	case grouped:
		b.ungroup(c, lo, out)
	}
}

func fill(out []uint64, v uint64) {
	for i := range out {
		out[i] = v
	}
}

// ungroup decodes a grouped column, without what it is relative to.
func (b *block) ungroup(c *column, lo int, out []uint64) {
	codes := &b.columns[b.key]
	mark := lo / every
	at := uint(binary.LittleEndian.Uint16(c.marks[2*mark:])) + c.widths(codes, mark*every, lo)
	if len(out) < c.count {
		for i := range out {
			g := c.group(unpack(codes.bits, lo+i, codes.width))
			out[i] = g.base + word(c.bits, at>>3)>>(at&7)&(1<<(g.width&63)-1)<<(g.shift&63)
			at += uint(g.width)
		}
		return
	}
	var groups [maxListed]group
	for code := range c.count {
		groups[code] = c.group(uint64(code))
	}
	unpackAll(out, codes.bits, lo, codes.width, 0)
	bits := c.bits
	for i, code := range out {
		g := &groups[code%maxListed]
		out[i] = g.base + word(bits, at>>3)>>(at&7)&(1<<(g.width&63)-1)<<(g.shift&63)
		at += uint(g.width)
	}
}

// widths is how many bits the rows from lo up to hi take in a grouped column.
func (c *column) widths(codes *column, lo, hi int) (sum uint) {
	step := uint(codes.width)
	at, mask := uint(lo)*step, uint64(1)<<step-1
	for ; lo < hi; lo += 8 { // codes have six bits or less, so a word holds eight
		w := word(codes.bits, at>>3) >> (at & 7)
		for range min(8, hi-lo) {
			sum += uint(c.values[w&mask*groupSize+9])
			w >>= step & 63
		}
		at += 8 * step
	}
	return sum
}

// check refuses what decoding would stumble over. size is what the column's own
// bytes may take up, from its values on.
func (b *block) check(j, size int) error {
	c := &b.columns[j]
	wide := func(width uint8) bool { return width > 56 && width != 64 }
	if wide(c.width) || c.shift > 63 || int(c.relative) >= j || c.kind != packed && c.kind != listed && j <= b.key {
		return fmt.Errorf("column %d is packed in a way that there is not", j)
	}
	used := (b.n*int(c.width) + 7) / 8
	switch c.kind {
	case listed:
		if c.width > 6 || c.shift < 1 || c.shift > 8 || c.count > maxListed {
			return fmt.Errorf("column %d lists values in a way that there is not", j)
		}
		used += c.count * int(c.shift)
		if used > size {
			break
		}
		for i := range b.n {
			if int(unpack(c.bits, i, c.width)) >= c.count {
				return fmt.Errorf("column %d numbers a value that it does not list", j)
			}
		}
	case grouped:
		codes := &b.columns[b.key]
		if codes.kind != listed || codes.relative >= 0 || c.count != codes.count {
			return fmt.Errorf("column %d is grouped by a column without a list", j)
		}
		used = c.count*groupSize + 2*marksOf(b.n)
		if used > size {
			break
		}
		at := 0
		for i := range b.n {
			if i%every == 0 && int(binary.LittleEndian.Uint16(c.marks[2*(i/every):])) != at {
				return fmt.Errorf("column %d notes a wrong offset at row %d", j, i)
			}
			g := c.group(unpack(codes.bits, i, codes.width))
			if g.width > 56 || g.shift > 63 {
				return fmt.Errorf("column %d has a group packed in a way that there is not", j)
			}
			at += int(g.width)
		}
		used += (at + 7) / 8
	}
	if used != size {
		return fmt.Errorf("column %d has %d bytes, and uses %d", j, size, used)
	}
	return nil
}

func marksOf(n int) int { return (n + every - 1) / every }
