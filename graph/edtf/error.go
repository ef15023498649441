package edtf

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// ParseError says what is wrong with a text and how to write it right.
type ParseError struct {
	Input  string // the whole text, as it was given
	Offset int    // where the fault is: a byte of Input, or its length
	Reason string // what is wrong, and what to write instead
}

// Error gives the text, of which it quotes at most the first 80 bytes, and the
// reason: "2025-13": month 13 is not between 01 and 12.
func (e *ParseError) Error() string {
	return fmt.Sprintf("%s: %s", quote(e.Input), e.Reason)
}

func quote(s string) string {
	const most = 80
	if len(s) <= most {
		return strconv.Quote(s)
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut]) + "..."
}

// quoteRune quotes the first character of s, which is not empty.
func quoteRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strconv.Quote(s[:n])
}
