package graph

import "math"

// brief is what holds for all entries of a page of a column: where they are alike, or
// are admitted all together, nobody has to look at each.
type brief struct {
	object      uint32 // that each node has; various where they differ
	least, most uint32 // the claims of the entries lie between them; most below least: there are none
	alone       bool   // no node has several quads
	// short has the numbers of the objects once more, where the nodes have different
	// ones that are all short, as those of classes are; nil elsewhere.
	short *[columnPage]uint8
}

// briefOf looks at the entries of a page.
func briefOf(page *[columnPage]entry) brief {
	b := brief{object: page[0].object, least: ^uint32(0), alone: true}
	greatest := uint32(0)
	for _, e := range page {
		if e.object != b.object {
			b.object = various
		}
		greatest = max(greatest, e.object)
		switch {
		case e.several():
			b.alone = false
		case e.object != 0:
			b.least, b.most = min(b.least, e.claim), max(b.most, e.claim)
		}
	}
	if b.alone && b.object == various && greatest <= math.MaxUint8 {
		b.short = new([columnPage]uint8)
		for i, e := range page {
			b.short[i] = uint8(e.object)
		}
	}
	return b
}

// admitted reports whether each node of the page has one link at most, and the claims
// of all of them are in the set.
func (b *brief) admitted(claims *Set) bool {
	return b.alone && (b.most < b.least || claims.hasAll(uint64(b.least), uint64(b.most)))
}

// brief looks at the pages that were written to.
func (e *columnEdit) brief() {
	for page := range e.owned {
		e.briefs[page] = briefOf(e.pages[page])
	}
}
