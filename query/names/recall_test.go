package names

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

var everyName = flag.Bool("every", false, "ask for every nation's name, not for one in forty; docs/search-recall.md keeps these figures")

const recallSeed = 20260214

// recall counts where what was looked for was found.
type recall struct{ asked, first, five int }

func (r recall) String() string {
	return fmt.Sprintf("%6d asked, %5.1f%% first, %5.1f%% in the first five", r.asked, r.share(r.first), r.share(r.five))
}

func (r recall) share(n int) float64 { return 100 * float64(n) / float64(max(r.asked, 1)) }

// ask searches once and counts the answer in each of the counts.
func ask(x *Index, text string, right map[uint64]bool, counts ...*recall) {
	at := slices.IndexFunc(x.Search(text, nil, 5), func(h Hit) bool { return right[h.Entity] })
	for _, r := range counts {
		r.asked++
		if at >= 0 {
			r.five++
		}
		if at == 0 {
			r.first++
		}
	}
}

// scripts are counts by script.
type scripts map[script]*recall

func (s scripts) of(text, language string) *recall {
	of := read(text, language).script
	if s[of] == nil {
		s[of] = &recall{}
	}
	return s[of]
}

func (s scripts) log(t *testing.T) {
	t.Helper()
	for _, of := range slices.Sorted(maps.Keys(s)) {
		t.Logf("  %-44v %v", of, s[of])
	}
}

// atLeast fails the test if recall has fallen below what it was.
func (r recall) atLeast(t *testing.T, what string, first, five float64) {
	t.Helper()
	t.Logf("%-46s %v", what, r)
	if r.share(r.first) < first || r.share(r.five) < five {
		t.Errorf("%s: want at least %.1f%% first, %.1f%% in the first five", what, first, five)
	}
}

// nations are the names of all countries in every language that x/text has.
func nations() []Entry {
	var entries []Entry
	for _, tag := range display.Supported.Tags() {
		namer := display.Regions(tag)
		if namer == nil {
			continue // languages named, but no regions
		}
		for _, a := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			for _, b := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
				region, err := language.ParseRegion(string(a) + string(b))
				if err != nil || !region.IsCountry() || region.Canonicalize() != region {
					continue
				}
				if name := namer.Name(region); name != "" {
					entries = append(entries, Entry{Entity: uint64(a)<<8 | uint64(b), Text: name, Language: tag.String()})
				}
			}
		}
	}
	return sortedSet(entries)
}

func TestRecallNations(t *testing.T) {
	entries := nations()
	bearers := map[string]map[uint64]bool{} // who is called so
	byLanguage := map[string][]string{}
	for _, e := range entries {
		if bearers[e.Text] == nil {
			bearers[e.Text] = map[uint64]bool{}
		}
		bearers[e.Text][e.Entity] = true
		byLanguage[e.Language] = append(byLanguage[e.Language], e.Text)
	}
	alphabets := map[string][]rune{}
	for l, texts := range byLanguage {
		alphabets[l] = alphabetOf(texts)
	}
	// Languages share many names: each is asked for once, in the first language.
	asked := slices.CompactFunc(slices.SortedFunc(slices.Values(entries), func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.Text, b.Text), strings.Compare(a.Language, b.Language))
	}), func(a, b Entry) bool { return a.Text == b.Text })
	x := Build(entries)
	random := rand.New(rand.NewPCG(recallSeed, 1))
	random.Shuffle(len(asked), func(i, j int) { asked[i], asked[j] = asked[j], asked[i] })
	t.Logf("seed %d; %d names of %d countries in %d languages, %d distinct", recallSeed, len(entries),
		len(slices.Compact(slices.Collect(entitiesOf(entries)))), len(byLanguage), len(asked))
	if !*everyName {
		asked = asked[:len(asked)/40]
	}
	var right, wrong recall
	byScript := scripts{}
	for _, e := range asked {
		ask(x, e.Text, bearers[e.Text], &right)
		ask(x, typo(random, e.Text, alphabets[e.Language]), bearers[e.Text], &wrong, byScript.of(e.Text, e.Language))
	}
	right.atLeast(t, "nations, as written", 99, 99.5)
	wrong.atLeast(t, "nations, one typing error", 95, 98)
	byScript.log(t)
}

func entitiesOf(entries []Entry) func(func(uint64) bool) {
	return func(yield func(uint64) bool) {
		for _, e := range entries {
			if !yield(e.Entity) {
				return
			}
		}
	}
}

// leader is a line of testdata/leaders.tsv.
type leader struct{ language, english, native string }

func leaders(t testing.TB) []leader {
	t.Helper()
	text, err := os.ReadFile("testdata/leaders.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []leader
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			t.Fatalf("testdata/leaders.tsv:%d: %d fields, want language, English and native name", i+1, len(fields))
		}
		out = append(out, leader{fields[0], fields[1], fields[2]})
	}
	return out
}

// TestRecallLeaders asks for leaders as they are written at home and in English.
//
// Two indexes: one holds the English name and the native one of each, as a graph
// with native names would; the harder one only the English, so that everything
// else is the work of transliteration. Both hold the names of the nations in all
// languages too, so that there is something to confuse a leader with. Names in kanji are counted apart there:
// there are no readings for them.
func TestRecallLeaders(t *testing.T) {
	all := leaders(t)
	if len(all) < 200 {
		t.Fatalf("%d leaders, want 200", len(all))
	}
	english := nations() // something to confuse them with
	both := slices.Clone(english)
	var latin []string
	texts := map[string][]string{}
	for i, l := range all {
		e := Entry{Entity: uint64(i + 1), Text: l.english, Language: "en"}
		english = append(english, e)
		both = append(both, e, Entry{Entity: uint64(i + 1), Text: l.native, Language: l.language, Kind: 1})
		latin = append(latin, l.english)
		texts[l.language] = append(texts[l.language], l.native)
	}
	random := rand.New(rand.NewPCG(recallSeed, 2))
	named, unnamed := Build(both), Build(english)
	var native, nativeTypo, englishTypo, sound, kanji recall
	byScript := scripts{}
	letters := alphabetOf(latin)
	for i, l := range all {
		right := map[uint64]bool{uint64(i + 1): true}
		ask(named, l.native, right, &native)
		ask(named, typo(random, l.native, alphabetOf(texts[l.language])), right, &nativeTypo)
		ask(named, typo(random, l.english, letters), right, &englishTypo)
		switch {
		case read(l.native, l.language).script == latinScript: // nothing to transliterate
		case l.language == "ja":
			ask(unnamed, l.native, right, &kanji)
		default:
			ask(unnamed, l.native, right, &sound, byScript.of(l.native, l.language))
		}
	}
	t.Logf("seed %d; %d leaders among %d names", recallSeed, len(all), named.Len())
	native.atLeast(t, "native script, as written", 99, 99)
	nativeTypo.atLeast(t, "native script, one typing error", 97, 99)
	englishTypo.atLeast(t, "English, one typing error", 99, 99.5)
	sound.atLeast(t, "native script, only English names known", 96, 96)
	byScript.log(t)
	t.Logf("%-46s %v", "kanji, only English names known", kanji)
}
