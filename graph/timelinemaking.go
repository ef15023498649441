package graph

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// timeline returns that of two columns, and makes it if it is worth it; nil if not.
// Where its context ends, making stops, and the next who asks goes on from there. The
// error is ctx.Err().
func (c *columns) timeline(ctx context.Context, of, dates Column, nodes int) (*timeline, error) {
	key := timelineOf{of.predicate, dates.predicate}
	c.mu.Lock()
	t := c.timelines[key]
	if t == nil {
		c.awaited[key] += min(nodes, math.MaxInt32-c.awaited[key])
	}
	wait := c.awaited[key] < len(of.rows.pages)*columnPage/timelineWorth
	c.mu.Unlock()
	// Who comes while another is made does without; only a commit waits for it.
	if t != nil || wait || !c.making.TryLock() {
		return t, nil
	}
	defer c.making.Unlock()
	c.mu.Lock()
	t = c.timelines[key] // it may have been made since
	c.mu.Unlock()
	for t == nil {
		if c.half == nil {
			c.half = &timelineMaking{key: key, of: of.rows, dates: dates.rows}
		}
		// What another asker left half made comes first: two would undo each other's work.
		half := c.half
		made, err := half.goOn(ctx)
		if err != nil {
			return nil, err
		}
		c.half = nil
		c.keep(half.key, made)
		if half.key == key {
			return made, nil
		}
	}
	return t, nil
}

// keep keeps a timeline that was made; nil: there can be none, and it is awaited anew.
func (c *columns) keep(key timelineOf, t *timeline) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaited[key] = 0
	if t == nil {
		return
	}
	if c.timelines == nil {
		c.timelines = map[timelineOf]*timeline{}
	}
	c.timelines[key] = t
}

// timelineMaking puts the subjects of a column in the order of their dates, as far as it
// got: sorted by rank, then by object, each time leaving the order before.
type timelineMaking struct {
	key       timelineOf
	of, dates *columnRows

	made   *timeline
	ranks  []uint32 // see rank
	loose  uint32
	byRank []uint32 // where each begins; once its pairs are there, where it ends
	pairs  []subjectObject
	next   []uint32 // where each object's next subject goes

	step int // of its four
	at   int // the page or the pair that the step goes on from
}

// subjectObject is a subject's sequence and the number of one of its objects.
type subjectObject struct{ node, number uint32 }

// A making looks after so many pages, or pairs, whether anyone still waits for it.
const (
	pagesAtOnce = 64
	pairsAtOnce = pagesAtOnce * columnPage
)

// goOn returns the timeline; nil where a quad that no claim says is among the subjects,
// or there are too many. The error is ctx.Err(): then it can be asked again.
func (m *timelineMaking) goOn(ctx context.Context) (*timeline, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var done, ok bool
		switch m.step {
		case 0:
			if m.made == nil {
				m.begin()
			}
			done, ok = m.eachPair(func(_, _, rank uint32) { m.byRank[rank+1]++ })
			ok = ok && (!done || m.placeRanks())
		case 1:
			done, ok = m.eachPair(func(node, number, rank uint32) {
				m.pairs[m.byRank[rank]] = subjectObject{node, number}
				m.byRank[rank]++
			})
		case 2:
			done, ok = m.measure(), true
		default:
			if done = m.place(); done {
				return m.made, nil
			}
			ok = true
		}
		if !ok {
			return nil, nil
		}
		if done {
			m.step, m.at = m.step+1, 0
		}
	}
}

func (m *timelineMaking) begin() {
	m.made = &timeline{objects: slices.Clip(m.of.objects), index: newObjectIndex(m.of.objects), dated: m.dates}
	m.ranks, m.loose = m.made.rank(m.dates.objects)
	m.byRank = make([]uint32, m.loose+3)
}

// placeRanks makes room for the pairs, which were counted; false if they are too many.
func (m *timelineMaking) placeRanks() bool {
	for number, id := range m.dates.objects {
		if rank := m.ranks[number]; rank < m.loose && m.byRank[rank+1] > 0 {
			earliest, latest := id.Days()
			m.made.widest = max(m.made.widest, latest-earliest)
		}
	}
	total := 0
	for rank, n := range m.byRank {
		if total += int(n); total > math.MaxInt32 {
			return false
		}
		m.byRank[rank] = uint32(total)
	}
	m.pairs = make([]subjectObject, total)
	return true
}

// measure counts the subjects of each object.
func (m *timelineMaking) measure() (done bool) {
	t := m.made
	if t.spans == nil {
		t.spans = make([]span, len(t.objects))
	}
	dated, loose := endOf(m.byRank, m.loose), m.byRank[m.loose]
	for end := min(m.at+pairsAtOnce, len(m.pairs)); m.at < end; m.at++ {
		s := &t.spans[m.pairs[m.at].number]
		switch s.end++; {
		case uint32(m.at) < dated:
			s.dated++
			s.loose++
		case uint32(m.at) < loose:
			s.loose++
		}
	}
	if m.at < len(m.pairs) {
		return false
	}
	begin := uint32(0)
	m.next = make([]uint32, len(t.spans))
	for i := range t.spans {
		s := &t.spans[i]
		m.next[i] = begin
		s.dated, s.loose, s.end = begin+s.dated, begin+s.loose, begin+s.end
		begin = s.end
	}
	t.nodes = make([]uint32, len(m.pairs))
	return true
}

// place puts the subjects where they belong.
func (m *timelineMaking) place() (done bool) {
	for end := min(m.at+pairsAtOnce, len(m.pairs)); m.at < end; m.at++ {
		p := m.pairs[m.at]
		m.made.nodes[m.next[p.number]] = p.node
		m.next[p.number]++
	}
	return m.at == len(m.pairs)
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

// eachPair yields each subject of the next pages with each of its objects' numbers and
// the rank of its date, ascending by subject; ok is false where that cannot be told.
func (m *timelineMaking) eachPair(yield func(node, number, rank uint32)) (done, ok bool) {
	if len(m.of.pages) > math.MaxUint32/columnPage {
		return false, false
	}
	for end := min(m.at+pagesAtOnce, len(m.of.pages)); m.at < end; m.at++ {
		page := m.of.pages[m.at]
		if page.empty() {
			continue
		}
		when := &noNumbers
		if m.at < len(m.dates.pages) {
			when = m.dates.pages[m.at].numbers
		}
		for at := range columnPage {
			e := page.at(at)
			if e.object == 0 {
				continue
			}
			if e == unsure {
				return false, false
			}
			node, rank := uint32(m.at*columnPage+at), m.loose
			if number := when[at]; number != various {
				rank = m.ranks[number]
			}
			if e.object != various {
				yield(node, e.object, rank)
				continue
			}
			for rest := m.of.runs[m.at][e.claim&^severalBit]; len(rest) > 0; {
				var same []Link
				same, rest = NextObject(rest)
				yield(node, m.made.index.number(&m.made.objects, same[0].To), rank)
			}
		}
	}
	return m.at == len(m.of.pages), true
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
