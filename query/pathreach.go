package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
)

// arrival is a path that has come to a node on a day: the path of an arrival of the
// level before, and one hop more.
type arrival struct {
	at     graph.ID
	before int32
	day    edtf.Day
}

// reached finds the shortest path, or all shortest, from one end, on a day, to
// each node that can be reached; nearer nodes first, then in the graph's own order.
func (s *pathSearch) reached(mode string, first int, day edtf.Day) ([]path, error) {
	m := s.memory
	levels := [][]arrival{{{at: s.from, day: day}}}
	// Ends are reached by a shorter path.
	ended, been := &m.met, &m.near.seen
	ended.add(s.from)
	been.add(s.from)
	best := map[graph.ID]edtf.Day{s.from: day}
	m.level.next = append(m.level.next[:0], s.class(s.from))
	var found []path
	for len(levels) <= s.maxLength && len(found) < first {
		next, err := s.arrive(levels[len(levels)-1], best, mode == "SHORTEST")
		if err != nil {
			return nil, err
		}
		if len(next) == 0 {
			break
		}
		levels = append(levels, next)
		ends := make([]graph.ID, 0, len(next))
		ranks := make([]int32, len(next)) // by end, then by path
		for i, a := range next {
			ranks[i] = int32(i)
			if !ended.has(a.at) && !m.untimely.has(a.at) {
				ends = append(ends, a.at)
			}
		}
		slices.SortFunc(ranks, func(a, b int32) int { return cmp.Or(cmp.Compare(next[a].at, next[b].at), cmp.Compare(a, b)) })
		slices.Sort(ends)
		if ends, err = s.ending(slices.Compact(ends)); err != nil {
			return nil, err
		}
		for _, end := range ends {
			ended.add(end)
			at, _ := slices.BinarySearchFunc(ranks, end, func(rank int32, end graph.ID) int { return cmp.Compare(next[rank].at, end) })
			for ; at < len(ranks) && next[ranks[at]].at == end && len(found) < first; at++ {
				found = append(found, pathOf(levels, ranks[at]))
				if mode == "SHORTEST" {
					break
				}
			}
		}
	}
	return found, nil
}

// pathOf returns the path of an arrival of the last level.
func pathOf(levels [][]arrival, rank int32) path {
	p := make(path, len(levels))
	for i := len(levels) - 1; i >= 0; i-- {
		p[i] = levels[i][rank].at
		rank = levels[i][rank].before
	}
	return p
}

// ending keeps the nodes that a path may end at.
func (s *pathSearch) ending(nodes []graph.ID) ([]graph.ID, error) {
	if s.ends == nil {
		return nodes, nil
	}
	return s.run.meeting(nodes, s.ends)
}

// arrive goes one hop on from every arrival. Later arrivals at a node that was
// reached as early by fewer hops lead nowhere new; with firsts, those neither that
// are as late as one before them: whatever can be reached is reached from the
// others, and by the first path that leads there.
func (s *pathSearch) arrive(level []arrival, best map[graph.ID]edtf.Day, firsts bool) ([]arrival, error) {
	m := s.memory
	goesOn := func(id graph.ID) bool { return id == s.from || !m.barred.has(id) }
	m.fresh.reset()
	for _, a := range level {
		if goesOn(a.at) {
			m.fresh.add(a.at)
		}
	}
	l := &m.level
	l.begin(slices.Clone(l.next)...)
	l.nodes = m.fresh.appendTo(l.nodes)
	if err := s.readHops(l, false, nil); err != nil {
		return nil, err
	}
	m.fresh.reset()
	for _, h := range l.hops {
		m.fresh.add(h.to)
	}
	m.some = m.fresh.appendTo(m.some[:0])
	if err := s.judge(m.some); err != nil {
		return nil, err
	}
	var next []arrival
	var near []graph.ID
	earliest := map[graph.ID]edtf.Day{}
	for rank, a := range level {
		if !goesOn(a.at) {
			continue
		}
		near = l.after(near[:0], a.at)
		for _, to := range near {
			if err := s.try(); err != nil {
				return nil, err
			}
			if !s.inOrder {
				if m.near.seen.has(to) {
					continue
				}
				if firsts {
					m.near.seen.add(to)
				}
				next = append(next, arrival{to, int32(rank), a.day})
				continue
			}
			day, inTime := s.dayAfter(to, a.day)
			if before, seen := best[to]; !inTime || seen && before <= day {
				continue
			}
			if before, seen := earliest[to]; !seen || day < before {
				earliest[to] = day
			} else if firsts {
				continue
			}
			next = append(next, arrival{to, int32(rank), day})
		}
	}
	if !s.inOrder {
		for _, a := range next {
			m.near.seen.add(a.at)
		}
	}
	for id, day := range earliest {
		best[id] = day
	}
	return next, s.run.ctx.Err()
}
