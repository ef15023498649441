package names

import "strings"

// query is a text to look for, with all that is looked up for it.
type query struct {
	text     string
	phrase   phrase
	words    []queryWord
	required int // words that are not light; all if all are
	keys     []string
	own      bool // keys[0] is in its own script; the others are loose
	pattern  []consonant
	spelled  string // of pattern
}

// queryWord is a word of a query in the forms it is looked up by.
type queryWord struct {
	word
	exact    []string // own form first, then by sound
	loose    []string
	skeleton string
	pattern  []consonant
	spelled  string // the pattern by each letter's usual sound
	letters  int    // of the own form
	weight   float64
	optional bool // a light word
}

func newQuery(text string) *query {
	q := &query{text: text, phrase: read(text, "")}
	for _, w := range q.phrase.words {
		qw := queryWord{word: w, letters: runeCount(w.own), optional: w.light(), loose: looseAll(w.latin)}
		qw.exact = appendNew(qw.exact, w.own)
		if rest, has := strings.CutPrefix(w.own, article); has && w.script == arabicScript && rest != "" {
			qw.exact = appendNew(qw.exact, rest) // of a longer word that is still being typed
		}
		for _, l := range w.latin {
			qw.exact = appendNew(qw.exact, l)
		}
		if w.script.abjad() {
			qw.pattern, qw.spelled = pattern(w), usual(w.own)
		} else {
			qw.skeleton = skeleton(w)
		}
		qw.weight = weightOf(qw.letters, qw.optional)
		if !qw.optional {
			q.required++
		}
		q.words = append(q.words, qw)
	}
	if q.required == 0 {
		q.required = len(q.words)
		for i := range q.words {
			q.words[i].optional = false
		}
	}
	q.keys = q.phrase.wholeKeys()
	q.own = len(q.keys) > 0 && q.keys[0] == q.phrase.own && q.phrase.script != latinScript && !isASCII(q.phrase.own)
	if len(q.words) > 1 {
		for _, w := range q.words {
			if w.pattern == nil {
				q.pattern = nil
				break
			}
			q.pattern = append(q.pattern, w.pattern...)
			q.spelled += w.spelled
		}
	}
	return q
}

// usual spells a folded word of an abjad with each letter's usual sound.
func usual(own string) string {
	out := make([]byte, 0, len(own))
	for _, r := range own {
		if sounds := abjadSounds[r]; sounds != "" {
			out = append(out, sounds[0])
		}
	}
	return string(out)
}

// weightOf is how much a word counts beside others of its query or name: longer
// words say more.
func weightOf(letters int, light bool) float64 {
	w := float64(min(letters, 8)) + 1
	if light {
		w *= 0.25
	}
	return w
}

// mayMiss is how many required words may match nothing.
func (q *query) mayMiss() int {
	if q.required >= 3 {
		return 1
	}
	return 0
}

// forgives reports whether anything in the query is long enough to be searched
// for with typing errors.
func (q *query) forgives() bool {
	for i := range q.words {
		w := &q.words[i]
		for _, form := range w.exact {
			if allowed(runeCount(form), w.script, forgiving) > 0 {
				return true
			}
		}
	}
	for _, key := range q.keys {
		if allowed(runeCount(key), q.phrase.script, forgiving) > 0 {
			return true
		}
	}
	return false
}

// ceiling is above what any name can score in which a word, or the whole, matches
// only with typing errors.
func (q *query) ceiling() float64 {
	total, least := 0.0, 100.0
	for _, w := range q.words {
		total += w.weight
		least = min(least, w.weight)
	}
	return 1 - least/total*(1-scoreEdits)
}
