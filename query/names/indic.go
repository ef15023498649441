package names

import "strings"

// indic are the sounds of Devanagari. The blocks of Bengali, Gurmukhi, Gujarati,
// Odia, Tamil, Telugu, Kannada and Malayalam follow its layout, so the place in
// the block, 0x80 characters long, is enough.
var indic = [0x80]string{
	0x02: "n", 0x03: "h",
	0x05: "a", 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0A: "u", 0x0B: "ri", 0x0C: "li", 0x0D: "e", 0x0E: "e",
	0x0F: "e", 0x10: "ai", 0x11: "o", 0x12: "o", 0x13: "o", 0x14: "au",
	0x15: "k", 0x16: "kh", 0x17: "g", 0x18: "gh", 0x19: "n", 0x1A: "ch", 0x1B: "chh", 0x1C: "j", 0x1D: "jh", 0x1E: "n",
	0x1F: "t", 0x20: "th", 0x21: "d", 0x22: "dh", 0x23: "n", 0x24: "t", 0x25: "th", 0x26: "d", 0x27: "dh", 0x28: "n",
	0x29: "n", 0x2A: "p", 0x2B: "ph", 0x2C: "b", 0x2D: "bh", 0x2E: "m", 0x2F: "y", 0x30: "r", 0x31: "r", 0x32: "l",
	0x33: "l", 0x34: "l", 0x35: "v", 0x36: "sh", 0x37: "sh", 0x38: "s", 0x39: "h",
	0x3E: "a", 0x3F: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri", 0x44: "ri", 0x45: "e", 0x46: "e", 0x47: "e",
	0x48: "ai", 0x49: "o", 0x4A: "o", 0x4B: "o", 0x4C: "au",
	0x5F: "y", 0x70: "n", 0x71: "",
}

const (
	nukta  = 0x3C // a dot below: another consonant, seldom heard by English ears
	virama = 0x4D // joins a consonant with the next, without a vowel between
)

// fromIndic reads a word in a script of India. A consonant carries an a unless a
// vowel sign follows; at the end of a word it is silent, but after two consonants.
func fromIndic(raw string) string {
	var b strings.Builder
	pending, joined := false, false // an a is due; the consonant before had none
	for _, r := range raw {
		at := r & 0x7F
		switch {
		case at == nukta:
			continue
		case at == virama:
			pending, joined = false, true
			continue
		case 0x15 <= at && at <= 0x39 || at == 0x5F: // consonant
			if pending {
				b.WriteByte('a')
				joined = false
			}
			b.WriteString(indic[at])
			pending = true
			continue
		case 0x3E <= at && at <= 0x4C: // vowel sign
			pending = false
		case pending:
			b.WriteByte('a')
			pending = false
		}
		if scriptOf(r) == indicScript {
			b.WriteString(indic[at])
		} else {
			foldRune(&b, r)
		}
		joined = false
	}
	if pending && joined {
		b.WriteByte('a')
	}
	return b.String()
}
