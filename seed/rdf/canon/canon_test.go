package canon_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"chancery/seed/rdf"
	"chancery/seed/rdf/canon"
)

func read(t *testing.T, text string) []rdf.Statement {
	t.Helper()
	var all []rdf.Statement
	o := rdf.Options{Format: rdf.TriG, Prefixes: map[string]string{"": "http://e/"}}
	if err := rdf.Read(strings.NewReader(text), o, func(s rdf.Statement) error {
		all = append(all, s)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEqual(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"", "", true},
		{":a :p :b . :c :p 1 .", ":c :p 1 . :a :p :b , :b .", true},
		{":a :p 1 .", ":a :p 01 .", false},
		{":a :p 'x'@en .", ":a :p 'x'@EN .", false},
		{":a :p 'x' .", ":g { :a :p 'x' }", false},
		{"_:x :p _:y .", "_:y :p _:x .", true},
		{"_:x :p _:x .", "_:x :p _:y .", false},
		{"_:x :p _:y . _:y :p _:z . _:z :p _:x .", "_:1 :p _:2 . _:3 :p _:1 . _:2 :p _:3 .", true},
		{"_:x :p _:y . _:y :p _:x . _:z :p _:z .", "_:x :p _:y . _:y :p _:z . _:z :p _:x .", false},
		{"_:g { :a :p _:g }", "_:g { :a :p _:h }", false},
		{":a :p [ :q ( 1 [ :r 2 ] ) ] , [ :q () ] .", ":a :p [ :q () ] . :a :p [ :q ( 1 [ :r 2 ] ) ] .", true},
	} {
		got, err := canon.Equal(read(t, test.a), read(t, test.b), canon.Options{})
		if err != nil || got != test.want {
			t.Errorf("%q and %q: %v, %v", test.a, test.b, got, err)
		}
	}
}

// TestShuffled relabels and shuffles random graphs of nodes that look alike: the
// text stays the same.
func TestShuffled(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		nodes := 2 + random.IntN(6)
		var lines []string
		for range 1 + random.IntN(8) {
			lines = append(lines, fmt.Sprintf("_:x%d :p%d _:x%d .", random.IntN(nodes), random.IntN(2), random.IntN(nodes)))
		}
		want, err := canon.NQuads(read(t, strings.Join(lines, " ")), canon.Options{})
		if err != nil {
			t.Fatal(err)
		}
		order := random.Perm(nodes)
		random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		text := strings.Join(lines, " ")
		for from, to := range order {
			text = strings.ReplaceAll(text, fmt.Sprintf("_:x%d ", from), fmt.Sprintf("_:y%d ", to))
		}
		got, err := canon.NQuads(read(t, text), canon.Options{})
		if err != nil || string(got) != string(want) {
			t.Fatalf("seed %d: %s\ngot\n%s, %v\nwant\n%s", seed, text, got, err, want)
		}
	}
}

// TestPoison holds a graph in which every node points to every other to ending
// in an error.
func TestPoison(t *testing.T) {
	var b strings.Builder
	for i := range 10 {
		for j := range 10 {
			if i != j {
				fmt.Fprintf(&b, "_:x%d :p _:x%d . ", i, j)
			}
		}
	}
	_, err := canon.NQuads(read(t, b.String()), canon.Options{})
	if !errors.Is(err, canon.ErrTooAlike) || !strings.Contains(err.Error(), "for 10 of 10") {
		t.Error(err)
	}
}

func BenchmarkNQuads(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, "<http://e/%d> <http://p> [ <http://q> %d ; <http://r> ( 1 2 ) ] .\n", i, i)
	}
	var all []rdf.Statement
	if err := rdf.Read(strings.NewReader(text.String()), rdf.Options{Format: rdf.Turtle}, func(s rdf.Statement) error {
		all = append(all, s)
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := canon.NQuads(all, canon.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(all))*float64(b.N)/b.Elapsed().Seconds(), "statements/s")
}
