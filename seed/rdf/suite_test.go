package rdf_test

import (
	"crypto/sha512"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/seed/rdf"
	"chancery/seed/rdf/canon"
)

// suitesFolder holds W3C's suites, where they are laid beside the project.
const suitesFolder = "../../../shared/suites"

// suite gives the folder of a suite, or leaves the test out.
func suite(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Join(suitesFolder, name)
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the suite %s is missing", name)
		}
		t.Skipf("left out: no suite %s beside the project", name)
	}
	return folder
}

// entry is a test of a manifest in Turtle.
type entry struct {
	name, kind string
	action     string
	result     string
	hash       string
}

// manifest reads manifest.ttl and gives the base IRI of its tests, if it states
// one.
func manifest(t *testing.T, folder string) (base string, entries []entry) {
	t.Helper()
	const local = "file:///"
	byName := map[string]*entry{}
	for _, s := range readFile(t, filepath.Join(folder, "manifest.ttl"), rdf.Options{Base: local}) {
		e := byName[s.Subject.Text]
		if e == nil {
			e = &entry{name: s.Subject.Text[strings.LastIndexByte(s.Subject.Text, '#')+1:]}
			byName[s.Subject.Text] = e
		}
		object := s.Object.Text
		switch s.Predicate.Text[strings.IndexByte(s.Predicate.Text, '#')+1:] {
		case "type":
			e.kind = object[strings.IndexByte(object, '#')+1:]
		case "action":
			e.action = strings.TrimPrefix(object, local)
		case "result":
			e.result = strings.TrimPrefix(object, local)
		case "hashAlgorithm":
			e.hash = object
		case "assumedTestBase":
			base = object
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if e := byName[name]; e.action != "" {
			entries = append(entries, *e)
		}
	}
	if len(entries) == 0 {
		t.Fatalf("%s: no tests in the manifest", folder)
	}
	return base, entries
}

func readFile(t *testing.T, path string, o rdf.Options) []rdf.Statement {
	t.Helper()
	all, err := tryFile(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func tryFile(path string, o rdf.Options) ([]rdf.Statement, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	o.File = path
	return collect(func(yield func(rdf.Statement) error) error { return rdf.Read(f, o, yield) })
}

func collect(read func(func(rdf.Statement) error) error) ([]rdf.Statement, error) {
	var all []rdf.Statement
	err := read(func(s rdf.Statement) error {
		all = append(all, s)
		return nil
	})
	return all, err
}

func mustEqual(t *testing.T, got, want []rdf.Statement) {
	t.Helper()
	g, err := canon.NQuads(got, canon.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := canon.NQuads(want, canon.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

// TestSuites runs W3C's suites of RDF 1.1: everything that should be read is,
// means what it should, and survives each format that can hold it; everything
// that should be refused is, with a place.
func TestSuites(t *testing.T) {
	for _, name := range []string{"rdf-n-triples", "rdf-n-quads", "rdf-turtle", "rdf-trig"} {
		t.Run(name, func(t *testing.T) {
			folder := suite(t, name)
			base, entries := manifest(t, folder)
			for _, e := range entries {
				t.Run(e.name, func(t *testing.T) { runEntry(t, folder, base, e) })
			}
		})
	}
}

func runEntry(t *testing.T, folder, base string, e entry) {
	o := rdf.Options{}
	if base != "" {
		o.Base = base + e.action
	}
	got, err := tryFile(filepath.Join(folder, e.action), o)
	if strings.Contains(e.kind, "Negative") {
		var fault *rdf.SyntaxError
		switch {
		case err == nil:
			t.Errorf("%s was read: %v", e.action, got)
		case !errors.As(err, &fault):
			t.Errorf("error %v is no SyntaxError", err)
		case fault.Line == 0 || fault.Column == 0 || fault.Reason == "":
			t.Errorf("error %v lacks place or reason", err)
		default:
			t.Log(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if e.result != "" {
		mustEqual(t, got, readFile(t, filepath.Join(folder, e.result), rdf.Options{}))
	}
	roundTrips(t, got)
}

// TestCanonSuite runs W3C's suite of RDFC-1.0.
func TestCanonSuite(t *testing.T) {
	folder := suite(t, "rdf-canon")
	_, entries := manifest(t, folder)
	for _, e := range entries {
		t.Run(e.name, func(t *testing.T) {
			var o canon.Options
			if e.hash == "SHA384" {
				o.Hash = sha512.New384
			}
			in := readFile(t, filepath.Join(folder, e.action), rdf.Options{})
			switch {
			case strings.HasSuffix(e.kind, "NegativeEvalTest"):
				if _, err := canon.NQuads(in, o); !errors.Is(err, canon.ErrTooAlike) {
					t.Errorf("error %v", err)
				}
			case strings.HasSuffix(e.kind, "MapTest"):
				var want map[string]string
				text, err := os.ReadFile(filepath.Join(folder, e.result))
				if err != nil {
					t.Fatal(err)
				}
				if err := json.Unmarshal(text, &want); err != nil {
					t.Fatal(err)
				}
				got, err := canon.Labels(in, o)
				if err != nil {
					t.Fatal(err)
				}
				if !maps.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			default:
				want, err := os.ReadFile(filepath.Join(folder, e.result))
				if err != nil {
					t.Fatal(err)
				}
				got, err := canon.NQuads(in, o)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != string(want) {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			}
		})
	}
}

// roundTrips writes statements in every format that can hold them and reads them
// back.
func roundTrips(t *testing.T, all []rdf.Statement) {
	t.Helper()
	hasGraphs := slices.ContainsFunc(all, func(s rdf.Statement) bool { return s.Graph != graph.Term{} })
	for _, format := range rdf.Formats() {
		if hasGraphs && !format.HasGraphs() {
			continue
		}
		for _, o := range []rdf.Options{
			{Format: format},
			{Format: format, Whole: true, Base: "http://example.org/a/b", Prefixes: map[string]string{
				"": "http://www.w3.org/", "ex": "http://example.org/", "e": "http://example", "a.b": "http://a.example/",
			}},
		} {
			text, err := write(all, o)
			if err != nil {
				t.Errorf("%v: %v", format, err)
				continue
			}
			back, err := collect(func(yield func(rdf.Statement) error) error {
				return rdf.Read(strings.NewReader(text), rdf.Options{Format: format}, yield)
			})
			if err != nil {
				t.Errorf("%v: %v\n%s", format, err, text)
				continue
			}
			if equal, err := canon.Equal(all, back, canon.Options{}); err != nil || !equal {
				t.Errorf("%v: reads back otherwise, %v\n%s\n%v", format, err, text, back)
			}
		}
	}
}

func write(all []rdf.Statement, o rdf.Options) (string, error) {
	var b strings.Builder
	w, err := rdf.NewWriter(&b, o)
	if err != nil {
		return "", err
	}
	for _, s := range all {
		if err := w.Write(s); err != nil {
			return "", err
		}
	}
	err = w.Close()
	return b.String(), err
}
