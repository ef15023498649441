package names

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// TestWithIsBuild adds and removes at random and holds the index to one built of
// the same set, and to itself.
func TestWithIsBuild(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	pool := population(t, 1200)
	for i := range pool {
		pool[i].Entity %= 200 // several names each
	}
	queries := []string{"tokaev", "Путин", "习近平", "محمد", "ministry of", "mir", "Kim Jong", "a"}
	set := map[Entry]bool{}
	x := Build(nil)
	for step := range 60 {
		var added, removed []Entry
		for range random.IntN(40) {
			added = append(added, pool[random.IntN(len(pool))])
		}
		for range random.IntN(30) {
			removed = append(removed, pool[random.IntN(len(pool))])
		}
		before, same := x, fmt.Sprint(x.Search("tokaev", nil, 10))
		x = x.With(added, removed)
		if again := fmt.Sprint(before.Search("tokaev", nil, 10)); again != same {
			t.Fatalf("step %d: With changed the index it was called on: %s, then %s", step, same, again)
		}
		for _, e := range removed {
			delete(set, e)
		}
		for _, e := range added {
			set[e] = true
		}
		check(t, x, len(set))
		if step%6 != 5 {
			continue
		}
		var all []Entry
		for e := range set {
			all = append(all, e)
		}
		built := Build(all)
		for _, q := range append(queries, typo(random, pool[random.IntN(len(pool))].Text, []rune("aeioznr"))) {
			for _, limit := range []int{1, 3, 50} {
				keep := func(entity uint64) bool { return entity%3 != 0 }
				got, want := x.Search(q, keep, limit), built.Search(q, keep, limit)
				if !slices.Equal(got, want) {
					t.Fatalf("step %d: %q, limit %d: grown %v, built %v", step, q, limit, got, want)
				}
				if longer := built.Search(q, keep, 1000); !slices.Equal(want, longer[:min(limit, len(longer))]) {
					t.Fatalf("%q: the first %d are %v, but of all %v", q, limit, want, longer)
				}
			}
		}
	}
}

// check holds an index to its invariants.
func check(t *testing.T, x *Index, entries int) {
	t.Helper()
	if x.Len() != entries {
		t.Fatalf("%d entries, want %d", x.Len(), entries)
	}
	for i, l := range x.layers {
		if len(l.entries()) != l.live {
			t.Fatalf("layer %d counts %d live names of %d", i, l.live, len(l.entries()))
		}
		if i > 0 && l.live*2 >= x.layers[i-1].live {
			t.Fatalf("layer %d has %d names after one of %d", i, l.live, x.layers[i-1].live)
		}
		for _, table := range []*table{l.terms, l.loose, l.wholes} {
			for k := uint32(1); k < uint32(table.len()); k++ {
				if table.key(k-1) >= table.key(k) {
					t.Fatalf("keys %q and %q are out of order", table.key(k-1), table.key(k))
				}
			}
		}
	}
}

// TestEditsAreCounted holds the walk over a table to the textbook's distance.
func TestEditsAreCounted(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	word := func() string {
		runes := make([]rune, 1+random.IntN(9))
		for i := range runes {
			runes[i] = []rune("abcжд")[random.IntN(5)]
		}
		return string(runes)
	}
	for range 200 {
		b := newTableBuilder(0)
		for range 100 {
			b.add(word(), 0)
		}
		table, _ := b.build()
		q := word()
		for most := range 4 {
			got := map[string]int{}
			table.walk(newEdits(q, most, true, func(key uint32, d int, whole bool) {
				if !whole {
					d += 100
				}
				got[table.key(key)] = d
			}))
			for k := range uint32(table.len()) {
				key := table.key(k)
				want, listed := alignment(q, key), true
				if want > most {
					want = 1000
					for n := range len([]rune(key)) + 1 {
						want = min(want, 100+alignment(q, string([]rune(key)[:n])))
					}
					listed = want-100 <= most
				}
				if d, ok := got[key]; ok != listed || listed && d != want {
					t.Fatalf("%q and %q, at most %d: %d (%v), want %d (%v); 100 and more are beginnings", q, key, most, d, ok, want, listed)
				}
			}
		}
	}
}

// alignment is the optimal string alignment distance, from its definition.
func alignment(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case x[i-1] == y[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

// FuzzSearch puts any text into an index and searches for any: nothing panics,
// scores are in their range, each entity comes once, and a name is found by itself.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{
		"", "Tokayev", "\xff\xfe", "ʼ'’", "́́", "習近平", "ﷺ", "ك", "ไ์", "ወ", "가", "ー", "x\u200dy", "~mhmd", "१२३",
		strings.Repeat("a b ", 500), strings.Repeat("é", 400), strings.Repeat("习", 300),
	} {
		f.Add(s, "Kim Jong Un")
		f.Add("Mohammed bin Salman", s)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		x := Build([]Entry{{Entity: 1, Text: name, Kind: -3}, {Entity: 2, Text: text, Language: name, Kind: 1 << 40}, {Entity: 3, Text: "Kim"}})
		x = x.With([]Entry{{Entity: 4, Text: name}}, []Entry{{Entity: 3, Text: "Kim"}})
		seen := map[uint64]bool{}
		hits := x.Search(text, nil, 10)
		for i, h := range hits {
			if h.Score <= 0 || h.Score > 1 || h.Why == "" || seen[h.Entity] || i > 0 && h.Score > hits[i-1].Score {
				t.Fatalf("%q among %q: %+v", text, name, hits)
			}
			seen[h.Entity] = true
		}
		if p := read(text, ""); len(p.words) > 0 && len(p.words) < maxWords && utf8.RuneCountInString(text) < maxWordRunes && !seen[2] {
			t.Fatalf("%q does not find itself: %+v", text, hits)
		}
	})
}
