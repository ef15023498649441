package query

import (
	"maps"
	"math/bits"
	"slices"

	"chancery/graph"
)

// nodeSet is a set of nodes, one bit a node, in pages that are there once one of
// their nodes is. Reset keeps them, so that a set that is used again allocates
// nothing.
type nodeSet struct {
	pages []*nodePage
	used  []int // pages with nodes, in no order
	// far has the pages of nodes that only the preview of a commit brings in: their
	// sequences lie far beyond all others.
	far map[int]*nodePage
}

const (
	nodesOfPage = 4096
	farPage     = 1 << 24
)

type nodePage struct {
	words [nodesOfPage / 64]uint64
	used  bool // it is listed among those with nodes
}

// add puts a node into the set, and reports whether it was not there yet.
func (s *nodeSet) add(id graph.ID) bool {
	seq := id.Sequence()
	var page *nodePage
	if at := seq / nodesOfPage; at < uint64(len(s.pages)) {
		page = s.pages[at]
	}
	if page == nil || !page.used {
		page = s.page(int(seq / nodesOfPage))
	}
	word, bit := &page.words[seq%nodesOfPage/64], uint64(1)<<(seq%64)
	fresh := *word&bit == 0
	*word |= bit
	return fresh
}

func (s *nodeSet) has(id graph.ID) bool {
	seq := id.Sequence()
	var page *nodePage
	if at := seq / nodesOfPage; at < uint64(len(s.pages)) {
		page = s.pages[at]
	} else if s.far != nil {
		page = s.far[int(at)]
	}
	return page != nil && page.words[seq%nodesOfPage/64]>>(seq%64)&1 == 1
}

func (s *nodeSet) empty() bool { return len(s.used) == 0 && len(s.far) == 0 }

// page makes room for a page that a node is about to be put into.
func (s *nodeSet) page(at int) *nodePage {
	if at >= farPage {
		if s.far == nil {
			s.far = map[int]*nodePage{}
		}
		if s.far[at] == nil {
			s.far[at] = &nodePage{used: true}
		}
		return s.far[at]
	}
	for at >= len(s.pages) {
		s.pages = append(s.pages, nil)
	}
	page := s.pages[at]
	if page == nil {
		page = new(nodePage)
		s.pages[at] = page
	}
	if !page.used {
		page.used = true
		s.used = append(s.used, at)
	}
	return page
}

// appendTo appends the nodes, ascending.
func (s *nodeSet) appendTo(dst []graph.ID) []graph.ID {
	slices.Sort(s.used)
	for _, at := range s.used {
		dst = s.pages[at].appendTo(dst, at)
	}
	for _, at := range slices.Sorted(maps.Keys(s.far)) {
		dst = s.far[at].appendTo(dst, at)
	}
	return dst
}

func (p *nodePage) appendTo(dst []graph.ID, at int) []graph.ID {
	for i, word := range p.words {
		for first := uint64(at*nodesOfPage + i*64); word != 0; word &= word - 1 {
			dst = append(dst, graph.InSpace(graph.Nodes, first+uint64(bits.TrailingZeros64(word))))
		}
	}
	return dst
}

// reset empties the set.
func (s *nodeSet) reset() {
	for _, at := range s.used {
		*s.pages[at] = nodePage{}
	}
	s.used, s.far = s.used[:0], nil
}
