package names

import "strings"

// ethiopic are the consonants of the script by row; a row is a consonant with
// each of eight vowels.
var ethiopic = [...]string{
	"h", "l", "h", "m", "s", "r", "s", "sh", "q", "q", "q", "q", "b", "v", "t", "ch", "h", "h", "n", "ny", "",
	"k", "k", "kh", "kh", "w", "", "z", "zh", "y", "d", "d", "j", "g", "g", "g", "t", "ch", "p", "ts", "ts", "f", "p",
}

var ethiopicVowels = [8]string{"e", "u", "i", "a", "e", "", "o", "wa"}

// fromEthiopic reads a word in the script of Ethiopia and Eritrea.
func fromEthiopic(raw string) string {
	var b strings.Builder
	for _, r := range raw {
		row := int(r-0x1200) / 8
		if scriptOf(r) != ethiopicScript || row >= len(ethiopic) {
			foldRune(&b, r)
			continue
		}
		vowel := ethiopicVowels[r&7]
		if ethiopic[row] == "" && (r&7 == 0 || r&7 == 5) { // a vowel by itself
			vowel = [...]string{"a", "", "", "", "", "i"}[r&7]
		}
		b.WriteString(ethiopic[row])
		b.WriteString(vowel)
	}
	return b.String()
}
