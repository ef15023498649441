package statements

import (
	"chancery/graph"
	"chancery/seed/rdf"
)

// subject is a subject of a graph.
type subject struct{ graph, node graph.Term }

// said is a statement without its subject and graph.
type said struct {
	predicate string
	object    graph.Term
}

// description is what a graph says of a subject.
type description struct {
	subject
	line        int
	first, last int32 // of its statements, in held's cells
	length      int
}

// held is the newest statements of a file, by their subjects. Statements lie in
// cells that are used again.
type held struct {
	statements int
	subjects   map[subject]*description
	order      []*description // as subjects came, from next
	next       int
	last       *description // that of the newest statement: the next is often of it, too
	cells      []cell
	free       int32 // a list of cells
}

type cell struct {
	said
	next int32
}

const noCell = -1

func newHeld() held { return held{subjects: map[subject]*description{}, free: noCell} }

// add takes a statement in.
func (h *held) add(s *rdf.Statement) {
	d := h.last
	if d == nil || d.node != s.Subject || d.graph != s.Graph {
		key := subject{s.Graph, s.Subject}
		if d = h.subjects[key]; d == nil {
			d = &description{subject: key, line: s.Line, first: noCell}
			h.subjects[key] = d
			h.order = append(h.order, d)
		}
		h.last = d
	}
	at := h.free
	if at == noCell {
		at = int32(len(h.cells))
		h.cells = append(h.cells, cell{})
	} else {
		h.free = h.cells[at].next
	}
	h.cells[at] = cell{said{s.Predicate.Text, s.Object}, noCell}
	if d.first == noCell {
		d.first = at
	} else {
		h.cells[d.last].next = at
	}
	d.last = at
	d.length++
	h.statements++
}

// oldest takes out the subject that came first, of which there is one. Its statements
// stay until take.
func (h *held) oldest() *description {
	d := h.order[h.next]
	h.order[h.next] = nil
	if h.next++; h.next > len(h.order)/2 {
		h.order = append(h.order[:0], h.order[h.next:]...)
		h.next = 0
	}
	delete(h.subjects, d.subject)
	if h.last == d {
		h.last = nil
	}
	return d
}

// take appends the statements of a subject that was taken out to dst, as they came,
// and gives their cells up.
func (h *held) take(dst []said, d *description) []said {
	for at := d.first; at != noCell; at = h.cells[at].next {
		dst = append(dst, h.cells[at].said)
		h.cells[at].said = said{}
	}
	h.cells[d.last].next, h.free = h.free, d.first
	h.statements -= d.length
	return dst
}
