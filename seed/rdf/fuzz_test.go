package rdf_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/seed/rdf"
	"chancery/seed/rdf/canon"
)

func FuzzNTriples(f *testing.F) { fuzz(f, rdf.NTriples) }
func FuzzNQuads(f *testing.F)   { fuzz(f, rdf.NQuads) }
func FuzzTurtle(f *testing.F)   { fuzz(f, rdf.Turtle) }
func FuzzTriG(f *testing.F)     { fuzz(f, rdf.TriG) }
func FuzzJSONLD(f *testing.F)   { fuzz(f, rdf.JSONLD) }

var fuzzSeeds = map[rdf.Format][]string{
	rdf.NTriples: {
		"<http://a> <http://b> \"x\\u00e9\\n\"@en-GB .\n# c\n_:a.b <http://b> \"1\"^^<http://d> .",
	},
	rdf.NQuads: {
		"<http://a> <http://b> _:x <http://g> .\n_:x <http://b> \"\\U0001F600\" _:g .",
	},
	rdf.Turtle: {
		"@prefix ex: <http://e/> . @base <http://f/g?h> .\nex:a.b a <../x>, 1, -1.5, .5e3, true, 'x'@en, \"\"\"y\n\"\"\" ; ex:p [ ex:q ( 1 [] ) ] .",
		"PREFIX : <http://e/> BASE <g#> :a%41\\, :b _:genid0, [] . () :p '''x''y''' .",
	},
	rdf.TriG: {
		"@prefix : <http://e/> . { :a :b :c } :g { :a :b 'c' . [] :d () . } GRAPH _:g { } [] { :a :b [] }",
	},
	rdf.JSONLD: {
		`[[{"@id": "http://a", "http://b": [{"@value": "x", "@language": "de-AT"}, {"@list": [{"@id": "_:c"}]}], "@type": ["http://d"]}], {"@id": "_:g", "@graph": [{"@id": "_:c", "http://e": [{"@value": "1", "@type": "http://f"}]}]}]`,
		`[{"@context": {"@vocab": "http://v/", "of": {"@reverse": "http://v/has"}, "l": {"@container": "@list"}}, "@id": "http://a", "@type": "C", "n": [1, 2.5, true], "l": ["p", ["q"]], "of": {"@id": "_:b"}}]`,
		`{"@id": "http://g", "@graph": [{"@id": "_:q", "http://v/r": {"@value": {"b": 1}, "@type": "@json"}, "http://s": {"@value": "x", "@language": "de-AT"}}]}`,
		`{"@context": {"@base": "http://b/", "@language": "en", "x": {"@id": "http://x", "@container": ["@graph", "@id"]}, "m": {"@id": "http://m", "@container": "@language"}}, "x": {"y": {"m": {"de": "z"}}}, "@included": [{"@id": "k", "m": {"en": ["t"]}}]}`,
	},
}

// fuzz holds what is read to printing and reading back equal in every format
// that can hold it, and what is refused to having a place.
func fuzz(f *testing.F, format rdf.Format) {
	for _, text := range fuzzSeeds[format] {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := collect(func(yield func(rdf.Statement) error) error {
			return rdf.Read(strings.NewReader(text), rdf.Options{Format: format, Base: "http://base.example/a/b?c"}, yield)
		})
		if err != nil {
			var fault *rdf.SyntaxError
			if !errors.As(err, &fault) || fault.Line < 1 || fault.Column < 1 {
				t.Fatalf("error %v has no place", err)
			}
			return
		}
		hasGraphs := slices.ContainsFunc(all, func(s rdf.Statement) bool { return s.Graph != graph.Term{} })
		for _, format := range rdf.Formats() {
			if !hasGraphs || format.HasGraphs() {
				fuzzRoundTrip(t, all, rdf.Options{Format: format})
				fuzzRoundTrip(t, all, rdf.Options{Format: format, Whole: true, Base: "http://base.example/a/", Prefixes: map[string]string{
					"": "http://base.example/", "e": "http://e/", "v": "http://v", "r": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
				}})
			}
		}
	})
}

func fuzzRoundTrip(t *testing.T, all []rdf.Statement, o rdf.Options) {
	text, err := write(all, o)
	if err != nil {
		t.Fatalf("%v: %v", o.Format, err)
	}
	back, err := collect(func(yield func(rdf.Statement) error) error {
		return rdf.Read(strings.NewReader(text), rdf.Options{Format: o.Format}, yield)
	})
	if err != nil {
		t.Fatalf("%v: %v\n%s", o.Format, err, text)
	}
	if lines(all) == lines(back) {
		return
	}
	equal, err := canon.Equal(all, back, canon.Options{MaxSteps: 1000})
	if errors.Is(err, canon.ErrTooAlike) {
		return
	}
	if err != nil || !equal {
		t.Fatalf("%v: reads back otherwise, %v\n%s\ngot\n%s\nwant\n%s", o.Format, err, text, lines(back), lines(all))
	}
}
