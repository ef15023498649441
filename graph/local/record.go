package local

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// rowBytes is about what a row of a change takes.
const rowBytes = 14

// change is what a commit's record says: which terms are new, and which quads
// come and go. All numbers are uvarints; see docs/storage.md.
type change struct {
	commit         uint64
	before         counts // of terms
	after          counts // of one that was made; its new terms are in fresh
	fresh          *terms
	keys           [][]byte // of new terms of one that was read
	added, removed []row    // in the order spol, ascending
}

// newKeys yields the keys of the new terms, in the order of their ids.
func (c *change) newKeys(yield func(key []byte) bool) {
	for space := range spaces {
		for sequence := c.before[space]; sequence < c.after[space]; sequence++ {
			if !yield(c.fresh.key(space, sequence)) {
				return
			}
		}
	}
	for _, key := range c.keys {
		if !yield(key) {
			return
		}
	}
}

func (c *change) append(dst []byte) []byte {
	size, terms := 64, 0
	for key := range c.newKeys {
		size += len(key) + 4
		terms++
	}
	// A part of a row mostly differs from that of the row before by little.
	dst = slices.Grow(dst, size+rowBytes*(len(c.added)+len(c.removed)))
	dst = binary.AppendUvarint(dst, c.commit)
	for _, n := range c.before {
		dst = binary.AppendUvarint(dst, n)
	}
	dst = binary.AppendUvarint(dst, uint64(terms))
	for key := range c.newKeys {
		dst = binary.AppendUvarint(dst, uint64(len(key)))
		dst = append(dst, key...)
	}
	for _, rows := range [][]row{c.added, c.removed} {
		dst = binary.AppendUvarint(dst, uint64(len(rows)))
		var last row
		for i := range rows {
			for part, v := range rows[i] {
				dst = binary.AppendVarint(dst, int64(v-last[part]))
			}
			last = rows[i]
		}
	}
	return dst
}

var errRecord = errors.New("a record says what cannot be")

// parseChange reads what append wrote. Keys share memory with the payload.
func parseChange(payload []byte) (c change, err error) {
	r := reader{payload, false}
	c.commit = r.uvarint()
	for i := range c.before {
		c.before[i] = r.uvarint()
	}
	for range r.length(1) {
		n := r.length(1)
		if r.bad || n == 0 {
			return c, errRecord
		}
		c.keys = append(c.keys, r.rest[:n])
		r.rest = r.rest[n:]
	}
	for _, rows := range []*[]row{&c.added, &c.removed} {
		n := r.length(4)
		*rows = make([]row, n)
		var last row
		for i := range *rows {
			for part := range last {
				last[part] += uint64(r.varint())
			}
			if i > 0 && !(*rows)[i-1].less(&last) {
				return c, fmt.Errorf("%w: quads out of order", errRecord)
			}
			(*rows)[i] = last
		}
	}
	if r.bad || len(r.rest) > 0 {
		return c, errRecord
	}
	return c, nil
}

// reader reads numbers; once one is bad all are zero.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// length reads a number of things that take up each bytes at least.
func (r *reader) length(each uint64) uint64 {
	n := r.uvarint()
	if n > uint64(len(r.rest))/each {
		r.bad = true
		return 0
	}
	return n
}
