package names

import "strings"

var greek = map[rune]string{
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l",
	'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "kh",
	'ψ': "ps", 'ω': "o",
}

// greekPairs are sounds written with two letters, wherever they stand.
var greekPairs = strings.NewReplacer(
	"ου", "u", "αυ", "av", "ευ", "ev", "αι", "e", "ει", "i", "οι", "i", "γγ", "ng", "γχ", "nkh", "τζ", "tz",
)

// greekStops are b, d and g, which Greek has no letters for: at the start of a
// word they stand alone, elsewhere the nasal is heard.
var (
	greekFirst = map[string]string{"μπ": "b", "ντ": "d", "γκ": "g"}
	greekStops = strings.NewReplacer("μπ", "mb", "ντ", "nt", "γκ", "gk")
)

// fromGreek reads a word in Greek letters.
func fromGreek(raw string) string {
	s, first := fold(raw), ""
	if len(s) >= 4 { // two letters of two bytes
		if to, stop := greekFirst[s[:4]]; stop {
			first, s = to, s[4:]
		}
	}
	return first + letters(greekStops.Replace(greekPairs.Replace(s)), greek)
}
