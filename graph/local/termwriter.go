package local

import (
	"bufio"
	"encoding/binary"
	"math/bits"
)

// writeTermFile writes the keys of sources, one after another, and syncs the
// file; the directory is not synced. The entry's Number and First are given.
func writeTermFile(fsys fileSystem, e termsEntry, seed uint64, sources []keySource) (_ termsEntry, err error) {
	out, err := fsys.Create(e.file())
	if err != nil {
		return e, err
	}
	defer func() {
		if closeErr := out.Close(); err == nil {
			err = closeErr
		}
	}()
	w := &termWriter{out: bufio.NewWriterSize(out, 1<<18), seed: seed}
	w.write(newHeader(termsMagic, 0, e.Number))
	var footer []byte
	for space := range spaces {
		from := w.at
		w.offsets, w.count, w.from = w.offsets[:0], 0, from
		for _, source := range sources {
			if err := source(space, w.add); err != nil {
				return e, err
			}
		}
		w.flush()
		e.Count[space] = w.count
		for _, field := range []uint64{w.count, e.First[space], from, w.at} {
			footer = binary.LittleEndian.AppendUint64(footer, field)
		}
		footer = binary.LittleEndian.AppendUint32(footer, checksum(w.offsets))
		w.write(w.offsets)
	}
	slots := w.hashTable()
	footer = binary.LittleEndian.AppendUint64(footer, slots)
	footer = binary.LittleEndian.AppendUint64(footer, seed)
	footer = binary.LittleEndian.AppendUint32(footer, checksum(footer))
	w.write(footer)
	if w.err == nil {
		w.err = w.out.Flush()
	}
	e.Size = w.at
	if w.err != nil {
		return e, w.err
	}
	return e, out.Sync()
}

type termWriter struct {
	out     *bufio.Writer
	err     error
	seed    uint64
	at      uint64
	from    uint64 // where the space's blocks begin
	count   uint64 // of terms in the space
	offsets []byte
	block   []byte
	last    []byte
	hashes  []uint64
	purged  []int // numbers of terms that have no text any more
}

func (w *termWriter) write(b []byte) {
	w.at += uint64(len(b))
	if w.err == nil {
		_, w.err = w.out.Write(b)
	}
}

func (w *termWriter) add(key []byte) error {
	if w.count%termBlock == 0 {
		w.flush()
		w.last = w.last[:0]
	}
	shared := 0
	for shared < min(len(key), len(w.last)) && key[shared] == w.last[shared] {
		shared++
	}
	w.block = binary.AppendUvarint(w.block, uint64(shared))
	w.block = binary.AppendUvarint(w.block, uint64(len(key)-shared))
	w.block = append(w.block, key[shared:]...)
	w.last = append(w.last[:shared], key[shared:]...)
	if len(key) == 0 {
		w.purged = append(w.purged, len(w.hashes))
	}
	w.hashes = append(w.hashes, hashKey(w.seed, key))
	w.count++
	return w.err
}

func (w *termWriter) flush() {
	if len(w.block) == 0 {
		return
	}
	w.offsets = binary.LittleEndian.AppendUint32(w.offsets, uint32(w.at-w.from))
	w.write(binary.LittleEndian.AppendUint32(nil, checksum(w.block)))
	w.write(w.block)
	w.block = w.block[:0]
}

// hashTable writes the table and returns its number of slots.
func (w *termWriter) hashTable() uint64 {
	n := uint64(len(w.hashes))
	slots := n + n/4 // four in five are taken
	table := make([]uint32, slots)
	width := bits.Len64(n)
	purged := w.purged
	for i, hash := range w.hashes {
		if len(purged) > 0 && purged[0] == i {
			purged = purged[1:]
			continue
		}
		at := slotAt(hash, slots)
		for table[at] != 0 {
			if at++; at == slots {
				at = 0
			}
		}
		table[at] = slotHash(hash, width) | uint32(i+1)
	}
	page := make([]byte, 0, pageBytes)
	for len(table) > 0 {
		page = page[:0]
		for _, slot := range table[:min(len(table), pageSlots)] {
			page = binary.LittleEndian.AppendUint32(page, slot)
		}
		table = table[min(len(table), pageSlots):]
		w.write(binary.LittleEndian.AppendUint32(page, checksum(page)))
	}
	return slots
}
