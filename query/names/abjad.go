package names

import (
	"strings"
	"unicode/utf8"
)

// consonant is one letter of an abjad as Latin spellings may show it: any of the
// letters of a loose key in among or, if free, nothing at all.
type consonant struct {
	among uint32 // bit i is the letter 'a'+i
	free  bool   // a long vowel, a guttural or the article: may go unwritten
}

// foldAbjad is the plain form of an Arabic or Hebrew letter; 0 for vowel points.
func foldAbjad(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی', 'ئ', 'ې', 'ے', 'ۍ', 'ێ':
		return 'ي'
	case 'ؤ', 'ۇ', 'ۆ', 'ۈ', 'ۋ':
		return 'و'
	case 'ک', 'ڪ':
		return 'ك'
	case 'ة', 'ہ', 'ھ', 'ە', 'ۀ', 'ۃ':
		return 'ه'
	case 'ٹ':
		return 'ت'
	case 'ڈ':
		return 'د'
	case 'ڑ':
		return 'ر'
	case 'ں':
		return 'ن'
	case 'ء':
		return 0
	case 'ך', 'ם', 'ן', 'ץ': // final forms
		return r + 1
	case 'ף':
		return 'פ'
	}
	if accent(r) || 0x0591 <= r && r <= 0x05C7 {
		return 0
	}
	return r
}

// article is the Arabic one, which a name is sorted and looked for without.
const article = "ال"

// withoutArticle drops the Arabic article from a folded word.
func withoutArticle(own string) string {
	if rest, has := strings.CutPrefix(own, article); has && utf8.RuneCountInString(rest) >= 3 {
		return rest
	}
	return own
}

// abjadSounds are the loose letters that a folded letter may be spelled with, the
// usual one first. A point at the end says that it may go unwritten; "ha" at the
// beginning, that it is silent at the end of a word.
var abjadSounds = map[rune]string{
	'ا': "aeiou.", 'ع': "aeiou.", 'و': "vuo.", 'ي': "iea.", 'ه': "haet.",
	'ب': "bp", 'پ': "pb", 'ت': "t", 'ث': "st", 'ج': "jgc", 'چ': "cj", 'ح': "h", 'خ': "hk", 'د': "d", 'ذ': "zd",
	'ر': "r", 'ز': "z", 'ژ': "jz", 'س': "sc", 'ش': "sc", 'ص': "sc", 'ض': "dz", 'ط': "t", 'ظ': "zd", 'غ': "g",
	'ف': "fpv", 'ڤ': "vf", 'ق': "kg", 'ك': "kgc", 'گ': "gk", 'ل': "l", 'م': "m", 'ن': "n", 'ڭ': "n",

	'א': "aeiou.", 'ב': "bv", 'ג': "gj", 'ד': "d", 'ה': "hae.", 'ו': "vuo.", 'ז': "zj", 'ח': "hc", 'ט': "t",
	'י': "iea.", 'כ': "khc", 'ל': "l", 'מ': "m", 'נ': "n", 'ס': "s", 'ע': "aeiou.", 'פ': "pf", 'צ': "csz",
	'ק': "kc", 'ר': "r", 'ש': "s", 'ת': "t",
}

// pattern is a word of an abjad as a pattern over loose keys.
func pattern(w word) []consonant {
	var out []consonant
	s := fold(w.raw)
	if w.script == arabicScript && withoutArticle(s) != s {
		out = append(out, consonant{free: true, among: bits("l")})
		s = withoutArticle(s)
	}
	for _, r := range cut(s, maxWordRunes) {
		sounds, known := abjadSounds[r]
		if !known && '0' <= r && r <= '9' {
			return nil // a number is found as it is written
		}
		if !known {
			continue
		}
		letters, free := strings.CutSuffix(sounds, ".")
		out = append(out, consonant{free: free, among: bits(letters)})
	}
	if last := len(out) - 1; last >= 0 && out[last].among&bits("h") != 0 {
		out[last].free = true // loose keys end in no h
	}
	return out
}

// firm is how many letters of a pattern must be there.
func firm(p []consonant) int {
	n := 0
	for _, c := range p {
		if !c.free {
			n++
		}
	}
	return n
}

func bits(letters string) uint32 {
	set := uint32(0)
	for i := range len(letters) {
		set |= 1 << (letters[i] - 'a')
	}
	return set
}

const vowels = 1 | 1<<('e'-'a') | 1<<('i'-'a') | 1<<('o'-'a') | 1<<('u'-'a')

// skeletonMark begins a word of the table that is not a word but the skeleton of
// one in an abjad; no folded word has it.
const skeletonMark = "~"

// skeleton is what is left of a word that both an abjad and Latin letters show:
// classes of consonants. Empty if that is too little to tell words apart.
func skeleton(w word) string {
	var b strings.Builder
	put := func(c byte) {
		if to := skeletonClass[c-'a']; to != '.' {
			b.WriteByte(to)
		}
	}
	if w.script.abjad() {
		runes := []rune(w.own)
		for i, r := range runes {
			if sounds := abjadSounds[r]; sounds != "" && (i < len(runes)-1 || !strings.HasPrefix(sounds, "ha")) {
				put(sounds[0])
			}
		}
	} else if len(w.latin) > 0 {
		for _, c := range []byte(loose(w.latin[0])) {
			if c < 'a' || c > 'z' {
				return ""
			}
			put(c)
		}
	}
	if b.Len() < 3 {
		return ""
	}
	return skeletonMark + b.String()
}

// skeletonClass is each loose letter's class; a point for what an abjad may leave
// out.
const skeletonClass = ".bkd.fkh.kklmn.bkrst.....s"
