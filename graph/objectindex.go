package graph

import "math/bits"

// objectIndex finds the numbers of a column's objects. It belongs to whoever makes the
// next state of the column: there is one at a time, and readers need none.
type objectIndex struct {
	slots []uint32 // numbers, by the hash of their objects; 0: free
}

// newObjectIndex makes the index of objects, the first of which is none.
func newObjectIndex(objects []ID) *objectIndex {
	x := &objectIndex{}
	x.fill(objects)
	return x
}

// number returns the number of an object, which is appended if it is new. Only room
// past the end is written to: earlier states have fewer objects.
func (x *objectIndex) number(objects *[]ID, object ID) uint32 {
	at := x.slot(*objects, object)
	if x.slots[at] == 0 {
		x.slots[at] = uint32(len(*objects))
		*objects = append(*objects, object)
		if 2*len(*objects) > len(x.slots) {
			x.fill(*objects)
			at = x.slot(*objects, object)
		}
	}
	return x.slots[at]
}

// fill makes room for twice as many objects as there are.
func (x *objectIndex) fill(objects []ID) {
	x.slots = make([]uint32, max(16, 1<<bits.Len(uint(4*len(objects)))))
	for number, id := range objects {
		if number > 0 {
			x.slots[x.slot(objects, id)] = uint32(number)
		}
	}
}

// slot is where the number of an object is, or would be.
func (x *objectIndex) slot(objects []ID, object ID) int {
	// Fibonacci hashing: ids of one kind differ in their low bits.
	at := int(uint64(object) * 0x9e3779b97f4a7c15 >> (64 - bits.Len(uint(len(x.slots)-1))))
	for n := x.slots[at]; n != 0 && (int(n) >= len(objects) || objects[n] != object); n = x.slots[at] {
		at = (at + 1) & (len(x.slots) - 1) // numbers past the end are of a state that never was
	}
	return at
}
