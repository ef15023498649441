package names

import (
	"strings"
	"unicode/utf8"
)

// loose is the key in which spellings of one sound meet: Tokayev and Toqaev,
// Zhaparov and Japarov, Zelenskyy and Zelenskiy. Its letters are no spelling of
// any language: c stands for ch and ts, j for zh and dzh, i for y.
func loose(latin string) string {
	out := make([]byte, 0, len(latin))
	put := func(s string) {
		for i := range len(s) {
			if n := len(out); n == 0 || out[n-1] != s[i] || digitByte(s[i]) { // no letter is doubled
				out = append(out, s[i])
			}
		}
	}
	for i := 0; i < len(latin); {
		rest := latin[i:]
		c := rest[0]
		if c >= utf8.RuneSelf {
			_, n := utf8.DecodeRuneInString(rest)
			out = append(out, rest[:n]...)
			i += n
			continue
		}
		if to, n := digraph(rest); n > 0 {
			put(to)
			i += n
			continue
		}
		switch c {
		case 'i', 'y':
			n := 1
			for n < len(rest) && (rest[n] == 'i' || rest[n] == 'y') {
				n++
			}
			switch {
			case n < len(rest) && rest[n] == 'e': // ye and ie: Tokayev, Kiev
			case n == len(rest)-1 && rest[n] == 'j': // -ij: Zelenskij
				put("i")
				n++
			default:
				put("i")
			}
			i += n
			continue
		case 'c':
			if len(rest) > 1 && isIn(rest[1], "eiy") {
				put("c")
			} else {
				put("k")
			}
		case 'q':
			put("k")
			if len(rest) > 2 && rest[1] == 'u' && isIn(rest[2], "ei") {
				i++
			}
		case 'x':
			if i == 0 || len(rest) > 1 && !isIn(rest[1], "aeiouy") {
				put("h")
			} else {
				put("ks")
			}
		case 'w':
			put("v")
		case 'h':
			if len(rest) > 1 || len(out) == 0 { // silent at the end
				put("h")
			}
		default:
			put(rest[:1])
		}
		i++
	}
	return string(out)
}

// digraphs are sounds written with several letters, by their first letter,
// longest first.
var digraphs = [256][]struct{ from, to string }{
	'c': {{"chh", "c"}, {"ch", "c"}, {"cz", "c"}, {"ck", "k"}},
	'd': {{"dsch", "j"}, {"dzh", "j"}, {"dj", "j"}, {"dh", "d"}, {"dz", "z"}},
	'e': {{"ee", "i"}},
	'g': {{"gh", "g"}},
	'b': {{"bh", "b"}},
	'j': {{"jh", "j"}},
	'k': {{"kh", "h"}},
	'o': {{"ou", "u"}, {"oo", "u"}},
	'p': {{"ph", "f"}},
	'r': {{"rh", "r"}},
	's': {{"shch", "s"}, {"sch", "s"}, {"sh", "s"}, {"sz", "s"}},
	't': {{"tsch", "c"}, {"tch", "c"}, {"ts", "c"}, {"tz", "c"}, {"th", "t"}},
	'w': {{"wh", "v"}},
	'z': {{"zh", "j"}},
}

// digraph returns what the letters that s begins with stand for, and how many
// they are.
func digraph(s string) (to string, letters int) {
	if s == "off" || s == "eff" { // Gorbatschoff
		return s[:1] + "v", 3
	}
	for _, d := range digraphs[s[0]] {
		if strings.HasPrefix(s, d.from) {
			return d.to, len(d.from)
		}
	}
	return "", 0
}

// looseAll are the distinct loose keys of a word's readings.
func looseAll(latin []string) []string {
	var out []string
	for _, l := range latin {
		out = appendNew(out, loose(l))
	}
	return out
}

func isIn(c byte, set string) bool { return strings.IndexByte(set, c) >= 0 }

func digitByte(c byte) bool { return '0' <= c && c <= '9' }
