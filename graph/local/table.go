package local

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/bits"
	"sort"
	"sync/atomic"
)

// A table file: header, blocks, an index with the first row and the offset of
// each block, footer. Numbers are little endian. See docs/storage.md.
const (
	tableMagic   = "CHNCYTBL"
	formatNumber = 1
	tableHeader  = 32
	indexEntry   = 56
	tableFooter  = 80
)

// table is a segment's rows in one order, read in place.
type table struct {
	name        string
	order       order
	file        *mapping // of data; readers keep the table alive
	data        []byte
	index       []byte
	indexAt     int
	blocks      int
	rows        uint64
	last        row             // of none: zero
	fingerprint uint64          // sum of the rows' hashes, the same in every order
	found       []atomic.Uint32 // of each block: 1 + its period when it was found whole, or 0
}

// openTable maps a table and checks all but its blocks, which are checked when
// they are first read. The error is a *CorruptError, ErrNewerFormat or the system's.
func openTable(fsys fileSystem, name string, o order, number, size uint64) (*table, error) {
	m, err := mapWhole(fsys, name, size)
	if err != nil {
		return nil, err
	}
	t := &table{name: name, order: o, file: m, data: m.bytes}
	if err := t.readFrame(number); err != nil {
		return nil, err
	}
	return t, nil
}

// mapWhole maps a file that must have the size.
func mapWhole(fsys fileSystem, name string, size uint64) (*mapping, error) {
	m, err := fsys.Map(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &CorruptError{name, 0, "it is not there, and the manifest names it"}
	}
	if err != nil {
		return nil, fmt.Errorf("local: opening %s: %w", name, err)
	}
	if uint64(len(m.bytes)) != size {
		return nil, &CorruptError{name, int64(min(uint64(len(m.bytes)), size)), fmt.Sprintf("it has %d bytes, and the manifest says %d", len(m.bytes), size)}
	}
	return m, nil
}

func (t *table) corrupt(at int, format string, args ...any) error {
	return &CorruptError{t.name, int64(at), fmt.Sprintf(format, args...)}
}

func (t *table) readFrame(number uint64) error {
	if len(t.data) < tableHeader+tableFooter {
		return t.corrupt(len(t.data), "it is too short for a table")
	}
	if err := checkHeader(t.name, t.data, tableMagic, uint32(t.order), number); err != nil {
		return err
	}
	footerAt := len(t.data) - tableFooter
	footer := t.data[footerAt:]
	if checksum(footer[:tableFooter-4]) != binary.LittleEndian.Uint32(footer[tableFooter-4:]) {
		return t.corrupt(footerAt, "the footer's checksum is wrong")
	}
	indexAt, rows, blocks := binary.LittleEndian.Uint64(footer), binary.LittleEndian.Uint64(footer[8:]), binary.LittleEndian.Uint64(footer[16:])
	t.fingerprint = binary.LittleEndian.Uint64(footer[24:])
	if indexAt < tableHeader || indexAt > uint64(footerAt) || blocks != (uint64(footerAt)-indexAt)/indexEntry || (uint64(footerAt)-indexAt)%indexEntry != 0 {
		return t.corrupt(footerAt, "the footer puts the index where it cannot be")
	}
	if blocks != rows/blockRows+min(rows%blockRows, 1) {
		return t.corrupt(footerAt, "the footer counts %d rows in %d blocks", rows, blocks)
	}
	t.rows, t.blocks, t.indexAt = rows, int(blocks), int(indexAt)
	t.index = t.data[indexAt:footerAt]
	t.found = make([]atomic.Uint32, t.blocks)
	for part := range t.last {
		t.last[part] = binary.LittleEndian.Uint64(footer[32+8*part:])
	}
	if checksum(t.index) != binary.LittleEndian.Uint32(footer[64:]) {
		return t.corrupt(t.indexAt, "the index's checksum is wrong")
	}
	at := tableHeader
	for i := range t.blocks {
		if t.offset(i) < at || t.offset(i) > t.indexAt {
			return t.corrupt(t.indexAt+i*indexEntry, "the index puts block %d where it cannot be", i)
		}
		at = t.offset(i)
	}
	return nil
}

// part returns a part of the first row of block i.
func (t *table) part(i, part int) uint64 {
	return binary.LittleEndian.Uint64(t.index[i*indexEntry+part*8:])
}

func (t *table) offset(i int) int {
	if i == t.blocks {
		return t.indexAt
	}
	return int(binary.LittleEndian.Uint64(t.index[i*indexEntry+32:]))
}

// after reports whether block i begins with a row above the key.
func (t *table) after(i int, key *row) bool {
	for part, want := range key {
		if v := t.part(i, part); v != want {
			return v > want
		}
	}
	return false
}

// begins reports whether block i begins with the key's two leading parts.
func (t *table) begins(i int, key lead) bool { return t.firstOf(i) == key }

// firstOf returns what leads the first row of block i.
func (t *table) firstOf(i int) lead { return lead{t.part(i, 0), t.part(i, 1)} }

// lastOf returns what leads the last row of block i.
func (t *table) lastOf(i int) lead {
	entry := t.index[i*indexEntry:]
	return lead{binary.LittleEndian.Uint64(entry[40:]), binary.LittleEndian.Uint64(entry[48:])}
}

// find returns the last block that begins at or below the key, or the first. It
// gallops from the hint, so that ascending keys are found in few steps.
func (t *table) find(key *row, hint int) int {
	if hint < 0 || hint >= t.blocks || t.after(hint, key) {
		return max(sort.Search(t.blocks, func(i int) bool { return t.after(i, key) })-1, 0)
	}
	step := 1
	for hint+step < t.blocks && !t.after(hint+step, key) {
		hint += step
		step *= 2
	}
	span := min(step, t.blocks-hint)
	return hint + max(sort.Search(span, func(i int) bool { return t.after(hint+i, key) })-1, 0)
}

// before returns the last block that begins with a row below those of the key, or
// the first. It gallops like find.
func (t *table) before(key lead, hint int) int {
	lo, hi := 0, t.blocks // the block is among those from lo up to hi
	if hint >= 0 && t.firstOf(hint).less(key) {
		lo = hint
		for step := 1; lo+step < t.blocks; step *= 2 {
			if !t.firstOf(lo + step).less(key) {
				hi = lo + step
				break
			}
			lo += step
		}
	}
	for lo+1 < hi {
		if mid := int(uint(lo+hi) >> 1); t.firstOf(mid).less(key) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// read parses block i; the first reading verifies it.
func (t *table) read(i int, b *block) error {
	at := t.offset(i)
	found := t.found[i].Load()
	if found == 0 {
		if err := verifyBlock(t.order, t.data[at:], t.offset(i+1)-at); err != nil {
			return t.corrupt(at, "%s", err)
		}
		parseBlock(b, t.order, t.data[at:])
		found = 1 + uint32(b.findPeriod())
		t.found[i].Store(found)
	} else {
		parseBlock(b, t.order, t.data[at:])
	}
	b.period = int(found - 1)
	return nil
}

// search returns the first row of the block whose leading parts are not below
// the key's.
func (b *block) search(key *row, parts int) int {
	lo, hi := 0, b.n
	for part := 0; part < parts && lo < hi; part++ {
		lo, hi = b.span(part, key[part], lo, hi)
	}
	return lo
}

// near is how many rows off a row is looked for from where it is guessed to be.
const near = 8

// lowerBound returns the first of the rows from lo up to hi, ascending by the
// part, whose part is not below v.
func (b *block) lowerBound(part int, v uint64, lo, hi int) int {
	c := &b.columns[part]
	if c.kind == packed && c.relative < 0 && c.width < 64 {
		if v <= c.base {
			return lo
		}
		// What is packed is compared as it is.
		code := (v - c.base) >> (c.shift & 63)
		if c.base+code<<(c.shift&63) < v {
			code++
		}
		if code>>c.width != 0 {
			return hi
		}
		step, mask := uint(c.width), uint64(1)<<c.width-1
		at := func(i int) uint64 {
			bit := uint(i) * step
			return word(c.bits, bit>>3) >> (bit & 7) & mask
		}
		if hi-lo > 4*near && c.width <= 48 {
			// Most often values grow evenly: look where it would be then.
			low, high := at(lo), at(hi-1)
			switch {
			case code <= low:
				return lo
			case code > high:
				return hi
			}
			guess := lo + int((code-low)*uint64(hi-1-lo)/(high-low))
			if i := guess - near; i > lo && at(i) < code {
				lo = i + 1
			} else if i > lo {
				hi = i
			}
			if i := guess + near; i < hi && at(i) < code {
				lo = i + 1
			} else if i < hi {
				hi = i
			}
		}
		// Halved without a branch that could be foretold wrongly.
		for lo < hi {
			half := int(uint(hi-lo+1) / 2)
			next := lo + half
			if at(next-1) >= code {
				next = lo
			}
			lo, hi = next, next+hi-lo-half
		}
		return lo
	}
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); b.get(part, mid) < v {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// starts reports whether row i has the key's leading parts.
func (b *block) starts(i int, key *row, parts int) bool {
	for part := range parts {
		if b.get(part, i) != key[part] {
			return false
		}
	}
	return true
}

// rows returns where the rows with the key's two leading parts are, or would be.
func (b *block) rows(key lead) (lo, hi int) {
	lo, hi = b.span(0, key[0], 0, b.n)
	if lo == hi {
		return lo, hi
	}
	return b.span(1, key[1], lo, hi)
}

// few is how many rows are looked through one by one rather than halved.
const few = 8

// span returns which of the rows from one up to another, ascending by the part,
// have the value v in it, or where they would be.
func (b *block) span(part int, v uint64, from, to int) (lo, hi int) {
	if b.columns[part].kind == packed && b.columns[part].width == 0 && b.columns[part].relative < 0 {
		switch base := b.columns[part].base; {
		case base < v:
			return to, to
		case base > v:
			return from, from
		}
		return from, to
	}
	if to-from <= few {
		for lo = from; lo < to && b.get(part, lo) < v; lo++ {
		}
	} else {
		lo = b.lowerBound(part, v, from, to)
	}
	// Most often few rows have it.
	hi = lo
	for step := 1; hi < to; step *= 2 {
		at := min(hi+step-1, to-1)
		if b.get(part, at) != v {
			return lo, b.lowerBound(part, v+1, hi, at)
		}
		hi = at + 1
	}
	return lo, hi
}

// has reports whether the table holds the row.
func (t *table) has(r *row, hint *int) (bool, error) {
	if t.blocks == 0 || t.after(0, r) || t.last.less(r) {
		return false, nil
	}
	*hint = t.find(r, *hint)
	var b block
	if err := t.read(*hint, &b); err != nil {
		return false, err
	}
	i := b.search(r, 4)
	return i < b.n && b.starts(i, r, 4), nil
}

// hashRows is the rows' share of the fingerprint, whatever order they are in.
func hashRows(o order, rows *columns) (sum uint64) {
	q := o.quads(rows)
	for i, s := range q.Subjects {
		h := mix(uint64(s)^0xa0761d6478bd642f, uint64(q.Predicates[i])^0xe7037ed1a0b428db)
		sum += mix(h^uint64(q.Objects[i]), uint64(q.Labels[i])^0x8ebc6af09c88c6e3)
	}
	return sum
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
