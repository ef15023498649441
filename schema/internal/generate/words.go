package generate

import (
	"strings"
	"unicode"
)

// pluralOf makes a plural by the rules that the class names of an ontology
// meet; others are given with @class(plural:).
func pluralOf(s string) string {
	if n := len(s); strings.HasSuffix(s, "y") && !strings.ContainsRune("aeiou", rune(s[n-2])) {
		return s[:n-1] + "ies"
	}
	return s + "s"
}

// words takes a name apart: tradeRoute is "trade route".
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// upperSnake writes a name as an enum's value: foreignClass is FOREIGN_CLASS.
func upperSnake(name string) string {
	return strings.ToUpper(strings.ReplaceAll(words(name), " ", "_"))
}

// article returns the noun with its indefinite article.
func article(noun string) string {
	if strings.ContainsRune("aeio", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// firstSentence returns a description up to its first full stop. One inside
// backquotes, or inside a word, ends nothing.
func firstSentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	quoted := false
	for i, r := range text {
		switch {
		case r == '`':
			quoted = !quoted
		case r == '.' && !quoted && (i+1 == len(text) || text[i+1] == ' '):
			return text[:i+1]
		}
	}
	return text
}

// sentences joins what is not empty.
func sentences(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}
