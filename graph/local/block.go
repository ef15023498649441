package local

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A block: CRC32C of what follows it, number of rows, four column headers, the
// columns' bytes. See docs/storage.md.
const (
	columnHeader = 14
	blockHeader  = 4 + 2 + 4*columnHeader
	// slack is how many bytes a file must have beyond its last block: columns are
	// read eight bytes at a time.
	slack = 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// extend is the checksum of what sum is of, and b after it.
func extend(sum uint32, b []byte) uint32 { return crc32.Update(sum, castagnoli, b) }

// keyColumn is where each order has its predicates.
var keyColumn = [orderCount]int{spol: 1, posl: 0, ospl: 2, lspo: 2}

// parseBlock finds the columns of a block that verifyBlock has passed. data goes
// on beyond the block by slack bytes at least.
func parseBlock(b *block, o order, data []byte) {
	b.n = int(binary.LittleEndian.Uint16(data[4:])) + 1
	b.key, b.period = keyColumn[o], 0
	for j := range b.columns {
		h := data[6+j*columnHeader : 6+(j+1)*columnHeader]
		c := &b.columns[j]
		c.kind, c.relative = h[0]&15, int8(h[0]>>4)-1
		c.width, c.shift, c.count = h[1], h[2], int(h[3])+1
		c.base = binary.LittleEndian.Uint64(h[4:])
		at := int(binary.LittleEndian.Uint16(h[12:]))
		switch c.kind {
		case listed:
			c.values = data[at:]
			at += c.count * int(c.shift)
		case grouped:
			c.values = data[at:]
			at += c.count * groupSize
			c.marks = data[at:]
			at += 2 * marksOf(b.n)
		}
		c.bits = data[at:]
	}
}

// verifyBlock checks a block of the given length whole, so that reading it
// afterwards cannot fail.
func verifyBlock(o order, data []byte, length int) error {
	if length < blockHeader || length+slack > len(data) {
		return errors.New("a block has no room for its header")
	}
	if got := checksum(data[4:length]); got != binary.LittleEndian.Uint32(data) {
		return fmt.Errorf("a block's checksum is %08x, not %08x", binary.LittleEndian.Uint32(data), got)
	}
	if n := binary.LittleEndian.Uint16(data[4:]); n >= blockRows {
		return fmt.Errorf("a block has %d rows", n+1)
	}
	starts := [5]int{4: length}
	for j := range 4 {
		h := data[6+j*columnHeader:]
		starts[j] = int(binary.LittleEndian.Uint16(h[12:]))
		if kind := h[0] & 15; kind >= columnKinds || int(h[0]>>4) > 4 {
			return fmt.Errorf("column %d is of kind %d", j, kind)
		}
	}
	for j := range 4 {
		if starts[j] < blockHeader || starts[j] > starts[j+1] {
			return fmt.Errorf("column %d begins outside its place", j)
		}
	}
	padded := data[:length+slack]
	var b block
	if err := b.parseChecked(o, padded); err != nil {
		return err
	}
	relatives := 0
	for j := range 4 {
		if err := b.check(j, starts[j+1]-starts[j]); err != nil {
			return err
		}
		if r := b.columns[j].relative; r >= 0 {
			relatives++
			if b.columns[r].relative >= 0 {
				return fmt.Errorf("column %d leans on one that leans itself", j)
			}
		}
	}
	return nil
}

// parseChecked is parseBlock for bytes that may say anything.
func (b *block) parseChecked(o order, data []byte) error {
	n := int(binary.LittleEndian.Uint16(data[4:])) + 1
	for j := range 4 {
		h := data[6+j*columnHeader:]
		need, count := int(binary.LittleEndian.Uint16(h[12:])), int(h[3])+1
		switch h[0] & 15 {
		case packed:
			need += (n*int(h[1]) + 7) / 8
		case listed:
			need += count*int(h[2]) + (n*int(h[1])+7)/8
		case grouped:
			need += count*groupSize + 2*marksOf(n)
		}
		if need+slack > len(data) {
			return fmt.Errorf("column %d goes on beyond its block", j)
		}
	}
	parseBlock(b, o, data)
	return nil
}
