package names

import (
	"cmp"
	"container/heap"
	"strings"
)

// Search returns the entities that text may name and keep lets through, the best
// first and once each, at most limit; keep nil lets all through. keep is asked
// about likely hits only, in no order, and not twice about one entity in one
// pass.
//
// Scores order hits: exact before the same but for accents and case, before the
// same by sound, before beginnings, before typing errors; whole names before
// parts of longer ones, better kinds before worse. Equal scores are ordered by
// entity. All words of the text must match some word of the name; of three or
// more, one may fail to. Limit changes how many are returned, not their order.
//
// Any text is fine; it is read up to its 160th letter and 16th word.
//
// Cost, for 100,000 names: 0.1 ms for a whole word or a beginning, 1 to 2 ms where
// typing errors may matter, up to 4 ms for an abjad, for nonsense and for a letter
// that many names begin with. Memory is for the candidates.
func (x *Index) Search(text string, keep func(entity uint64) bool, limit int) []Hit {
	if limit <= 0 {
		return nil
	}
	q := newQuery(text)
	if len(q.words) == 0 {
		return nil
	}
	var hits []Hit
	if q.pattern == nil { // the walk for a pattern costs the same with errors
		hits = x.pass(q, precise, keep, limit)
		if len(hits) == limit && hits[limit-1].Score >= q.ceiling() || len(hits) > 0 && !q.forgives() {
			return hits // no typing error could come before any of these
		}
	}
	hits = x.pass(q, forgiving, keep, limit)
	if len(hits) == 0 {
		hits = x.pass(q, desperate, keep, limit)
	}
	return hits
}

// candidate is a name that matches.
type candidate struct {
	match
	layer  int
	name   uint32
	entity uint64
}

// pass is a search with one effort.
func (x *Index) pass(q *query, e effort, keep func(uint64) bool, limit int) []Hit {
	found := candidates{index: x}
	for i := range x.layers {
		x.layers[i].candidates(q, e, func(name uint32, m match) {
			found.all = append(found.all, candidate{m, i, name, x.layers[i].entities[name]})
		})
	}
	heap.Init(&found)
	var hits []Hit
	seen := map[uint64]bool{}
	for len(found.all) > 0 && len(hits) < limit {
		c := heap.Pop(&found).(candidate)
		if seen[c.entity] {
			continue
		}
		seen[c.entity] = true
		if keep != nil && !keep(c.entity) {
			continue
		}
		matched := x.layers[c.layer].entry(c.name)
		hits = append(hits, Hit{
			Entity: c.entity, Score: c.score, Matched: matched.Text,
			Why: c.why(q.phrase.script, read(matched.Text, matched.Language).script),
		})
	}
	return hits
}

// candidates calls visit with each live name that matches, once.
func (l *layer) candidates(q *query, e effort, visit func(uint32, match)) {
	s := l.segment
	words := make([]*matches, len(q.words))
	for i := range q.words {
		words[i] = s.match(&q.words[i], e)
	}
	wholes := s.matchWholes(q, e)
	seen := make([]uint64, (s.len()+63)/64)
	consider := func(name uint32) {
		if seen[name/64]>>(name%64)&1 == 1 || l.dead.has(name) {
			return
		}
		seen[name/64] |= 1 << (name % 64)
		m := s.compare(q, words, name)
		if whole, ok := wholes[name]; ok {
			if w := s.compareWhole(q, whole, name); w.score > m.score {
				m = w
			}
		}
		if m.score > 0 {
			visit(name, m)
		}
	}
	for name := range wholes {
		consider(name)
	}
	for _, i := range q.rarest(words) {
		words[i].each(s.terms, consider)
	}
}

// rarest are the required words one of which each match has: the one with the
// fewest names or, if one word may be missed, the two.
func (q *query) rarest(words []*matches) []int {
	first, second := -1, -1
	for i, m := range words {
		switch {
		case q.words[i].optional:
		case first < 0 || m.names < words[first].names:
			first, second = i, first
		case second < 0 || m.names < words[second].names:
			second = i
		}
	}
	if q.mayMiss() > 0 {
		return []int{first, second}
	}
	return []int{first}
}

// compare scores a name by its words: each word of the query takes the best word
// of the name that is left.
func (s *segment) compare(q *query, words []*matches, name uint32) match {
	var (
		forms       = s.words[s.wordsAt[name]:s.wordsAt[name+1]]
		taken       uint64
		total, sum  float64
		size, cover float64
		missed      int
		m           = match{whole: true}
		last        = -1
		factor      = 1.0
	)
	place := -1
	for _, f := range forms {
		if f&otherForm == 0 {
			place++
			size += weightOf(int(s.terms.runes[f&termMask]), f&lightWord != 0)
		}
	}
	for i := range q.words {
		w := &q.words[i]
		total += w.weight
		var best grade
		at, light, own, letters := -1, false, false, 0
		place, long, particle := -1, 0, false
		for _, f := range forms {
			if f&otherForm == 0 {
				place++
				long, particle = int(s.terms.runes[f&termMask]), f&lightWord != 0
			}
			if taken>>place&1 == 1 {
				continue
			}
			term := f & termMask
			g := words[i].grade(term, int(s.terms.runes[term]))
			if f&otherForm != 0 && g.score > 0 {
				if g.way == asWritten {
					g = grade{scoreBySound, bySound, 0}
				} else if g.way > bySound && g.way != byVowels {
					g.score -= soundLoss
				}
			}
			if g.score > 0 && g.better(best) {
				best, at, light, own, letters = g, place, particle, f&otherForm == 0, long
			}
		}
		if at < 0 {
			if w.optional {
				factor *= missedLight
				total -= w.weight
				continue
			}
			if missed++; missed > q.mayMiss() {
				return match{}
			}
			m.part = true
			factor *= missedWord
			continue
		}
		taken |= 1 << at
		sum += float64(best.score) * w.weight
		share := 1.0
		if best.way == byPrefix || best.way == byNearPrefix || best.way == byInitial {
			share = float64(min(w.letters, letters)) / float64(max(letters, 1))
		}
		cover += share * weightOf(letters, light)
		m.worst = max(m.worst, best.way)
		m.edits += int(best.edits)
		m.mixed = m.mixed || at < last
		m.other = m.other || !own
		last = at
	}
	if total == 0 {
		return match{}
	}
	m.whole = uint64(1)<<(place+1)-1 == taken
	m.score = sum / total * factor * (1 - partLoss*(1-min(cover/size, 1)))
	if m.mixed {
		m.score -= orderLoss
	}
	return s.weighed(m, q, name)
}

// weighed is a match after what the name itself says: is it as typed to the
// letter, and of which kind is it.
func (s *segment) weighed(m match, q *query, name uint32) match {
	if m.whole && m.worst == asWritten && !m.part && strings.TrimSpace(q.text) == s.textOf(name) {
		m.exact, m.score = true, 1
	}
	kind := min(max(s.tags[s.tag[name]].kind, 0), worstKind)
	m.score *= 1 - kindLoss*float64(kind)
	return m
}

// candidates is a heap, the best on top.
type candidates struct {
	index *Index
	all   []candidate
}

func (c *candidates) Len() int      { return len(c.all) }
func (c *candidates) Swap(i, j int) { c.all[i], c.all[j] = c.all[j], c.all[i] }
func (c *candidates) Push(x any)    { c.all = append(c.all, x.(candidate)) }

func (c *candidates) Pop() any {
	last := c.all[len(c.all)-1]
	c.all = c.all[:len(c.all)-1]
	return last
}

// Less orders by score, then by entity, then by the name itself, so that the order
// does not depend on the layers.
func (c *candidates) Less(i, j int) bool {
	a, b := &c.all[i], &c.all[j]
	if a.score != b.score {
		return a.score > b.score
	}
	if a.entity != b.entity {
		return a.entity < b.entity
	}
	x, y := c.index.layers[a.layer].entry(a.name), c.index.layers[b.layer].entry(b.name)
	return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(len(x.Text), len(y.Text)), compareEntries(x, y)) < 0
}
