package names

import (
	"slices"
	"strings"
)

// segment is the names of one part of an index; immutable. A name is its place in
// the order of compareEntries.
type segment struct {
	entities []uint64
	text     string   // all names as they were given
	textAt   []uint32 // one more than names
	tag      []uint32 // place in tags
	tags     []tag

	words   []uint32 // of all names in turn: a place in terms, with flags
	wordsAt []uint32 // one more than names

	terms  *table // words as they are written, as they sound, and skeletons: the names they are in
	loose  *table // loose keys of Latin terms: the terms
	wholes *table // names without spaces, as they are written if not in Latin, and by loose key: the names
}

// tag is what many names have in common.
type tag struct {
	language string
	kind     int
}

// Flags of a segment's words.
const (
	otherForm = 1 << 31 // another form of the word before: its sound, its skeleton
	lightWord = 1 << 30 // an article or a particle
	termMask  = lightWord - 1
)

// lightWords are words, by sound, that names are often written without.
var lightWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`the of and a an in for to on at de la le les el al as ad ash an los las del di da do dos
		das du des van von der den zu ten ter ibn bin bint ben und et y i e ve wa ul ud`) {
		m[w] = true
	}
	return m
}()

func (w *word) light() bool { return w.script == latinScript && lightWords[w.own] }

// newSegment reads all entries, which must be sorted and distinct.
func newSegment(entries []Entry) *segment {
	s := &segment{
		entities: make([]uint64, 0, len(entries)), tag: make([]uint32, 0, len(entries)),
		textAt: make([]uint32, 1, len(entries)+1), wordsAt: make([]uint32, 1, len(entries)+1),
	}
	terms, wholes := newTableBuilder(len(entries)), newTableBuilder(len(entries))
	tags := map[tag]uint32{}
	var text strings.Builder
	for i, e := range entries {
		name := uint32(i)
		s.entities = append(s.entities, e.Entity)
		text.WriteString(e.Text)
		s.textAt = append(s.textAt, uint32(text.Len()))
		t := tag{strings.Clone(e.Language), e.Kind}
		if _, known := tags[t]; !known {
			tags[t] = uint32(len(s.tags))
			s.tags = append(s.tags, t)
		}
		s.tag = append(s.tag, tags[t])

		p := read(e.Text, e.Language)
		for _, w := range p.words {
			flags := uint32(0)
			if w.light() {
				flags = lightWord
			}
			for j, form := range forms(w) {
				if j > 0 {
					flags |= otherForm
				}
				s.words = append(s.words, terms.add(form, name)|flags)
			}
		}
		s.wordsAt = append(s.wordsAt, uint32(len(s.words)))
		for _, key := range p.wholeKeys() {
			wholes.add(key, name)
		}
	}
	s.text = text.String()
	var placed []uint32
	s.terms, placed = terms.build()
	s.wholes, _ = wholes.build()
	for i, w := range s.words {
		s.words[i] = placed[w&termMask] | w&^termMask
	}
	s.words = slices.Clip(s.words)
	s.loose = looseOf(s.terms)
	return s
}

// forms are how a word stands in the table of terms, its own form first.
func forms(w word) []string {
	out := appendNew(make([]string, 0, 4), w.own)
	for _, l := range w.latin {
		out = appendNew(out, l)
	}
	if w.script.abjad() {
		out = appendNew(out, skeleton(w))
	}
	return out
}

// wholeKeys are how a phrase stands in the table of wholes.
func (p *phrase) wholeKeys() []string {
	var out []string
	if p.script != latinScript && !isASCII(p.own) {
		out = appendNew(out, p.own)
	}
	for _, l := range p.latin {
		out = appendNew(out, loose(l))
	}
	return out
}

// looseOf is the table from loose keys to the Latin terms that have them.
func looseOf(terms *table) *table {
	b := newTableBuilder(terms.len())
	for i := range uint32(terms.len()) {
		if term := terms.key(i); isASCII(term) && !strings.HasPrefix(term, skeletonMark) {
			b.add(loose(term), i)
		}
	}
	t, _ := b.build()
	return t
}

func (s *segment) len() int { return len(s.entities) }

func (s *segment) textOf(name uint32) string { return s.text[s.textAt[name]:s.textAt[name+1]] }

func (s *segment) entry(name uint32) Entry {
	t := s.tags[s.tag[name]]
	return Entry{Entity: s.entities[name], Text: s.textOf(name), Language: t.language, Kind: t.kind}
}

// find is the place of an entry.
func (s *segment) find(e Entry) (name uint32, found bool) {
	lo, hi := 0, s.len()
	for lo < hi {
		mid := (lo + hi) / 2
		if compareEntries(s.entry(uint32(mid)), e) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return uint32(lo), lo < s.len() && s.entry(uint32(lo)) == e
}
