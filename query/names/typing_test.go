package names

import (
	"math/rand/v2"
	"unicode"
)

// typo makes one typing error among the letters of a text: a letter put in, left
// out, replaced, or swapped with the next. Letters put in come from alphabet.
func typo(random *rand.Rand, text string, alphabet []rune) string {
	runes := []rune(text)
	var letters []int
	for i, r := range runes {
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			letters = append(letters, i)
		}
	}
	if len(letters) == 0 {
		return text
	}
	for range 20 { // some errors change nothing
		out := append([]rune(nil), runes...)
		at := letters[random.IntN(len(letters))]
		r := alphabet[random.IntN(len(alphabet))]
		switch random.IntN(4) {
		case 0:
			out = append(out[:at], append([]rune{r}, out[at:]...)...)
		case 1:
			if len(letters) < 2 {
				continue
			}
			out = append(out[:at], out[at+1:]...)
		case 2:
			out[at] = r
		default:
			if at+1 == len(out) || !unicode.IsLetter(out[at+1]) && !unicode.IsMark(out[at+1]) {
				continue
			}
			out[at], out[at+1] = out[at+1], out[at]
		}
		if string(out) != text {
			return string(out)
		}
	}
	return text
}

// alphabetOf are the distinct letters and marks of some texts, lower case, in the
// order they occur.
func alphabetOf(texts []string) []rune {
	seen := map[rune]bool{}
	var out []rune
	for _, text := range texts {
		for _, r := range lower(text) {
			if (unicode.IsLetter(r) || unicode.IsMark(r)) && !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	return out
}
