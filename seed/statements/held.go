package statements

import (
	"chancery/graph"
	"chancery/seed/rdf"
)

// said is a statement without its subject and graph.
type said struct {
	predicate *predicate
	object    graph.Term
}

// description is what a graph says of a subject.
type description struct {
	in          *heldGraph
	node        graph.Term
	line        int
	first, last int32 // of its statements, in held's cells
	length      int
}

// heldGraph is a graph that statements are held of, with the subjects that they have.
type heldGraph struct {
	name         graph.Term
	iris, blanks map[string]*description
}

func (g *heldGraph) of(kind graph.TermKind) map[string]*description {
	if kind == graph.Blank {
		return g.blanks
	}
	return g.iris
}

// held is the newest statements of a file, by their subjects. Statements lie in
// cells that are used again, and so are descriptions.
type held struct {
	statements int
	graphs     map[graph.Term]*heldGraph
	order      []*description // as subjects came, from next
	next       int
	last       *description // that of the newest statement: the next is often of it, too
	pages      []*[cellPage]cell
	count      int32 // cells that were ever used
	free       int32 // a list of those that are not now
	spare      []*description
}

type cell struct {
	said
	next int32
}

const (
	noCell   = -1
	cellPage = 1 << 12
)

func (h *held) cell(at int32) *cell { return &h.pages[at/cellPage][at%cellPage] }

func newHeld() held { return held{graphs: map[graph.Term]*heldGraph{}, free: noCell} }

// add takes a statement in.
func (h *held) add(s *rdf.Statement, p *predicate) {
	d := h.last
	if d == nil || d.node.Text != s.Subject.Text || d.node.Kind != s.Subject.Kind || d.in.name != s.Graph {
		d = h.describe(s)
		h.last = d
	}
	at := h.free
	if at == noCell {
		if at = h.count; at%cellPage == 0 {
			h.pages = append(h.pages, new([cellPage]cell))
		}
		h.count++
	} else {
		h.free = h.cell(at).next
	}
	*h.cell(at) = cell{said{p, s.Object}, noCell}
	if d.first == noCell {
		d.first = at
	} else {
		h.cell(d.last).next = at
	}
	d.last = at
	d.length++
	h.statements++
}

// describe returns the description that a statement belongs to.
func (h *held) describe(s *rdf.Statement) *description {
	var g *heldGraph
	if h.last != nil && h.last.in.name == s.Graph {
		g = h.last.in
	} else if g = h.graphs[s.Graph]; g == nil {
		g = &heldGraph{name: s.Graph, iris: map[string]*description{}, blanks: map[string]*description{}}
		h.graphs[s.Graph] = g
	}
	of := g.of(s.Subject.Kind)
	if d := of[s.Subject.Text]; d != nil {
		return d
	}
	var d *description
	if n := len(h.spare); n > 0 {
		d, h.spare = h.spare[n-1], h.spare[:n-1]
	} else {
		d = &description{}
	}
	*d = description{in: g, node: s.Subject, line: s.Line, first: noCell}
	of[s.Subject.Text] = d
	h.order = append(h.order, d)
	return d
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
	g := d.in
	delete(g.of(d.node.Kind), d.node.Text)
	if h.last == d {
		h.last = nil
	}
	if len(g.iris)+len(g.blanks) == 0 {
		delete(h.graphs, g.name)
	}
	return d
}

// take appends the statements of a subject that was taken out to dst, as they came,
// and gives their cells up, and the description.
func (h *held) take(dst []said, d *description) []said {
	for at := d.first; at != noCell; {
		c := h.cell(at)
		dst = append(dst, c.said)
		c.said = said{}
		at = c.next
	}
	h.cell(d.last).next, h.free = h.free, d.first
	h.statements -= d.length
	h.spare = append(h.spare, d)
	return dst
}
