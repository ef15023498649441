package names_test

import (
	"slices"
	"strings"
	"testing"

	"chancery/query/names"
)

// people are entities with the names that they are known by.
var people = [][]string{
	{"Kassym-Jomart Tokayev", "Қасым-Жомарт Тоқаев", "Касым-Жомарт Токаев"},
	{"Shavkat Mirziyoyev", "Шавкат Мирзиёев"},
	{"Sadyr Japarov", "Садыр Жапаров"},
	{"Emomali Rahmon"},
	{"Xi Jinping", "习近平"},
	{"Volodymyr Zelenskyy"},
	{"Recep Tayyip Erdoğan"},
	{"Mohammed bin Salman", "محمد بن سلمان"},
	{"Côte d'Ivoire"},
	{"Turkey", "Türkiye"},
	{"Donald Trump"},
	{"Sergio Gor"},
}

func index() *names.Index {
	var entries []names.Entry
	for i, of := range people {
		for kind, text := range of {
			entries = append(entries, names.Entry{Entity: uint64(i), Text: text, Kind: kind})
		}
	}
	return names.Build(entries)
}

func TestSearch(t *testing.T) {
	x := index()
	for _, test := range []struct{ text, first string }{
		{"Kassym-Jomart Tokayev", "Kassym-Jomart Tokayev"},
		{"tokaev", "Kassym-Jomart Tokayev"},
		{"Токаев", "Kassym-Jomart Tokayev"},
		{"тоқаев", "Kassym-Jomart Tokayev"},
		{"tokayev kassym", "Kassym-Jomart Tokayev"},
		{"mirzi", "Shavkat Mirziyoyev"},
		{"Мирзиеев", "Shavkat Mirziyoyev"},
		{"zhaparov", "Sadyr Japarov"},
		{"Жапаров", "Sadyr Japarov"},
		{"Рахмон", "Emomali Rahmon"},
		{"习近平", "Xi Jinping"},
		{"xi jinpin", "Xi Jinping"},
		{"Зеленський", "Volodymyr Zelenskyy"},
		{"erdogan", "Recep Tayyip Erdoğan"},
		{"محمد بن سلمان", "Mohammed bin Salman"},
		{"cote divoire", "Côte d'Ivoire"},
		{"turkiye", "Turkey"},
		{"trmup", "Donald Trump"},
	} {
		hits := x.Search(test.text, nil, 3)
		if len(hits) == 0 || people[hits[0].Entity][0] != test.first {
			t.Errorf("%q found %v, want %s first", test.text, hits, test.first)
			continue
		}
		if h := hits[0]; h.Matched == "" || h.Why == "" || h.Score <= 0 || h.Score > 1 {
			t.Errorf("%q: a hit must say what matched and why, with a score up to 1: %+v", test.text, h)
		}
	}
	if hits := x.Search("tokayev", func(uint64) bool { return false }, 3); len(hits) != 0 {
		t.Errorf("found %v among none", hits)
	}
	for _, text := range []string{"", " ", "-", "\xff\xfe", strings.Repeat("a", 10_000)} {
		x.Search(text, nil, 3) // must not panic
	}
}

// TestWith holds an index that grew by and by to one built at once.
func TestWith(t *testing.T) {
	var all []names.Entry
	grown := names.Build(nil)
	for i, of := range people {
		e := names.Entry{Entity: uint64(i), Text: of[0]}
		all = append(all, e)
		grown = grown.With([]names.Entry{e}, nil)
	}
	grown = grown.With(nil, all[:3])
	whole := names.Build(all[3:])
	for _, of := range people {
		if a, b := grown.Search(of[0], nil, 5), whole.Search(of[0], nil, 5); !slices.Equal(a, b) {
			t.Errorf("%s: grown %v, built %v", of[0], a, b)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	x := index()
	for _, text := range []string{"Kassym-Jomart Tokayev", "tokaev", "mirzi", "Токаев"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Search(text, nil, 10)
			}
		})
	}
}
