package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// pathLevel are the nodes that lie as many hops from the end of a search, and the
// hops beyond them once they are read.
type pathLevel struct {
	nodes   []graph.ID      // ascending
	classes []*schema.Class // that the nodes are of; some may be of none of the nodes
	hops    []nodeHop
	next    []*schema.Class // of the nodes that the hops lead to
	runs    []hopRun
}

// hopRun is where a part of a level's hops ends. Those of a part follow one way, and
// the nodes that they lead from ascend.
type hopRun struct {
	end     int
	way     *way
	inverse bool
}

// nodeHop leads from a node to a neighbour, in the direction of the search.
type nodeHop struct{ from, to graph.ID }

// begin empties the level for nodes of the given classes.
func (l *pathLevel) begin(classes ...*schema.Class) {
	l.nodes, l.classes = l.nodes[:0], append(l.classes[:0], classes...)
	l.hops, l.runs, l.next = l.hops[:0], l.runs[:0], l.next[:0]
}

// reaches notes that a hop leads to a node of the class.
func (l *pathLevel) reaches(c *schema.Class) {
	if n := len(l.next); n == 0 || l.next[n-1] != c && !slices.Contains(l.next, c) {
		l.next = append(l.next, c)
	}
}

// after appends the nodes that the hops lead to from a node, ascending.
// Cost: O(parts·log n) and the node's hops.
func (l *pathLevel) after(dst []graph.ID, node graph.ID) []graph.ID {
	begin, from := len(dst), 0
	for _, r := range l.runs {
		run := l.hops[from:r.end]
		at, _ := slices.BinarySearchFunc(run, node, func(h nodeHop, node graph.ID) int { return cmp.Compare(h.from, node) })
		for ; at < len(run) && run[at].from == node; at++ {
			dst = append(dst, run[at].to)
		}
		from = r.end
	}
	slices.Sort(dst[begin:])
	return dst[:begin+len(slices.Compact(dst[begin:]))]
}

// before appends the nodes that the hops lead to a node from, ascending.
// Cost: O(hops).
func (l *pathLevel) before(dst []graph.ID, node graph.ID) []graph.ID {
	begin := len(dst)
	for _, h := range l.hops {
		if h.to == node {
			dst = append(dst, h.from)
		}
	}
	slices.Sort(dst[begin:])
	return dst[:begin+len(slices.Compact(dst[begin:]))]
}

// keep drops the hops that lead to no node of a set, and puts the nodes that the
// others lead from into a second. Cost: O(hops).
func (l *pathLevel) keep(to, from *nodeSet) {
	kept, begin := 0, 0
	for i, r := range l.runs {
		for _, h := range l.hops[begin:r.end] {
			if to.has(h.to) {
				l.hops[kept] = h
				kept++
				from.add(h.from)
			}
		}
		begin, l.runs[i].end = r.end, kept
	}
	l.hops = l.hops[:kept]
}

// order makes one part of all hops.
func (l *pathLevel) order() {
	slices.SortFunc(l.hops, func(a, b nodeHop) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	l.runs = append(l.runs[:0], hopRun{end: len(l.hops)})
}

// turn makes every hop lead the other way.
func (l *pathLevel) turn() {
	for i, h := range l.hops {
		l.hops[i] = nodeHop{h.to, h.from}
	}
	l.order()
}
