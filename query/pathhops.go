package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// readHops reads the hops of a level, back or ahead; of a search that is not
// directed there is no difference.
//
// Cost: some looks into columns for each node, along the predicates that its class
// can be the subject of; and every quad that has it as object, along the others.
func (s *pathSearch) readHops(l *pathLevel, back bool) error {
	if s.looked += len(l.nodes); s.looked > mostExpanded {
		return errorf(CostExceeded, "the search looks at more than %d entities: narrow it with fields, via or during, or give a smaller maxLength", mostExpanded)
	}
	classes, err := s.classesOf(l.nodes)
	if err != nil {
		return err
	}
	for _, w := range s.ways {
		for _, inverse := range []bool{false, true} {
			if s.directed && inverse != back {
				continue
			}
			nodes := l.nodes
			leading := 0
			for _, c := range classes {
				if w.from(c, inverse) {
					leading++
				}
			}
			switch {
			case leading == 0:
				continue
			case leading < len(classes):
				nodes = s.memory.some[:0]
				for _, id := range l.nodes {
					if w.from(s.class(id), inverse) {
						nodes = append(nodes, id)
					}
				}
				s.memory.some = nodes
			}
			s.memory.unsure = s.memory.unsure[:0]
			if inverse {
				err = s.readBackwards(l, nodes, w)
			} else {
				err = s.readForwards(l, nodes, w)
			}
			l.runs = append(l.runs, len(l.hops))
			if err == nil && len(s.memory.unsure) > 0 {
				err = s.addUnsure(l, w, inverse)
			}
			if err != nil {
				return err
			}
		}
	}
	return s.run.ctx.Err()
}

// classesOf looks up the classes of the nodes, and returns those that there are.
func (s *pathSearch) classesOf(nodes []graph.ID) ([]*schema.Class, error) {
	if err := s.run.classify(nodes); err != nil {
		return nil, err
	}
	var distinct []*schema.Class
	var last *schema.Class
	for _, id := range nodes {
		if c := s.class(id); c != last && c != nil {
			last = c
			if !slices.Contains(distinct, c) {
				distinct = append(distinct, c)
			}
		}
	}
	return distinct, nil
}

// class returns the class of a node that classesOf was given.
func (s *pathSearch) class(id graph.ID) *schema.Class {
	if c, sure := s.soleClass(id); sure {
		return c
	}
	return s.run.class(id)
}

// soleClass returns the class of a node that the column of types tells; sure is
// false where it does not.
func (s *pathSearch) soleClass(id graph.ID) (c *schema.Class, sure bool) {
	r := s.run
	if !r.hasTypes {
		return nil, false
	}
	l, sure := r.types.At(id)
	if l.To == 0 || !r.view.Known().Has(l.Label) {
		return nil, sure
	}
	if l.To != s.lastType {
		s.lastType, s.lastClass = l.To, r.classOfType(l.To)
	}
	return s.lastClass, true
}

// readForwards adds the hops from subjects to what they relate to.
func (s *pathSearch) readForwards(l *pathLevel, nodes []graph.ID, w *way) error {
	r := s.run
	column, has, err := r.columnOf(w.IRI, nodes)
	if err != nil {
		return err
	}
	required := w.Single && r.op.engine.required[w.IRI]
	rest := s.memory.rest[:0]
	for _, node := range nodes {
		if !has {
			rest = nodes
			break
		}
		link, sole := column.At(node)
		switch {
		case !sole:
			rest = append(rest, node)
		case link.To == 0:
		case r.view.Facts().Has(link.Label):
			s.add(l, nodeHop{node, link.To}, w, false)
		case required: // the claim that gives the class may say it
			rest = append(rest, node)
		}
	}
	if has {
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
	var column graph.Column
	has := false
	if w.Single {
		var err error
		if column, has, err = r.view.Column(r.ctx, w.IRI, len(links.All)); err != nil {
			return err
		}
	}
	rest := s.memory.pairs[:0]
	for i, node := range nodes {
		last := graph.ID(0)
		for _, link := range links.Of(i) {
			if link.To == last || link.To.Space() != graph.Nodes {
				continue
			}
			last = link.To
			if w.Single {
				sole := false
				if has {
					var one graph.Link
					one, sole = column.At(link.To)
					sole = sole && r.view.Facts().Has(one.Label)
				}
				if !sole {
					rest = append(rest, nodeHop{node, link.To})
					continue
				}
			}
			s.add(l, nodeHop{node, link.To}, w, true)
		}
	}
	s.memory.pairs = rest
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

// add takes a hop in, if it is one that fields show; or notes it where that is
// not sure yet. The class of the node that it leads from has been looked up.
func (s *pathSearch) add(l *pathLevel, h nodeHop, w *way, inverse bool) {
	if h.to.Space() != graph.Nodes {
		return
	}
	c, sure := s.soleClass(h.to)
	if !sure {
		s.memory.unsure = append(s.memory.unsure, h)
		return
	}
	subject, object := s.class(h.from), c
	if inverse {
		subject, object = object, subject
	}
	if w.shows(subject, object) {
		l.hops = append(l.hops, h)
	}
}

// addUnsure takes in those of the hops that were not sure which fields show.
func (s *pathSearch) addUnsure(l *pathLevel, w *way, inverse bool) error {
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
		subject, object := s.class(h.from), s.class(h.to)
		if inverse {
			subject, object = object, subject
		}
		if h.to.Space() == graph.Nodes && w.shows(subject, object) {
			l.hops = append(l.hops, h)
		}
	}
	l.runs = append(l.runs, len(l.hops))
	return nil
}

// count estimates how many hops a node has: one along each way forwards, and
// backwards as many as the store says, if it can.
func (s *pathSearch) count(id graph.ID, back bool) (int, error) {
	if c := s.class(id); c != s.counted.class || back != s.counted.back {
		s.counted.class, s.counted.back = c, back
		s.counted.forwards, s.counted.backwards = 0, s.counted.backwards[:0]
		for _, w := range s.ways {
			if w.from(c, false) && !(s.directed && back) {
				s.counted.forwards++
			}
			if w.from(c, true) && (back || !s.directed) {
				s.counted.backwards = append(s.counted.backwards, w)
			}
		}
	}
	n := s.counted.forwards + len(s.counted.backwards)
	counter, ok := s.run.view.Snapshot.(graph.Counter)
	if !ok {
		return n, nil
	}
	for _, w := range s.counted.backwards {
		more, _, err := counter.Count(graph.Pattern{Predicate: w.id, Object: id})
		if err != nil {
			return 0, err
		}
		n += more
	}
	return n, nil
}
