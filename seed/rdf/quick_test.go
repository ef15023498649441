package rdf_test

import (
	"flag"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"chancery/graph"
	"chancery/seed/rdf"
)

// byBytes reads a text twice: at once, so that terms are found by their bytes, and byte
// by byte, so that each is scanned.
func byBytes(t *testing.T, text string, f rdf.Format) {
	t.Helper()
	read := func(in io.Reader) string {
		all, err := collect(func(yield func(rdf.Statement) error) error {
			return rdf.Read(in, rdf.Options{Format: f, File: "a", MaxBytes: 1 << 10}, yield)
		})
		text := lines(all)
		if err != nil {
			text += err.Error()
		}
		return text
	}
	if got, want := read(strings.NewReader(text)), read(iotest.OneByteReader(strings.NewReader(text))); got != want {
		t.Errorf("%q gives\n%s\nand scanned\n%s", text, got, want)
	}
}

var quickSeed = flag.Uint64("seed", 0, "of the random lines of TestTermsByTheirBytes; 0: another each time")

// TestTermsByTheirBytes: terms that are found by their bytes are those that are scanned,
// in W3C's suites and in lines of all kinds, right and wrong.
func TestTermsByTheirBytes(t *testing.T) {
	for _, text := range []string{
		`<a:b> <a:c> "x" @en .`, `<a:b> <a:c> "x"^^ <a:d> .`, `<a:b> <a:c> "x" .` + "\n" + `<a:b> <a:c> "x"	@en .` + "\n" + `<a:b> <a:c> "x" ^^<a:d> .`,
		`<a:b> <a:c> "x"@en.` + "\n" + `<a:b><a:c>"x"@en.`, `<a:b> <a:c> "x\"" .` + "\n" + `<a:b> <a:c> "x\" .`, `"x" <a:c> "x" .`, `<a:b> "x" "x" .`,
		`<a:b> <a:c> "x"^^<http://www.w3.org/2001/XMLSchema#string> .`, `<a:b> <a:c> "x"^^<d> .`, `<b> <a:c> <a:d> .`, `<a:b> <a:c> <a:d> "x" .`,
		`<a:b> <a:c> "` + strings.Repeat("x", 2000) + `" .`, `<a:b> <a:` + strings.Repeat("c", 2000) + `> "" .`, "<a:b> <a:c> \"\xff\" .", "<a:b> <a:\xff> \"\" .",
		"<a:b> <a:c> \"\" .\r\n<a:b> <a:c> \"\"\r\n.", `<a:b> <a:c> ""@-en .`, `<a:b> <a:c> ""^^<> .`, `<a:b> <a:c> ""^<a:d> .`, `<a:b> <a:c> "" <a:g> <a:g> .`,
	} {
		byBytes(t, text, rdf.NQuads)
		byBytes(t, text+"\n"+text, rdf.NTriples)
	}
	_, missing := os.Stat(suitesFolder)
	if missing != nil {
		t.Log("left out: no suites beside the project")
	}
	for _, f := range []rdf.Format{rdf.NTriples, rdf.NQuads} {
		if missing != nil {
			break
		}
		err := filepath.WalkDir(suitesFolder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, f.Ending()) {
				return err
			}
			text, err := os.ReadFile(path)
			if err == nil {
				byBytes(t, string(text)+string(text), f)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	seed := *quickSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	term := func() string {
		return pick("<a:b>", "<a:c>", "<http://e/é>", "<a:\\u00e9>", "_:a", "_:b.c", `"x"`, `"x y"`, `"x"@en`, `"y"^^<a:d>`, `"\t"`, `"é"@de-AT`, "<r>", `"`, "<", ">", "@en", "^^")
	}
	for range 2000 {
		var b strings.Builder
		for range 1 + rng.IntN(8) {
			for _, wanted := range []string{"<a:b>", "<a:c>", `"x"`, "<a:g>"} {
				if rng.IntN(3) == 0 {
					wanted = term()
				}
				b.WriteString(wanted + pick(" ", " ", " ", "", "\t", "  "))
			}
			b.WriteString(pick(".\n", ".\n", ".\n", ".\r\n", ". # x\n", "\n", ". "))
		}
		byBytes(t, b.String(), rdf.NQuads)
	}
}

// TestManyTerms: more terms than are kept at once.
func TestManyTerms(t *testing.T) {
	all := visits(4000)
	text, err := write(all, rdf.Options{Format: rdf.NQuads})
	if err != nil {
		t.Fatal(err)
	}
	back, err := collect(func(yield func(rdf.Statement) error) error {
		return rdf.Read(strings.NewReader(text), rdf.Options{Format: rdf.NQuads}, yield)
	})
	if err != nil {
		t.Fatal(err)
	}
	if lines(back) != lines(all) || back[0].Graph == (graph.Term{}) {
		t.Error("they are read otherwise than they were written")
	}
}
