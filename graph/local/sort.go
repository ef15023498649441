package local

import (
	"math/bits"
	"slices"
	"sync"
)

// radixFrom is the number of rows from which sorting by digits beats comparing.
const radixFrom = 512

// sortRows sorts rows ascending.
func sortRows(rows []row) {
	if len(rows) < radixFrom {
		slices.SortFunc(rows, compareRows)
		return
	}
	if slices.IsSortedFunc(rows, compareRows) {
		return
	}
	// Of one subject are few rows, mostly, which are in order nearly.
	s := sorters.Get().(*sorter)
	defer sorters.Put(s)
	s.sort(rows, rows, spol, 1)
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n][0] == rows[0][0] {
			n++
		}
		slices.SortFunc(rows[:n], compareRows)
		rows = rows[n:]
	}
}

// reordered returns rows, which are ascending in the order spol, in another order.
func reordered(rows []row, o order) []row {
	out := make([]row, len(rows))
	if len(rows) < radixFrom {
		for i := range rows {
			out[i] = o.row(spol.quad(&rows[i]))
		}
		slices.SortFunc(out, compareRows)
		return out
	}
	s := sorters.Get().(*sorter)
	defer sorters.Put(s)
	s.sort(out, rows, o, o.partsBefore())
	return out
}

// sorter sorts rows by their leading parts in an order, rows that agree in them as they
// came. It moves keys of 64 bits instead of rows.
type sorter struct {
	keys, spare []sortKey
	rows        []row
}

// sortKey is what row of number at is sorted by.
type sortKey struct {
	bits uint64
	at   uint32
}

var sorters = sync.Pool{New: func() any { return &sorter{} }}

// sort writes rows to out, which may be the rows themselves, in the sequence of the
// order's parts, sorted by the first of them: one or two.
func (s *sorter) sort(out, rows []row, o order, parts int) {
	at := o.partsOf()
	s.keys, s.spare = slices.Grow(s.keys[:0], len(rows))[:len(rows)], slices.Grow(s.spare[:0], len(rows))[:len(rows)]
	for i := range s.keys {
		s.keys[i].at = uint32(i)
	}
	// The last part first. What several have room for together is sorted by at once.
	var masks [2]uint64
	width := 0
	for part := range parts {
		masks[part] = differing(rows, at[part])
		width += bits.OnesCount64(masks[part])
	}
	if width <= 64 {
		s.fill(rows, at[:parts], masks[:parts])
		s.byBits(width)
	} else {
		for part := parts - 1; part >= 0; part-- {
			s.fill(rows, at[part:part+1], masks[part:part+1])
			s.byBits(bits.OnesCount64(masks[part]))
		}
	}
	from := rows
	if &out[0] == &rows[0] {
		s.rows = append(s.rows[:0], rows...)
		from = s.rows
	}
	for i := range s.keys {
		r := &from[s.keys[i].at]
		out[i] = row{r[at[0]], r[at[1]], r[at[2]], r[at[3]]}
	}
}

// partsOf are the places in spol of the order's parts.
func (o order) partsOf() [4]int {
	switch o {
	case posl:
		return [4]int{1, 2, 0, 3}
	case ospl:
		return [4]int{2, 0, 1, 3}
	case lspo:
		return [4]int{3, 0, 1, 2}
	}
	return [4]int{0, 1, 2, 3}
}

// differing returns the bits in which the rows differ in a part: ids of one commit
// share most of theirs.
func differing(rows []row, part int) (mask uint64) {
	first := rows[0][part]
	for i := range rows {
		mask |= rows[i][part] ^ first
	}
	return mask
}

// fill sets the keys to the bits of the rows' parts, those of the first part highest.
func (s *sorter) fill(rows []row, at []int, masks []uint64) {
	for part, mask := range masks {
		runs := runsOf(mask)
		column := at[part]
		for i := range s.keys {
			k := &s.keys[i]
			v := rows[k.at][column]
			if part == 0 {
				k.bits = 0
			}
			for _, r := range runs {
				k.bits = k.bits<<r.width | v>>r.shift&(1<<r.width-1)
			}
		}
	}
}

// bitRun is some bits side by side.
type bitRun struct{ shift, width uint8 }

// runsOf returns the runs of set bits, the highest first.
func runsOf(mask uint64) (runs []bitRun) {
	for mask != 0 {
		high := bits.Len64(mask)
		width := bits.LeadingZeros64(^(mask << (64 - high)))
		runs = append(runs, bitRun{uint8(high - width), uint8(width)})
		mask &= 1<<(high-width) - 1
	}
	return runs
}

// digit is how many bits are sorted by at once: the counts fit into the first cache.
const digit = 11

// byBits sorts the keys by so many low bits.
func (s *sorter) byBits(width int) {
	var next [1 << digit]uint32
	for shift := 0; shift < width; shift += digit {
		clear(next[:])
		for i := range s.keys {
			next[s.keys[i].bits>>shift&(1<<digit-1)]++
		}
		sum := uint32(0)
		for d, n := range next {
			next[d] = sum
			sum += n
		}
		for _, k := range s.keys {
			d := k.bits >> shift & (1<<digit - 1)
			s.spare[next[d]] = k
			next[d]++
		}
		s.keys, s.spare = s.spare, s.keys
	}
}
