package value

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Slug makes what may stand in an id: small letters a to z and digits, with a
// dash for whatever stands between them. Accents are taken off. Letters that have
// no form without one, such as those of other scripts, are replaced by a code of
// the whole text after ~, so that different names stay different.
func Slug(s string) string {
	b := make([]byte, 0, len(s)+4)
	lost, plain := false, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		case c >= 0x80:
			plain = false
		case c == '\'' || c == '.':
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
		if !plain {
			break
		}
	}
	if !plain {
		b, lost = slugAny(b[:0], s)
	}
	for len(b) > 0 && b[len(b)-1] == '-' {
		b = b[:len(b)-1]
	}
	if lost {
		b = append(b, '~')
		b = append(b, Hash(s)[:8]...)
	}
	return string(b)
}

var plainLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "Æ", "AE", "ø", "o", "Ø", "O", "đ", "d", "Đ", "D",
	"ł", "l", "Ł", "L", "ı", "i", "ð", "d", "Ð", "D", "þ", "th", "Þ", "Th", "œ", "oe", "Œ", "OE", "ʻ", "", "’", "", "‘", "", "ə", "a", "Ə", "A")

func slugAny(b []byte, s string) (_ []byte, lost bool) {
	for _, r := range norm.NFKD.String(plainLetters.Replace(s)) {
		switch {
		case r >= 'A' && r <= 'Z':
			b = append(b, byte(r)+'a'-'A')
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b = append(b, byte(r))
		case r == '\'' || r == '.' || unicode.Is(unicode.Mn, r) && !lost:
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			lost = true
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
	}
	return b, lost
}

var lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Hash returns 16 letters and digits that stand for a text: 80 bits of its SHA-256.
func Hash(s string) string { return HashBytes([]byte(s)) }

// HashBytes is Hash of bytes.
func HashBytes(b []byte) string {
	sum := sha256.Sum256(b)
	var text [16]byte
	lower.Encode(text[:], sum[:10])
	return string(text[:])
}

// Title writes each word with a capital letter and small ones after it, where all of its
// letters are capitals: TOKAYEV becomes Tokayev, VAN-DÚNEM Van-Dúnem, and de stays.
func Title(s string) string {
	b := make([]rune, 0, len(s))
	start := true
	for i, word := range strings.Fields(s) {
		if i > 0 {
			b = append(b, ' ')
		}
		if strings.ContainsFunc(word, unicode.IsLower) || len([]rune(word)) < 2 {
			b = append(b, []rune(word)...)
			continue
		}
		start = true
		for _, r := range word {
			if !start {
				b = append(b, unicode.ToLower(r))
			} else {
				b = append(b, r)
			}
			start = !unicode.IsLetter(r)
		}
	}
	return string(b)
}

// Words turns a slug into words: two-sicilies becomes Two Sicilies.
func Words(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '_' || r == ' ' })
	for i, w := range words {
		_, n := utf8.DecodeRuneInString(w)
		words[i] = strings.ToUpper(w[:n]) + w[n:]
	}
	return strings.Join(words, " ")
}

// Alpha2 turns a code of ISO 3166-1 with three letters or three digits into the one
// with two letters, also codes that are no longer in use, as far as Unicode's CLDR has
// them; anything else stays as it is. Kosovo, which has no code in ISO 3166-1, is XK
// for each of UNK, XKX, XKK and KOS, which data sets use.
func Alpha2(s string) string {
	switch s {
	case "UNK", "XKX", "XKK", "KOS", "XK":
		return "XK"
	}
	if len(s) != 3 {
		return s
	}
	region, err := language.ParseRegion(s)
	if code := region.String(); err == nil && len(code) == 2 && region.IsCountry() {
		return code
	}
	return s
}

// WithoutBrackets takes out what stands in round or square brackets.
func WithoutBrackets(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			if depth > 0 {
				depth--
				continue
			}
		}
		if depth == 0 {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Language reads a language's code of two or three letters, or a tag of BCP 47, and
// returns the tag: kaz is kk.
func Language(s string) (string, error) {
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		return "", fmt.Errorf("%q is no language; languages are written kk, kaz or uz-Cyrl", s)
	}
	return tag.String(), nil
}
