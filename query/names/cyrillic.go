package names

import "strings"

// cyrillic are the sounds of the letters of Russian and, where they differ in
// letter, of Ukrainian, Belarusian, Bulgarian, Serbian, Kazakh, Kyrgyz, Uzbek,
// Tajik, Turkmen, Tatar and Mongolian, as English texts spell them.
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",

	'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g",
	'ђ': "dj", 'ѓ': "gj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ќ': "kj", 'џ': "dz", 'ѕ': "dz", 'ѣ': "ye",

	'ә': "a", 'ғ': "gh", 'қ': "q", 'ң': "ng", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h",
	'ў': "o", 'ҳ': "h", 'ӣ': "i", 'ӯ': "u", 'ҷ': "j", 'җ': "j", 'ҹ': "j", 'ҝ': "g", 'ҡ': "q", 'ҙ': "dh", 'ҫ': "s",
	'ӑ': "a", 'ӗ': "e", 'ӳ': "u", 'ӧ': "o", 'ӱ': "u", 'ӥ': "i", 'ӏ': "",
}

// fromCyrillic reads a word in Cyrillic letters.
func fromCyrillic(raw string, d dialect) string {
	var b strings.Builder
	for _, r := range raw {
		switch {
		case d == ukrainian && r == 'г':
			b.WriteString("h")
		case d == ukrainian && r == 'и':
			b.WriteString("y")
		case d == ukrainian && r == 'ў':
			b.WriteString("u")
		default:
			if to, known := cyrillic[r]; known {
				b.WriteString(to)
			} else {
				foldRune(&b, r)
			}
		}
	}
	return b.String()
}
