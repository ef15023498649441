package local

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// leansOn is the column that each column may be written relative to, or -1:
// claims and what they are about are often numbered side by side.
var leansOn = [orderCount][4]int{
	spol: {-1, -1, -1, 0},
	posl: {-1, -1, -1, 2},
	ospl: {-1, -1, -1, 1},
	lspo: {-1, 0, -1, -1},
}

// encoder turns rows into blocks. It is for one goroutine.
type encoder struct {
	order  order
	values [blockRows]uint64 // a column relative to another
	codes  [blockRows]uint8  // of the key column, when it is listed
	best   plan
	tried  plan
}

// plan is one way to write a column.
type plan struct {
	kind, width, shift uint8
	relative           int8
	base               uint64
	size               int // bits, headers left out
	list               []uint64
	codes              [blockRows]uint8
	groups             []group
}

// encode appends a block of 1 to blockRows ascending rows.
func (e *encoder) encode(dst []byte, rows *columns) []byte {
	n, start := rows.len(), len(dst)
	dst = append(dst, make([]byte, blockHeader)...)
	key := keyColumn[e.order]
	keyListed, keyCount := false, 0
	for j := range 4 {
		plain := rows[j]
		values := plain
		e.best.size = -1
		e.tryPacked(plain, -1)
		if j == key && j > 0 && e.best.width > 0 {
			// Listed even where that is a little larger: columns can be grouped by it then.
			e.best.size = math.MaxInt
			e.tryListed(plain, -1)
		}
		lean := leansOn[e.order][j]
		if lean >= 0 {
			values = e.values[:n]
			for i, v := range rows[lean] {
				values[i] = plain[i] - v
			}
			e.tryPacked(values, int8(lean))
			if e.best.width > 2 {
				e.tryListed(values, int8(lean))
			}
		}
		if keyListed && e.best.width > 2 {
			e.tryGrouped(plain, -1, keyCount)
			if lean >= 0 {
				e.tryGrouped(values, int8(lean), keyCount)
			}
		}
		if e.best.relative < 0 {
			values = plain
		}
		if j == key && e.best.kind == listed {
			keyListed, keyCount = true, len(e.best.list)
			copy(e.codes[:n], e.best.codes[:n])
		}
		h := dst[start+6+j*columnHeader:]
		p := &e.best
		h[0], h[1], h[2] = p.kind|uint8(p.relative+1)<<4, p.width, p.shift
		h[3] = uint8(max(len(p.list), len(p.groups), 1) - 1)
		binary.LittleEndian.PutUint64(h[4:], p.base)
		binary.LittleEndian.PutUint16(h[12:], uint16(len(dst)-start))
		dst = e.write(dst, p, values)
	}
	binary.LittleEndian.PutUint16(dst[start+4:], uint16(n-1))
	binary.LittleEndian.PutUint32(dst[start:], checksum(dst[start+4:]))
	return dst
}

// keep makes the plan that was tried the best if it is smaller.
func (e *encoder) keep() {
	if e.best.size < 0 || e.tried.size < e.best.size {
		e.best, e.tried = e.tried, e.best
	}
}

// spread is how little room values need: as signed numbers, for differences.
type spread struct {
	low, high int64
	differ    uint64 // bits in which some value differs from the first
	first     uint64
}

func spreadOf(values []uint64) spread {
	s := spread{low: int64(values[0]), high: int64(values[0]), first: values[0]}
	for _, v := range values {
		s.low, s.high = min(s.low, int64(v)), max(s.high, int64(v))
		s.differ |= v ^ s.first
	}
	return s
}

// frame returns base, shift and width that hold the values. Bits below the
// lowest that differs are the same in all, so the distances from the least are
// multiples of it.
func (s spread) frame() group {
	if s.differ == 0 {
		return group{base: uint64(s.low)}
	}
	g := group{base: uint64(s.low), shift: uint8(bits.TrailingZeros64(s.differ))}
	g.width = uint8(bits.Len64((uint64(s.high) - uint64(s.low)) >> g.shift))
	if g.width > 56 {
		g.width = 64
	}
	return g
}

func (e *encoder) tryPacked(values []uint64, relative int8) {
	g := spreadOf(values).frame()
	p := &e.tried
	p.kind, p.width, p.shift, p.relative, p.base = packed, g.width, g.shift, relative, g.base
	p.size, p.list, p.groups = len(values)*int(g.width), p.list[:0], p.groups[:0]
	e.keep()
}

func (e *encoder) tryListed(values []uint64, relative int8) {
	p := &e.tried
	p.list, p.groups = p.list[:0], p.groups[:0]
	var slots [2 * maxListed]uint8 // number in the list plus one, by hash
	for i, v := range values {
		at := v * 0x9E3779B97F4A7C15 >> 57
		for slots[at] != 0 && p.list[slots[at]-1] != v {
			at = (at + 1) % (2 * maxListed)
		}
		if slots[at] == 0 {
			if len(p.list) == maxListed {
				return
			}
			p.list = append(p.list, v)
			slots[at] = uint8(len(p.list))
		}
		p.codes[i] = slots[at] - 1
	}
	low := int64(p.list[0])
	for _, v := range p.list {
		low = min(low, int64(v))
	}
	most := uint64(0)
	for _, v := range p.list {
		most = max(most, v-uint64(low))
	}
	p.kind, p.relative, p.base = listed, relative, uint64(low)
	p.width = uint8(bits.Len(uint(len(p.list) - 1)))
	p.shift = uint8(max(1, (bits.Len64(most)+7)/8)) // bytes of a listed value
	p.size = len(values)*int(p.width) + len(p.list)*int(p.shift)*8
	e.keep()
}

func (e *encoder) tryGrouped(values []uint64, relative int8, groups int) {
	var spans [maxListed]spread
	var seen [maxListed]int
	for i, v := range values {
		code := e.codes[i]
		s := &spans[code]
		if seen[code] == 0 {
			*s = spread{low: int64(v), high: int64(v), first: v}
		}
		seen[code]++
		s.low, s.high = min(s.low, int64(v)), max(s.high, int64(v))
		s.differ |= v ^ s.first
	}
	p := &e.tried
	p.kind, p.relative, p.width, p.shift, p.base = grouped, relative, 0, 0, 0
	p.list, p.groups = p.list[:0], p.groups[:0]
	size := 0
	for i := range groups {
		g := spans[i].frame()
		if g.width > 56 {
			return // rows begin at any bit: eight bytes would not hold one
		}
		p.groups = append(p.groups, g)
		size += seen[i] * int(g.width)
	}
	if size >= 1<<16 {
		return // a mark has 16 bits
	}
	p.size = size + groups*groupSize*8 + 16*marksOf(len(values))
	e.keep()
}

// write appends the column's own bytes.
func (e *encoder) write(dst []byte, p *plan, values []uint64) []byte {
	var w bitWriter
	switch p.kind {
	case packed:
		w.dst = dst
		for _, v := range values {
			w.put((v-p.base)>>p.shift, p.width)
		}
	case listed:
		for _, v := range p.list {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], v-p.base)
			dst = append(dst, b[:p.shift]...)
		}
		w.dst = dst
		for i := range values {
			w.put(uint64(p.codes[i]), p.width)
		}
	case grouped:
		for _, g := range p.groups {
			dst = binary.LittleEndian.AppendUint64(dst, g.base)
			dst = append(dst, g.shift, g.width)
		}
		at := 0
		for i := range values {
			if i%every == 0 {
				dst = binary.LittleEndian.AppendUint16(dst, uint16(at))
			}
			at += int(p.groups[e.codes[i]].width)
		}
		w.dst = dst
		for i, v := range values {
			g := &p.groups[e.codes[i]]
			w.put((v-g.base)>>g.shift, g.width)
		}
	}
	return w.end()
}

// bitWriter appends numbers of a few bits each, the low bits first.
type bitWriter struct {
	dst  []byte
	word uint64
	n    uint // bits in word, below 64
}

func (w *bitWriter) put(v uint64, width uint8) {
	w.word |= v << w.n
	n := w.n + uint(width)
	if n >= 64 {
		w.dst = binary.LittleEndian.AppendUint64(w.dst, w.word)
		n -= 64
		w.word = v >> (uint(width) - n)
	}
	w.n = n
}

func (w *bitWriter) end() []byte {
	for ; w.n > 0; w.n -= min(w.n, 8) {
		w.dst = append(w.dst, byte(w.word))
		w.word >>= 8
	}
	return w.dst
}
