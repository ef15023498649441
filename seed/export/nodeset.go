package export

import (
	"math/bits"

	"chancery/graph"
)

// nodeSet is a set of nodes, one bit a node.
type nodeSet []uint64

// add puts a node into the set and reports whether it was not there. What is no node
// is passed over.
func (s *nodeSet) add(id graph.ID) bool {
	if id.Space() != graph.Nodes {
		return false
	}
	word, bit := id.Sequence()/64, uint64(1)<<(id.Sequence()%64)
	for uint64(len(*s)) <= word {
		*s = append(*s, 0)
	}
	if (*s)[word]&bit != 0 {
		return false
	}
	(*s)[word] |= bit
	return true
}

func (s nodeSet) has(id graph.ID) bool {
	word := id.Sequence() / 64
	return id.Space() == graph.Nodes && word < uint64(len(s)) && s[word]>>(id.Sequence()%64)&1 == 1
}

// all yields the nodes, ascending; nodes that are added meanwhile may come or not.
func (s *nodeSet) all(yield func(graph.ID) bool) {
	for i := 0; i < len(*s); i++ {
		for w := (*s)[i]; w != 0; w &= w - 1 {
			if !yield(graph.InSpace(graph.Nodes, uint64(i*64+bits.TrailingZeros64(w)))) {
				return
			}
		}
	}
}
