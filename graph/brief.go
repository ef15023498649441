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
func briefOf(p *page) brief {
	b := brief{object: p.numbers[0], least: ^uint32(0), alone: true}
	greatest := uint32(0)
	for i := range columnPage {
		e := p.at(i)
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
		for i, number := range p.numbers {
			b.short[i] = uint8(number)
		}
	}
	return b
}

// admitted reports whether each node of the page has one link at most, and the claims
// of all of them are in the set.
func (b *brief) admitted(claims *Set) bool {
	return b.alone && (b.most < b.least || claims.hasAll(uint64(b.least), uint64(b.most)))
}

// seal packs the pages that were written to, and looks at what they have in brief.
func (e *columnEdit) seal() {
	alike := map[uint32]*[columnPage]uint32{}
	for number := range e.owned {
		e.briefs[number] = briefOf(&e.pages[number])
		e.pages[number] = e.pages[number].packed(alike)
	}
	clear(e.owned)
}
