package names

import "unicode"

// script is a writing system, as far as reading it into Latin letters needs to
// tell it apart.
type script uint8

const (
	otherScript script = iota // read as it stands
	latinScript
	cyrillicScript
	greekScript
	georgianScript
	armenianScript
	arabicScript
	hebrewScript
	indicScript // Devanagari and the eight blocks laid out like it
	thaiScript  // Thai and Lao
	ethiopicScript
	hangulScript
	kanaScript
	hanScript
)

var scriptNames = [...]string{
	otherScript: "another script", latinScript: "Latin", cyrillicScript: "Cyrillic", greekScript: "Greek",
	georgianScript: "Georgian", armenianScript: "Armenian", arabicScript: "Arabic script", hebrewScript: "Hebrew",
	indicScript: "an Indic script", thaiScript: "Thai or Lao", ethiopicScript: "Ethiopic",
	hangulScript: "Hangul", kanaScript: "kana", hanScript: "Chinese characters",
}

func (s script) String() string { return scriptNames[s] }

// abjad reports whether the script mostly leaves short vowels out.
func (s script) abjad() bool { return s == arabicScript || s == hebrewScript }

// dense reports whether one character stands for a syllable or more, so that a
// word of two is long enough to hold an error.
func (s script) dense() bool { return s == hanScript || s == hangulScript }

// scriptBlocks are the blocks of the scripts read here, in order.
var scriptBlocks = [...]struct {
	first, last rune
	script      script
}{
	{0x0041, 0x024F, latinScript},
	{0x0250, 0x02AF, latinScript}, // phonetic letters, among them the schwa
	{0x0370, 0x03FF, greekScript},
	{0x0400, 0x052F, cyrillicScript},
	{0x0530, 0x058F, armenianScript},
	{0x0590, 0x05FF, hebrewScript},
	{0x0600, 0x06FF, arabicScript},
	{0x0750, 0x077F, arabicScript},
	{0x08A0, 0x08FF, arabicScript},
	{0x0900, 0x0D7F, indicScript},
	{0x0E00, 0x0EFF, thaiScript},
	{0x10A0, 0x10FF, georgianScript},
	{0x1100, 0x11FF, hangulScript},
	{0x1200, 0x137F, ethiopicScript},
	{0x1C80, 0x1C8F, cyrillicScript},
	{0x1C90, 0x1CBF, georgianScript},
	{0x1E00, 0x1EFF, latinScript},
	{0x1F00, 0x1FFF, greekScript},
	{0x2C60, 0x2C7F, latinScript},
	{0x2D00, 0x2D2F, georgianScript},
	{0x2DE0, 0x2DFF, cyrillicScript},
	{0x3005, 0x3007, hanScript},
	{0x3040, 0x30FF, kanaScript},
	{0x31F0, 0x31FF, kanaScript},
	{0x3400, 0x4DBF, hanScript},
	{0x4E00, 0x9FFF, hanScript},
	{0xA640, 0xA69F, cyrillicScript},
	{0xA720, 0xA7FF, latinScript},
	{0xAC00, 0xD7AF, hangulScript},
	{0xF900, 0xFAFF, hanScript},
	{0xFB50, 0xFDFF, arabicScript},
	{0xFE70, 0xFEFF, arabicScript},
	{0x20000, 0x3FFFF, hanScript},
}

// scriptOf is the script that a letter belongs to. Digits and marks that go with
// any letter belong to none.
func scriptOf(r rune) script {
	if r < 0x80 {
		if 'a' <= r|0x20 && r|0x20 <= 'z' {
			return latinScript
		}
		return otherScript
	}
	for i := range scriptBlocks {
		if b := &scriptBlocks[i]; r <= b.last {
			if r < b.first || unicode.IsDigit(r) {
				return otherScript
			}
			return b.script
		}
	}
	return otherScript
}
