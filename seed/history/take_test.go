package history_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/seed"
	"chancery/seed/history"
	"chancery/seed/rdf"
)

// person is a claim about a person of a source that introduces itself.
func person(id string, facts ...graph.Fact) graph.Claim {
	return graph.Claim{ID: "claim/notes/" + id, Source: "source/notes", Status: graph.Reported, Facts: append(facts,
		graph.Fact{Subject: "source/notes", Predicate: graph.Type, Object: graph.Ref("schema:CreativeWork")},
		graph.Fact{Subject: "person/" + id, Predicate: graph.Type, Object: graph.Ref("schema:Person")},
		graph.Fact{Subject: "person/" + id, Predicate: graph.PreferredName, Object: graph.TextIn(id, "en")})}
}

func apply(t testing.TB, g *graph.Graph, n int, c graph.Changes) {
	t.Helper()
	c.At = at(n)
	if _, err := g.Apply(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func record(claims ...graph.Claim) graph.Changes { return graph.Changes{Record: claims} }

// TestGoesOn: a graph that has the beginning of a history goes on with the rest, at its
// own times.
func TestGoesOn(t *testing.T) {
	g, copied := open(t, memory.New()), open(t, memory.New())
	apply(t, g, 1, record(person("a")))
	if _, err := take(t, copied, write(t, g, rdf.TriG), rdf.TriG, history.Options{}); err != nil {
		t.Fatal(err)
	}
	apply(t, g, 5, graph.Changes{Retract: []graph.Retraction{{Claim: "claim/notes/a", Reason: "wrong"}}})
	apply(t, g, 9, record(person("b")))
	report, err := take(t, copied, write(t, g, rdf.TriG), rdf.TriG, history.Options{})
	if err != nil || report.Claims.Recorded != 1 || report.Claims.Retracted != 1 || report.Claims.Unchanged != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	same(t, copied, g)
}

// TestLearnsNow: what is earlier than the graph's last commit is recorded at the time
// of the import; what the graph has otherwise, or cannot be, is rejected.
func TestLearnsNow(t *testing.T) {
	g, other := open(t, memory.New()), open(t, memory.New())
	bad := person("bad", graph.Fact{Subject: "person/bad", Predicate: "kg:destination", Object: graph.Ref("person/bad")})
	after := person("after", graph.Fact{Subject: "person/bad", Predicate: graph.AliasName, Object: graph.Text("B")})
	after.Facts = after.Facts[:2]
	apply(t, g, 1, record(person("a"), person("b"), person("c"), person("taken"), bad))
	apply(t, g, 2, graph.Changes{Record: record(person("d")).Record, Retract: []graph.Retraction{{Claim: "claim/notes/a", Reason: "wrong"}, {Claim: "claim/notes/taken"}}})
	revised := person("b2")
	revised.Supersedes = "claim/notes/b"
	apply(t, g, 3, record(revised, after))
	apply(t, other, 50, record(person("b"), person("taken", graph.Fact{Subject: "person/taken", Predicate: graph.AliasName, Object: graph.Text("T")})))

	text := write(t, g, rdf.NQuads)
	trial, err := take(t, other, text, rdf.NQuads, history.Options{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	before := other.Latest().Commit()
	report, err := take(t, other, text, rdf.NQuads, history.Options{})
	if err != nil || report.Claims.Recorded != 4 || report.Claims.Unchanged != 1 || report.Claims.Retracted != 2 || report.Claims.Rejected != 3 {
		t.Fatalf("%+v, %v", report, err)
	}
	if other.Latest().Commit() != before+3 || trial.Claims != report.Claims {
		t.Errorf("a dry run tells %+v, then it was %+v", trial.Claims, report.Claims)
	}
	var rejected []string
	for _, j := range report.Rejections {
		rejected = append(rejected, fmt.Sprintf("%s %t", j.Claim, strings.HasPrefix(string(text[lineAt(text, j.Place.Line):]), "<https://chancery.example/"+j.Claim)))
	}
	if got := strings.Join(rejected, ", "); got != "claim/notes/taken true, claim/notes/bad true, claim/notes/after true" {
		t.Errorf("rejected: %s", got)
	}
	latest := other.Latest()
	for claim, want := range map[string][2]bool{ // recorded now, retracted
		"claim/notes/a": {true, true}, "claim/notes/b": {false, true}, "claim/notes/b2": {true, false},
		"claim/notes/c": {true, false}, "claim/notes/d": {true, false}, "claim/notes/taken": {false, false},
	} {
		id, _ := latest.Lookup(graph.Ref(claim))
		r := latest.Record(id)
		if now := r.RecordedAt > at(50).UnixMicro(); !r.Exists || now != want[0] || (r.RetractedAt != 0) != want[1] {
			t.Errorf("%s: %+v", claim, r)
		}
	}
	if again, err := take(t, other, text, rdf.NQuads, history.Options{}); err != nil || again.Claims.Recorded+again.Claims.Retracted != 0 || again.Claims.Rejected != 3 {
		t.Errorf("again: %+v, %v", again, err)
	}
}

// lineAt is the offset of a line, from 1.
func lineAt(text []byte, line int) int {
	offset := 0
	for range line - 1 {
		offset += bytes.IndexByte(text[offset:], '\n') + 1
	}
	return offset
}

// TestRetractedHere: what somebody took back here stays so.
func TestRetractedHere(t *testing.T) {
	g, other := open(t, memory.New()), open(t, memory.New())
	apply(t, g, 1, record(person("a")))
	apply(t, other, 1, record(person("a")))
	apply(t, other, 2, graph.Changes{Retract: []graph.Retraction{{Claim: "claim/notes/a"}}})
	before := quads(t, other)
	if report, err := take(t, other, write(t, g, rdf.JSONLD), rdf.JSONLD, history.Options{}); err != nil || report.Claims.Unchanged != 1 || len(quads(t, other)) != len(before) {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestDamaged: a file that was cut off, or whose statements were put into another
// order, is told; what had come whole stays, and the whole file goes on from there.
func TestDamaged(t *testing.T) {
	g := open(t, memory.New())
	if err := seed.Load(t.Context(), g, load(t), at(0)); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		apply(t, g, 100+n, record(person(fmt.Sprint("p", n))))
	}
	text := string(write(t, g, rdf.NQuads))
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	n := len(lines)
	swapped := strings.Join(append(append(append([]string{}, lines[:2]...), lines[n-40:]...), lines[2:n-40]...), "")
	without := strings.Join(append(append([]string{}, lines[:n-30]...), lines[n-1]), "")
	for name, test := range map[string]struct{ text, says string }{
		"cut off":             {strings.Join(lines[:n-25], ""), "ends before its end"},
		"cut off in a line":   {text[:len(text)-3000], "export.nq:"},
		"in another order":    {swapped, "order"},
		"statements are lost": {without, "should have"},
		"nothing":             {"", "empty"},
		"no header":           {strings.Join(lines[1:], ""), "no export"},
		"outside of claims":   {lines[0] + lines[1] + "<https://example.org/a> <https://example.org/b> \"c\" .\n", "outside"},
		"another version":     {lines[0] + strings.Replace(lines[1], `"1"`, `"2"`, 1), "version 2"},
		"of the future":       {strings.ReplaceAll(text, "2026-01-02T", "2126-01-02T"), "still to come"},
		"a field unknown":     {lines[0] + lines[1] + lines[2] + strings.Replace(lines[2], "22-rdf-syntax-ns#type", "22-rdf-syntax-ns#value", 1) + lines[n-1], "no field"},
	} {
		t.Run(name, func(t *testing.T) {
			again := open(t, memory.New())
			report, err := take(t, again, []byte(test.text), rdf.NQuads, history.Options{})
			if err != nil || !report.Failed() || !strings.Contains(report.Files[0].Error, test.says) {
				t.Fatalf("%+v, %v; want %q", report, err, test.says)
			}
			if report, err = take(t, again, []byte(text), rdf.NQuads, history.Options{}); err != nil || report.Failed() {
				t.Fatalf("the whole file then: %+v, %v", report, err)
			}
			if report.Claims.Rejected != 0 {
				t.Error(report.Rejections)
			}
			if name != "in another order" && name != "statements are lost" {
				same(t, again, g)
			}
		})
	}
}

func TestBegins(t *testing.T) {
	g := open(t, memory.New())
	apply(t, g, 1, record(person("a")))
	for _, format := range formats {
		text := write(t, g, format)
		if h, ok := history.Begins(text[:min(len(text), 900)], format); !ok || h.Kind != history.Whole || h.Base != base {
			t.Errorf("%v: %+v, %v", format, h, ok)
		}
	}
	for _, text := range []string{"", "<https://chancery.example/> a <https://example.org/History> .", "@prefix"} {
		if h, ok := history.Begins([]byte(text), rdf.TriG); ok {
			t.Errorf("%q: %+v", text, h)
		}
	}
}

// FuzzTerms: whatever is in a term, it can be written and comes back.
func FuzzTerms(f *testing.F) {
	for _, text := range append(append(append([]string{}, iris...), texts...), datatypes...) {
		for kind := range uint8(3) {
			f.Add(kind+1, text, "", "")
			f.Add(kind+1, "x", text, "")
			f.Add(kind+1, "x", "", text)
		}
	}
	terms, err := history.NewTerms(base)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, kind uint8, text, datatype, language string) {
		term := graph.Term{Kind: graph.TermKind(kind%3 + 1), Text: text}
		if term.Kind == graph.Literal {
			term.Datatype, term.Language = datatype, language
		}
		out := terms.Out(term)
		if fault := rdf.Fault(out); fault != "" {
			t.Errorf("%#v: %s", term, fault)
		}
		if back := terms.In(out); back != term {
			t.Errorf("%#v as %s comes back as %#v", term, out, back)
		}
	})
}

// FuzzTake: whatever a file has, it is refused or taken, and what was taken comes back.
func FuzzTake(f *testing.F) {
	for n := range uint64(4) {
		g := open(f, memory.New())
		now := 0
		r := random{Rand: rand.New(rand.NewPCG(7, n))}
		r.grow(f, g, 2, &now)
		for i, format := range formats {
			f.Add(uint8(i), write(f, g, format))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		format := formats[int(which)%len(formats)]
		g, again := open(t, memory.New()), open(t, memory.New())
		if _, err := take(t, g, text, format, history.Options{}); err != nil {
			t.Fatal(err)
		}
		for _, format := range formats {
			text := write(t, g, format)
			if r, err := take(t, again, text, format, history.Options{}); err != nil || r.Failed() {
				t.Fatalf("%v: %+v, %v\n%s", format, r, err, text)
			}
			same(t, again, g)
		}
	})
}
