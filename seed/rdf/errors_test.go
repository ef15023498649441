package rdf_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"chancery/seed/rdf"
)

// TestFaults holds the likeliest mistakes to place and words.
func TestFaults(t *testing.T) {
	const ex = "@prefix ex: <http://e/> .\n"
	for _, test := range []struct {
		format rdf.Format
		text   string
		want   string // line:column: and the beginning of the reason
	}{
		{rdf.Turtle, "<http://a> foaf:name \"x\" .", `1:12: prefix foaf: is not declared: write @prefix foaf: <…> . above`},
		{rdf.Turtle, ex + "ex:a ex:b ex:c\nex:d ex:e ex:f .", `3:1: ".", ";" or "," was expected after the object, not 'e'`},
		{rdf.Turtle, "<http://a> <http://b> \"x\"\n@prefix ex: <http://e/> .", `2:1: "." is missing before @prefix`},
		{rdf.Turtle, "@prefix ex: <http://e/>\nex:a ex:b ex:c .", `2:1: "." is missing after @prefix, before 'e'`},
		{rdf.Turtle, "@PREFIX ex: <http://e/> .", `1:1: @PREFIX is no directive: @prefix and @base are, in small letters`},
		{rdf.Turtle, ex + `ex:a ex:b "C:\dir" .`, `2:14: "\d" is no escape: \t \b \n \r \f \" \' \\ \uXXXX \UXXXXXXXX are; write \\ for a backslash`},
		{rdf.Turtle, ex + `ex:a ex:b "\u12G4" .`, `2:12: "\u" needs 4 hexadecimal digits`},
		{rdf.NTriples, `<http://a> <http://b> "\ud83d" .`, `1:24: \ud83d is no character: surrogates`},
		{rdf.Turtle, "<http://e/a b> ex:b ex:c .", `1:12: a space within an IRI: write %20, or close the IRI with ">"`},
		{rdf.Turtle, "<http://e/a\n ex:b ex:c .", `1:1: IRI is not closed: ">" is missing on its line`},
		{rdf.NQuads, "<http://a> <http://b> <http://e/{x}> .", `1:33: '{' is not allowed within an IRI: write %7B, or close the IRI with ">"`},
		{rdf.Turtle, "<a> <b> <c> .", `1:1: <a> is a relative IRI and there is no base: write @base <https://…> . above, or give a base IRI`},
		{rdf.NTriples, "<http://a> <b> <http://c> .", `1:12: <b> is a relative IRI: N-Triples has only absolute ones`},
		{rdf.Turtle, ex + "ex:a ex:b \"x .\nex:c ex:d ex:e .", `2:11: string is not closed on its line: " is missing, or write \n for a line end; """…""" may span lines`},
		{rdf.Turtle, ex + "ex:ä ex:b ex:c, \"\"\"x .\n\nex:c ex:d ex:e .", `2:17: string is not closed: """ is missing`},
		{rdf.Turtle, ex + `ex:a ex:b "x"@en_GB .`, `2:17: "_" in a language tag: write "-", as in @pt-BR`},
		{rdf.Turtle, ex + `ex:a ex:b "x"@12 .`, `2:14: "@12" is no language tag: write letters`},
		{rdf.Turtle, ex + `"x" ex:b ex:c .`, `2:1: a literal cannot be a subject: write an IRI, a prefixed name or a blank node`},
		{rdf.NQuads, `"x" <http://b> <http://c> .`, `1:1: a literal cannot be a subject: write an IRI in <…> or a blank node _:label`},
		{rdf.Turtle, ex + `ex:a _:b ex:c .`, `2:6: a predicate cannot be a blank node`},
		{rdf.Turtle, ex + `ex:a "b" ex:c .`, `2:6: a predicate cannot be a literal`},
		{rdf.Turtle, ex + `ex:a ex:b name .`, `2:11: an object was expected, not "name": a text stands in "…"`},
		{rdf.Turtle, ex + `ex:a ex:b [ ex:c ex:d .`, `2:23: "]" is missing, before '.': "[" stands at line 2`},
		{rdf.Turtle, ex + `ex:a ex:b ( 1 2`, `2:16: ")" is missing: "(" stands at line 2`},
		{rdf.Turtle, ex + `ex:a ex:b ex:c`, `2:15: the file ends within a statement: is it cut off, or is only the last "." missing?`},
		{rdf.Turtle, ex + `ex:a ex:b`, `2:10: the file ends within a statement: an object was expected`},
		{rdf.Turtle, ex + `ex:g { ex:a ex:b ex:c }`, `2:6: Turtle has no graphs: "{" needs TriG`},
		{rdf.TriG, ex + "ex:g { ex:a ex:b ex:c .\n", `3:1: "}" is missing: the graph that begins at line 2 is not closed`},
		{rdf.TriG, ex + "ex:g { ex:a ex:b ex:c } }", `2:25: "}" closes no graph`},
		{rdf.TriG, "{ @prefix ex: <http://e/> . }", `1:3: a directive within a graph: write it before the graph`},
		{rdf.NTriples, "<http://a> <http://b> <http://c>\n<http://d> <http://e> <http://f> .", `1:33: "." is missing at the end of the statement, before the end of the line`},
		{rdf.NTriples, "<http://a> <http://b> <http://c> <http://g> .", `1:34: a fourth term: write "." after the object; graph names need N-Quads`},
		{rdf.NTriples, "@prefix ex: <http://e/> .", `1:1: N-Triples has no prefixes and no base: is this Turtle or TriG?`},
		{rdf.NQuads, "<http://a> <http://b> <http://c> . <http://a> <http://b> <http://c> .", `1:36: the line should end after "."`},
		{rdf.NQuads, "<http://a> <http://b> <http://c> ; <http://d> <http://e> .", `1:34: N-Quads has no ';': write each statement in full, or is this Turtle?`},
		{rdf.NQuads, "<http://a> <http://b> 5 .", `1:23: an object was expected: an IRI in <…>, a blank node _:label or a literal in "…", not '5'`},
		{rdf.NQuads, "_: <http://b> <http://c> .", `1:1: blank node without a label: write _: and a letter, digit or underscore`},
		{rdf.Turtle, "\xFF\xFE<\x00h\x00", `1:1: the file is in UTF-16: convert it to UTF-8 (iconv -f utf-16 -t utf-8)`},
		{rdf.NQuads, "\xFE\xFF\x00<\x00h", `1:1: the file is in UTF-16`},
		{rdf.Turtle, ex + "ex:a ex:b \"Curaçao\", \"Cura\xe7ao\" .", `2:27: byte 0xE7 is not UTF-8: convert the file to UTF-8 (from Latin-1, say: iconv -f latin1 -t utf-8)`},
		{rdf.Turtle, ex + "# caf\xe9\nex:a ex:b ex:c .", `2:6: byte 0xE9 is not UTF-8`},
		{rdf.NTriples, "<http://e/caf\xe9> <http://b> <http://c> .", `1:14: byte 0xE9 is not UTF-8`},
		{rdf.Turtle, "\x1f\x8b\x08\x00", `1:1: the file is compressed: decompress it first`},
		{rdf.Turtle, "<?xml version=\"1.0\"?>\n<rdf:RDF>", `1:1: this is XML or HTML: convert it to Turtle`},
		{rdf.Turtle, strings.Repeat("[ <http://p> ", 1001), `1:13001: more than 1000 [ and ( within each other`},

		{rdf.JSONLD, "", `1:1: the file is empty: a JSON object or array was expected`},
		{rdf.JSONLD, "{\n  \"@id\": \"http://a\",\n  \"http://b\": x }", `3:15: no JSON: invalid character 'x' looking for beginning of value`},
		{rdf.JSONLD, "[{},\n {\"@id\": ", `2:2: the file is cut off: the JSON value that begins here does not end`},
		{rdf.JSONLD, "[{},\n {}", `2:4: the file is cut off: the array that begins at line 1 has no "]"`},
		{rdf.JSONLD, "{} {}", `1:4: a JSON-LD file is one object or array: '{' stands behind its end`},
		{rdf.JSONLD, `{"@context": "https://schema.org/", "name": "x"}`, `1:1: context https://schema.org/ is not at hand, and nothing is fetched from the network: give a file with it for this IRI`},
		{rdf.JSONLD, "[{},\n{\"http://b\": {\"@value\": \"x\", \"@language\": 5}}]", `2:1: no JSON-LD: invalid language-tagged string: @language value must be a string`},
		{rdf.JSONLD, "{\"http://b\":\n \"caf\xe9\"}", `2:6: byte 0xE9 is not UTF-8`},
		{rdf.JSONLD, `{"http://b": 1e999}`, `1:1: number 1e999 is beyond what a double holds: write it as a string with a datatype`},
		{rdf.JSONLD, `{"http://b": {"@value": "x", "@type": "u:y z"}}`, `1:1: the datatype of x: ' ' is not allowed within an IRI`},
		{rdf.JSONLD, `{"http://b": {"@value": "x", "@type": "y"}}`, `1:1: no JSON-LD: invalid typed value`},
	} {
		err := rdf.Read(strings.NewReader(test.text), rdf.Options{Format: test.format, File: "f.x"}, func(rdf.Statement) error { return nil })
		var fault *rdf.SyntaxError
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), "f.x:"+test.want) {
			t.Errorf("%v %q:\ngot  %v\nwant f.x:%s", test.format, test.text, err, test.want)
		}
	}
}

func TestOptionFaults(t *testing.T) {
	const text = "<http://a> <http://b> \"0123456789\" ."
	for _, test := range []struct {
		o    rdf.Options
		want string
	}{
		{rdf.Options{}, `unknown RDF format: the name "" does not tell; its ending should be one of .nt, .nq, .ttl, .trig, .jsonld, or name the format`},
		{rdf.Options{Format: 9}, `unknown RDF format Format(9)`},
		{rdf.Options{Format: rdf.Turtle, Base: "x/y"}, `base IRI "x/y" is relative: give it a scheme, as in https://example.org/`},
		{rdf.Options{File: "x.nt", MaxBytes: 8}, `x.nt:1:1: IRI of more than 8 bytes`},
		{rdf.Options{File: "x.nt", MaxBytes: 10}, `x.nt:1:23: string of more than 10 bytes`},
		{rdf.Options{File: "x.jsonld", Context: []byte("{")}, `context: the JSON value that begins here does not end`},
	} {
		err := rdf.Read(strings.NewReader(text), test.o, func(rdf.Statement) error { return nil })
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

// TestPassedOn holds errors of others to coming through: yield's as they are, the
// reader's with the place.
func TestPassedOn(t *testing.T) {
	mine := errors.New("mine")
	for _, format := range rdf.Formats() {
		text, err := write(visits(1), rdf.Options{Format: rdf.NQuads})
		if format != rdf.NQuads {
			all := visits(1)
			for i := range all {
				all[i].Graph.Kind = 0
			}
			text, err = write(all, rdf.Options{Format: format})
		}
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		err = rdf.Read(strings.NewReader(text), rdf.Options{Format: format}, func(rdf.Statement) error {
			if n++; n == 2 {
				return mine
			}
			return nil
		})
		if err != mine || n != 2 { //nolint:errorlint // it is to be the very error
			t.Errorf("%v: error %v after %d statements", format, err, n)
		}
		for size := range len(text) {
			in := io.MultiReader(strings.NewReader(text[:size]), iotest.ErrReader(mine))
			err = rdf.Read(in, rdf.Options{Format: format, File: "f"}, func(rdf.Statement) error { return nil })
			if !errors.Is(err, mine) || !strings.HasPrefix(err.Error(), "f:") {
				t.Fatalf("%v: broken off after %q: %v", format, text[:size], err)
			}
		}
	}
}

func ExampleSyntaxError() {
	const text = "@prefix ex: <https://example.org/> .\nex:visit ex:visitor foaf:ann .\n"
	err := rdf.Read(strings.NewReader(text), rdf.Options{File: "visits.ttl"}, func(rdf.Statement) error { return nil })
	fmt.Println(err)
	// Output: visits.ttl:2:21: prefix foaf: is not declared: write @prefix foaf: <…> . above
}
