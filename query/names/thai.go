package names

import "strings"

// thai are the sounds of Thai by place in its block; Lao's follows its layout.
var thai = [0x80]string{
	0x01: "k", 0x02: "kh", 0x03: "kh", 0x04: "kh", 0x05: "kh", 0x06: "kh", 0x07: "ng", 0x08: "ch", 0x09: "ch", 0x0A: "ch",
	0x0B: "s", 0x0C: "ch", 0x0D: "y", 0x0E: "d", 0x0F: "t", 0x10: "th", 0x11: "th", 0x12: "th", 0x13: "n", 0x14: "d",
	0x15: "t", 0x16: "th", 0x17: "th", 0x18: "th", 0x19: "n", 0x1A: "b", 0x1B: "p", 0x1C: "ph", 0x1D: "f", 0x1E: "ph",
	0x1F: "f", 0x20: "ph", 0x21: "m", 0x22: "y", 0x23: "r", 0x24: "rue", 0x25: "l", 0x26: "lue", 0x27: "w", 0x28: "s",
	0x29: "s", 0x2A: "s", 0x2B: "h", 0x2C: "l", 0x2D: "o", 0x2E: "h",
	0x30: "a", 0x31: "a", 0x32: "a", 0x33: "am", 0x34: "i", 0x35: "i", 0x36: "ue", 0x37: "ue", 0x38: "u", 0x39: "u",
	0x3B: "o", 0x40: "e", 0x41: "ae", 0x42: "o", 0x43: "ai", 0x44: "ai", 0x45: "a",
	0x5C: "n", 0x5D: "m", // Lao hn, hm
}

const (
	thaiCarrier = 0x2D // a consonant by letter, heard as the vowel with it
	thaiSilent  = 0x4C // over a letter that is not heard
)

// fromThai reads a word in Thai or Lao. Vowels that are written before their
// consonant are read after it; vowels that are not written are not guessed.
func fromThai(raw string) string {
	var sounds []string // of each letter
	consonant, before := 0, ""
	for i, r := range raw {
		at := r & 0x7F
		switch {
		case scriptOf(r) != thaiScript:
			var b strings.Builder
			foldRune(&b, r)
			sounds = append(sounds, b.String())
		case at == thaiSilent:
			sounds = sounds[:min(consonant, len(sounds))]
		case 0x40 <= at && at <= 0x44:
			sounds, before = append(sounds, before), thai[at]
		case at == thaiCarrier && before != "":
			sounds, before = append(sounds, before), ""
		case at == thaiCarrier && i == 0:
			sounds = append(sounds, "a")
		case at < 0x30:
			consonant = len(sounds)
			sounds, before = append(sounds, thai[at]+before), ""
		default:
			sounds = append(sounds, thai[at])
		}
	}
	return strings.Join(sounds, "") + before
}
