package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What is longer is cut: no name is, and a query's cost stays bounded.
const (
	maxRunes     = 160 // of a text
	maxWordRunes = 48
	maxWords     = 16
	maxVariants  = 3 // readings of one word in Latin letters
)

// word is a word as it can be compared.
type word struct {
	own    string   // folded, in its own script
	latin  []string // by its sound in Latin letters, best first; own itself for most Latin words; none for an abjad
	raw    string   // lower case, with its accents
	script script
}

// phrase is a text read for comparison.
type phrase struct {
	words  []word
	own    string   // the words in their own script, joined without spaces
	latin  []string // likewise by sound; none if a word is in an abjad
	script script   // of the first word that has one that is not Latin, else Latin
}

// read splits a text into words and reads each. language, where it is known, is a
// BCP 47 tag: some letters sound differently by language.
//
// Any input is fine: what is not UTF-8 separates words, what is too long is cut.
func read(text, language string) phrase {
	var p phrase
	runs := split(lower(text))
	if len(runs) == 0 {
		return p
	}
	dialect := dialectOf(runs, language)
	whole := make([]word, 0, len(runs))
	for _, raw := range runs {
		w := newWord(raw, dialect)
		if w.own == "" {
			continue
		}
		whole = append(whole, w)
		if w.script == hanScript {
			p.words = append(p.words, pairs(w)...)
		} else {
			p.words = append(p.words, w)
		}
		if p.script == otherScript || p.script == latinScript && w.script != otherScript {
			p.script = w.script
		}
	}
	if len(p.words) > maxWords {
		p.words = p.words[:maxWords]
	}
	p.own, p.latin = join(whole)
	return p
}

// join concatenates words in their own script and by sound. The i-th reading of
// the whole takes each word's i-th.
func join(words []word) (own string, latin []string) {
	var b strings.Builder
	variants := 1
	for _, w := range words {
		b.WriteString(w.own)
		variants = max(variants, len(w.latin))
		if len(w.latin) == 0 {
			variants = 0
			break
		}
	}
	if variants == 0 {
		b.Reset()
		for _, w := range words {
			b.WriteString(w.own)
		}
	}
	own = b.String()
	for v := range variants {
		b.Reset()
		for _, w := range words {
			b.WriteString(w.latin[min(v, len(w.latin)-1)])
		}
		latin = appendNew(latin, b.String())
	}
	return own, latin
}

// pairs are the words of a run of Chinese characters, which are written without
// spaces: each character with the next, so that a part of a name is found.
func pairs(run word) []word {
	runes := []rune(run.own)
	if len(runes) < 3 {
		return []word{run}
	}
	out := make([]word, 0, len(runes)-1)
	for i := range len(runes) - 1 {
		out = append(out, newWord(string(runes[i:i+2]), noDialect))
	}
	return out
}

func newWord(raw string, d dialect) word {
	w := word{raw: raw}
	for _, r := range raw {
		if s := scriptOf(r); s != otherScript {
			w.script = s
			break
		}
	}
	w.own = cut(fold(raw), maxWordRunes)
	if w.script == arabicScript {
		w.own = withoutArticle(w.own)
	}
	w.latin = latin(w, d)
	return w
}

// lower is a text in compatibility form and lower case, cut to a size, with
// accents composed.
func lower(text string) string {
	text = strings.ReplaceAll(cut(text, maxRunes), "´", "'") // its compatibility form has a space
	text = cut(norm.NFKC.String(strings.ToValidUTF8(text, " ")), maxRunes)
	return norm.NFC.String(strings.Map(unicode.ToLower, text))
}

// cut is at most the first n runes of s.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// split returns the runs of letters, marks and digits. Apostrophes, and signs
// that are not seen, do not part a word; a change to or from Chinese or kana does.
func split(s string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	last := otherScript
	for _, r := range s {
		switch {
		case inWord(r):
			next := scriptOf(r)
			if unicode.IsMark(r) {
				next = last
			}
			if next != last && (parted(next) || parted(last)) {
				end()
			}
			last = next
			b.WriteRune(r)
		case silent(r):
		default:
			end()
			last = otherScript
		}
	}
	end()
	return out
}

func parted(s script) bool { return s == hanScript || s == kanaScript }

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
	}
	return (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) && !silent(r)
}

// silent reports whether a sign may stand inside a word and means nothing to us:
// apostrophes, the turned commas of Uzbek and Hawaiian, joiners, soft hyphens.
func silent(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '\'' || r == '`'
	case r >= 0x02B0 && r <= 0x02FF: // modifier letters
		return true
	case r == '‘' || r == '’' || r == '‛' || r == '′' || r == '״' || r == '׳' || r == '՚' || r == 'ـ':
		return true
	}
	return unicode.Is(unicode.Cf, r) // joiners, directions, the soft hyphen
}

// fold drops what a person may leave out when typing: accents, vowel points,
// special forms of letters. The script stays.
func fold(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

func foldRune(b *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		b.WriteRune(r)
		return
	case unicode.IsDigit(r):
		b.WriteRune(digit(r))
		return
	}
	switch scriptOf(r) {
	case latinScript:
		if to, special := foldedLatin[r]; special {
			b.WriteString(to)
			return
		}
		b.WriteRune(withoutAccents(r))
	case cyrillicScript:
		if r == 'й' { // a letter, not an accented и
			b.WriteRune(r)
			return
		}
		b.WriteRune(withoutAccents(r))
	case greekScript:
		if r == 'ς' {
			r = 'σ'
		}
		b.WriteRune(withoutAccents(r))
	case arabicScript, hebrewScript:
		if r = foldAbjad(r); r != 0 {
			b.WriteRune(r)
		}
	case indicScript:
		switch r & 0x7F {
		case 0x3C, 0x4D: // dot below; the sign that joins consonants, often left out
		case 0x01: // nasal vowel, written either way
			b.WriteRune(r + 1)
		default:
			b.WriteRune(r)
		}
	case thaiScript:
		if m := r & 0x7F; m < 0x47 || m > 0x4E { // tone marks and the sign of a silent letter
			b.WriteRune(r)
		}
	case kanaScript:
		b.WriteString(hiragana(r))
	default:
		if !accent(r) {
			b.WriteRune(r)
		}
	}
}

// accent reports whether r is a mark that goes with any letter.
func accent(r rune) bool { return unicode.Is(unicode.Inherited, r) && unicode.Is(unicode.Mn, r) }

// withoutAccents is the letter that r is composed on; r itself for most.
func withoutAccents(r rune) rune {
	var buffer [utf8.UTFMax]byte
	n := utf8.EncodeRune(buffer[:], r)
	if d := norm.NFD.Properties(buffer[:n]).Decomposition(); len(d) > 0 {
		base, _ := utf8.DecodeRune(d)
		return base
	}
	return r
}

// digit is the ASCII digit of a decimal digit of any script.
func digit(r rune) rune {
	zero := r
	for r-zero < 9 && unicode.IsDigit(zero-1) { // ten in a row, nought first
		zero--
	}
	return '0' + r - zero
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendNew appends a string that is neither empty nor there already.
func appendNew(to []string, s string) []string {
	if s == "" {
		return to
	}
	for _, have := range to {
		if have == s {
			return to
		}
	}
	return append(to, s)
}
