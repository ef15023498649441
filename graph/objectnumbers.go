package graph

import "math/bits"

// objectNumbers finds the numbers of a column's objects: their places in a list. It
// goes with that list from state to state, for whoever makes the next; what it has
// and the list has not, or has otherwise, it does not find.
type objectNumbers struct {
	slots []uint32 // numbers, by the hash of their objects; 0: free
}

// fewObjects are as many as room is made for at first.
const fewObjects = 16

// number returns the number of an object, and appends it to the list if that does
// not have it. Cost: O(1); O(objects) when it is asked for the first time.
func (n *objectNumbers) number(objects *[]ID, object ID) uint32 {
	if 3*len(*objects) >= 2*len(n.slots) {
		n.slots = make([]uint32, max(fewObjects, 1<<bits.Len(uint(2*len(*objects)))))
		for i := 1; i < len(*objects); i++ {
			n.slots[n.slot(*objects, (*objects)[i])] = uint32(i)
		}
	}
	at := n.slot(*objects, object)
	if n.slots[at] == 0 {
		n.slots[at] = uint32(len(*objects))
		*objects = append(*objects, object)
	}
	return n.slots[at]
}

// slot is where the object's number is, or would be.
func (n *objectNumbers) slot(objects []ID, object ID) int {
	// Fibonacci hashing: ids of one kind differ in their low bits.
	at := int(uint64(object) * 0x9e3779b97f4a7c15 >> (64 - bits.Len(uint(len(n.slots)-1))))
	for n.slots[at] != 0 && (int(n.slots[at]) >= len(objects) || objects[n.slots[at]] != object) {
		at = (at + 1) & (len(n.slots) - 1)
	}
	return at
}
