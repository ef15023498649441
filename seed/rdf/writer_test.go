package rdf_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/seed/rdf"
)

// TestWrite holds each format to its looks.
func TestWrite(t *testing.T) {
	const text = `@prefix : <http://e/> .
:a :p :b , 1 , 01 , 1.5 , 1e0 , true , "1"^^<http://www.w3.org/2001/XMLSchema#boolean> , "x\"\n\u0001"@en-GB ; a :C .
:a.b :q <http://e/c/d> , :x%20 , _:l . _:l :q () .
:g { :a :p :b ; :q "y" . :c :p :d } :h { :a :p ( "m" "n" ) }
:a :p :z .`
	all := readText(t, text, rdf.Options{Format: rdf.TriG})
	for _, test := range []struct {
		name string
		o    rdf.Options
		want string
	}{
		{"TriG", rdf.Options{Format: rdf.TriG, Base: "http://e/c/", Prefixes: map[string]string{"e": "http://e/", "xsd": "http://www.w3.org/2001/XMLSchema#"}}, `@base <http://e/c/> .
@prefix e: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

e:a e:p e:b ,
        1 ,
        01 ,
        1.5 ,
        1e0 ,
        true ,
        "1"^^xsd:boolean ,
        "x\"\n\u0001"@en-GB ;
    a e:C .
e:a.b e:q <d> ,
        <http://e/x%20> ,
        _:l .
_:l e:q <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .
e:g {
    e:a e:p e:b ;
        e:q "y" .
    e:c e:p e:d .
}
e:h {
    e:a e:p _:genid0 .
    _:genid0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "m" ;
        <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:genid1 .
    _:genid1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "n" ;
        <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .
}
e:a e:p e:z .
`},
		{"JSON-LD", rdf.Options{Format: rdf.JSONLD}, `[
{"@id":"http://e/a","http://e/p":[{"@id":"http://e/b"},{"@value":"1","@type":"X#integer"},{"@value":"01","@type":"X#integer"},{"@value":"1.5","@type":"X#decimal"},{"@value":"1e0","@type":"X#double"},{"@value":"true","@type":"X#boolean"},{"@value":"1","@type":"X#boolean"},{"@value":"x\"\n\u0001","@language":"en-GB"}],"@type":["http://e/C"]},
{"@id":"http://e/a.b","http://e/q":[{"@id":"http://e/c/d"},{"@id":"http://e/x%20"},{"@id":"_:l"}]},
{"@id":"_:l","http://e/q":[{"@id":"R#nil"}]},
{"@id":"http://e/g","@graph":[
{"@id":"http://e/a","http://e/p":[{"@id":"http://e/b"}],"http://e/q":[{"@value":"y"}]},
{"@id":"http://e/c","http://e/p":[{"@id":"http://e/d"}]}]},
{"@id":"http://e/h","@graph":[
{"@id":"http://e/a","http://e/p":[{"@id":"_:genid0"}]},
{"@id":"_:genid0","R#first":[{"@value":"m"}],"R#rest":[{"@id":"_:genid1"}]},
{"@id":"_:genid1","R#first":[{"@value":"n"}],"R#rest":[{"@id":"R#nil"}]}]},
{"@id":"http://e/a","http://e/p":[{"@id":"http://e/z"}]}
]
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := write(all, test.o)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.NewReplacer("X#", "http://www.w3.org/2001/XMLSchema#", "R#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#").Replace(test.want)
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			again, err := write(all, test.o)
			if err != nil || again != got {
				t.Errorf("written twice, another text: %v", err)
			}
		})
	}
	roundTrips(t, all)
	whole, err := write(all, rdf.Options{Format: rdf.JSONLD, Whole: true, NativeTypes: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"@value": 1`, `"@value": true`, `"@list": []`, `"@value": "n"`} {
		if !strings.Contains(whole, want) {
			t.Errorf("%s is missing in %s", want, whole)
		}
	}
	if strings.Contains(whole, "genid") {
		t.Errorf("the list has labels: %s", whole)
	}
}

// TestLists holds the arrays of Options.Whole to losing nothing of lists that are
// shared, endless, broken off or spoken of.
func TestLists(t *testing.T) {
	const rdfs = "@prefix : <http://e/> . @prefix r: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
	for _, text := range []string{
		":a :p _:x . :b :p _:x . _:x r:first 1 ; r:rest () .",
		"_:x r:first 1 ; r:rest _:x .",
		":a :p _:x . _:x r:first 1 ; r:rest _:y . _:y r:first 2 .",
		":a :p _:x . _:x r:first 1 ; r:rest () ; :q 2 .",
		":a :p _:x . _:x r:first 1 , 2 ; r:rest () .",
		":a :p _:x . _:x r:first 1 ; r:rest () , ( 2 ) .",
		":a a _:x . _:x r:first 1 ; r:rest () .",
		":a :p _:x . _:x a r:List ; r:first 1 ; r:rest () .",
		":a :p _:x . :g { _:x r:first 1 ; r:rest () }",
		":a :p _:x . _:x r:first 1 ; r:rest () . _:x { :a :b :c }",
		":a r:rest ( 1 ( 2 () ) [] ) ; r:first ( ( ) ) .",
		"( 1 2 ) :p :b . ( 3 ) . ",
		"r:nil r:first 1 ; r:rest r:nil .",
	} {
		if strings.Contains(text, "( 3 ) .") {
			text = strings.Replace(text, "( 3 ) . ", "[ r:first 3 ; r:rest () ] .", 1)
		}
		roundTrips(t, readText(t, rdfs+text, rdf.Options{Format: rdf.TriG}))
	}
}

// TestMany holds long runs to staying whole where JSON-LD cuts them.
// TestOrdered: what is read back comes in the order in which it was written.
func TestOrdered(t *testing.T) {
	const text = `@prefix : <http://e/> .
:g { :a :q 1 . :a :p 2 . :a :p 1 . :a a :C . :b a :D . :a :p 3 , 0 } :h { :a :z 1 . :a :b 1 } :g { :a :q 9 . :a :a 1 }`
	all := readText(t, text, rdf.Options{Format: rdf.TriG})
	for _, format := range []rdf.Format{rdf.NQuads, rdf.TriG, rdf.JSONLD} {
		var b strings.Builder
		w, err := rdf.NewWriter(&b, rdf.Options{Format: format, Ordered: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if err := w.Write(s); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again := readText(t, b.String(), rdf.Options{Format: format})
		if len(again) != len(all) {
			t.Fatalf("%v: %d statements, were %d", format, len(again), len(all))
		}
		for i := range again {
			again[i].Line = all[i].Line
			if again[i] != all[i] {
				t.Errorf("%v: statement %d is %v, was %v\n%s", format, i, again[i], all[i], b.String())
				break
			}
		}
	}
}

func TestMany(t *testing.T) {
	all := visits(2000)
	for i := range all {
		all[i].Graph = graph.Ref("http://e/g")
		if i > 6000 {
			all[i].Subject = graph.Ref("http://e/one")
		}
	}
	roundTrips(t, all)
}

func TestWriteFaults(t *testing.T) {
	a, b := graph.Ref("http://a"), graph.Ref("http://b")
	for _, test := range []struct {
		format rdf.Format
		s      rdf.Statement
		want   string
	}{
		{rdf.NTriples, rdf.Statement{Subject: a, Predicate: b, Object: a, Graph: b}, "N-Triples has no graph names: write N-Quads or TriG, or leave out the graph"},
		{rdf.Turtle, rdf.Statement{Subject: graph.Text("x"), Predicate: b, Object: a}, "a subject is an IRI or a blank node"},
		{rdf.Turtle, rdf.Statement{Subject: a, Predicate: graph.Term{Kind: graph.Blank, Text: "x"}, Object: a}, "a predicate is an IRI"},
		{rdf.Turtle, rdf.Statement{Subject: a, Predicate: b}, "the object is missing"},
		{rdf.NQuads, rdf.Statement{Subject: a, Predicate: b, Object: a, Graph: graph.Text("g")}, "a graph's name is an IRI or a blank node"},
		{rdf.NQuads, rdf.Statement{Subject: graph.Ref("person/x"), Predicate: b, Object: a}, `IRI "person/x" is relative: give it absolute`},
		{rdf.NQuads, rdf.Statement{Subject: a, Predicate: b, Object: graph.Ref("http://a b")}, `' ' is not allowed within an IRI: give %20 in "http://a b"`},
		{rdf.NQuads, rdf.Statement{Subject: a, Predicate: b, Object: graph.Ref("http://\xff")}, `IRI "http://\xff" is not UTF-8`},
		{rdf.NQuads, rdf.Statement{Subject: a, Predicate: b, Object: graph.Text("\xff")}, `literal "\xff" is not UTF-8`},
		{rdf.NQuads, rdf.Statement{Subject: a, Predicate: b, Object: graph.TextIn("x", "en_GB")}, `"en_GB" is no language tag`},
		{rdf.NQuads, rdf.Statement{Subject: a, Predicate: b, Object: graph.Term{Kind: graph.Literal, Language: "en", Datatype: "http://d"}}, "a literal has a language or a datatype, not both"},
		{rdf.NQuads, rdf.Statement{Subject: a, Predicate: b, Object: graph.Typed("1", graph.Integer)}, ""},
		{rdf.NQuads, rdf.Statement{Subject: graph.Term{Kind: graph.Blank, Text: "x."}, Predicate: b, Object: a}, `"x." is no label of a blank node: letters, digits, "_", "-" and inner dots are`},
	} {
		var out strings.Builder
		w, err := rdf.NewWriter(&out, rdf.Options{Format: test.format})
		if err != nil {
			t.Fatal(err)
		}
		err = w.Write(test.s)
		var fault *rdf.TermError
		if test.want == "" {
			if err != nil {
				t.Error(err)
			}
		} else if !errors.As(err, &fault) || fault.Reason != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
		if err := w.Write(rdf.Statement{Subject: a, Predicate: b, Object: a}); err != nil {
			t.Errorf("after a fault: %v", err)
		}
	}
	for _, test := range []struct {
		o    rdf.Options
		want string
	}{
		{rdf.Options{Format: rdf.Turtle, Base: "x"}, `base IRI: IRI "x" is relative: give it absolute`},
		{rdf.Options{Format: rdf.Turtle, Prefixes: map[string]string{"1": "http://a"}}, `"1" is no prefix: it begins with a letter and goes on with letters, digits, "_", "-" and inner dots`},
		{rdf.Options{Format: rdf.Turtle, Prefixes: map[string]string{"a": "b"}}, `prefix a: IRI "b" is relative: give it absolute`},
	} {
		if _, err := rdf.NewWriter(&strings.Builder{}, test.o); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

func TestWriterBelowFails(t *testing.T) {
	mine := errors.New("mine")
	for _, format := range rdf.Formats() {
		w, err := rdf.NewWriter(failing{mine}, rdf.Options{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range visits(1000) {
			s.Graph = graph.Term{}
			if err = w.Write(s); err != nil {
				break
			}
		}
		if closed := w.Close(); !errors.Is(err, mine) || !errors.Is(closed, mine) {
			t.Errorf("%v: %v, %v", format, err, closed)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func ExampleWriter() {
	w, err := rdf.NewWriter(os.Stdout, rdf.Options{Format: rdf.Turtle, Prefixes: map[string]string{"ex": "https://example.org/"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	visit := graph.Ref("https://example.org/visit/1")
	for _, s := range []rdf.Statement{
		{Subject: visit, Predicate: graph.Ref("https://example.org/days"), Object: graph.Typed("2", "http://www.w3.org/2001/XMLSchema#integer")},
		{Subject: visit, Predicate: graph.Ref("https://example.org/title"), Object: graph.TextIn("Staatsbesuch", "de")},
	} {
		if err := w.Write(s); err != nil {
			fmt.Println(err)
		}
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// @prefix ex: <https://example.org/> .
	//
	// <https://example.org/visit/1> ex:days 2 ;
	//     ex:title "Staatsbesuch"@de .
}
