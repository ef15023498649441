package graph

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

// Batch collects what one commit adds and removes, in terms. The zero value is
// empty. A batch is for one goroutine and one commit.
type Batch struct {
	Terms       []Term // each once
	Add, Remove []BatchQuad

	// IDs are those of Terms, in their order. A store may set them when it has the
	// commit; else they are looked up where they are needed.
	IDs []ID

	slots []uint64 // a hash table of Terms: 32 bits of the hash, then the TermRef; 0: free
}

// TermRef is a term of a batch: its index in Terms plus one; 0 is no term.
type TermRef uint32

// BatchQuad is a quad whose parts are terms of the batch. Label 0 is no label.
type BatchQuad struct{ Subject, Predicate, Object, Label TermRef }

// batchSeed is of every batch: whoever chooses terms does not know it.
var batchSeed = maphash.MakeSeed()

// Term returns the batch's reference to a term.
func (b *Batch) Term(t Term) TermRef {
	if (len(b.Terms)+1)*4 > len(b.slots)*3 {
		b.rehash(len(b.Terms) + 1)
	}
	// Terms of one text and several languages or datatypes are few.
	hash := maphash.String(batchSeed, t.Text) << 32
	mask := uint64(len(b.slots) - 1)
	for at := hash >> 32 & mask; ; at = (at + 1) & mask {
		switch slot := b.slots[at]; {
		case slot == 0:
			b.Terms = append(b.Terms, t)
			b.slots[at] = hash | uint64(len(b.Terms))
			return TermRef(len(b.Terms))
		case slot&^(1<<32-1) == hash && b.Terms[uint32(slot)-1] == t:
			return TermRef(uint32(slot))
		}
	}
}

// rehash makes the table one for so many terms.
func (b *Batch) rehash(terms int) {
	old := b.slots
	b.slots = make([]uint64, max(64, 1<<bits.Len(uint(terms+terms/2))))
	mask := uint64(len(b.slots) - 1)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		at := slot >> 32 & mask
		for b.slots[at] != 0 {
			at = (at + 1) & mask
		}
		b.slots[at] = slot
	}
}

// grow makes room for so many more quads and terms.
func (b *Batch) grow(quads, terms int) {
	b.Add = slices.Grow(b.Add, quads)
	b.Terms = slices.Grow(b.Terms, terms)
	if all := len(b.Terms) + terms; all*4 > len(b.slots)*3 {
		b.rehash(all)
	}
}

// emptied returns an empty batch in the memory of one that nobody needs any more.
func (b *Batch) emptied() Batch {
	clear(b.Terms) // their texts are not held
	clear(b.slots)
	return Batch{Terms: b.Terms[:0], Add: b.Add[:0], Remove: b.Remove[:0], slots: b.slots}
}

// AddQuad adds a quad. A zero label is no label.
func (b *Batch) AddQuad(subject, predicate, object, label Term) {
	b.Add = append(b.Add, b.quad(subject, predicate, object, label))
}

// RemoveQuad removes a quad.
func (b *Batch) RemoveQuad(subject, predicate, object, label Term) {
	b.Remove = append(b.Remove, b.quad(subject, predicate, object, label))
}

func (b *Batch) quad(subject, predicate, object, label Term) BatchQuad {
	q := BatchQuad{Subject: b.Term(subject), Predicate: b.Term(predicate), Object: b.Term(object)}
	if label.Kind != 0 {
		q.Label = b.Term(label)
	}
	return q
}
