package local

import (
	"bytes"
	"sync/atomic"

	"chancery/graph"
)

// terms are the terms of commits that no file has yet. One goroutine adds;
// any number read without a lock: what they reach was complete when it was
// stored, and never changes.
type terms struct {
	seed  uint64
	first counts       // sequences before the first of these terms
	bytes atomic.Int64 // that the keys take
	added counts       // by the writer alone

	keys   [3]atomic.Pointer[[]place]
	chunks atomic.Pointer[[][]byte] // texts of keys
	table  atomic.Pointer[slots]
	taken  int // slots; the writer's, as is room
	room   int // bytes left in the last chunk
}

// place is where a key lies.
type place struct{ chunk, at, length uint32 }

// slots is a hash table of terms: hash<<32 | space<<30 | number in the space+1.
type slots struct{ of []atomic.Uint64 }

const (
	termChunk = 1 << 16
	// termOverhead is about what a term takes beside its key.
	termOverhead = 32
	numberBits   = 30
)

func newTerms(seed uint64, first counts) *terms {
	t := &terms{seed: seed, first: first}
	for i := range t.keys {
		t.keys[i].Store(new([]place))
	}
	t.chunks.Store(new([][]byte))
	t.table.Store(&slots{make([]atomic.Uint64, 64)})
	return t
}

// count returns the sequences after the last term.
func (t *terms) count() counts {
	n := t.first
	for i := range n {
		n[i] += t.added[i]
	}
	return n
}

// key returns the key of a sequence, or nil.
func (t *terms) key(space int, sequence uint64) []byte {
	keys := *t.keys[space].Load()
	if i := sequence - t.first[space]; sequence >= t.first[space] && i < uint64(len(keys)) {
		p := keys[i]
		return (*t.chunks.Load())[p.chunk][p.at : p.at+p.length]
	}
	return nil
}

// find returns the id of a key.
func (t *terms) find(key []byte, hash uint64) (graph.ID, bool) {
	table := t.table.Load().of
	mask := uint32(len(table) - 1)
	for at := uint32(hash) & mask; ; at = (at + 1) & mask {
		slot := table[at].Load()
		if slot == 0 {
			return 0, false
		}
		if uint32(slot>>32) != uint32(hash) {
			continue
		}
		space, sequence := int(slot>>numberBits&3), slot&(1<<numberBits-1)-1
		sequence += t.first[space]
		if bytes.Equal(t.key(space, sequence), key) {
			return graph.InSpace(spaces[space], sequence), true
		}
	}
}

// add gives the key, which is not there, the next id of its space.
func (t *terms) add(key []byte, hash uint64) graph.ID {
	space := int(keySpace(key) - graph.Nodes)
	if t.room < len(key) {
		t.room = max(termChunk, len(key))
		// Readers hold older headers of the same array: appending past their length is no race.
		grown := append(*t.chunks.Load(), make([]byte, t.room))
		t.chunks.Store(&grown)
	}
	chunks := *t.chunks.Load()
	last := len(chunks) - 1
	at := len(chunks[last]) - t.room
	copy(chunks[last][at:], key)
	t.room -= len(key)
	t.bytes.Add(int64(len(key)) + termOverhead)
	keys := append(*t.keys[space].Load(), place{uint32(last), uint32(at), uint32(len(key))})
	t.keys[space].Store(&keys)
	if t.taken++; t.taken*4 > len(t.table.Load().of)*3 {
		t.grow()
	}
	t.added[space]++
	t.table.Load().put(hash<<32 | uint64(space)<<numberBits | t.added[space])
	return graph.InSpace(spaces[space], t.first[space]+t.added[space]-1)
}

// put takes a free slot.
func (s *slots) put(slot uint64) {
	mask := uint32(len(s.of) - 1)
	at := uint32(slot>>32) & mask
	for s.of[at].Load() != 0 {
		at = (at + 1) & mask
	}
	s.of[at].Store(slot)
}

// grow doubles the table. Readers of the old one miss only what is newer than
// their snapshot.
func (t *terms) grow() {
	old := t.table.Load().of
	bigger := &slots{make([]atomic.Uint64, 2*len(old))}
	for i := range old {
		if slot := old[i].Load(); slot != 0 {
			bigger.put(slot)
		}
	}
	t.table.Store(bigger)
}
