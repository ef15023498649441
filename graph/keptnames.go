package graph

import "sync/atomic"

// keptNames are the texts of nodes that were asked for lately, and more than once: a
// store takes several times as long to read one as to look here. It is as large as
// mostNames texts of up to longestName bytes; what comes once takes nobody's place.
type keptNames struct {
	texts  [mostNames]atomic.Pointer[keptName]
	missed [mostNames]atomic.Uint32 // of the last node that was not found in each place
}

const (
	mostNames   = 1 << nameBits
	nameBits    = 14
	longestName = 55
)

// keptName fills a line of the processor's cache, so that looking waits for memory twice.
type keptName struct {
	id   ID
	size uint8
	text [longestName]byte
}

func (*keptNames) place(id ID) uint64 { return uint64(id) * 0x9e3779b97f4a7c15 >> (64 - nameBits) }

// append appends the text of a node; ok is false where it is not kept.
func (n *keptNames) append(dst []byte, id ID) (_ []byte, ok bool) {
	if k := n.texts[n.place(id)].Load(); k != nil && k.id == id {
		return append(dst, k.text[:k.size]...), true
	}
	return dst, false
}

// put tells the text of a node that was not kept.
func (n *keptNames) put(id ID, text []byte) {
	at, mark := n.place(id), uint32(id.Sequence()+1)
	if len(text) <= longestName && n.missed[at].Swap(mark) == mark {
		k := &keptName{id: id, size: uint8(len(text))}
		copy(k.text[:], text)
		n.texts[at].Store(k)
	}
}

// keptNames returns the texts that are kept; nil where there are none to be.
func (v *View) keptNames() *keptNames {
	if v.columns == nil {
		return nil
	}
	if n := v.columns.names.Load(); n != nil {
		return n
	}
	v.columns.names.CompareAndSwap(nil, new(keptNames))
	return v.columns.names.Load()
}
