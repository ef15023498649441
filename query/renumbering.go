package query

import (
	"math/bits"

	"chancery/graph"
)

// What is asked about the objects of many nodes is worked out once for each number
// that the column gives them, and kept in a list by number: that is a look where there
// would be a search. Where the column has many more objects than there are nodes to ask
// about, a list would cost more, and there is none.

// listWorth is how many objects a column may have for each node that is asked about.
const listWorth = 8

func worthList(c graph.Column, nodes int) bool { return c.Objects() <= listWorth*(nodes+placesAtOnce) }

// appendObjects appends the objects that have one of the numbers, in no order: each
// once where that takes little memory.
func appendObjects(dst []graph.ID, c graph.Column, numbers []uint32) []graph.ID {
	some := uint32(c.Objects() - 1) // numbers 1 and on; graph.Unsure is beyond
	if int(some) > bitWorth*(len(numbers)+placesAtOnce) {
		for _, n := range numbers {
			if n-1 < some {
				dst = append(dst, c.Object(n))
			}
		}
		return dst
	}
	seen := make([]uint64, some/64+1)
	for _, n := range numbers {
		if n--; n < some {
			seen[n/64] |= 1 << (n % 64)
		}
	}
	for i, word := range seen {
		for ; word != 0; word &= word - 1 {
			dst = append(dst, c.Object(uint32(i*64+bits.TrailingZeros64(word)+1)))
		}
	}
	return dst
}

// bitWorth is how many objects a column may have for each node that is asked about
// where they are noted by a bit each.
const bitWorth = 64 * listWorth

// renumbering gives the objects of a column numbers of a numbering.
type renumbering struct {
	column graph.Column
	to     *numbering
	known  []uint32 // by number of the column; 0: not asked about yet. nil: none is kept
}

// renumber is for so many nodes.
func renumber(c graph.Column, to *numbering, nodes int) *renumbering {
	r := &renumbering{column: c, to: to}
	if worthList(c, nodes) {
		r.known = make([]uint32, c.Objects())
		to.expect(min(c.Objects(), nodes/2))
	}
	return r
}

// number returns the number of the object that has one in the column; 0 for 0 and
// graph.Unsure.
func (r *renumbering) number(n uint32) uint32 {
	if int(n) < len(r.known) {
		if number := r.known[n]; number != 0 || n == 0 {
			return number
		}
	}
	return r.ask(n)
}

func (r *renumbering) ask(n uint32) uint32 {
	if n == 0 || n == graph.Unsure {
		return 0
	}
	number := r.to.number(r.column.Object(n))
	if r.known != nil {
		r.known[n] = number
	}
	return number
}

// objectTest is a question about the objects of a column.
type objectTest struct {
	column graph.Column
	meets  func(graph.ID) bool
	known  []verdict // by number of the column; nil: none is kept
}

// meetingObjects is for so many nodes.
func meetingObjects(c graph.Column, meets func(graph.ID) bool, nodes int) *objectTest {
	t := &objectTest{column: c, meets: meets}
	if worthList(c, nodes) {
		t.known = make([]verdict, c.Objects())
		t.known[0] = no
	}
	return t
}

// number answers for the object that has a number in the column; no for 0 and
// graph.Unsure.
func (t *objectTest) number(n uint32) bool {
	if int(n) < len(t.known) {
		if v := t.known[n]; v != untold {
			return v == yes
		}
	}
	return t.ask(n)
}

func (t *objectTest) ask(n uint32) bool {
	if n == 0 || n == graph.Unsure {
		return false
	}
	met := t.meets(t.column.Object(n))
	if t.known != nil {
		if t.known[n] = no; met {
			t.known[n] = yes
		}
	}
	return met
}
