package names

import "strings"

const (
	firstSyllable = 0xAC00
	lastSyllable  = 0xD7A3
	vowelCount    = 21
	finalCount    = 28
)

// Initials, vowels and finals of a syllable, in Unicode's order, by the Revised
// Romanisation.
var (
	hangulInitials = [...]string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	hangulVowels   = [...]string{
		"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i",
	}
	hangulFinals = [...]string{
		"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
	}
)

// The same as newspapers spell people's names: Kim Jong Un, Park Chung-hee.
var (
	pressInitials = [...]string{"k", "kk", "n", "d", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	pressVowels   = [...]string{
		"a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui", "i",
	}
)

// koreanSurnames are family names whose usual spelling follows no rule.
var koreanSurnames = map[rune]string{
	'김': "kim", '이': "lee", '박': "park", '최': "choi", '정': "chung", '강': "kang", '조': "cho", '윤': "yoon", '임': "lim",
	'노': "roh", '문': "moon", '전': "chun", '유': "yoo", '반': "ban", '황': "hwang", '신': "shin", '오': "oh", '류': "ryu",
	'리': "ri", '로': "roh",
}

// fromHangul reads a word by the Revised Romanisation, as newspapers spell names
// and, if it can be a family name with a given name, with the family's usual
// spelling.
func fromHangul(raw string) []string {
	runes := []rune(raw)
	readings := []string{
		syllables(runes, &hangulInitials, &hangulVowels, false),
		syllables(runes, &pressInitials, &pressVowels, true),
	}
	if surname, known := koreanSurnames[runes[0]]; known && 2 <= len(runes) && len(runes) <= 4 {
		readings = append(readings, surname+syllables(runes[1:], &hangulInitials, &pressVowels, false))
	}
	return readings
}

// syllables reads syllables one by one. voiced says that k, p between vowels are
// spelled g, b.
func syllables(runes []rune, initials *[19]string, vowels *[21]string, voiced bool) string {
	var b strings.Builder
	for i, r := range runes {
		if r < firstSyllable || r > lastSyllable {
			foldRune(&b, r)
			continue
		}
		s := int(r - firstSyllable)
		initial := initials[s/(vowelCount*finalCount)]
		if voiced && i > 0 {
			initial = hangulInitials[s/(vowelCount*finalCount)]
		}
		b.WriteString(initial)
		b.WriteString(vowels[s/finalCount%vowelCount])
		b.WriteString(hangulFinals[s%finalCount])
	}
	return b.String()
}
