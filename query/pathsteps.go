package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// strideStep is a stride from a node: what lies between, and where it leads to.
type strideStep struct{ between, to graph.ID }

func compareSteps(a, b strideStep) int {
	return cmp.Or(cmp.Compare(a.between, b.between), cmp.Compare(a.to, b.to))
}

// readNeighbours reads the neighbours of a node, ascending; ok is false if there can
// be no list of them. Cost: as of steps.
func (s *pathSearch) readNeighbours(node graph.ID) (list []neighbour, ok bool, err error) {
	if err := s.steps(node, nil); err != nil {
		return nil, false, err
	}
	list, ok = neighboursOfSteps(s.memory.steps)
	return list, ok, nil
}

// stepsInto returns the strides from a node to nodes of a set, ascending by what lies
// between, then by where they lead to. Cost: as of steps.
func (s *pathSearch) stepsInto(node graph.ID, into *nodeSet) ([]strideStep, error) {
	if err := s.steps(node, into); err != nil {
		return nil, err
	}
	slices.SortFunc(s.memory.steps, compareSteps)
	return slices.Clone(slices.Compact(s.memory.steps)), nil
}

// steps puts the strides from a node to nodes of a set, in no order and some of them
// twice, into the search's memory; with no set, for each node that strides lead to the
// first of them, and maybe others.
//
// Cost: the quads that have the node as object along the ways, and a look into the
// column of each other way for each of them; more where columns do not tell all.
func (s *pathSearch) steps(node graph.ID, into *nodeSet) error {
	if err := s.run.classify([]graph.ID{node}); err != nil {
		return err
	}
	s.memory.steps = s.memory.steps[:0]
	sure, err := s.lookForSteps(node, into)
	if err != nil || sure {
		return err
	}
	s.memory.steps = s.memory.steps[:0]
	return s.readSteps(node, into)
}

// readSteps is steps hop by hop.
func (s *pathSearch) readSteps(node graph.ID, into *nodeSet) error {
	l := pathLevel{nodes: []graph.ID{node}, classes: []*schema.Class{s.class(node)}}
	if err := s.readHops(&l, false, nil); err != nil {
		return err
	}
	between := pathLevel{nodes: l.after(nil, node), classes: l.next}
	if len(between.nodes) == 0 {
		return nil
	}
	if err := s.readHops(&between, false, nil); err != nil {
		return err
	}
	for _, h := range between.hops {
		if h.to != node && (into == nil || into.has(h.to)) {
			s.memory.steps = append(s.memory.steps, strideStep{h.from, h.to})
		}
	}
	return nil
}

// wayColumn is a way with its column.
type wayColumn struct {
	*way
	graph.Column
}

// lookForSteps is steps by columns; sure is false where they do not tell all.
func (s *pathSearch) lookForSteps(node graph.ID, into *nodeSet) (sure bool, err error) {
	r, links := s.run, &s.memory.links
	class := s.class(node)
	for _, back := range s.ways {
		if !back.from(class, true) {
			continue
		}
		claims := r.view.Facts()
		if r.hides(back.Predicate) {
			claims = r.view.Known()
		}
		links.Reset()
		if err := r.view.Follow(r.ctx, links, []graph.ID{node}, back.IRI, true, claims); err != nil {
			return false, err
		}
		n := len(links.All)
		if n == 0 {
			continue
		}
		column, has, err := r.columnFor(back.IRI, n)
		if err != nil || !has {
			return false, err
		}
		for _, on := range s.ways {
			if on == back {
				continue // leads back to where the hop comes from
			}
			onColumn, has, err := r.columnFor(on.IRI, n)
			if err != nil || !has {
				return false, err
			}
			if !s.goOn(node, class, wayColumn{back, column}, wayColumn{on, onColumn}, into) {
				return false, r.view.Spend(len(s.memory.steps))
			}
		}
	}
	return true, r.view.Spend(len(s.memory.steps)) // the classes of what lies between and beyond
}

// goOn goes on along a way from where the links lead, which come back along another to
// a node of a class.
func (s *pathSearch) goOn(node graph.ID, class *schema.Class, back, on wayColumn, into *nodeSet) (sure bool) {
	r, m := s.run, s.memory
	facts := r.view.Facts()
	types, sole := r.types.Plain(r.view.Known()), back.Plain(facts)
	hides := r.hides(on.Predicate)
	links := m.links.All
	// What comes first between the node and another is all that is asked for: the
	// others with the same number are left out before anything else is looked at.
	done := m.done[:0]
	if words := on.Objects()/64 + 1; into == nil && len(links) > words {
		done = slices.Grow(done, words)[:words]
		clear(done)
		if !hides {
			done[0] = 1 // leads nowhere
		}
	}
	m.done = done
	for len(links) > 0 {
		n := 0
		for ; n < hopsAtOnce && len(links) > 0; links = links[1:] {
			if to := links[0].To; to.Space() == graph.Nodes && (n == 0 || m.ends[n-1] != to) {
				m.ends[n] = to
				n++
			}
		}
		on.Numbers(m.numbers[:n], m.ends[:n], facts)
		for i, number := range m.numbers[:n] {
			if word := int(number / 64); word < len(done) && done[word]>>(number%64)&1 == 1 || number == 0 && !hides {
				continue
			}
			var to graph.ID
			if number != graph.Unsure && number != 0 {
				to = on.Object(number)
				if to == node || to.Space() != graph.Nodes || into != nil && !into.has(to) {
					continue
				}
			}
			between := m.ends[i]
			is, sure := s.classIn(types, between)
			if !sure {
				return false
			}
			if !back.shows(is, class) {
				continue
			}
			if to == 0 {
				return false
			}
			if !sole.Sole(between) {
				if shown, sure := back.Only(between, facts); !sure || shown != node {
					return false
				}
			}
			of, sure := s.classIn(types, to)
			if !sure {
				return false
			}
			if !on.shows(is, of) {
				continue
			}
			m.steps = append(m.steps, strideStep{between, to})
			if len(done) > 0 {
				done[number/64] |= 1 << (number % 64)
			}
		}
	}
	return true
}

// classIn returns the class of a node that the column of types tells; sure is false
// where it does not.
func (s *pathSearch) classIn(types *graph.Plain, node graph.ID) (c *schema.Class, sure bool) {
	of := types.Object(node)
	if of == 0 {
		if of, sure = s.run.types.Only(node, s.run.view.Known()); !sure {
			return nil, false
		}
	}
	return s.classOfType(of), true
}
