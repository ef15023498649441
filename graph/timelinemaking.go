package graph

import (
	"cmp"
	"math"
	"slices"
)

// timeline returns that of two columns, and makes it if it is worth it; nil if not.
func (c *columns) timeline(of, dates Column, nodes int) *timeline {
	key := timelineOf{of.predicate, dates.predicate}
	c.mu.Lock()
	t := c.timelines[key]
	if t == nil {
		c.awaited[key] += min(nodes, math.MaxInt32)
	}
	wait := c.awaited[key] < len(of.rows.pages)*columnPage/timelineWorth
	c.mu.Unlock()
	// Who comes while another is made does without; only a commit waits for it.
	if t != nil || wait || !c.making.TryLock() {
		return t
	}
	defer c.making.Unlock()
	t = newTimeline(of.rows, dates.rows)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaited[key] = 0
	if t == nil {
		return nil
	}
	if c.timelines == nil {
		c.timelines = map[timelineOf]*timeline{}
	}
	c.timelines[key] = t
	return t
}

// newTimeline puts the subjects of a column in the order of their dates; nil where a
// quad that no claim says is among them, or there are too many.
func newTimeline(of, dates *columnRows) *timeline {
	t := &timeline{objects: slices.Clip(of.objects), index: newObjectIndex(of.objects), dated: dates}
	ranks, loose := t.rank(dates.objects)
	// Sorted by rank, then by object, each time leaving the order before.
	byRank := make([]uint32, loose+3) // where each begins
	if !t.pairs(of, dates, ranks, loose, func(_, _, rank uint32) { byRank[rank+1]++ }) {
		return nil
	}
	for i, id := range dates.objects {
		if ranks[i] < loose && byRank[ranks[i]+1] > 0 {
			earliest, latest := id.Days()
			t.widest = max(t.widest, latest-earliest)
		}
	}
	total := 0
	for rank, n := range byRank {
		if total += int(n); total > math.MaxInt32 {
			return nil
		}
		byRank[rank] = uint32(total)
	}
	type pair struct{ node, number uint32 }
	pairs := make([]pair, total)
	t.pairs(of, dates, ranks, loose, func(node, number, rank uint32) {
		pairs[byRank[rank]] = pair{node, number}
		byRank[rank]++
	})
	// Now byRank has where each ends.
	t.spans = make([]span, len(t.objects))
	for i, p := range pairs {
		s := &t.spans[p.number]
		switch s.end++; {
		case uint32(i) < endOf(byRank, loose):
			s.dated++
			s.loose++
		case uint32(i) < byRank[loose]:
			s.loose++
		}
	}
	begin := uint32(0)
	next := make([]uint32, len(t.spans))
	for i := range t.spans {
		s := &t.spans[i]
		next[i] = begin
		s.dated, s.loose, s.end = begin+s.dated, begin+s.loose, begin+s.end
		begin = s.end
	}
	t.nodes = make([]uint32, total)
	for _, p := range pairs {
		t.nodes[next[p.number]] = p.node
		next[p.number]++
	}
	return t
}

// endOf is where those of the ranks below one end.
func endOf(ends []uint32, rank uint32) uint32 {
	if rank == 0 {
		return 0
	}
	return ends[rank-1]
}

// rank orders the days, months and years among the dates: ranks are by number of the
// date. Other dates have the rank that is returned, and no date the next.
func (t *timeline) rank(dates []ID) (ranks []uint32, loose uint32) {
	ranks = make([]uint32, len(dates))
	order := make([]uint32, 0, len(dates))
	for i, id := range dates {
		if id.Space() == Dates {
			order = append(order, uint32(i))
		}
	}
	slices.SortFunc(order, func(a, b uint32) int {
		firstA, lastA := dates[a].Days()
		firstB, lastB := dates[b].Days()
		return cmp.Or(cmp.Compare(firstA, firstB), cmp.Compare(lastA, lastB))
	})
	loose = uint32(len(order))
	for i := range ranks {
		ranks[i] = loose
	}
	for rank, i := range order {
		ranks[i] = uint32(rank)
	}
	ranks[0] = loose + 1
	return ranks, loose
}

// pairs yields each subject with each of its objects' numbers and the rank of its date,
// ascending by subject; false where that cannot be told.
func (t *timeline) pairs(of, dates *columnRows, ranks []uint32, loose uint32, yield func(node, number, rank uint32)) bool {
	if len(of.pages) > math.MaxUint32/columnPage {
		return false
	}
	for i, page := range of.pages {
		if page == nil {
			continue
		}
		when := &noEntries
		if i < len(dates.pages) && dates.pages[i] != nil {
			when = dates.pages[i]
		}
		for at, e := range page {
			if e.object == 0 {
				continue
			}
			if e == unsure {
				return false
			}
			node, rank := uint32(i*columnPage+at), loose
			if number := when[at].object; number != various {
				rank = ranks[number]
			}
			if e.object != various {
				yield(node, e.object, rank)
				continue
			}
			for rest := of.runs[i][e.claim&^severalBit]; len(rest) > 0; {
				var same []Link
				same, rest = NextObject(rest)
				yield(node, t.index.number(&t.objects, same[0].To), rank)
			}
		}
	}
	return true
}

// timelinesAfter returns the timelines as a commit leaves them, given what it says: they
// are forgotten with their columns.
func timelinesAfter(timelines map[timelineOf]*timeline, built map[ID]*columnRows, added []Quad) map[timelineOf]*timeline {
	next := make(map[timelineOf]*timeline, len(timelines))
	for key, t := range timelines {
		if built[key.predicate] == nil || built[key.dates] == nil {
			continue
		}
		touched := slices.Clip(t.touched)
		fits := true
		for _, q := range added {
			if (q.Predicate == key.predicate || q.Predicate == key.dates) && q.Subject.Space() == Nodes {
				fits = fits && q.Subject.Sequence() <= math.MaxUint32
				touched = append(touched, uint32(q.Subject.Sequence()))
			}
		}
		if !fits {
			continue
		}
		if len(touched) > len(t.touched) {
			slices.Sort(touched)
			touched = slices.Compact(touched)
		}
		if len(touched) > max(mostTouched, len(t.nodes)/mostTouched) {
			continue
		}
		carried := *t
		carried.touched = touched
		next[key] = &carried
	}
	return next
}
