package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// pathSide is what a search has explored from one of its ends. Its last level is
// the frontier, whose hops are not read yet.
type pathSide struct {
	back   bool
	levels []pathLevel
	seen   nodeSet
	// told has, by way, the nodes that were reached backwards along a single-valued
	// one: its hops forwards from them lead back to where they were reached from.
	told []nodeSet

	// least is how many hops the frontier has at least: those of its first counted
	// nodes are counted, the others count as one each.
	least, counted int
}

// begin starts from an end.
func (d *pathSide) begin(end graph.ID, class *schema.Class, ways int, back bool) {
	d.back = back
	for len(d.told) < ways {
		d.told = append(d.told, nodeSet{})
	}
	d.levels = d.levels[:0]
	d.seen.add(end)
	l := d.grow(class)
	l.nodes = append(l.nodes, end)
	d.least, d.counted = 1, 0
}

func (d *pathSide) frontier() *pathLevel { return &d.levels[len(d.levels)-1] }

// depth is how many hops the frontier lies from the end.
func (d *pathSide) depth() int { return len(d.levels) - 1 }

// grow adds a level, in the memory of an earlier search if there is one.
func (d *pathSide) grow(classes ...*schema.Class) *pathLevel {
	if len(d.levels) < cap(d.levels) {
		d.levels = d.levels[:len(d.levels)+1]
	} else {
		d.levels = append(d.levels, pathLevel{})
	}
	l := d.frontier()
	l.begin(classes...)
	return l
}

// meet explores from both ends, always beyond the frontier that has fewer hops,
// until they meet. It returns the least number of hops between them, and the nodes
// where paths of as many hops meet; negative if there are too many.
func (s *pathSearch) meet() (least int, met []graph.ID, err error) {
	near, back := &s.memory.near, &s.memory.back
	near.begin(s.from, s.class(s.from), len(s.ways), false)
	back.begin(s.to, s.class(s.to), len(s.ways), true)
	for hops := 0; hops < s.maxLength; {
		side, err := s.smaller(near, back)
		if err != nil {
			return 0, nil, err
		}
		other := near
		if side == near {
			other = back
		}
		before := side.depth()
		met, err = s.exploreTraced(side, other)
		hops += side.depth() - before
		if err != nil || len(met) > 0 {
			return hops, met, err
		}
		if len(side.frontier().nodes) == 0 {
			break
		}
	}
	return -1, nil, nil
}

// smaller returns the side whose frontier has fewer hops. It counts no further
// than it takes to tell.
func (s *pathSearch) smaller(near, back *pathSide) (*pathSide, error) {
	for {
		side := near
		if back.least < near.least {
			side = back
		}
		if side.counted == len(side.frontier().nodes) {
			return side, nil
		}
		if err := s.count(side); err != nil {
			return nil, err
		}
	}
}

// explore reads the hops of a side's frontier. It returns the nodes of the other side's
// frontier that they lead to; what they lead to and was not seen yet is the side's new
// frontier.
func (s *pathSearch) explore(side, other *pathSide) (met []graph.ID, err error) {
	l := side.frontier()
	if err := s.readHops(l, side.back, side.told); err != nil {
		return nil, err
	}
	fresh := &s.memory.fresh
	fresh.reset()
	begin := 0
	for _, run := range l.runs {
		var told *nodeSet
		if run.inverse && run.way.Single {
			told = &side.told[slices.Index(s.ways, run.way)]
		}
		for _, h := range l.hops[begin:run.end] {
			if side.seen.add(h.to) {
				fresh.add(h.to)
			}
			if told != nil {
				told.add(h.to)
			}
		}
		begin = run.end
	}
	next := side.grow(l.next...)
	next.nodes = fresh.appendTo(next.nodes)
	fresh.reset()
	// What both have seen lies on the other's frontier, or may not be gone through:
	// else the two had met before.
	for _, id := range next.nodes {
		if other.seen.has(id) {
			if _, there := slices.BinarySearch(other.frontier().nodes, id); there {
				met = append(met, id)
			}
		}
	}
	if len(met) > 0 {
		return met, nil
	}
	if err := s.judge(next.nodes); err != nil {
		return nil, err
	}
	next.nodes = slices.DeleteFunc(next.nodes, s.memory.barred.has)
	side.least, side.counted = len(next.nodes), 0
	return nil, nil
}

// shortest returns the first of the paths that meet in the nodes.
// Cost: O(hops read), and what is returned.
func (s *pathSearch) shortest(met []graph.ID, first int) []path {
	near, back := &s.memory.near, &s.memory.back
	s.keepJoining(near, met)
	if first > 1 { // else each node is left once: hops are looked through, and all beyond lead to the end
		s.keepJoining(back, met)
		for i := range back.depth() {
			back.levels[i].turn()
		}
	}
	length := near.depth() + back.depth()
	// next appends the nodes that a path may go on to after so many hops.
	next := func(dst []graph.ID, node graph.ID, gone int) []graph.ID {
		if gone < near.depth() {
			return near.levels[gone].after(dst, node)
		}
		l := &back.levels[length-gone-1]
		if first > 1 {
			return l.after(dst, node)
		}
		return l.before(dst, node)
	}
	var found []path
	at := path{s.from}
	var walk func()
	walk = func() {
		if at.hops() == length {
			found = append(found, slices.Clone(at))
			return
		}
		// Each of these leads to the end.
		for _, id := range next(nil, at[at.hops()], at.hops()) {
			at = append(at, id)
			walk()
			at = at[:len(at)-1]
			if len(found) == first {
				return
			}
		}
	}
	walk()
	return found
}

// keepJoining drops the hops of a side that lead to none of the nodes that lie on
// its frontier.
func (s *pathSearch) keepJoining(side *pathSide, met []graph.ID) {
	to, from := &s.memory.fresh, &s.memory.met
	to.reset()
	for _, id := range met {
		to.add(id)
	}
	for i := side.depth() - 1; i >= 0; i-- {
		from.reset()
		side.levels[i].keep(to, from)
		to, from = from, to
	}
}
