package names

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// dialect is a group of languages that read some letters of a script otherwise
// than the rest do.
type dialect uint8

const (
	noDialect dialect = iota
	ukrainian         // and Belarusian: г is h, і a vowel of its own
	southSlav         // Serbian, Macedonian: latin j for ј
	turkic            // Azerbaijani, Turkish: x is kh, c is j
)

var dialects = map[string]dialect{
	"uk": ukrainian, "be": ukrainian, "rue": ukrainian,
	"sr": southSlav, "mk": southSlav,
	"az": turkic, "tr": turkic,
}

// dialectOf tells the dialect from the language or, without one, from letters
// that only one dialect has.
func dialectOf(words []string, language string) dialect {
	base, _, _ := strings.Cut(language, "-")
	if d, known := dialects[base]; known || base != "" && base != "und" {
		return d
	}
	found := noDialect
	for _, w := range words {
		switch {
		case strings.ContainsAny(w, "қғүұңөәһҳҷӯӣ"): // Kazakh and others also have і
			return noDialect
		case strings.ContainsAny(w, "іїєґ"):
			found = ukrainian
		case strings.ContainsAny(w, "ђћјљњџѓќѕ"):
			found = southSlav
		case strings.ContainsAny(w, "ə"):
			found = turkic
		}
	}
	return found
}

// latin is how a word sounds, in Latin letters without accents: a few readings,
// best first. An abjad has none: see abjad.go.
func latin(w word, d dialect) []string {
	var out []string
	add := func(s string) { out = appendNew(out, cut(s, maxWordRunes)) }
	switch w.script {
	case latinScript:
		add(w.own)
		if !isASCII(w.raw) || d == turkic {
			add(spell(w.raw, d))
		}
	case cyrillicScript:
		add(fromCyrillic(w.raw, d))
	case greekScript:
		add(fromGreek(w.raw))
	case georgianScript:
		add(letters(w.raw, georgian))
	case armenianScript:
		add(fromArmenian(w.raw))
	case arabicScript, hebrewScript:
		return nil
	case indicScript:
		add(fromIndic(w.raw))
	case thaiScript:
		add(fromThai(w.raw))
	case ethiopicScript:
		add(fromEthiopic(w.raw))
	case hangulScript:
		for _, reading := range fromHangul(w.raw) {
			add(reading)
		}
	case kanaScript:
		add(fromKana(w.raw))
	case hanScript:
		for _, reading := range fromHan(w.raw) {
			add(reading)
		}
	}
	if len(out) == 0 {
		add(w.own)
	}
	return out
}

// letters replaces each letter by its sound; letters without one stay, accents
// go.
func letters(s string, sounds map[rune]string) string {
	var b strings.Builder
	for _, r := range s {
		if to, known := sounds[r]; known {
			b.WriteString(to)
		} else {
			foldRune(&b, r)
		}
	}
	return b.String()
}

// foldedLatin are letters that Unicode does not compose and people type in ASCII.
var foldedLatin = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ə': "a", 'ǝ': "a",
	'ŋ': "ng", 'ħ': "h", 'ŧ': "t", 'ƒ': "f", 'ɓ': "b", 'ɗ': "d", 'ɖ': "d", 'ƙ': "k", 'ɛ': "e", 'ɔ': "o", 'ƴ': "y",
	'ɣ': "gh", 'ɩ': "i", 'ʋ': "v", 'ƶ': "z", 'ĸ': "k", 'ɠ': "g", 'ɲ': "ny", 'ʃ': "sh", 'ʒ': "zh", 'ƞ': "n", 'ʊ': "u",
	'ƣ': "gh", 'ɨ': "i", 'ɵ': "o", 'ꞑ': "ng", 'ɪ': "i",
}

// spelledLatin are accented letters that others write with two.
var spelledLatin = map[rune]string{
	'ş': "sh", 'ș': "sh", 'š': "sh", 'ś': "sh", 'ç': "ch", 'č': "ch", 'ć': "ch", 'ž': "zh", 'ź': "zh", 'ż': "zh",
	'ğ': "gh", 'ä': "ae", 'ö': "oe", 'ü': "ue", 'å': "aa", 'ø': "oe", 'ñ': "ny", 'ň': "ny", 'ń': "ny", 'đ': "dj",
	'ĝ': "j", 'ŝ': "sh", 'ĉ': "ch", 'ŭ': "w", 'ř': "rzh", 'ţ': "ts", 'ț': "ts", 'ý': "y",
}

// spell writes a word with the letter pairs that stand for its accented letters.
func spell(raw string, d dialect) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(raw) {
		switch to, known := spelledLatin[r]; {
		case d == turkic && r == 'x':
			b.WriteString("kh")
		case d == turkic && r == 'c':
			b.WriteString("j")
		case d == turkic && (r == 'ö' || r == 'ü' || r == 'ğ'):
			b.WriteRune(withoutAccents(r))
		case known:
			b.WriteString(to)
		default:
			foldRune(&b, r)
		}
	}
	return b.String()
}
