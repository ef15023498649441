package names

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// population makes n names of people and bodies: the leaders of testdata, as they
// are; then names mixed from their parts and, as many, from syllables of no
// language; one in five in another script. The same for the same n.
func population(tb testing.TB, n int) []Entry {
	random := rand.New(rand.NewPCG(7, uint64(n)))
	var parts, native []string
	for _, l := range leaders(tb) {
		parts = append(parts, strings.Fields(l.english)...)
		native = append(native, strings.Fields(l.native)...)
	}
	syllables := strings.Fields("ba ko mir zha tul en ov ski da ran gu lem sar to ki bek ne va ish or ta lin mo ed ru san pe ul as yan che fi")
	made := func() string {
		var b strings.Builder
		for range 2 + random.IntN(3) {
			b.WriteString(syllables[random.IntN(len(syllables))])
		}
		return strings.ToUpper(b.String()[:1]) + b.String()[1:]
	}
	bodies := strings.Fields("Ministry Embassy Council Agency Institute Bank University Party")
	out := make([]Entry, 0, n)
	for i, l := range leaders(tb) {
		out = append(out, Entry{Entity: uint64(i + 1), Text: l.english, Language: "en"})
	}
	for i := len(out); i < n; i++ {
		e := Entry{Entity: uint64(i + 1), Language: "en", Kind: i % 3}
		switch i % 10 {
		case 0, 1:
			e.Text = native[random.IntN(len(native))] + " " + native[random.IntN(len(native))]
		case 2, 3, 4:
			e.Text = parts[random.IntN(len(parts))] + " " + parts[random.IntN(len(parts))]
		case 5:
			e.Text = bodies[random.IntN(len(bodies))] + " of " + made() + " of " + made()
		default:
			e.Text = made() + " " + made()
		}
		out = append(out, e)
	}
	return out
}

const populationSize = 100_000

func BenchmarkBuild(b *testing.B) {
	entries := population(b, populationSize)
	b.ReportAllocs()
	var x *Index
	var before, after runtime.MemStats
	for b.Loop() {
		x = nil
		runtime.GC()
		runtime.ReadMemStats(&before)
		x = Build(entries)
		runtime.GC()
		runtime.ReadMemStats(&after)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/populationSize, "B/name")
	runtime.KeepAlive(x)
}

func BenchmarkWith(b *testing.B) {
	x := Build(population(b, populationSize))
	random := rand.New(rand.NewPCG(8, 8))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e := Entry{Entity: uint64(random.IntN(populationSize)), Text: "Newly Named Body", Kind: i}
		x = x.With([]Entry{e}, nil)
	}
}

func BenchmarkLookup(b *testing.B) {
	x := Build(population(b, populationSize))
	for _, bench := range []struct{ name, text string }{
		{"exact", "Shavkat Mirziyoyev"},
		{"word", "Tokayev"},
		{"common", "ministry"},
		{"typo", "Mirziyoyvev"},
		{"typos", "Shavcat Mirziyoyvev"},
		{"nothing", "Qwrtzpsdfgh Xcvbnmkl"},
		{"letter", "m"},
		{"prefix", "mirzi"},
		{"cyrillic", "Шавкат Мирзиёев"},
		{"arabic", "محمد بن سلمان"},
		{"chinese", "习近平"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Search(bench.text, nil, 10)
			}
		})
	}
}
