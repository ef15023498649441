package rdf_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"chancery/seed/rdf"
)

func readText(t *testing.T, text string, o rdf.Options) []rdf.Statement {
	t.Helper()
	all, err := collect(func(yield func(rdf.Statement) error) error { return rdf.Read(strings.NewReader(text), o, yield) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// lines gives statements as N-Quads, in their order.
func lines(all []rdf.Statement) string {
	var b []byte
	for i := range all {
		b = rdf.AppendNQuad(b, &all[i])
	}
	return string(b)
}

// TestRead holds each format to what it means, in N-Quads and in order.
func TestRead(t *testing.T) {
	for _, test := range []struct {
		name string
		o    rdf.Options
		text string
		want string
	}{
		{
			"lines",
			rdf.Options{Format: rdf.NQuads},
			"\xEF\xBB\xBF# a comment\n\n<http://a>\t<http://b>  <http://c> <http://g> . # another\r\n_:x <http://b> \"\\u00e9\\t\\\"\" _:g .\n_:x <http://b> \"x\"@pt-BR.\r<http://a> <http://b> \"01\"^^<http://www.w3.org/2001/XMLSchema#integer> .",
			"<http://a> <http://b> <http://c> <http://g> .\n_:x <http://b> \"é\\t\\\"\" _:g .\n_:x <http://b> \"x\"@pt-BR .\n<http://a> <http://b> \"01\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n",
		},
		{
			"a string's datatype is left out, that of nothing else is",
			rdf.Options{Format: rdf.NTriples},
			"<http://a> <http://b> \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .\n<http://a> <http://b> \"x\"^^<http://d> .",
			"<http://a> <http://b> \"x\" .\n<http://a> <http://b> \"x\"^^<http://d> .\n",
		},
		{
			"numbers and booleans",
			rdf.Options{Format: rdf.Turtle, Prefixes: map[string]string{"": "http://e/"}},
			":a :b 1, -01, +2.50, .5, 1e6, 1.E+0, true, false . :a :b 3.",
			"<http://e/a> <http://e/b> \"1\"^^<X#integer> .\n<http://e/a> <http://e/b> \"-01\"^^<X#integer> .\n<http://e/a> <http://e/b> \"+2.50\"^^<X#decimal> .\n" +
				"<http://e/a> <http://e/b> \".5\"^^<X#decimal> .\n<http://e/a> <http://e/b> \"1e6\"^^<X#double> .\n<http://e/a> <http://e/b> \"1.E+0\"^^<X#double> .\n" +
				"<http://e/a> <http://e/b> \"true\"^^<X#boolean> .\n<http://e/a> <http://e/b> \"false\"^^<X#boolean> .\n<http://e/a> <http://e/b> \"3\"^^<X#integer> .\n",
		},
		{
			"IRIs",
			rdf.Options{Format: rdf.Turtle, Base: "http://e/x/y?z"},
			"<> <#f> <../q> . <?r> <http://e/./k/../l> </m> . @base <w/> . PREFIX p: <v#> <n> a p:o\\,1 , p:%41.b:c . BASE <urn:a:b> <c> a <//d> .",
			"<http://e/x/y?z> <http://e/x/y?z#f> <http://e/q> .\n<http://e/x/y?r> <http://e/./k/../l> <http://e/m> .\n" +
				"<http://e/x/w/n> <R#type> <http://e/x/w/v#o,1> .\n<http://e/x/w/n> <R#type> <http://e/x/w/v#%41.b:c> .\n<urn:c> <R#type> <urn://d> .\n",
		},
		{
			"nodes without a label",
			rdf.Options{Format: rdf.Turtle, Prefixes: map[string]string{"": "http://e/"}},
			"[] :p [ :q ( 1 [] ) ; ] , () . [ :r _:genid0 ] . _:genid9 :s _:genid0 .",
			"_:genid0 <http://e/p> _:genid1 .\n_:genid1 <http://e/q> _:genid2 .\n_:genid2 <R#first> \"1\"^^<X#integer> .\n_:genid2 <R#rest> _:genid3 .\n" +
				"_:genid3 <R#first> _:genid4 .\n_:genid3 <R#rest> <R#nil> .\n_:genid0 <http://e/p> <R#nil> .\n_:genid5 <http://e/r> _:genid0_ .\n_:genid9 <http://e/s> _:genid0_ .\n",
		},
		{
			"written labels come first",
			rdf.Options{Format: rdf.Turtle},
			"_:genid0 <http://p> _:genid1_ , [] . _:genid1 <http://p> [] .",
			"_:genid0 <http://p> _:genid1_ .\n_:genid0 <http://p> _:genid1 .\n_:genid1__ <http://p> _:genid2 .\n",
		},
		{
			"graphs",
			rdf.Options{Format: rdf.TriG, Prefixes: map[string]string{"": "http://e/"}},
			":a :b :c . { :d :e :f } :g { :a :b :c , 'x' ; :d [] . :e :f :g . } GRAPH _:g { } graph [] { ( 1 ) :p :q }",
			"<http://e/a> <http://e/b> <http://e/c> .\n<http://e/d> <http://e/e> <http://e/f> .\n<http://e/a> <http://e/b> <http://e/c> <http://e/g> .\n" +
				"<http://e/a> <http://e/b> \"x\" <http://e/g> .\n<http://e/a> <http://e/d> _:genid0 <http://e/g> .\n<http://e/e> <http://e/f> <http://e/g> <http://e/g> .\n" +
				"_:genid2 <R#first> \"1\"^^<X#integer> _:genid1 .\n_:genid2 <R#rest> <R#nil> _:genid1 .\n_:genid2 <http://e/p> <http://e/q> _:genid1 .\n",
		},
		{
			"JSON-LD",
			rdf.Options{Format: rdf.JSONLD, Base: "http://e/"},
			`[{"@context": {"@vocab": "http://v/", "of": {"@reverse": "http://v/has"}}, "@id": "a", "@type": "C", "n": [1, 1.0, 2.5, 12345678901234567890, true, "x"],
			   "l": {"@list": ["p", {"@id": "_:q"}]}, "of": {"@id": "b"}, "t": {"@value": "y", "@language": "en-GB"}, "j": {"@type": "@json", "@value": {"b": 1.50, "a": []}}},
			  {"@id": "g", "@graph": [{"@id": "_:q", "http://v/r": {"http://v/s": "z"}}]}]`,
			"<http://e/b> <http://v/has> <http://e/a> .\n<http://e/a> <R#type> <http://v/C> .\n<http://e/a> <http://v/j> \"{\\\"a\\\":[],\\\"b\\\":1.5}\"^^<R#JSON> .\n" +
				"_:genid0 <R#first> \"p\" .\n_:genid0 <R#rest> _:genid1 .\n_:genid1 <R#first> _:q .\n_:genid1 <R#rest> <R#nil> .\n<http://e/a> <http://v/l> _:genid0 .\n" +
				"<http://e/a> <http://v/n> \"1\"^^<X#integer> .\n<http://e/a> <http://v/n> \"1\"^^<X#integer> .\n<http://e/a> <http://v/n> \"2.5E0\"^^<X#double> .\n" +
				"<http://e/a> <http://v/n> \"12345678901234567890\"^^<X#integer> .\n<http://e/a> <http://v/n> \"true\"^^<X#boolean> .\n<http://e/a> <http://v/n> \"x\" .\n" +
				"<http://e/a> <http://v/t> \"y\"@en-GB .\n_:q <http://v/r> _:genid2 <http://e/g> .\n_:genid2 <http://v/s> \"z\" <http://e/g> .\n",
		},
		{
			"JSON with a context beside it",
			rdf.Options{Format: rdf.JSONLD, Context: []byte(`{"@context": "http://c/ctx"}`), Contexts: map[string][]byte{
				"http://c/ctx": []byte(`{"@context": {"id": "@id", "name": {"@id": "http://v/name", "@language": "de-AT"}}}`),
			}},
			`{"id": "http://a", "name": "x"}`,
			"<http://a> <http://v/name> \"x\"@de-AT .\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := strings.NewReplacer("X#", "http://www.w3.org/2001/XMLSchema#", "R#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#").Replace(test.want)
			got := readText(t, test.text, test.o)
			if lines(got) != want {
				t.Errorf("got\n%s\nwant\n%s", lines(got), want)
			}
			roundTrips(t, got)
		})
	}
}

func TestLine(t *testing.T) {
	all := readText(t, "\n<http://a> <http://b> 1 ,\n\n 2 ; <http://c> \"\"\"x\n\"\"\" ,\r\n [] .", rdf.Options{Format: rdf.Turtle})
	var got []int
	for _, s := range all {
		got = append(got, s.Line)
	}
	if want := []int{2, 4, 4, 6}; !slices.Equal(got, want) {
		t.Errorf("lines %v, want %v", got, want)
	}
}

// TestLeftOut holds JSON-LD to telling what it leaves out.
func TestLeftOut(t *testing.T) {
	const text = `{"@id": "a", "http://p": {"@id": "b"}, "_:p": "x", "http://q": {"@value": "y", "@direction": "rtl"}, "http://r": {"@value": "z", "@language": "a b"}, "unknown": 1}`
	var reasons []string
	all := readText(t, text, rdf.Options{Format: rdf.JSONLD, LeftOut: func(reason string) { reasons = append(reasons, reason) }})
	if len(all) != 0 {
		t.Errorf("got %v", all)
	}
	want := []string{
		`a property of the element at line 1, column 1, that its context gives no IRI`,
		`IRI "a" is relative: give it absolute`,
		`property _:p: a predicate cannot be a blank node`,
		`IRI "b" is relative: give it absolute`,
		`direction rtl of a literal`,
		`a literal in "a b", which is no language tag`,
	}
	if !slices.Equal(reasons, want) {
		t.Errorf("got %q", reasons)
	}
}

func TestContextsThatIncludeThemselves(t *testing.T) {
	o := rdf.Options{Format: rdf.JSONLD, Contexts: map[string][]byte{
		"http://c/1": []byte(`{"@context": ["2", {"x": "http://x"}]}`),
		"http://c/2": []byte(`{"@context": {"@import": "http://c/1"}}`),
	}}
	err := rdf.Read(strings.NewReader(`{"@context": "http://c/1", "x": 1}`), o, func(rdf.Statement) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "context http://c/1 includes itself: http://c/1 → http://c/2 → http://c/1") {
		t.Error(err)
	}
}

// TestMemory reads much through little: an endless file of N-Quads.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("left out: reading 30 MB")
	}
	const line = "<http://example.org/subject> <http://example.org/predicate> \"some text or other\" .\n"
	in := &repeat{line: line, left: 400_000}
	n := 0
	allocations := testing.AllocsPerRun(1, func() {
		in.left, n = 400_000, 0
		if err := rdf.Read(in, rdf.Options{Format: rdf.NQuads}, func(rdf.Statement) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
	})
	if n != 400_000 || allocations > 100 {
		t.Errorf("%d statements, %v allocations", n, allocations)
	}
}

// repeat gives a line again and again.
type repeat struct {
	line string
	left int
}

func (r *repeat) Read(p []byte) (int, error) {
	n := 0
	for r.left > 0 && len(p)-n >= len(r.line) {
		n += copy(p[n:], r.line)
		r.left--
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestFormats(t *testing.T) {
	for name, want := range map[string]rdf.Format{"N-Quads": rdf.NQuads, "nquads": rdf.NQuads, "TTL": rdf.Turtle, ".trig": rdf.TriG, "json-ld": rdf.JSONLD, "nt": rdf.NTriples} {
		if got, err := rdf.FormatNamed(name); got != want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, want := range map[string]rdf.Format{"a/b.NQ": rdf.NQuads, "x.y.turtle": rdf.Turtle, "c.json": rdf.JSONLD} {
		if got, err := rdf.FormatOfFile(name); got != want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, want := range map[string]rdf.Format{"text/turtle; charset=utf-8": rdf.Turtle, "Application/LD+JSON": rdf.JSONLD} {
		if got, err := rdf.FormatOfMediaType(name); got != want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, f := range rdf.Formats() {
		byName, err1 := rdf.FormatNamed(f.String())
		byEnding, err2 := rdf.FormatOfFile("x" + f.Ending())
		byMedia, err3 := rdf.FormatOfMediaType(f.MediaType())
		if byName != f || byEnding != f || byMedia != f || err1 != nil || err2 != nil || err3 != nil {
			t.Errorf("%v: %v %v %v", f, byName, byEnding, byMedia)
		}
	}
	if _, err := rdf.FormatNamed("rdf/xml"); err == nil || err.Error() != `unknown RDF format "rdf/xml": give one of N-Triples, N-Quads, Turtle, TriG, JSON-LD` {
		t.Error(err)
	}
}
