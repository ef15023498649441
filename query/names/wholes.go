package names

// wholePrefix is how long a whole must be at least to be looked for as the
// beginning of names; shorter ones are found as words.
const wholePrefix = 4

// matchWholes finds the names that match a query as a whole, whatever the spaces:
// "xijinping", "kim jong un" in Hangul, a letter for a space.
func (s *segment) matchWholes(q *query, e effort) map[uint32]grade {
	found := map[uint32]grade{}
	put := func(key uint32, g grade) {
		for _, name := range s.wholes.valuesOf(key) {
			if g.better(found[name]) {
				found[name] = g
			}
		}
	}
	for i, key := range q.keys {
		own := q.own && i == 0
		loss := float32(looseLoss)
		if own {
			loss = 0
		}
		if at, found := s.wholes.find(key); found {
			put(at, grade{scoreSpelling, otherSpell, 0})
		}
		letters := runeCount(key)
		if letters >= wholePrefix || own && q.phrase.script.dense() {
			for lo, hi := s.wholes.prefixed(key); lo < hi; lo++ {
				put(lo, prefixGrade(letters, int(s.wholes.runes[lo]), looseLoss))
			}
		}
		script := latinScript
		if own {
			script = q.phrase.script
		}
		most := allowed(letters, script, e)
		if !q.own && len(q.words) > 1 && e == forgiving {
			most = min(most, 1) // word by word, more are found
		}
		if most > 0 && (i < 2 || q.own) {
			s.wholes.walk(newEdits(key, most, false, func(at uint32, edits int, _ bool) {
				put(at, editGrade(edits, letters, int(s.wholes.runes[at]), loss))
			}))
		}
	}
	if firm(q.pattern) >= 3 {
		if most := allowedConsonants(q.pattern, e); most >= 0 {
			s.wholes.walk(newConsonants(q.pattern, most, func(at uint32, edits int) {
				put(at, vowelsGrade(q.spelled, s.wholes.key(at), edits))
			}))
		}
	}
	return found
}

// compareWhole scores a name that matched as a whole. One with an equal key is
// read again, to tell a spelling from a sound and a sound from the letters.
func (s *segment) compareWhole(q *query, g grade, name uint32) match {
	m := match{worst: g.way, edits: int(g.edits), whole: g.way != byPrefix}
	if g.way == otherSpell {
		e := s.entry(name)
		switch p := read(e.Text, e.Language); {
		case p.own == q.phrase.own:
			g = grade{scoreAsWritten - 0.005, asWritten, 0} // the words are not the same, or they had matched
		case shared(p.latin, q.phrase.latin):
			g = grade{scoreBySound, bySound, 0}
		}
		m.worst = g.way
	}
	m.other = g.way == bySound
	m.score = float64(g.score)
	return s.weighed(m, q, name)
}

// shared reports whether two lists have a string in common.
func shared(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
