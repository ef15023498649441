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

// expect makes room for so many numbers, where there are none yet.
func (n *numbering) expect(most int) {
	if most > fewSlots/2 {
		n.slots = make([]uint32, 1<<bits.Len(uint(2*most)))
		n.ids = append(make([]graph.ID, 0, most+1), 0)
	}
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
	n.slots = make([]uint32, max(fewSlots, 4*len(n.slots)))
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
