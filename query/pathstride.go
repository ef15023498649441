package query

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// Where fields lead from events to parties, and nothing leads to an event, a search
// goes from party to party in strides of two hops. A party's neighbours are then all
// that has to be known: each once, with the first of the events that the two share,
// which is the one that the first path goes through. They are kept, see neighbourhood.

// findStrides finds what strides may go through: entities that the ways lead from
// forwards, each to one object, and that nothing leads to.
func (s *pathSearch) findStrides() error {
	if s.via != nil || s.during != nil || s.inOrder || s.directed || !s.run.hasTypes {
		return nil
	}
	var between []*schema.Class
	for _, w := range s.ways {
		if w.unknown || !w.Single {
			return nil
		}
		for _, f := range w.fields {
			between = append(between, f.class)
		}
	}
	for _, w := range s.ways {
		if slices.ContainsFunc(between, func(c *schema.Class) bool { return w.from(c, true) }) {
			return nil
		}
		// While there are no columns, whole levels are read sooner hop by hop.
		if _, has, err := s.run.columnFor(w.IRI, 0); err != nil || !has {
			return err
		}
	}
	s.between = between
	s.kept, s.fieldNames = s.run.neighbourhood(), strings.Join(slices.Sorted(maps.Keys(s.fields)), ",")
	return nil
}

// strideSide is what a search in strides has explored from one of its ends. Its last
// level is the frontier, whose neighbours are not all known yet.
type strideSide struct {
	back   bool
	hops   int // from the end to the first level: 1 if strides go through the end, else 0
	levels []strideLevel
	seen   nodeSet

	// least is how many quads the frontier takes at least: those of its first counted
	// nodes are counted, the others count as one each.
	least, counted int
}

// strideLevel are the nodes that lie as many strides from the first level.
type strideLevel struct {
	nodes []graph.ID // ascending
	lists [][]neighbour
}

func (d *strideSide) frontier() *strideLevel { return &d.levels[len(d.levels)-1] }

// depth is how many strides the frontier lies from the first level.
func (d *strideSide) depth() int { return len(d.levels) - 1 }

// grow adds a level of the nodes of a set, in the memory of an earlier search if there
// is one.
func (d *strideSide) grow(of *nodeSet) {
	if len(d.levels) < cap(d.levels) {
		d.levels = d.levels[:len(d.levels)+1]
	} else {
		d.levels = append(d.levels, strideLevel{})
	}
	l := d.frontier()
	l.nodes, l.lists = of.appendTo(l.nodes[:0]), l.lists[:0]
	d.least, d.counted = len(l.nodes), 0
}

// reset forgets the search, and keeps its memory.
func (d *strideSide) reset() {
	for i := range d.levels {
		clear(d.levels[i].lists)
	}
	d.levels = d.levels[:0]
	d.seen.reset()
}

// begin starts from an end.
func (s *pathSearch) beginStrides(d *strideSide, end graph.ID, back bool) error {
	d.back, d.hops = back, 0
	first := &s.memory.fresh
	first.reset()
	if c := s.class(end); slices.Contains(s.between, c) {
		l := pathLevel{nodes: []graph.ID{end}, classes: []*schema.Class{c}}
		if err := s.readHops(&l, back, nil); err != nil {
			return err
		}
		d.hops = 1
		for _, h := range l.hops {
			first.add(h.to)
		}
	} else {
		first.add(end)
	}
	d.grow(first)
	for _, id := range d.frontier().nodes {
		d.seen.add(id)
	}
	return nil
}

// strides finds at most so many of the shortest paths between the ends, in strides;
// sure is false where it cannot tell, and nothing has happened.
func (s *pathSearch) strides(most int) (found []path, sure bool, err error) {
	near, back := &s.memory.nearStrides, &s.memory.backStrides
	if err := s.beginStrides(near, s.from, false); err != nil {
		return nil, false, err
	}
	if err := s.beginStrides(back, s.to, true); err != nil {
		return nil, false, err
	}
	side, other := near, back
	for hops := near.hops + back.hops; hops <= s.maxLength; hops += 2 {
		// What both have seen lies on both frontiers: else the two had met before.
		var met []graph.ID
		for _, id := range side.frontier().nodes {
			if other.seen.has(id) {
				met = append(met, id)
			}
		}
		if len(met) > 0 {
			found, err := s.alongStrides(met, most)
			return found, true, err
		}
		if hops+2 > s.maxLength || len(side.frontier().nodes) == 0 || len(other.frontier().nodes) == 0 {
			break
		}
		if side, other, err = s.smallerStrides(near, back); err != nil {
			return nil, false, err
		}
		if sure, err := s.strideTraced(side); err != nil || !sure {
			return nil, false, err
		}
	}
	return nil, true, nil
}

// smallerStrides returns the side whose frontier takes fewer quads, and the other. It
// counts no further than it takes to tell.
func (s *pathSearch) smallerStrides(near, back *strideSide) (side, other *strideSide, err error) {
	for {
		side, other = near, back
		if back.least < near.least {
			side, other = back, near
		}
		l := side.frontier()
		if side.counted == len(l.nodes) {
			return side, other, nil
		}
		if err := s.run.ctx.Err(); err != nil {
			return nil, nil, err
		}
		if err := s.run.view.Spend(1); err != nil {
			return nil, nil, err
		}
		list, node := s.keptNeighbours(l, side.counted), l.nodes[side.counted]
		quads := len(list)
		if list == nil {
			if quads, err = s.quadsOfStrides(node); err != nil {
				return nil, nil, err
			}
		}
		side.least += quads - 1
		side.counted++
	}
}

// quadsOfStrides is about how many quads it takes to read a node's neighbours: each
// that has it as object, and places of two columns for it.
func (s *pathSearch) quadsOfStrides(node graph.ID) (int, error) {
	counter, counts := s.run.view.Snapshot.(graph.Counter)
	if !counts {
		return 1, nil
	}
	sum := 0
	for _, w := range s.ways {
		n, _, err := counter.Count(graph.Pattern{Predicate: w.id, Object: node})
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return 3 * sum, nil
}

// keptNeighbours returns what is kept of the neighbours of node i of a level, which are
// asked for one after the other; nil if nothing is.
func (s *pathSearch) keptNeighbours(l *strideLevel, i int) []neighbour {
	if i == len(l.lists) {
		l.lists = append(l.lists, s.kept.get(neighboursOf{s.fieldNames, l.nodes[i]}))
	}
	return l.lists[i]
}

// stride goes on from a side's frontier to all that was not seen yet, its new frontier.
// sure is false where it cannot.
func (s *pathSearch) stride(side *strideSide) (sure bool, err error) {
	l, fresh := side.frontier(), &s.memory.fresh
	if err := s.look(len(l.nodes)); err != nil {
		return false, err
	}
	fresh.reset()
	for i, node := range l.nodes {
		list := s.keptNeighbours(l, i)
		if list == nil {
			if list, sure, err = s.readNeighbours(node); err != nil || !sure {
				return false, err
			}
			l.lists[i] = list
			s.kept.put(neighboursOf{s.fieldNames, node}, list)
		} else if err := s.run.view.Spend(len(list)); err != nil {
			return false, err
		}
		for _, n := range list {
			if id := n.node(); side.seen.add(id) {
				fresh.add(id)
			}
		}
	}
	side.grow(fresh)
	fresh.reset()
	return true, s.run.ctx.Err()
}

// alongStrides returns the first of the paths that meet in the nodes.
func (s *pathSearch) alongStrides(met []graph.ID, most int) ([]path, error) {
	m := s.memory
	near, back := &m.nearStrides, &m.backStrides
	// on are, by strides gone, the nodes that paths come through.
	for i := len(m.on); i <= near.depth()+back.depth(); i++ {
		m.on = append(m.on, nodeSet{})
	}
	for _, id := range met {
		m.on[near.depth()].add(id)
	}
	for i := near.depth() - 1; i >= 0; i-- {
		l, beyond, looks := &near.levels[i], &m.on[i+1], 0
		for at, id := range l.nodes {
			leads := slices.IndexFunc(l.lists[at], func(n neighbour) bool { return beyond.has(n.node()) })
			if looks += leads + 1; leads >= 0 {
				m.on[i].add(id)
			} else {
				looks += len(l.lists[at])
			}
		}
		if err := s.run.view.Spend(looks); err != nil {
			return nil, err
		}
	}
	w := strideWalk{search: s, most: most, strides: near.depth() + back.depth(), known: map[graph.ID][]strideStep{}}
	if most > 1 {
		for i := range back.depth() { // all of them lead to the end
			for _, id := range back.levels[i].nodes {
				m.on[w.strides-i].add(id)
			}
		}
	}
	if near.hops > 0 {
		w.at = append(w.at, s.from)
	}
	for _, first := range m.on[0].appendTo(nil) {
		if err := w.walk(first, 0); err != nil || len(w.found) == most {
			return w.found, err
		}
	}
	return w.found, nil
}

// strideWalk walks the shortest paths, each of which leads to the end.
type strideWalk struct {
	search  *pathSearch
	most    int
	strides int // from the first level of one side to that of the other
	at      path
	found   []path
	known   map[graph.ID][]strideStep
}

// walk goes on from a node, after so many strides.
func (w *strideWalk) walk(node graph.ID, gone int) error {
	s := w.search
	begin := len(w.at)
	w.at = append(w.at, node)
	defer func() { w.at = w.at[:begin] }()
	if gone == w.strides {
		found := slices.Clone(w.at)
		if s.memory.backStrides.hops > 0 {
			found = append(found, s.to)
		}
		w.found = append(w.found, found)
		return nil
	}
	if w.most == 1 {
		step, err := w.first(node, gone)
		if err != nil {
			return err
		}
		w.at = append(w.at, step.between)
		return w.walk(step.to, gone+1)
	}
	steps, known := w.known[node]
	if !known {
		var err error
		if steps, err = s.stepsInto(node, &s.memory.on[gone+1]); err != nil {
			return err
		}
		w.known[node] = steps
	}
	for _, step := range steps {
		w.at = append(w.at, step.between)
		if err := w.walk(step.to, gone+1); err != nil || len(w.found) == w.most {
			return err
		}
		w.at = w.at[:begin+1]
	}
	return nil
}

// first returns the first step from a node after so many strides. Cost: the node's
// neighbours, on the near side of where both sides meet; beyond it, a search in those
// of each node of the level that the step leads to. The error is a *graph.MeterError.
func (w *strideWalk) first(node graph.ID, gone int) (strideStep, error) {
	m := w.search.memory
	var least strideStep
	take := func(step strideStep) {
		if least.to == 0 || compareSteps(step, least) < 0 {
			least = step
		}
	}
	if gone < m.nearStrides.depth() {
		l := &m.nearStrides.levels[gone]
		at, _ := slices.BinarySearch(l.nodes, node)
		for _, n := range l.lists[at] {
			if m.on[gone+1].has(n.node()) {
				take(strideStep{n.first(), n.node()})
			}
		}
		return least, w.search.run.view.Spend(len(l.lists[at]))
	}
	l := &m.backStrides.levels[w.strides-gone-1]
	for i, to := range l.nodes {
		at, joined := slices.BinarySearchFunc(l.lists[i], node, func(n neighbour, node graph.ID) int { return int(n.to) - int(node.Sequence()) })
		if joined {
			take(strideStep{l.lists[i][at].first(), to})
		}
	}
	return least, w.search.run.view.Spend(len(l.nodes))
}

// strideTraced is stride as a step of the plan: what is to be read was counted, to
// choose the side.
func (s *pathSearch) strideTraced(side *strideSide) (sure bool, err error) {
	trace := s.run.trace
	if trace == nil {
		return s.stride(side)
	}
	mark := trace.begin(strideFrontier{side.back, side.hops + 2*side.depth() + 1, len(side.frontier().nodes)}, Estimate{-1, side.least})
	sure, err = s.stride(side)
	if sure {
		trace.found(mark, len(side.frontier().nodes))
	}
	trace.end(mark)
	return sure, err
}

// strideFrontier is where a search in strides goes on.
type strideFrontier struct {
	back       bool
	hop, nodes int
}

func (f strideFrontier) String() string {
	end := "from"
	if f.back {
		end = "to"
	}
	return fmt.Sprintf("hops %d and %d from the end %q, to the neighbours of %d known there", f.hop, f.hop+1, end, f.nodes)
}
