package rdf

// interner gives strings for bytes, the same ones for bytes that came before, as
// long as no other took their slot.
type interner struct{ slots slots[string] }

const internMax = 256 // bytes; longer texts hardly come twice

func newInterner() *interner {
	return &interner{newSlots(func(s string) string { return s })}
}

func (in *interner) string(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > internMax {
		return string(b)
	}
	slot := in.slots.of(b)
	if *slot != string(b) {
		in.slots.put(slot, string(b))
	}
	return *slot
}
