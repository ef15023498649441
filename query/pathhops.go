package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// readHops reads the hops of a level, back or ahead; of a search that is not
// directed there is no difference. The classes of its nodes have been looked up.
// told has, by way, the nodes whose hops forwards along it are known and may be left
// out; nil: none.
//
// Cost: some looks into columns for each node, along the predicates that its class
// can be the subject of; and every quad that has it as object, along the others.
func (s *pathSearch) readHops(l *pathLevel, back bool, told []nodeSet) error {
	if err := s.look(len(l.nodes)); err != nil {
		return err
	}
	for i, w := range s.ways {
		for _, inverse := range []bool{false, true} {
			if s.directed && inverse != back {
				continue
			}
			nodes := s.nodesOf(l, w, inverse)
			if told != nil && !inverse && !told[i].empty() {
				nodes = s.untold(nodes, &told[i])
			}
			if len(nodes) == 0 {
				continue
			}
			begin := len(l.hops)
			s.memory.unsure = s.memory.unsure[:0]
			var err error
			if inverse {
				err = s.readBackwards(l, nodes, w)
			} else {
				err = s.readForwards(l, nodes, w)
			}
			if err != nil {
				return err
			}
			if err := s.run.view.Spend(len(l.hops) - begin); err != nil { // the classes of their ends
				return err
			}
			s.keepShown(l, begin, w, inverse)
			if err := s.addUnsure(l, w, inverse); err != nil {
				return err
			}
		}
	}
	return s.run.ctx.Err()
}

// look counts nodes whose hops are read, against the limit.
func (s *pathSearch) look(nodes int) error {
	if s.looked += nodes; s.looked > mostExpanded {
		return errorf(CostExceeded, "the search looks at more than %d entities: narrow it with fields, via or during, or give a smaller maxLength", mostExpanded)
	}
	return nil
}

// nodesOf returns the nodes of a level that the way may lead from; inverse: to.
func (s *pathSearch) nodesOf(l *pathLevel, w *way, inverse bool) []graph.ID {
	leading := 0
	for _, c := range l.classes {
		if w.from(c, inverse) {
			leading++
		}
	}
	switch leading {
	case 0:
		return nil
	case len(l.classes):
		return l.nodes
	}
	nodes := s.memory.some[:0]
	for _, id := range l.nodes {
		if w.from(s.class(id), inverse) {
			nodes = append(nodes, id)
		}
	}
	s.memory.some = nodes
	return nodes
}

// untold leaves out the nodes whose hops are known.
func (s *pathSearch) untold(nodes []graph.ID, told *nodeSet) []graph.ID {
	kept := slices.Grow(s.memory.some[:0], len(nodes))
	for _, id := range nodes {
		if !told.has(id) {
			kept = append(kept, id)
		}
	}
	s.memory.some = kept
	return kept
}

// class returns the class of a node that was reached: it has been looked up.
func (s *pathSearch) class(id graph.ID) *schema.Class {
	if c, sure := s.soleClass(id); sure {
		return c
	}
	return s.run.class(id)
}

// soleClass returns the class of a node that the column of types tells; sure is
// false where it does not.
func (s *pathSearch) soleClass(id graph.ID) (c *schema.Class, sure bool) {
	if !s.run.hasTypes {
		return nil, false
	}
	of, sure := s.run.types.Only(id, s.run.view.Known())
	if !sure {
		return nil, false
	}
	return s.classOfType(of), true
}

// classOfType is [run.classOfType]; most nodes that follow each other are of one
// class. Of 0 it is nil.
func (s *pathSearch) classOfType(of graph.ID) *schema.Class {
	if of == 0 {
		return nil
	}
	if of != s.lastType {
		s.lastType, s.lastClass = of, s.run.classOfType(of)
	}
	return s.lastClass
}

// hopsAtOnce is of how many hops a column is asked at once.
const hopsAtOnce = 256

// placesOf returns what a column has at the nodes that the hops lead to; nothing
// is sole if there is no column.
func (s *pathSearch) placesOf(c graph.Column, has bool, hops []nodeHop, claims *graph.Set) []graph.Place {
	m := s.memory
	if !has {
		clear(m.places[:])
		return m.places[:len(hops)]
	}
	for i, h := range hops {
		m.ends[i] = h.to
	}
	c.Places(m.places[:], m.ends[:len(hops)], claims)
	return m.places[:len(hops)]
}

// readForwards adds the hops from subjects to what they relate to.
func (s *pathSearch) readForwards(l *pathLevel, nodes []graph.ID, w *way) error {
	r := s.run
	column, has, err := r.columnOf(w.IRI, nodes)
	if err != nil {
		return err
	}
	required := w.Single && r.op.engine.required[w.IRI]
	rest := nodes
	if has {
		rest = s.memory.rest[:0]
		for left := nodes; len(left) > 0; {
			nodes := left[:min(len(left), hopsAtOnce)]
			left = left[len(nodes):]
			places := s.memory.places[:len(nodes)]
			column.Places(places, nodes, r.view.Facts())
			for i, place := range places {
				switch {
				case !place.Sole:
					rest = append(rest, nodes[i])
				case place.To.Space() == graph.Nodes:
					l.hops = append(l.hops, nodeHop{nodes[i], place.To})
				case place.To == 0 && required: // the claim that gives the class may say it
					rest = append(rest, nodes[i])
				}
			}
		}
		s.memory.rest = rest
	}
	if len(rest) == 0 {
		return nil
	}
	found, err := s.shownBy(rest, w)
	if err != nil {
		return err
	}
	for i, node := range rest {
		for _, it := range found.of(i) {
			s.memory.unsure = append(s.memory.unsure, nodeHop{node, it.to})
		}
	}
	return nil
}

// shownBy reads what the subjects relate to along a way.
func (s *pathSearch) shownBy(subjects []graph.ID, w *way) (*items, error) {
	r := s.run
	entity := r.ontology.Class("Entity")
	found, err := r.relateOne(subjects, &schema.Field{Class: entity, Range: entity, Predicates: []*schema.Predicate{w.Predicate}}, w.Predicate)
	if err != nil || !w.Single || !r.op.engine.required[w.IRI] {
		return found, err
	}
	// What is required may be shown of what the perspective hides.
	spoken, err := r.spokenOf(subjects)
	if err != nil {
		return nil, err
	}
	kept := make([]bool, 0, len(found.all))
	for i := range subjects {
		for range found.of(i) {
			kept = append(kept, spoken[i])
		}
	}
	found.keep(func(i int) bool { return kept[i] })
	return found, nil
}

// readBackwards adds the hops from objects to what relates to them. Of a
// single-valued predicate only the pairs count that are shown from the subject's side.
func (s *pathSearch) readBackwards(l *pathLevel, nodes []graph.ID, w *way) error {
	r := s.run
	claims := r.view.Facts()
	if w.Single && r.op.engine.required[w.IRI] {
		claims = r.view.Known()
	}
	links := &s.memory.links
	links.Reset()
	if err := r.view.Follow(r.ctx, links, nodes, w.IRI, true, claims); err != nil {
		return err
	}
	begin := len(l.hops)
	for i, node := range nodes {
		last := graph.ID(0)
		for _, link := range links.Of(i) {
			if link.To != last && link.To.Space() == graph.Nodes {
				last = link.To
				l.hops = append(l.hops, nodeHop{node, last})
			}
		}
	}
	if !w.Single {
		return nil
	}
	column, has, err := r.columnFor(w.IRI, len(l.hops)-begin)
	if err != nil {
		return err
	}
	kept, rest := l.hops[:begin], s.memory.pairs[:0]
	var plain *graph.Plain
	if has {
		plain = column.Plain(r.view.Facts())
	}
	for left := l.hops[begin:]; len(left) > 0; {
		hops := left[:min(len(left), hopsAtOnce)]
		left = left[len(hops):]
		var places []graph.Place
		for i, h := range hops {
			// The only object of a subject is what is shown of it.
			if plain.Sole(h.to) {
				kept = append(kept, h)
				continue
			}
			if places == nil {
				places = s.placesOf(column, has, hops, r.view.Facts())
			}
			if places[i].Sole && places[i].To != 0 {
				kept = append(kept, h)
			} else {
				rest = append(rest, h)
			}
		}
	}
	l.hops, s.memory.pairs = kept, rest
	if len(rest) == 0 {
		return nil
	}
	subjects := make([]graph.ID, len(rest))
	for i, h := range rest {
		subjects[i] = h.to
	}
	slices.Sort(subjects)
	subjects = slices.Compact(subjects)
	found, err := s.shownBy(subjects, w)
	if err != nil {
		return err
	}
	for _, h := range rest {
		at, _ := slices.BinarySearch(subjects, h.to)
		if slices.ContainsFunc(found.of(at), func(it item) bool { return it.to == h.from }) {
			s.memory.unsure = append(s.memory.unsure, h)
		}
	}
	return nil
}

// keepShown keeps those of the hops from one on that fields show, as one run. Those
// of which that is not sure yet it puts to the others that are not.
func (s *pathSearch) keepShown(l *pathLevel, begin int, w *way, inverse bool) {
	kept := l.hops[:begin]
	var node graph.ID
	var from *schema.Class
	var plain *graph.Plain
	if s.run.hasTypes {
		plain = s.run.types.Plain(s.run.view.Known())
	}
	for left := l.hops[begin:]; len(left) > 0; {
		hops := left[:min(len(left), hopsAtOnce)]
		left = left[len(hops):]
		var places []graph.Place
		for i, h := range hops {
			if h.from != node {
				node = h.from
				if from = l.classes[0]; len(l.classes) > 1 {
					from = s.class(node)
				}
			}
			of := plain.Object(h.to)
			if of == 0 {
				if places == nil {
					places = s.placesOf(s.run.types, s.run.hasTypes, hops, s.run.view.Known())
				}
				if !places[i].Sole {
					s.memory.unsure = append(s.memory.unsure, h)
					continue
				}
				of = places[i].To
			}
			to := s.classOfType(of)
			if inverse && w.shows(to, from) || !inverse && w.shows(from, to) {
				l.reaches(to)
				kept = append(kept, h)
			}
		}
	}
	l.hops = kept
	l.runs = append(l.runs, hopRun{len(kept), w, inverse})
}

// addUnsure takes in those of the hops that were not sure which fields show.
func (s *pathSearch) addUnsure(l *pathLevel, w *way, inverse bool) error {
	if len(s.memory.unsure) == 0 {
		return nil
	}
	r := s.run
	ends := make([]graph.ID, len(s.memory.unsure))
	for i, h := range s.memory.unsure {
		ends[i] = h.to
	}
	if err := r.classify(ends); err != nil {
		return err
	}
	slices.SortStableFunc(s.memory.unsure, func(a, b nodeHop) int { return cmp.Compare(a.from, b.from) })
	for _, h := range s.memory.unsure {
		from, to := s.class(h.from), s.class(h.to)
		if h.to.Space() == graph.Nodes && (inverse && w.shows(to, from) || !inverse && w.shows(from, to)) {
			l.reaches(to)
			l.hops = append(l.hops, h)
		}
	}
	l.runs = append(l.runs, hopRun{len(l.hops), w, inverse})
	return nil
}

// count adds to what is known of how many hops a frontier has: one along each way
// forwards, and backwards as many as the store says, if it can. It counts one more
// node; all of them, where none can have hops backwards.
func (s *pathSearch) count(side *pathSide) error {
	l := side.frontier()
	c := l.classes[0]
	if len(l.classes) > 1 {
		c = s.class(l.nodes[side.counted])
	}
	if c != s.counted.class || side.back != s.counted.back {
		s.counted.class, s.counted.back = c, side.back
		s.counted.forwards, s.counted.backwards = 0, s.counted.backwards[:0]
		for _, w := range s.ways {
			if w.from(c, false) && !(s.directed && side.back) {
				s.counted.forwards++
			}
			if w.from(c, true) && (side.back || !s.directed) {
				s.counted.backwards = append(s.counted.backwards, w)
			}
		}
	}
	if len(l.classes) == 1 && len(s.counted.backwards) == 0 {
		side.least, side.counted = s.counted.forwards*len(l.nodes), len(l.nodes)
		return nil
	}
	n := s.counted.forwards
	counter, counts := s.run.view.Snapshot.(graph.Counter)
	for _, w := range s.counted.backwards {
		more := 1
		if counts {
			var err error
			if more, _, err = counter.Count(graph.Pattern{Predicate: w.id, Object: l.nodes[side.counted]}); err != nil {
				return err
			}
		}
		n += more
	}
	side.least += n - 1
	side.counted++
	return nil
}
