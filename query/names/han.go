package names

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// chineseSurnames are family names read otherwise than their character mostly is.
var chineseSurnames = map[rune]string{
	'曾': "zeng", '单': "shan", '單': "shan", '仇': "qiu", '解': "xie", '查': "zha", '任': "ren", '区': "ou", '區': "ou",
	'盖': "ge", '蓋': "ge", '朴': "piao", '洗': "xian", '尉': "wei", '贾': "jia", '賈': "jia", '长': "chang", '長': "chang",
}

// fromHan reads Chinese characters in pinyin without tones, each by its most
// common reading; a family name's own reading is tried too.
func fromHan(raw string) []string {
	var out [2]strings.Builder
	for i, r := range raw {
		reading := pinyinOf(r)
		if reading == "" {
			reading = string(r)
		}
		out[0].WriteString(reading)
		if surname, ok := chineseSurnames[r]; ok && i == 0 {
			reading = surname
		}
		out[1].WriteString(reading)
	}
	return []string{out[0].String(), out[1].String()}
}

// pinyinOf is the first reading of a character in ASCII; empty if it has none.
func pinyinOf(r rune) string {
	reading, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
	return fold(lower(reading))
}
