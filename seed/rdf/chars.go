package rdf

// Classes of ASCII characters, as bits.
const (
	inIRI    = 1 << iota // may stand in <…> as it is
	nameBase             // PN_CHARS_BASE: a letter
	nameChar             // PN_CHARS: letter, digit, "_", "-"
	hexDigit
	escapable // may follow "\" in a local name
	letter
	digit
)

// ascii gives the classes of a byte below 0x80. Bytes above belong to inIRI, so
// that IRIs are scanned bytewise; whether they are UTF-8 is checked apart.
var ascii = func() (t [256]uint8) {
	for c := range 256 {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			t[c] |= nameBase | nameChar | letter
		case c >= '0' && c <= '9':
			t[c] |= nameChar | digit | hexDigit
		case c == '_', c == '-':
			t[c] |= nameChar
		}
		if c > ' ' {
			t[c] |= inIRI
		}
	}
	for _, c := range []byte("abcdefABCDEF") {
		t[c] |= hexDigit
	}
	for _, c := range []byte("<>\"{}|^`\\") {
		t[c] &^= inIRI
	}
	for _, c := range []byte("_~.-!$&'()*+,;=/?#@%") {
		t[c] |= escapable
	}
	return t
}()

// is reports whether a character that may be absent (-1) or beyond ASCII is of a
// class of ASCII.
func is(c int, class uint8) bool { return c >= 0 && c < 0x80 && ascii[c]&class != 0 }

// isNameBase is PN_CHARS_BASE.
func isNameBase(r rune) bool {
	if r < 0x80 {
		return ascii[r]&nameBase != 0
	}
	return r >= 0xC0 && r <= 0x2FF && r != 0xD7 && r != 0xF7 ||
		r >= 0x370 && r <= 0x1FFF && r != 0x37E ||
		r == 0x200C || r == 0x200D ||
		r >= 0x2070 && r <= 0x218F ||
		r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF ||
		r >= 0xF900 && r <= 0xFDCF ||
		r >= 0xFDF0 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0xEFFFF
}

// isNameChar is PN_CHARS.
func isNameChar(r rune) bool {
	if r < 0x80 {
		return ascii[r]&nameChar != 0
	}
	return isNameBase(r) || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// isNameStart is PN_CHARS_U or a digit: what a blank node's label begins with.
func isNameStart(r rune) bool { return isNameBase(r) || r == '_' || r >= '0' && r <= '9' }

// isLanguage is LANGTAG without the "@".
func isLanguage[S string | []byte](tag S) bool {
	subtag, first := 0, true
	for i := range len(tag) {
		switch c := tag[i]; {
		case ascii[c]&letter != 0 && c < 0x80, !first && ascii[c]&digit != 0 && c < 0x80:
			subtag++
		case c == '-' && subtag > 0:
			subtag, first = 0, false
		default:
			return false
		}
	}
	return subtag > 0
}
