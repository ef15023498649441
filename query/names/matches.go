package names

import "slices"

// effort is how far a search goes from what was typed.
type effort uint8

const (
	precise   effort = iota // no typing errors
	forgiving               // typing errors
	desperate               // one more typing error than is good
)

// nearLetters is how long a word is at least of which a near beginning counts.
const nearLetters = 5

// matches are the terms of one segment that one word of a query matches.
type matches struct {
	prefixes []termRange
	terms    []graded // by term, one each, once sorted
	names    int      // how often the terms occur, roughly
}

type termRange struct {
	lo, hi uint32
	typed  int
	loss   float32
}

type graded struct {
	id uint32
	grade
}

// match finds the terms that a word matches.
func (s *segment) match(w *queryWord, e effort) *matches {
	m := &matches{}
	put := func(id uint32, g grade) { m.terms = append(m.terms, graded{id, g}) }
	putLoose := func(key uint32, g func(term string) grade) {
		for _, term := range s.loose.valuesOf(key) {
			put(term, g(s.terms.key(term)))
		}
	}

	for i, form := range w.exact {
		if at, found := s.terms.find(form); found {
			if i == 0 {
				put(at, grade{scoreAsWritten, asWritten, 0})
			} else {
				put(at, grade{scoreBySound, bySound, 0})
			}
		}
		loss := float32(0)
		if i > 0 {
			loss = soundLoss
		}
		if lo, hi := s.terms.prefixed(form); lo < hi {
			m.prefixes = append(m.prefixes, termRange{lo, hi, runeCount(form), loss})
		}
		if w.letters > 1 {
			if at, found := s.terms.find(cut(form, 1)); found {
				put(at, grade{scoreInitial, byInitial, 0})
			}
		}
	}
	for i, key := range w.loose {
		if at, found := s.loose.find(key); found {
			putLoose(at, func(term string) grade {
				apart := distance(w.latin[0], term, 4)
				return grade{scoreSpelling - 0.005*float32(apart), otherSpell, 0}
			})
		}
		if i == 0 && len(key) >= 3 {
			lo, hi := s.loose.prefixed(key)
			for ; lo < hi; lo++ {
				putLoose(lo, func(term string) grade { return prefixGrade(len(key), len(term), looseLoss) })
			}
		}
	}
	if w.skeleton != "" {
		if at, found := s.terms.find(w.skeleton); found {
			put(at, grade{scoreVowels, byVowels, 0})
		}
	}
	if most := allowedConsonants(w.pattern, e); most >= 0 {
		s.loose.walk(newConsonants(w.pattern, most, func(key uint32, edits int) {
			g := vowelsGrade(w.spelled, s.loose.key(key), edits)
			putLoose(key, func(string) grade { return g })
		}))
	}
	if e > precise {
		s.matchEdits(w, e, put)
	}
	m.settle(s.terms)
	return m
}

// matchEdits finds the terms near a word: as it is written, as it sounds, and by
// its loose key.
func (s *segment) matchEdits(w *queryWord, e effort, put func(uint32, grade)) {
	for i, form := range w.exact {
		if i > 1 {
			break // other readings are near the first, or were guesses
		}
		letters, loss := runeCount(form), float32(i)*soundLoss
		near := func(term uint32, edits int, whole bool) {
			if text := s.terms.key(term); text[0] == skeletonMark[0] {
				return
			}
			if whole {
				put(term, editGrade(edits, letters, int(s.terms.runes[term]), loss))
			} else {
				put(term, grade{scoreNear - 0.1*float32(edits) - loss, byNearPrefix, uint8(edits)})
			}
		}
		if most := allowed(letters, w.script, e); most > 0 {
			s.terms.walk(newEdits(form, most, letters >= nearLetters, near))
		}
	}
	for _, key := range w.loose[:min(1, len(w.loose))] {
		if most := allowed(len(key), latinScript, e); most > 0 {
			s.loose.walk(newEdits(key, most, false, func(at uint32, edits int, _ bool) {
				g := editGrade(edits, len(key), int(s.loose.runes[at]), looseLoss)
				for _, term := range s.loose.valuesOf(at) {
					put(term, g)
				}
			}))
		}
	}
}

// allowedConsonants is how many errors a pattern may have; -1 if it says too
// little to be looked for.
func allowedConsonants(p []consonant, e effort) int {
	switch n := firm(p); {
	case n < 2:
		return -1
	case n >= 4 && e >= forgiving, n >= 3 && e == desperate:
		return 1
	}
	return 0
}

// settle puts the terms in order, each with its best grade.
func (m *matches) settle(terms *table) {
	slices.SortFunc(m.terms, func(a, b graded) int {
		switch {
		case a.id != b.id:
			return int(a.id) - int(b.id)
		case a.grade == b.grade:
			return 0
		case a.better(b.grade):
			return -1
		}
		return 1
	})
	m.terms = slices.CompactFunc(m.terms, func(a, b graded) bool { return a.id == b.id })
	for _, t := range m.terms {
		m.names += len(terms.valuesOf(t.id))
	}
	for _, p := range m.prefixes {
		m.names += int(terms.from[p.hi] - terms.from[p.lo])
	}
}

// grade is what the match of a term is worth; zero if it does not match.
func (m *matches) grade(term uint32, letters int) grade {
	var best grade
	lo, hi := 0, len(m.terms)
	for lo < hi {
		mid := (lo + hi) / 2
		if m.terms[mid].id < term {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(m.terms) && m.terms[lo].id == term {
		best = m.terms[lo].grade
	}
	for _, p := range m.prefixes {
		if p.lo <= term && term < p.hi {
			if g := prefixGrade(p.typed, letters, p.loss); g.better(best) {
				best = g
			}
		}
	}
	return best
}

// each calls visit with every name in which a term matches, some more than once.
func (m *matches) each(terms *table, visit func(name uint32)) {
	for _, t := range m.terms {
		for _, name := range terms.valuesOf(t.id) {
			visit(name)
		}
	}
	for _, p := range m.prefixes {
		for _, name := range terms.values[terms.from[p.lo]:terms.from[p.hi]] {
			visit(name)
		}
	}
}
