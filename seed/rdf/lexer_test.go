package rdf

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// TestWindow reads every format through windows that end at every byte: what is
// read, and where a fault is, does not depend on how the input comes.
func TestWindow(t *testing.T) {
	texts := map[Format][]string{
		NTriples: {
			"<http://a/ü> <http://b/c>\t\"tëxt \\u00e9\\n\"@en-GB . # cömment\r\n\r\n_:b.c <http://b/c> \"1\"^^<http://d> .\r",
			"<http://a> <http://b> \"unclosed\n",
		},
		NQuads: {
			"<http://a> <http://b> _:é <http://g> .\n<http://a> <http://b> <http://c> _:g-1.x .",
			"<http://a> <http://b> <http://c> _:g bad .",
		},
		Turtle: {
			"@prefix ex: <http://e/> .\n@base <http://f/g> .\nex:a.b ex:c%41\\,d 'x', \"\"\"y\n\"\"z\\\"\r\nü\"\"\"@de-1996 ;\n" +
				"  a -1, +1.5, .5, 1.e3, 1.5E-3, true ; ; ex:p (1 [ex:q <x>] ()) . # end\n[] ex:p ex: . ex:ünï ex:p _:ü.",
			"@prefix ex: <http://e/> .\n\n ex:a ex:b \"\"\"x\ny\\q\"\"\" .",
			"<http://a> <http://b> \"\"\"x\n\xff\"\"\" .",
			"PREFIX ex: <http://e/>\nex:a ex:b exx:c .",
		},
		TriG: {
			"PREFIX : <http://e/>\n{ :a :b :c } GRAPH :g { :a :b 'c' . [] :d [ ] } _:g { } [] { :a :b 1, 2 ; }",
			"<http://g> { <http://a> <http://b> <http://c> . ",
		},
		JSONLD: {
			`[ {"@id": "http://a/ü", "http://b/": [{"@value": "\"]}"}, 1.5, true]} , {"@id": "http://c", "http://d": "é"} ]` + "\n",
			"[\n{\"@id\": \"http://a\",\n \"x\" }]",
		},
	}
	for format, all := range texts {
		for _, text := range all {
			var want []Statement
			wantErr := Read(strings.NewReader(text), Options{Format: format, File: "file"}, func(s Statement) error {
				want = append(want, s)
				return nil
			})
			for size := 8; size < len(text)+9; size++ {
				got, err := readAll(text, format, size)
				if !slices.Equal(got, want) || !sameError(err, wantErr) {
					t.Errorf("%v, window of %d: got %v, %v\nwant %v, %v\n%s", format, size, got, err, want, wantErr, text)
				}
			}
		}
	}
}

// readAll reads through a window of some size, byte by byte.
func readAll(text string, format Format, size int) ([]Statement, error) {
	var all []Statement
	yield := func(s Statement) error {
		all = append(all, s)
		return nil
	}
	in := iotest.OneByteReader(strings.NewReader(text))
	o := Options{Format: format, File: "file"}
	if format == JSONLD {
		j, err := newJSONReader(in, o, yield)
		if err != nil {
			return nil, err
		}
		j.lexer.buf, j.lexer.widest = make([]byte, 0, size), size
		err = j.read()
		return all, err
	}
	p := newParser(in, o, yield)
	p.lexer.buf, p.lexer.widest = make([]byte, 0, size), size
	err := p.read()
	return all, err
}

func sameError(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) }
