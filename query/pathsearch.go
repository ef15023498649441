package query

import (
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
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
		return []path{{from: s.from}}, nil
	}
	if err := s.judge(ends); err != nil {
		return nil, err
	}
	day, inTime := s.dayAfter(s.from, edtf.Past)
	switch {
	case !inTime:
		return nil, nil
	case s.to != 0:
		return s.joining(mode, first, day)
	}
	return s.reached(mode, first, day)
}

// joining finds paths from one end, on a day, to the other.
//
// Both ends are first explored in turn until they meet: that gives the least
// length, and for each node explored from the far end how far it still is. Paths
// of each length are then walked depth first, leaving out whatever is too far.
func (s *pathSearch) joining(mode string, first int, day edtf.Day) ([]path, error) {
	least, left, depth, err := s.meet()
	if err != nil || least < 0 {
		return nil, err
	}
	far := func(id graph.ID) int {
		if d, known := left[id]; known {
			return d
		}
		return depth + 1
	}
	most := 1
	if mode != "SHORTEST" {
		most = first
	}
	var found []path
	for length := least; length <= s.maxLength && len(found) < most; length++ {
		w := &walk{search: s, length: length, most: most, far: far, on: map[graph.ID]bool{s.from: true}, found: found}
		if err := w.step(s.from, day); err != nil {
			return nil, err
		}
		found = w.found
		if mode == "ALL_SHORTEST" && len(found) > 0 {
			break
		}
	}
	return found, nil
}

// meet explores from both ends in turn until they meet. It returns the least
// number of hops between them, negative if there are too many; for each node
// explored from the far end the number of hops left; and how deep that went.
func (s *pathSearch) meet() (least int, left map[graph.ID]int, depth int, err error) {
	left = map[graph.ID]int{s.to: 0}
	gone := map[graph.ID]int{s.from: 0}
	ahead, behind := []graph.ID{s.from}, []graph.ID{s.to}
	for hops := 1; hops <= s.maxLength; hops++ {
		back := len(behind) < len(ahead)
		level, mine, other := &ahead, gone, left
		if back {
			level, mine, other = &behind, left, gone
		}
		if len(*level) == 0 {
			return -1, nil, 0, nil
		}
		if *level, err = s.explore(*level, mine, back); err != nil {
			return 0, nil, 0, err
		}
		if back {
			depth++
		}
		for _, id := range *level {
			if _, met := other[id]; met {
				return hops, left, depth, nil
			}
		}
	}
	return -1, nil, 0, nil
}

// explore returns the nodes one hop beyond a level, and notes their distance.
func (s *pathSearch) explore(level []graph.ID, distance map[graph.ID]int, back bool) ([]graph.ID, error) {
	var open []graph.ID
	for _, id := range level {
		if id == s.from || id == s.to || s.between[id] {
			open = append(open, id)
		}
	}
	if err := s.expand(open, back); err != nil {
		return nil, err
	}
	var next []graph.ID
	for _, id := range open {
		for _, h := range s.hops(id, back) {
			if _, seen := distance[h.to]; !seen {
				distance[h.to] = distance[id] + 1
				next = append(next, h.to)
			}
		}
	}
	return next, s.run.ctx.Err()
}

func (s *pathSearch) hops(id graph.ID, back bool) []hop {
	if back && s.directed {
		return s.back[id]
	}
	return s.near[id]
}

// walk walks all paths of one length, depth first.
type walk struct {
	search *pathSearch
	length int
	most   int
	far    func(graph.ID) int // a lower bound of the hops from a node to the end
	on     map[graph.ID]bool  // nodes of the path so far
	hops   []hop
	found  []path
}

// step goes on from a node that the path has come to on a day.
func (w *walk) step(at graph.ID, day edtf.Day) error {
	s := w.search
	if at == s.to && len(w.hops) == w.length {
		w.found = append(w.found, path{from: s.from, hops: slices.Clone(w.hops)})
		return nil
	}
	if len(w.hops) == w.length || at == s.to {
		return nil
	}
	if err := s.expand([]graph.ID{at}, false); err != nil {
		return err
	}
	for _, h := range s.near[at] {
		if s.tried++; s.tried > mostTriedHops {
			return errorf(CostExceeded, "the search tries more than %d hops: narrow it with fields, via or during, or give a smaller maxLength", mostTriedHops)
		}
		if s.tried%4096 == 0 && s.run.ctx.Err() != nil {
			return s.run.ctx.Err()
		}
		if w.on[h.to] || len(w.hops)+1+w.far(h.to) > w.length || h.to != s.to && !s.between[h.to] {
			continue
		}
		after, inTime := s.dayAfter(h.to, day)
		if !inTime {
			continue
		}
		w.on[h.to] = true
		w.hops = append(w.hops, h)
		err := w.step(h.to, after)
		w.hops = w.hops[:len(w.hops)-1]
		delete(w.on, h.to)
		if err != nil || len(w.found) >= w.most {
			return err
		}
	}
	return nil
}

// reached finds the shortest path, or all shortest, from one end, on a day, to
// each node that can be reached; nearer nodes first, then in the graph's own order.
func (s *pathSearch) reached(mode string, first int, day edtf.Day) ([]path, error) {
	level := []arrival{{path: path{from: s.from}, day: day}}
	done := map[graph.ID]bool{s.from: true} // reached by a shorter path
	best := map[graph.ID]edtf.Day{s.from: day}
	var found []path
	for length := 1; length <= s.maxLength && len(level) > 0 && len(found) < first; length++ {
		next, err := s.arrive(level, best)
		if err != nil {
			return nil, err
		}
		if mode == "SHORTEST" {
			next = everEarlier(next)
		}
		var ends []graph.ID
		for _, a := range next {
			ends = append(ends, a.end())
		}
		slices.Sort(ends)
		ends = slices.DeleteFunc(slices.Compact(ends), func(end graph.ID) bool { return done[end] || s.untimely[end] })
		if ends, err = s.ending(ends); err != nil {
			return nil, err
		}
		for _, end := range ends {
			done[end] = true
			for _, a := range next {
				if a.end() == end && len(found) < first {
					found = append(found, a.path)
					if mode == "SHORTEST" {
						break
					}
				}
			}
		}
		level = next
	}
	return found, nil
}

// ending keeps the nodes that a path may end at.
func (s *pathSearch) ending(nodes []graph.ID) ([]graph.ID, error) {
	if s.ends == nil {
		return nodes, nil
	}
	return s.run.meeting(nodes, s.ends)
}

// everEarlier keeps the arrivals at each node that are earlier than all those
// before them. Whatever can be reached is reached from these, and by the first
// path that leads there.
func everEarlier(all []arrival) []arrival {
	earliest := map[graph.ID]edtf.Day{}
	kept := all[:0]
	for _, a := range all {
		if day, seen := earliest[a.end()]; !seen || a.day < day {
			earliest[a.end()] = a.day
			kept = append(kept, a)
		}
	}
	return kept
}

// arrival is a path that has come to its end on a day.
type arrival struct {
	path
	day edtf.Day
}

func (a arrival) end() graph.ID {
	if n := len(a.hops); n > 0 {
		return a.hops[n-1].to
	}
	return a.from
}

// arrive goes one hop on from every arrival. Later arrivals at a node that was
// reached as early by fewer hops lead nowhere new.
func (s *pathSearch) arrive(level []arrival, best map[graph.ID]edtf.Day) ([]arrival, error) {
	var nodes []graph.ID
	for _, a := range level {
		if id := a.end(); id == s.from || s.between[id] {
			nodes = append(nodes, id)
		}
	}
	if err := s.expand(nodes, false); err != nil {
		return nil, err
	}
	var next []arrival
	earliest := map[graph.ID]edtf.Day{}
	for _, a := range level {
		id := a.end()
		if id != s.from && !s.between[id] {
			continue
		}
		for _, h := range s.near[id] {
			if s.tried++; s.tried > mostTriedHops {
				return nil, errorf(CostExceeded, "the search tries more than %d hops: narrow it with fields, via or during, or give a smaller maxLength", mostTriedHops)
			}
			after, inTime := s.dayAfter(h.to, a.day)
			if before, seen := best[h.to]; !inTime || seen && before <= after {
				continue
			}
			if e, seen := earliest[h.to]; !seen || after < e {
				earliest[h.to] = after
			}
			hops := append(slices.Clone(a.hops), h)
			next = append(next, arrival{path{from: s.from, hops: hops}, after})
		}
	}
	for id, day := range earliest {
		best[id] = day
	}
	return next, s.run.ctx.Err()
}

// pathObjects runs a selection over paths.
func (r *run) pathObjects(of []path, c *collected) (column, error) {
	if err := r.count(len(of)); err != nil {
		return nil, err
	}
	return r.fields("Path", c, func(f *collected) (column, error) {
		switch f.field.Name {
		case "length":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.int(len(of[i].hops)); return true }}, nil
		case "events":
			return r.pathEvents(of)
		}
		var hops []hop
		var froms []graph.ID
		ends := make([]int, len(of))
		for i, p := range of {
			at := p.from
			for _, h := range p.hops {
				froms = append(froms, at)
				hops = append(hops, h)
				at = h.to
			}
			ends[i] = len(hops)
		}
		steps, err := r.hopObjects(froms, hops, f)
		return &list{nonNull: true, itemNonNull: true, ends: ends, items: steps}, err
	})
}

// pathEvents counts the events between the ends of each path.
func (r *run) pathEvents(of []path) (column, error) {
	var between []graph.ID
	ends := make([]int, len(of))
	for i, p := range of {
		for _, h := range p.hops[:max(0, len(p.hops)-1)] {
			between = append(between, h.to)
		}
		ends[i] = len(between)
	}
	if err := r.classify(between); err != nil {
		return nil, err
	}
	event := r.ontology.Class("Event")
	counts := make([]int, len(of))
	start := 0
	for i, end := range ends {
		for _, id := range between[start:end] {
			if c := r.class(id); c != nil && c.Is(event) {
				counts[i]++
			}
		}
		start = end
	}
	return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.int(counts[i]); return true }}, nil
}

func (r *run) hopObjects(froms []graph.ID, hops []hop, c *collected) (column, error) {
	if err := r.count(len(hops)); err != nil {
		return nil, err
	}
	from, to := make([]row, len(hops)), make([]row, len(hops))
	claims := make([][]graph.ID, len(hops))
	for i, h := range hops {
		from[i], to[i], claims[i] = row{id: froms[i]}, row{id: h.to}, slices.Compact(slices.Sorted(slices.Values(h.claims)))
	}
	subject := func(i int) graph.ID {
		if hops[i].inverse {
			return hops[i].to
		}
		return froms[i]
	}
	return r.fields("PathStep", c, func(f *collected) (column, error) {
		switch f.field.Name {
		case "from":
			return r.nodeColumn(f, from)
		case "to":
			return r.nodeColumn(f, to)
		case "field":
			return &leaf{put: func(w *writer, i int) bool {
				return w.some(r.fieldOf(fact{subject: subject(i), predicate: hops[i].predicate}))
			}}, nil
		case "predicate":
			return r.predicateColumn(func(i int) graph.ID { return hops[i].predicate }), nil
		case "inverse":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.boolean(hops[i].inverse); return true }}, nil
		case "claims":
			return r.claimLists(claims, from, f)
		}
		panic("query: PathStep." + f.field.Name + " is derived by no rule")
	})
}
