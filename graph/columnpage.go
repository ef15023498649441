package graph

const columnPage = 512

// page is what so many nodes have in a column, by their places.
type page struct {
	numbers *[columnPage]uint32 // of their objects; noNumbers: none has one
	// claims are those of their entries; nil: that of each node that has an object is the
	// first and as many further on as its place, which is how events and the claims that
	// brought them in lie beside each other.
	claims *[columnPage]uint32
	first  uint32
}

// entry is what one node has: the number of its object, and the sequence of the only
// claim that gives it. A node with several quads has them in a run: then severalBit
// is set, the rest is the number of its run in the page, and the object is various
// where they differ in it. So what most nodes have costs 4 to 8 bytes a node, and a run
// 24 and 16 for each of its quads.
type entry struct{ object, claim uint32 }

const (
	various    = ^uint32(0)
	severalBit = 1 << 31
)

// unsure marks a node with a quad that no claim says, or that had one.
var unsure = entry{object: various, claim: ^uint32(0)}

// several reports whether the entry is no single link.
func (e entry) several() bool { return e.claim&severalBit != 0 }

// noNumbers are those of a page that has nothing. Nobody writes to them.
var noNumbers [columnPage]uint32

// empty reports whether the page has nothing.
func (p *page) empty() bool { return p.numbers == &noNumbers }

func place(node ID) (page, at int) {
	seq := node.Sequence()
	return int(seq / columnPage), int(seq % columnPage)
}

// at returns the entry of a place.
func (p *page) at(i int) entry {
	switch number := p.numbers[i]; {
	case number == 0:
		return entry{}
	case p.claims == nil:
		return entry{number, p.first + uint32(i)}
	default:
		return entry{number, p.claims[i]}
	}
}

// unpacked returns a copy that set may write to.
func (p *page) unpacked() page {
	own := page{numbers: new([columnPage]uint32), claims: new([columnPage]uint32)}
	for i := range columnPage {
		own.set(i, p.at(i))
	}
	return own
}

func (p *page) set(i int, e entry) { p.numbers[i], p.claims[i] = e.object, e.claim }

// packed returns an unpacked page in less memory where that can be. Pages whose nodes all
// have the same object share their numbers, by object.
func (p *page) packed(alike map[uint32]*[columnPage]uint32) page {
	out := *p
	known, inLine, same := false, true, true
	for i, number := range p.numbers {
		same = same && number == p.numbers[0]
		if number == 0 {
			continue
		}
		e := p.at(i)
		if first := e.claim - uint32(i); !known {
			out.first, known = first, true
		} else if first != out.first {
			inLine = false
		}
		inLine = inLine && !e.several()
	}
	if inLine {
		out.claims = nil
	}
	if same {
		if shared := alike[p.numbers[0]]; shared != nil {
			out.numbers = shared
		} else {
			alike[p.numbers[0]] = p.numbers
		}
	}
	return out
}
