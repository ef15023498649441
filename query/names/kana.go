package names

import "strings"

// hiragana writes a katakana letter as hiragana; the long-vowel sign and the
// middle dot go.
func hiragana(r rune) string {
	switch {
	case 'ァ' <= r && r <= 'ヶ':
		return string(r - ('ァ' - 'ぁ'))
	case r == 'ー' || r == '・' || r == 0x3099 || r == 0x309A:
		return ""
	}
	return string(r)
}

// kana are the syllables by Hepburn's romanisation.
var kana = map[rune]string{
	'あ': "a", 'い': "i", 'う': "u", 'え': "e", 'お': "o", 'か': "ka", 'き': "ki", 'く': "ku", 'け': "ke", 'こ': "ko",
	'が': "ga", 'ぎ': "gi", 'ぐ': "gu", 'げ': "ge", 'ご': "go", 'さ': "sa", 'し': "shi", 'す': "su", 'せ': "se", 'そ': "so",
	'ざ': "za", 'じ': "ji", 'ず': "zu", 'ぜ': "ze", 'ぞ': "zo", 'た': "ta", 'ち': "chi", 'つ': "tsu", 'て': "te", 'と': "to",
	'だ': "da", 'ぢ': "ji", 'づ': "zu", 'で': "de", 'ど': "do", 'な': "na", 'に': "ni", 'ぬ': "nu", 'ね': "ne", 'の': "no",
	'は': "ha", 'ひ': "hi", 'ふ': "fu", 'へ': "he", 'ほ': "ho", 'ば': "ba", 'び': "bi", 'ぶ': "bu", 'べ': "be", 'ぼ': "bo",
	'ぱ': "pa", 'ぴ': "pi", 'ぷ': "pu", 'ぺ': "pe", 'ぽ': "po", 'ま': "ma", 'み': "mi", 'む': "mu", 'め': "me", 'も': "mo",
	'や': "ya", 'ゆ': "yu", 'よ': "yo", 'ら': "ra", 'り': "ri", 'る': "ru", 'れ': "re", 'ろ': "ro", 'わ': "wa", 'ゐ': "i",
	'ゑ': "e", 'を': "o", 'ん': "n", 'ゔ': "vu", 'っ': "",
}

// smallKana change the vowel of the syllable before.
var smallKana = map[rune]string{
	'ゃ': "ya", 'ゅ': "yu", 'ょ': "yo", 'ぁ': "a", 'ぃ': "i", 'ぅ': "u", 'ぇ': "e", 'ぉ': "o", 'ゎ': "wa",
}

// fromKana reads a word in hiragana or katakana. Doubled consonants and long
// vowels are not told apart from short ones.
func fromKana(raw string) string {
	out := ""
	for _, r := range fold(raw) {
		if small, ok := smallKana[r]; ok {
			out = strings.TrimRight(out, "aiueo")
			if len(small) == 2 && (strings.HasSuffix(out, "sh") || strings.HasSuffix(out, "ch") || strings.HasSuffix(out, "j")) {
				small = small[1:]
			}
			out += small
			continue
		}
		if r == 'う' && strings.HasSuffix(out, "o") {
			continue
		}
		if syllable, ok := kana[r]; ok {
			out += syllable
		} else {
			out += string(r)
		}
	}
	return out
}
