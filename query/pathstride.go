package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// Where fields lead from events to parties, and nothing leads to an event, a search
// goes from party to party in strides of two hops: what lies between is looked at once
// and kept only if the search comes to somewhere new beyond it. Columns must tell all
// of it for certain; where they do not, the search goes hop by hop.

// findStrides finds what strides may go through: entities that the ways lead from
// forwards, each to one object, and that nothing leads to.
func (s *pathSearch) findStrides() {
	if s.via != nil || s.during != nil || s.inOrder || s.directed {
		return
	}
	var between []*schema.Class
	for _, w := range s.ways {
		if w.unknown || !w.Single {
			return
		}
		for _, f := range w.fields {
			between = append(between, f.class)
		}
	}
	for _, w := range s.ways {
		if slices.ContainsFunc(between, func(c *schema.Class) bool { return w.from(c, true) }) {
			return
		}
	}
	s.between = between
}

// strides reports whether the side may go two hops at once: both frontiers are of
// nodes that strides begin and end at.
func (s *pathSearch) strides(side, other *pathSide) bool {
	isBetween := func(c *schema.Class) bool { return slices.Contains(s.between, c) }
	return s.between != nil && s.run.hasTypes &&
		!slices.ContainsFunc(side.frontier().classes, isBetween) && !slices.ContainsFunc(other.frontier().classes, isBetween)
}

// stride is one of a side in the making.
type stride struct {
	*pathSearch
	side               *pathSide
	near, middle, far  *pathLevel
	types              *graph.Plain
	from               graph.ID // the node gone from last, and its class
	class              *schema.Class
	ends               [hopsAtOnce]graph.ID // what lies between
	classes            [hopsAtOnce]*schema.Class
	kept               [hopsAtOnce]bool
	places, typePlaces [hopsAtOnce]graph.Place
}

// onward is a way on from what lies between.
type onward struct {
	*way
	column graph.Column
	hides  bool
}

// stride explores two hops beyond a side's frontier, as explore does twice, and drops
// the hops that lead to what was seen before. sure is false, and nothing has
// happened, where columns do not tell enough.
func (s *pathSearch) stride(side, other *pathSide) (met []graph.ID, sure bool, err error) {
	depth, looked := side.depth(), s.looked
	side.grow()
	side.grow()
	l := &s.memory.stride
	l.pathSearch, l.side, l.from = s, side, 0
	l.near, l.middle, l.far = &side.levels[depth], &side.levels[depth+1], &side.levels[depth+2]
	l.types = s.run.types.Plain(s.run.view.Known())
	s.memory.fresh.reset()
	sure, err = l.read()
	if err != nil || !sure {
		side.levels = side.levels[:depth+1]
		l.near.hops, l.near.runs, l.near.next = l.near.hops[:0], l.near.runs[:0], l.near.next[:0]
		s.memory.fresh.reset()
		s.looked = looked
		return nil, false, err
	}
	l.middle.classes, l.far.classes = append(l.middle.classes, l.near.next...), append(l.far.classes, l.middle.next...)
	l.middle.runs, l.middle.loose = append(l.middle.runs, hopRun{end: len(l.middle.hops)}), true
	l.far.nodes = s.memory.fresh.appendTo(l.far.nodes)
	s.memory.fresh.reset()
	for _, id := range l.far.nodes {
		side.seen.add(id)
		if other.seen.has(id) {
			if _, there := slices.BinarySearch(other.frontier().nodes, id); there {
				met = append(met, id)
			}
		}
	}
	side.least, side.counted = len(l.far.nodes), 0
	return met, true, s.run.ctx.Err()
}

// read reads the hops of both levels.
func (l *stride) read() (sure bool, err error) {
	r, links := l.run, &l.memory.links
	if err := l.look(len(l.near.nodes)); err != nil {
		return false, err
	}
	for _, w := range l.ways {
		nodes := l.nodesOf(l.near, w, true)
		if len(nodes) == 0 {
			continue
		}
		claims := r.view.Facts()
		if r.hides(w.Predicate) {
			claims = r.view.Known()
		}
		links.Reset()
		if err := r.view.Follow(r.ctx, links, nodes, w.IRI, true, claims); err != nil {
			return false, err
		}
		n := len(links.All)
		if err := l.look(n); err != nil {
			return false, err
		}
		column, has, err := r.columnFor(w.IRI, n)
		if err != nil || !has {
			return false, err
		}
		var on []onward
		for _, other := range l.ways {
			if other == w {
				continue // leads back to where the hop comes from
			}
			column, has, err := r.columnFor(other.IRI, n)
			if err != nil || !has {
				return false, err
			}
			on = append(on, onward{other, column, r.hides(other.Predicate)})
		}
		if err := r.view.Spend(2 * n); err != nil { // the classes of what lies between and beyond
			return false, err
		}
		if !l.goOn(nodes, links, w, column, on) {
			return false, nil
		}
		l.near.runs = append(l.near.runs, hopRun{len(l.near.hops), w, true})
	}
	return true, nil
}

// goOn takes in the links that lead back along a way to nodes of the frontier, and
// goes on from there along the other ways.
func (l *stride) goOn(nodes []graph.ID, links *graph.Links, back *way, column graph.Column, on []onward) bool {
	plain := column.Plain(l.run.view.Facts())
	n, begin := 0, len(l.near.hops)
	for i, node := range nodes {
		for _, link := range links.Of(i) {
			if link.To.Space() != graph.Nodes {
				continue
			}
			if !plain.Sole(link.To) {
				if to, sole := column.Only(link.To, l.run.view.Facts()); !sole || to != node {
					return false
				}
			}
			// The hop is there until it is known to lead nowhere.
			l.near.hops = append(l.near.hops, nodeHop{node, link.To})
			l.ends[n] = link.To
			if n++; n == hopsAtOnce {
				if !l.beyond(begin, back, on) {
					return false
				}
				n, begin = 0, len(l.near.hops)
			}
		}
	}
	return n == 0 || l.beyond(begin, back, on)
}

// beyond goes on from where the hops from one on lead, and keeps those that lead
// somewhere new.
func (l *stride) beyond(begin int, back *way, on []onward) bool {
	r := l.run
	hops := l.near.hops[begin:]
	ends := l.ends[:len(hops)]
	if !l.classify(hops, back) {
		return false
	}
	for _, w := range on {
		places := l.places[:len(ends)]
		w.column.Places(places, ends, r.view.Facts())
		for i, c := range l.classes[:len(ends)] {
			to := places[i].To
			switch {
			case c == nil:
				continue
			case !places[i].Sole, to == 0 && w.hides:
				return false
			case to.Space() != graph.Nodes || l.side.seen.has(to):
				continue
			}
			of := l.types.Object(to)
			if of == 0 {
				var sure bool
				if of, sure = r.types.Only(to, r.view.Known()); !sure {
					return false
				}
			}
			if is := l.classOfType(of); w.shows(c, is) {
				l.kept[i] = true
				l.memory.fresh.add(to)
				l.middle.hops = append(l.middle.hops, nodeHop{ends[i], to})
				l.middle.reaches(is)
			}
		}
	}
	kept := l.near.hops[:begin]
	for i, h := range hops {
		if l.kept[i] {
			kept = append(kept, h)
			l.near.reaches(l.classes[i])
		}
	}
	l.near.hops = kept
	return true
}

// classify finds the classes of what the hops lead to; nil where no field shows it.
func (l *stride) classify(hops []nodeHop, back *way) bool {
	ends := l.ends[:len(hops)]
	asked := false
	for i, h := range hops {
		of := l.types.Object(h.to)
		if of == 0 {
			if !asked {
				l.run.types.Places(l.typePlaces[:], ends, l.run.view.Known())
				asked = true
			}
			if !l.typePlaces[i].Sole {
				return false
			}
			of = l.typePlaces[i].To
		}
		if h.from != l.from {
			l.from = h.from
			if l.class = l.near.classes[0]; len(l.near.classes) > 1 {
				l.class = l.pathSearch.class(h.from)
			}
		}
		l.kept[i], l.classes[i] = false, l.classOfType(of)
		if !back.shows(l.classes[i], l.class) {
			l.classes[i] = nil
		}
	}
	return true
}
