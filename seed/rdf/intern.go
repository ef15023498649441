package rdf

import "hash/maphash"

// interner gives strings for bytes, the same ones for bytes that came before, as
// long as no other took their slot. Its size is fixed.
type interner struct {
	seed  maphash.Seed
	slots [internSlots]string
}

const (
	internSlots = 1 << 13
	internMax   = 256 // bytes; longer texts hardly come twice
)

func newInterner() *interner { return &interner{seed: maphash.MakeSeed()} }

func (in *interner) string(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > internMax {
		return string(b)
	}
	slot := &in.slots[maphash.Bytes(in.seed, b)%internSlots]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}
