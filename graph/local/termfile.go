package local

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"sync/atomic"

	"chancery/graph"
)

// A terms file: header, the keys of each space in blocks of termBlock, front
// coded; the blocks' offsets; a hash table from keys to numbers in pages;
// footer. See docs/storage.md.
const (
	termsMagic   = "CHNCYTRM"
	termBlock    = 16
	termsFooter  = 128
	pageSlots    = 1023 // and a checksum: 4 KiB
	pageBytes    = 4*pageSlots + 4
	maxFileTerms = 1 << 27
	// maxTermBytes bounds what is merged into one file: offsets have 32 bits.
	maxTermBytes = 1 << 31
)

// termsEntry is what the manifest says of a terms file.
type termsEntry struct {
	Number uint64 `json:"number"`
	First  counts `json:"first"` // sequences before its own
	Count  counts `json:"count"`
	Size   uint64 `json:"bytes"`
}

func (e termsEntry) file() string { return fmt.Sprintf("%06d.terms", e.Number) }

// termFile is an immutable part of the dictionary, read in place.
type termFile struct {
	termsEntry
	seed     uint64
	mapped   *mapping // of data; readers keep the file alive
	data     []byte
	offsets  [3][]byte // of blocks, 4 bytes each, from blocksAt
	blocksAt [3]int
	endAt    [3]int
	table    []byte // pages
	tableAt  int
	slots    uint64
	verified []atomic.Uint64    // pages of the table
	checked  [3][]atomic.Uint64 // blocks of each space
}

func openTermFile(fsys fileSystem, e termsEntry, seed uint64) (*termFile, error) {
	m, err := mapWhole(fsys, e.file(), e.Size)
	if err != nil {
		return nil, err
	}
	f := &termFile{termsEntry: e, seed: seed, mapped: m, data: m.bytes}
	return f, f.readFrame()
}

func (f *termFile) corrupt(at int, format string, args ...any) error {
	return &CorruptError{f.file(), int64(at), fmt.Sprintf(format, args...)}
}

// The footer: for each space count, first, where blocks begin, where they end,
// checksum of offsets (4 × 8 + 4 bytes); slots (8); file checksum of the footer (4).
func (f *termFile) readFrame() error {
	if len(f.data) < fileHeader+termsFooter {
		return f.corrupt(len(f.data), "it is too short for terms")
	}
	if err := checkHeader(f.file(), f.data, termsMagic, 0, f.Number); err != nil {
		return err
	}
	footerAt := len(f.data) - termsFooter
	footer := f.data[footerAt:]
	if checksum(footer[:termsFooter-4]) != binary.LittleEndian.Uint32(footer[termsFooter-4:]) {
		return f.corrupt(footerAt, "the footer's checksum is wrong")
	}
	at := fileHeader
	for space := range spaces {
		part := footer[space*36:]
		count, first := binary.LittleEndian.Uint64(part), binary.LittleEndian.Uint64(part[8:])
		if count != f.Count[space] || first != f.First[space] {
			return f.corrupt(footerAt, "it has %d terms from %d on in space %d, and the manifest says %d from %d on", count, first, spaces[space], f.Count[space], f.First[space])
		}
		from, end := binary.LittleEndian.Uint64(part[16:]), binary.LittleEndian.Uint64(part[24:])
		blocks := (count + termBlock - 1) / termBlock
		if from != uint64(at) || end < from || count > maxFileTerms || end+4*blocks > uint64(footerAt) {
			return f.corrupt(footerAt, "the footer puts space %d where it cannot be", spaces[space])
		}
		f.blocksAt[space], f.endAt[space] = int(from), int(end)
		at = int(end + 4*blocks)
		f.offsets[space] = f.data[end:at]
		f.checked[space] = make([]atomic.Uint64, (blocks+63)/64)
		if checksum(f.offsets[space]) != binary.LittleEndian.Uint32(part[32:]) {
			return f.corrupt(int(end), "the checksum of the offsets is wrong")
		}
	}
	f.slots = binary.LittleEndian.Uint64(footer[108:])
	if binary.LittleEndian.Uint64(footer[116:]) != f.seed {
		return f.corrupt(footerAt, "its hash seed is not the store's")
	}
	f.tableAt = at
	f.table = f.data[at:footerAt]
	pages := (f.slots + pageSlots - 1) / pageSlots
	if f.slots > 2*maxFileTerms || uint64(len(f.table)) != f.slots*4+pages*4 {
		return f.corrupt(footerAt, "the hash table has %d bytes for %d slots", len(f.table), f.slots)
	}
	f.verified = make([]atomic.Uint64, (pages+63)/64)
	return nil
}

// block returns block i of a space without its checksum, which the first reading checks.
func (f *termFile) block(space, i int) ([]byte, error) {
	if bit := uint64(1) << (i % 64); f.checked[space][i/64].Load()&bit == 0 {
		b, err := f.reread(space, i)
		if err == nil {
			f.checked[space][i/64].Or(bit)
		}
		return b, err
	}
	from, end := f.span(space, i)
	return f.data[from+4 : end], nil
}

// span is where a block begins and ends, as the offsets say.
func (f *termFile) span(space, i int) (from, end uint64) {
	offsets := f.offsets[space]
	from, end = uint64(f.blocksAt[space])+uint64(binary.LittleEndian.Uint32(offsets[4*i:])), uint64(f.endAt[space])
	if 4*(i+1) < len(offsets) {
		end = uint64(f.blocksAt[space]) + uint64(binary.LittleEndian.Uint32(offsets[4*(i+1):]))
	}
	return from, end
}

// reread returns block i of a space, checked again, without its checksum.
func (f *termFile) reread(space, i int) ([]byte, error) {
	from, end := f.span(space, i)
	if from+4 > end || end > uint64(f.endAt[space]) {
		return nil, f.corrupt(f.endAt[space]+4*i, "a block of terms cannot begin there")
	}
	b := f.data[from:end]
	if checksum(b[4:]) != binary.LittleEndian.Uint32(b) {
		return nil, f.corrupt(int(from), "the checksum of a block of terms is wrong")
	}
	return b[4:], nil
}

// nextKey replaces key by the one that follows it in the block.
func nextKey(block, key []byte) (rest, next []byte, ok bool) {
	shared, n := binary.Uvarint(block)
	if n <= 0 || shared > uint64(len(key)) {
		return nil, nil, false
	}
	block = block[n:]
	length, n := binary.Uvarint(block)
	if n <= 0 || length > uint64(len(block)-n) {
		return nil, nil, false
	}
	return block[n+int(length):], append(key[:shared], block[n:n+int(length)]...), true
}

// key appends the key of a term, by its number in this file.
func (f *termFile) key(dst []byte, space int, number uint64) ([]byte, error) {
	b, err := f.block(space, int(number/termBlock))
	if err != nil {
		return nil, err
	}
	key, ok := dst[:0], true
	for range number%termBlock + 1 {
		if b, key, ok = nextKey(b, key); !ok {
			return nil, f.corrupt(f.blocksAt[space], "block %d of space %d ends within a term", number/termBlock, spaces[space])
		}
	}
	return key, nil
}

// slot returns a slot of the hash table; the first reading of a page checks it.
func (f *termFile) slot(i uint64) (uint32, error) {
	page := i / pageSlots
	at := page * pageBytes
	if bit := uint64(1) << (page % 64); f.verified[page/64].Load()&bit == 0 {
		end := min(at+pageBytes, uint64(len(f.table)))
		if checksum(f.table[at:end-4]) != binary.LittleEndian.Uint32(f.table[end-4:]) {
			return 0, f.corrupt(f.tableAt+int(at), "the checksum of a page of the hash table is wrong")
		}
		f.verified[page/64].Or(bit)
	}
	return binary.LittleEndian.Uint32(f.table[at+i%pageSlots*4:]), nil
}

// A slot holds the number of the term in the file plus one, spaces one after
// another, below as many bits of its hash as there is room for; zero is free.
func (f *termFile) numberBits() int { return bits.Len64(f.Count.sum()) }

func slotHash(hash uint64, numberBits int) uint32 { return uint32(hash) >> numberBits << numberBits }

func slotAt(hash, slots uint64) uint64 {
	hi, _ := bits.Mul64(hash, slots)
	return hi
}

// find returns the id of a key.
func (f *termFile) find(key []byte, hash uint64) (graph.ID, bool, error) {
	if f.slots == 0 {
		return 0, false, nil
	}
	width := f.numberBits()
	want := slotHash(hash, width)
	var room [256]byte
	for at, tries := slotAt(hash, f.slots), uint64(0); tries < f.slots; tries++ {
		slot, err := f.slot(at)
		if err != nil || slot == 0 {
			return 0, false, err
		}
		if slot>>width<<width == want {
			number, space := uint64(slot)&(1<<width-1)-1, 0
			for space < 2 && number >= f.Count[space] {
				number -= f.Count[space]
				space++
			}
			if number >= f.Count[space] {
				return 0, false, f.corrupt(f.tableAt, "slot %d numbers a term that is not there", at)
			}
			got, err := f.key(room[:0], space, number)
			if err != nil {
				return 0, false, err
			}
			if bytes.Equal(got, key) {
				return graph.InSpace(spaces[space], f.First[space]+number), true, nil
			}
		}
		if at++; at == f.slots {
			at = 0
		}
	}
	return 0, false, nil
}

// keySource yields keys of a space in the order of their ids.
type keySource func(space int, yield func(key []byte) error) error

// all is the keySource of a file.
func (f *termFile) all(space int, yield func([]byte) error) error {
	var key []byte
	for i := range len(f.offsets[space]) / 4 {
		b, err := f.reread(space, i)
		if err != nil {
			return err
		}
		key = key[:0]
		for n := uint64(i) * termBlock; n < min(uint64(i+1)*termBlock, f.Count[space]); n++ {
			var ok bool
			if b, key, ok = nextKey(b, key); !ok {
				return f.corrupt(f.blocksAt[space], "block %d of space %d ends within a term", i, spaces[space])
			}
			if err := yield(key); err != nil {
				return err
			}
		}
		if len(b) > 0 {
			return f.corrupt(f.blocksAt[space], "block %d of space %d goes on after its terms", i, spaces[space])
		}
	}
	return nil
}

// upTo is the keySource of terms in memory, up to the counts.
func (t *terms) upTo(end counts) keySource {
	return func(space int, yield func([]byte) error) error {
		for n := t.first[space]; n < end[space]; n++ {
			if err := yield(t.key(space, n)); err != nil {
				return err
			}
		}
		return nil
	}
}
