package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/seed/intake"
)

// entries are a reader of what it holds.
type entries []intake.Entry

func (r entries) Read(_ context.Context, take func(intake.Entry) error, _ func(intake.Rejection) error) error {
	for _, e := range r {
		if err := take(e); err != nil {
			return err
		}
	}
	return nil
}

// said is an entry whose claim has the facts SUBJECT PREDICATE OBJECT; an object with
// a slash or a colon is an IRI, any other a name in English.
func said(key string, line int, facts ...string) intake.Entry {
	c := graph.Claim{ID: "claim/d/" + key, Source: "source/d", Status: graph.Reported}
	for _, fact := range facts {
		parts := strings.SplitN(fact, " ", 3)
		object := graph.TextIn(parts[2], "en")
		if strings.ContainsAny(parts[2], "/:") {
			object = graph.Ref(parts[2])
		}
		c.Facts = append(c.Facts, graph.Fact{Subject: parts[0], Predicate: parts[1], Object: object})
	}
	return intake.Entry{Place: intake.Place{File: "d.csv", Line: line}, Claim: c}
}

var source = said("source", 0, "source/d rdf:type schema:CreativeWork")

// takes imports entries in batches, and returns the report with the rejections as lines.
func (o *office) takes(all ...intake.Entry) (*intake.Report, []string) {
	o.t.Helper()
	part := intake.Part{Name: "d.csv", Dataset: "d", Reader: append(entries{source}, all...)}
	report, err := intake.Run(o.t.Context(), o.Target, slices.Values([]intake.Part{part}), intake.Options{BatchClaims: o.batch})
	if err != nil {
		o.t.Fatal(err)
	}
	var lines []string
	for _, j := range report.Rejections {
		lines = append(lines, j.String())
	}
	slices.Sort(lines)
	return report, lines
}

func TestRejections(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []intake.Entry
		want []string // the beginnings, in order
	}{
		{
			name: "classes come in any order, and in a circle",
			in: []intake.Entry{
				said("1", 1, "place/a rdf:type schema:Place", "place/a kg:nation nation/x"),
				said("2", 2, "nation/x rdf:type kg:Nation", "nation/x kg:capital place/a"),
				said("3", 3, "place/b kg:nation nation/y"),
				said("4", 4, "nation/y rdf:type kg:Nation"),
				said("5", 5, "place/b rdf:type schema:Place"),
			},
		},
		{
			name: "a wrong field, and what depends on its claim",
			in: []intake.Entry{
				said("1", 1, "place/a rdf:type schema:Place", "place/a kg:nation nation/x"),
				said("2", 2, "nation/x rdf:type kg:Nation", "nation/x kg:visitor person/p"),
				said("3", 3, "person/p rdf:type schema:Person", "person/p schema:nationality nation/x"),
				said("4", 4, "nation/y rdf:type kg:Nation"),
			},
			want: []string{
				"d.csv:1: claim/d/1: nation/x has no class, because the claim that would give it one was rejected: claim/d/2, d.csv:2",
				"d.csv:2: claim/d/2: kg:visitor: it is no relation or property of a Nation",
				"d.csv:3: claim/d/3: nation/x has no class, because",
			},
		},
		{
			name: "two classes",
			in: []intake.Entry{
				said("1", 1, "nation/x rdf:type kg:Nation"),
				said("2", 2, "nation/x rdf:type schema:Person"),
			},
			want: []string{"d.csv:2: claim/d/2: class: nation/x is a Nation already"},
		},
		{
			name: "an id twice",
			in: []intake.Entry{
				said("1", 1, "nation/x rdf:type kg:Nation"),
				said("2", 2, "nation/y rdf:type kg:Nation"),
				said("1", 3, "nation/z rdf:type kg:Nation"),
				said("3", 4, "place/a kg:nation nation/never"),
				said("3", 5, "place/a kg:nation nation/never"),
			},
			want: []string{
				"d.csv:3: claim/d/1: the import has had a claim of this id already, at d.csv:1, and this one, at d.csv:3, says something else",
				"d.csv:4: claim/d/3: place/a has no class",
				"d.csv:5: claim/d/3: place/a has no class",
			},
		},
		{
			name: "no id of a data set, and a claim of somebody else",
			in: []intake.Entry{
				{Place: intake.Place{File: "d.csv", Line: 1}, Claim: graph.Claim{ID: "nonsense"}},
				said("by-hand", 2, "nation/x rdf:type kg:Nation"),
			},
			want: []string{
				"d.csv:1: nonsense: its id is none of a data set's",
				"d.csv:2: claim/d/by-hand: the graph has a claim of this id that is from no import of d",
			},
		},
	} {
		for _, batch := range []int{1, 2, 100} {
			t.Run(fmt.Sprintf("%s, batches of %d", test.name, batch), func(t *testing.T) {
				o := newOffice(t, batch)
				byHand := said("by-hand", 0, "nation/h rdf:type kg:Nation").Claim
				if _, err := o.Graph.Apply(t.Context(), graph.Changes{At: o.Now(), Record: []graph.Claim{byHand}}); err != nil {
					t.Fatal(err)
				}
				report, got := o.takes(test.in...)
				ok := len(got) == len(test.want)
				for i := 0; ok && i < len(got); i++ {
					ok = strings.HasPrefix(got[i], strings.TrimSuffix(test.want[i], "*"))
				}
				if !ok {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
				}
				if c := report.Claims; c.Read != c.Recorded+c.Rejected {
					t.Errorf("something is lost: %+v", c)
				}
			})
		}
	}
}

// TestReliedOnRejected: an entity is not found by what a rejected claim says of it,
// wherever the batches end.
func TestReliedOnRejected(t *testing.T) {
	bad := said("1", 1, "nation/bad rdf:type kg:Nation", "nation/bad kg:visitor nation/bad")
	good := said("2", 2, "nation/good rdf:type kg:Nation")
	for i, e := range []*intake.Entry{&bad, &good} {
		id := e.Claim.Facts[0].Subject
		e.Claim.Facts = append(e.Claim.Facts, graph.Fact{Subject: id, Predicate: graph.Notation, Object: graph.Typed("1", "scheme:cow")})
		e.Things = []intake.Thing{{ID: id, Class: "NATION", Identifiers: []string{"cow:1"}}}
		e.Place.Line = i + 1
	}
	for _, batch := range []int{1, 2, 100} {
		o := newOffice(t, batch)
		o.takes(bad, good)
		if got := o.entities(); got != "nation/good = d/2" {
			t.Errorf("batches of %d: %s", batch, got)
		}
	}
}

// TestChangedClass: another edition may give an entity another class.
func TestChangedClass(t *testing.T) {
	for _, batch := range []int{1, 2, 100} {
		o := newOffice(t, batch)
		o.takes(said("1", 1, "party/x rdf:type schema:Organization"), said("2", 2, "party/x skos:altLabel X"))
		report, rejected := o.takes(said("1", 1, "party/x rdf:type schema:Person"), said("2", 2, "party/x skos:altLabel X"))
		if len(rejected) > 0 || report.Claims.Superseded != 1 || report.Claims.Unchanged != 2 {
			t.Errorf("batches of %d: %+v, %v", batch, report.Claims, rejected)
		}
	}
}

// TestGoneButNamed: what gives a class to an entity that others name stays, with what it
// names itself, until they name it no more or somebody else gives it a class.
func TestGoneButNamed(t *testing.T) {
	x := said("x", 1, "nation/x rdf:type kg:Nation", "nation/x kg:capital place/x")
	capital := said("capital", 2, "place/x rdf:type schema:Place")
	y := said("y", 3, "nation/y rdf:type kg:Nation")
	for _, batch := range []int{1, 100} {
		o := newOffice(t, batch)
		apply := func(c graph.Changes) {
			t.Helper()
			c.At = o.Now()
			if _, err := o.Graph.Apply(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		edition := func(kept, retracted int, all ...intake.Entry) {
			t.Helper()
			report, rejected := o.takes(all...)
			if c := report.Claims; len(rejected) > 0 || c.Kept != kept || c.Retracted != retracted {
				t.Errorf("batches of %d: kept %d and retracted %d, want %d and %d; %v", batch, c.Kept, c.Retracted, kept, retracted, rejected)
			}
		}
		edition(0, 0, x, capital, y)
		other := said("other", 0, "place/a rdf:type schema:Place", "place/a kg:nation nation/x").Claim
		apply(graph.Changes{Record: []graph.Claim{other}})
		edition(2, 1) // y alone is gone
		edition(2, 0)
		class := said("class", 0, "nation/x rdf:type kg:Nation").Claim
		apply(graph.Changes{Record: []graph.Claim{class}})
		edition(0, 2)
		edition(0, 0, x, capital)
		apply(graph.Changes{Retract: []graph.Retraction{{Claim: class.ID, Reason: "wrong"}, {Claim: other.ID, Reason: "wrong"}}})
		edition(0, 2)
	}
}

// TestOneForOthers: of many claims that give a class to an entity that others name, the
// newest stays that does not deny it, and nothing that it does not name; also where what is named was merged.
func TestOneForOthers(t *testing.T) {
	const rows = 50
	var first []intake.Entry
	for i := range rows {
		n := fmt.Sprintf("%02d", i)
		first = append(first, said(n, i+1, "person/x rdf:type schema:Person", "person/"+n+" rdf:type schema:Person", "visit/"+n+" rdf:type kg:Visit",
			"visit/"+n+" kg:visitor person/x", "visit/"+n+" kg:destination nation/n", "nation/n rdf:type kg:Nation"))
	}
	denied := said("denied", rows+1, "person/x rdf:type schema:Person")
	denied.Claim.Status = graph.Denied
	merge := said("merge", 0, "person/x "+graph.MergedInto+" person/y").Claim
	for _, test := range []struct {
		name      string
		before    []graph.Claim // by others
		kept      int
		retracted int
	}{
		{"nobody names it", nil, 0, rows + 1},
		{"an edit names it", []graph.Claim{said("edit", 0, "place/a rdf:type schema:Place", "person/x skos:altLabel X").Claim}, 1, rows},
		{"what it was merged into", []graph.Claim{said("edit", 0, "person/y skos:altLabel Y").Claim, merge}, 1, rows},
		{"what it was merged into, which has a class", []graph.Claim{said("edit", 0, "person/y rdf:type schema:Person", "person/x skos:altLabel X").Claim, merge}, 1, rows},
		{"only what it was merged into, which has a class", []graph.Claim{said("edit", 0, "person/y rdf:type schema:Person", "person/y skos:altLabel Y").Claim, merge}, 0, rows + 1},
		{"a denied class is none", []graph.Claim{said("edit", 0, "person/x skos:altLabel X").Claim, func() graph.Claim {
			c := said("other", 0, "person/x rdf:type schema:Person").Claim
			c.Status = graph.Denied
			return c
		}()}, 1, rows},
	} {
		o := newOffice(t, 7)
		if report, rejected := o.takes(append(slices.Clone(first), denied)...); len(rejected) > 0 || report.Claims.Recorded != rows+2 {
			t.Fatalf("%s: %+v, %v", test.name, report.Claims, rejected)
		}
		if len(test.before) > 0 {
			if _, err := o.Graph.Apply(t.Context(), graph.Changes{At: o.Now(), Record: test.before}); err != nil {
				t.Fatal(err)
			}
		}
		report, _ := o.takes()
		if c := report.Claims; c.Kept != test.kept || c.Retracted != test.retracted {
			t.Errorf("%s: kept %d and retracted %d, want %d and %d", test.name, c.Kept, c.Retracted, test.kept, test.retracted)
		}
		if last, _ := o.Graph.Latest().Lookup(graph.Ref(fmt.Sprint("claim/d/", rows-1))); o.Graph.Latest().Known(last) != (test.kept > 0) {
			t.Errorf("%s: it is not the newest that stays", test.name)
		}
	}
}

// TestStream: what is written as a stream is read as it was.
func TestStream(t *testing.T) {
	half := 0.5
	odd := intake.Entry{
		Place: intake.Place{File: "d.csv", Line: 7, Row: 5, Column: "when"},
		Claim: graph.Claim{
			ID: "claim/d/odd", Source: "source/d", Locator: "row 5", AttributedTo: []string{"person/x"}, Status: graph.Denied, Confidence: &half, ValidTime: "2020/..",
			Facts: []graph.Fact{
				{Subject: "nation/x", Predicate: graph.Notation, Object: graph.Typed("", "scheme:cow")},
				{Subject: "nation/x", Predicate: graph.PreferredName, Object: graph.TextIn("<Ñ>\u2028", "es")},
				{Subject: "nation/x", Predicate: "http://example.org/p", Object: graph.Term{Kind: graph.Blank, Text: "b"}},
			},
		},
		Things: []intake.Thing{{ID: "nation/x", Class: "NATION", Identifiers: []string{"cow:1"}, Names: []string{"X"}, Nation: "nation/y"}},
	}
	sent := []intake.Entry{source, odd}
	torn := errors.New("torn")
	var b bytes.Buffer
	err := intake.WriteStream(t.Context(), &b, slices.Values([]intake.Part{
		{Name: "d.csv", Dataset: "d", Reader: entries(sent), Counts: func() intake.Counts { return intake.Counts{Rows: 3, Left: map[string]int{"why": 1}} }},
		{Name: "e.csv", Reader: intake.Failed(torn)},
	}))
	if err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	var got []intake.Entry
	var names []string
	for p := range intake.ReadStream(bytes.NewReader(whole)) {
		err := p.Reader.Read(t.Context(), func(e intake.Entry) error { got = append(got, e); return nil }, func(intake.Rejection) error { return nil })
		names = append(names, fmt.Sprint(p.Name, " ", p.Dataset, " ", p.Counts(), " ", err))
	}
	if !reflect.DeepEqual(got, sent) {
		t.Errorf("got %+v\nwant %+v", got, sent)
	}
	if want := []string{"d.csv d {3 map[why:1]} <nil>", "e.csv  {0 map[]} torn"}; !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	// Wherever it is cut, the stream tells that it is not whole.
	for n := range len(whole) - 1 {
		if n > 0 && whole[n-1] != '\n' && n%7 != 0 {
			continue
		}
		failed := false
		for p := range intake.ReadStream(bytes.NewReader(whole[:n])) {
			err := p.Reader.Read(t.Context(), func(intake.Entry) error { return nil }, func(intake.Rejection) error { return nil })
			failed = failed || err != nil && err.Error() != torn.Error()
		}
		if !failed {
			t.Errorf("cut at %d of %d, the stream seems whole", n, len(whole))
		}
	}
}
