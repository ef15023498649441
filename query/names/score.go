package names

import (
	"strconv"
	"strings"
)

// way is how a word, or a whole name, matched; better ways first.
type way uint8

const (
	asWritten    way = iota // the same but for case and accents
	bySound                 // the same in Latin letters
	otherSpell              // another spelling of the same sound
	byPrefix                // begins with what was typed
	byInitial               // is the initial of what was typed
	byVowels                // has the consonants of a word in an abjad
	byEdits                 // a few letters differ
	byNearPrefix            // begins with nearly what was typed
)

// grade is what a match of one word, or of a whole name, is worth.
type grade struct {
	score float32 // 0 is no match
	way   way
	edits uint8
}

func (g grade) better(than grade) bool {
	return g.score > than.score || g.score == than.score && g.way < than.way
}

// What each way is worth. The ways come in the order that [Index.Search] promises;
// what varies within one stays clear of the next.
const (
	scoreAsWritten = 0.98
	scoreBySound   = 0.95
	scoreSpelling  = 0.90
	scorePrefix    = 0.76 // and up to prefixRange more, the more of the word was typed
	prefixRange    = 0.11
	scoreInitial   = 0.60
	scoreVowels    = 0.60 // and up to vowelsRange more, the fewer vowels were left out
	vowelsRange    = 0.28
	scoreEdits     = 0.75 // less editCost for each edit, by the length of the word
	editCost       = 0.50
	scoreNear      = 0.50 // the beginning is near
	soundLoss      = 0.02 // for a match by sound, where the way has none of its own
	looseLoss      = 0.04 // likewise by a loose key

	partLoss    = 0.20 // of a name of which next to nothing matched
	kindLoss    = 0.01 // for each rank of its kind
	worstKind   = 5
	orderLoss   = 0.01 // words in another order
	missedWord  = 0.70 // factor for a word that matches nothing
	missedLight = 0.97 // likewise for a light word
)

func prefixGrade(typed, of int, loss float32) grade {
	return grade{scorePrefix + prefixRange*float32(typed)/float32(max(of, typed)) - loss, byPrefix, 0}
}

func editGrade(edits, typed, of int, loss float32) grade {
	score := scoreEdits - editCost*float32(edits)/float32(max(typed, of, 1)) - loss
	return grade{max(score, 0.2), byEdits, uint8(edits)}
}

// vowelsGrade grades a match of consonants by how near the keys are with their
// vowels.
func vowelsGrade(typed, key string, edits int) grade {
	longest := max(len(typed), len(key), 1)
	apart := distance(typed, key, 12)
	g := grade{scoreVowels + vowelsRange*(1-float32(apart)/float32(longest)), byVowels, uint8(edits)}
	if edits > 0 {
		g.score -= 0.15 * float32(edits)
	}
	g.score = max(g.score, 0.1)
	return g
}

// allowed is how many typing errors a word may have.
func allowed(letters int, s script, effort effort) int {
	most := 0
	switch {
	case effort == precise:
		return 0
	case letters >= 8:
		most = 2
	case letters >= 3 || letters == 2 && s.dense():
		most = 1
	}
	if effort == desperate && letters >= 2 {
		most = min(most+1, (letters+1)/2)
	}
	return most
}

// match is what one name is worth to a query.
type match struct {
	score float64
	worst way // of its words' ways
	edits int
	whole bool // nothing of the name is left over
	part  bool // a word typed matched nothing
	exact bool
	mixed bool // words in another order
	other bool // some word matched by its sound in another script
}

// why says how a name matched, in a few words.
func (m match) why(query, name script) string {
	var out []string
	switch {
	case m.exact:
		return "exact"
	case m.worst == byEdits && m.edits == 1, m.worst == byVowels && m.edits == 1:
		out = append(out, "1 letter differs")
	case m.edits > 0 && m.worst != byNearPrefix:
		out = append(out, strconv.Itoa(m.edits)+" letters differ")
	}
	switch m.worst {
	case byPrefix:
		out = append(out, "begins with the letters typed")
	case byNearPrefix:
		out = append(out, "begins nearly as typed")
	case byInitial:
		out = append(out, "an initial")
	case otherSpell:
		out = append(out, "another spelling of the same sound")
	}
	if m.other || query != name || m.worst == byVowels {
		from := query
		if from == latinScript || from == otherScript {
			from = name
		}
		if from != latinScript && from != otherScript {
			out = append(out, "transliterated from "+from.String())
		}
	}
	if len(out) == 0 {
		out = append(out, "same without accents or case")
	}
	switch {
	case m.part:
		out = append(out, "a word typed is not in the name")
	case !m.whole:
		out = append(out, "part of the name")
	case m.mixed:
		out = append(out, "words in another order")
	}
	return strings.Join(out, "; ")
}
