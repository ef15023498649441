package graph

import "math"

// Plain tells of whole stretches of nodes at once what a column has there, as some
// claims see it: a summary so small that it stays in the processor's fastest memory.
// It says nothing of stretches where nodes have several quads, where the claims
// leave some out, or where nodes were merged. A nil Plain says nothing at all.
type Plain struct {
	stretches []plainStretch
	shorts    []*[columnPage]uint8 // of each stretch the short numbers of its nodes' objects; nil: others tell
	beyond    uint32               // number of nodes beyond: none, or it is not known
	objects   []ID                 // by short number
}

type plainStretch struct {
	numbers *[columnPage]uint32 // nil: nothing is told
	number  uint32              // of the object of all nodes; various: they differ
	object  ID                  // with that number; 0: none, or they differ
	short   *[columnPage]uint8  // numbers of the nodes' objects, where these are short; nil elsewhere
}

// numbers sets numbers to those of the nodes' objects, Unsure where it says nothing.
func (p *Plain) numbers(numbers []uint32, nodes []ID) {
	shorts := p.shorts
	numbers = numbers[:len(nodes)]
	for i, node := range nodes {
		// What is no node is beyond all stretches.
		if at := uint64(node-firstNode) / columnPage; at < uint64(len(shorts)) && shorts[at] != nil {
			numbers[i] = uint32(shorts[at][node%columnPage])
		} else {
			numbers[i] = p.number(node)
		}
	}
}

// firstNode is the id of the node with the sequence 0.
const firstNode = ID(Nodes) << spaceShift

func (p *Plain) number(node ID) uint32 {
	at := uint64(node-firstNode) / columnPage
	if at >= uint64(len(p.stretches)) {
		if node.Space() != Nodes {
			return Unsure
		}
		return p.beyond
	}
	switch s := &p.stretches[at]; {
	case s.numbers == nil:
		return Unsure
	case s.number != various:
		return s.number
	default:
		return s.numbers[node%columnPage]
	}
}

// Sole reports whether the node has one quad at most, and the claims give it: a quad
// that is found from its object's side is then the node's only one. False says nothing.
func (p *Plain) Sole(node ID) bool {
	at := node.Sequence() / columnPage
	return p != nil && at < uint64(len(p.stretches)) && p.stretches[at].numbers != nil
}

// Object returns the node's only object where that is known; 0 says nothing.
func (p *Plain) Object(node ID) ID {
	seq := node.Sequence()
	if p == nil || seq/columnPage >= uint64(len(p.stretches)) {
		return 0
	}
	at := &p.stretches[seq/columnPage]
	if at.short == nil {
		return at.object
	}
	return p.objects[at.short[seq%columnPage]]
}

// plainOf is what a view's plains are kept by.
type plainOf struct {
	predicate ID
	known     bool
}

// Plain returns what can be told of whole stretches of nodes, as the claims see them:
// the view's Facts or Known; of others it is nil. The nodes to ask about are such that
// are entities. Cost: a look at each 512 nodes of the graph and their claims' bits, once
// a view; O(1) then.
func (c Column) Plain(claims *Set) *Plain {
	if claims != c.view.facts && claims != c.view.known {
		return nil
	}
	key := plainOf{c.predicate, claims == c.view.known}
	if p, ok := c.view.settled.plains.Load(key); ok {
		return p.(*Plain)
	}
	p := &Plain{stretches: make([]plainStretch, len(c.rows.pages))}
	for _, id := range c.rows.objects[:min(len(c.rows.objects), math.MaxUint8+1)] {
		p.objects = append(p.objects, c.view.merges.stays(id))
	}
	for i, page := range c.rows.pages {
		b := &c.rows.briefs[i]
		s := &p.stretches[i]
		if page.empty() {
			s.numbers = &noNumbers
			continue
		}
		if !b.admitted(claims) {
			continue
		}
		s.numbers, s.number, s.short = page.numbers, b.object, b.short
		if b.object != various {
			s.object = c.Object(b.object)
		}
	}
	if c.view.merges != nil {
		p.beyond = Unsure
		for id, stays := range c.view.merges.into {
			for _, id := range []ID{id, stays} {
				if at, _ := place(id); at < len(p.stretches) {
					p.stretches[at] = plainStretch{}
				}
			}
		}
	}
	p.shorten()
	kept, _ := c.view.settled.plains.LoadOrStore(key, p)
	return kept.(*Plain)
}

// shorten lists the stretches with short numbers. Those that have one number for all
// of their nodes share a page of it.
func (p *Plain) shorten() {
	p.shorts = make([]*[columnPage]uint8, len(p.stretches))
	var alike [math.MaxUint8 + 1]*[columnPage]uint8
	for i := range p.stretches {
		s := &p.stretches[i]
		switch {
		case s.numbers == nil:
		case s.number > math.MaxUint8:
			p.shorts[i] = s.short
		default:
			page := alike[s.number]
			if page == nil {
				page = new([columnPage]uint8)
				for k := range page {
					page[k] = uint8(s.number)
				}
				alike[s.number] = page
			}
			p.shorts[i] = page
		}
	}
}
