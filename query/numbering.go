package query

import (
	"math/bits"

	"chancery/graph"
)

// numbering gives each id that it is asked about a number: 1, 2, 3 ... as first
// seen. Number 0 is nothing, which id 0 has. The zero value is empty.
type numbering struct {
	ids   []graph.ID // by number; ids[0] is 0 once there are any
	slots []uint32   // numbers, by the hash of their ids; 0: free
}

// fewSlots are as many as a numbering starts with.
const fewSlots = 16

// number returns the id's number.
// Cost: O(1), without the memory that a map would take for each.
func (n *numbering) number(id graph.ID) uint32 {
	if id == 0 {
		return 0
	}
	if 2*len(n.ids) >= len(n.slots) {
		n.grow()
	}
	at := n.slot(id)
	if n.slots[at] == 0 {
		n.slots[at] = uint32(len(n.ids))
		n.ids = append(n.ids, id)
	}
	return n.slots[at]
}

// find returns the id's number; 0 where it has none.
func (n *numbering) find(id graph.ID) uint32 {
	if id == 0 || len(n.slots) == 0 {
		return 0
	}
	return n.slots[n.slot(id)]
}

// slot is where the id's number is, or would be.
func (n *numbering) slot(id graph.ID) int {
	// Fibonacci hashing: ids of one kind differ in their low bits.
	at := int(uint64(id) * 0x9e3779b97f4a7c15 >> (64 - bits.Len(uint(len(n.slots)-1))))
	for n.slots[at] != 0 && n.ids[n.slots[at]] != id {
		at = (at + 1) & (len(n.slots) - 1)
	}
	return at
}

func (n *numbering) grow() {
	if len(n.ids) == 0 {
		n.ids = append(n.ids, 0)
	}
	n.make(max(fewSlots, 4*len(n.slots)))
}

// expect makes room for about so many ids, if there are none yet.
func (n *numbering) expect(ids int) {
	if len(n.slots) == 0 && 2*ids > fewSlots {
		n.ids = append(make([]graph.ID, 0, ids+1), 0)
		n.make(1 << bits.Len(uint(2*ids)))
	}
}

// make makes so many slots, a power of two.
func (n *numbering) make(slots int) {
	n.slots = make([]uint32, slots)
	for number, id := range n.ids {
		if number > 0 {
			n.slots[n.slot(id)] = uint32(number)
		}
	}
}

// len is how many numbers there are, that of nothing among them.
func (n *numbering) len() int { return max(len(n.ids), 1) }

// seen returns the ids that have a number above 0, in its order.
func (n *numbering) seen() []graph.ID { return n.ids[min(len(n.ids), 1):] }

// id returns the id with a number that was given; 0 for 0.
func (n *numbering) id(number uint32) graph.ID {
	if number == 0 {
		return 0
	}
	return n.ids[number]
}

// reset forgets all numbers. It keeps the memory where that is little, so that it
// costs no more than what was numbered.
func (n *numbering) reset() {
	if len(n.slots) > 64*fewSlots {
		*n = numbering{}
		return
	}
	clear(n.slots)
	n.ids = n.ids[:min(len(n.ids), 1)]
}
