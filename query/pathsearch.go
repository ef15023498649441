package query

import (
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// find looks for at most first paths.
func (s *pathSearch) find(mode string, first int) ([]path, error) {
	ends := []graph.ID{s.from}
	if s.to != 0 {
		ends = append(ends, s.to)
	}
	if err := s.run.classify(ends); err != nil {
		return nil, err
	}
	entity := s.run.ontology.Class("Entity")
	for _, end := range ends {
		if c := s.run.class(end); first == 0 || c == nil || !c.Is(entity) {
			return nil, nil
		}
	}
	if s.to != 0 {
		if ends, err := s.ending([]graph.ID{s.to}); err != nil || len(ends) == 0 {
			return nil, err
		}
	}
	if s.from == s.to {
		return []path{{s.from}}, nil
	}
	s.memory = pathMemories.Get().(*pathMemory)
	defer s.memory.release()
	if err := s.judge(ends); err != nil {
		return nil, err
	}
	day, inTime := s.dayAfter(s.from, edtf.Past)
	if !inTime {
		return nil, nil
	}
	var err error
	if s.ways, err = s.run.ways(s.fields); err != nil {
		return nil, err
	}
	if s.to != 0 {
		return s.joining(mode, first, day)
	}
	return s.reached(mode, first, day)
}

// joining finds paths from one end, on a day, to the other.
//
// Where the two ends meet gives the least length, and the paths of that length if
// time does not matter. Others are walked depth first, leaving out whatever is
// farther from the end than there are hops left.
func (s *pathSearch) joining(mode string, first int, day edtf.Day) ([]path, error) {
	most := 1
	if mode != "SHORTEST" {
		most = first
	}
	if s.run.straight() {
		return s.walked(mode, most, day)
	}
	if mode != "K_SHORTEST" { // which asks how far from the end any node is
		if err := s.findStrides(); err != nil {
			return nil, err
		}
		if s.between != nil {
			if found, sure, err := s.strides(most); sure || err != nil {
				return found, err
			}
		}
	}
	length, met, err := s.meet()
	if err != nil || length < 0 {
		return nil, err
	}
	var found []path
	if !s.inOrder {
		found = s.shortest(met, most)
		length++
	}
	w := &walk{search: s, most: most, near: map[graph.ID][]graph.ID{}, at: path{s.from}, found: found}
	for ; length <= s.maxLength && len(w.found) < most; length++ {
		if mode == "ALL_SHORTEST" && len(w.found) > 0 {
			break
		}
		w.length = length
		if err := w.step(day); err != nil {
			return nil, err
		}
	}
	return w.found, nil
}

// walk walks all paths of one length, depth first.
type walk struct {
	search *pathSearch
	length int
	most   int
	near   map[graph.ID][]graph.ID // neighbours, ascending
	at     path                    // so far
	found  []path
}

// step goes on from the node that the path has come to on a day.
func (w *walk) step(day edtf.Day) error {
	s := w.search
	at := w.at[w.at.hops()]
	if at == s.to && w.at.hops() == w.length {
		w.found = append(w.found, slices.Clone(w.at))
		return nil
	}
	if w.at.hops() == w.length || at == s.to {
		return nil
	}
	neighbours, err := w.neighbours(at)
	if err != nil {
		return err
	}
	for _, to := range neighbours {
		if err := s.try(); err != nil {
			return err
		}
		if slices.Contains(w.at, to) || w.at.hops()+1+s.far(to) > w.length || to != s.to && s.memory.barred.has(to) {
			continue
		}
		after, inTime := s.dayAfter(to, day)
		if !inTime {
			continue
		}
		w.at = append(w.at, to)
		err := w.step(after)
		w.at = w.at[:len(w.at)-1]
		if err != nil || len(w.found) >= w.most {
			return err
		}
	}
	return nil
}

// neighbours reads what the hops from a node lead to, ascending.
func (w *walk) neighbours(of graph.ID) ([]graph.ID, error) {
	to, known := w.near[of]
	if known {
		return to, nil
	}
	s := w.search
	l := pathLevel{nodes: []graph.ID{of}, classes: []*schema.Class{s.class(of)}}
	if err := s.readHops(&l, false, nil); err != nil {
		return nil, err
	}
	to = l.after(nil, of)
	w.near[of] = to
	return to, s.judge(to)
}

// far is a lower bound of the hops from a node to the end.
func (s *pathSearch) far(id graph.ID) int {
	back := &s.memory.back
	for depth := range back.levels {
		if _, there := slices.BinarySearch(back.levels[depth].nodes, id); there {
			return depth
		}
	}
	return len(back.levels)
}

// try counts one more hop that a search tries, against the limit.
func (s *pathSearch) try() error {
	if s.tried++; s.tried > mostTriedHops {
		return errorf(CostExceeded, "the search tries more than %d hops: narrow it with fields, via or during, or give a smaller maxLength", mostTriedHops)
	}
	if s.tried%4096 == 0 {
		return s.run.ctx.Err()
	}
	return nil
}
