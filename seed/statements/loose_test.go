package statements_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/schema/schematest"
	"chancery/seed/intake"
	"chancery/seed/rdf"
	"chancery/seed/statements"
)

// imported takes documents in, each a file of its own, and returns the facts of all
// claims that stand, but for those of sources and identifiers.
func imported(t *testing.T, g *graph.Graph, batch int, documents ...string) (facts []string, report *intake.Report) {
	t.Helper()
	o := schematest.Ontology(t)
	at := time.Unix(1e9, 0)
	target := intake.Target{Graph: g, Ontology: o, Now: func() time.Time { at = at.Add(time.Minute); return at }}
	report, err := intake.Run(t.Context(), target, func(yield func(intake.Part) bool) {
		for i, document := range documents {
			file := string(rune('a'+i)) + ".ttl"
			r := statements.New(strings.NewReader(prefixes+document), o, statements.Options{File: file, Base: "https://chancery.example/", Format: rdf.Turtle})
			if !yield(intake.Part{Name: file, Dataset: file[:1], Reader: r}) {
				return
			}
		}
	}, intake.Options{BatchClaims: batch})
	if err != nil {
		t.Fatal(err)
	}
	v, err := g.View(t.Context(), graph.Perspective{})
	if err != nil {
		t.Fatal(err)
	}
	for claim := range v.Known().All {
		err := v.Snapshot.Quads(t.Context(), graph.Pattern{Label: claim}, func(q graph.Quad) bool {
			if q.Subject != q.Label && !strings.HasPrefix(v.Name(q.Subject), "source/") && v.Name(q.Predicate) != graph.Notation {
				facts = append(facts, v.Name(q.Subject)+" "+v.Name(q.Predicate)+" "+v.Name(q.Object))
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(facts)
	return facts, report
}

// TestNothingIsDropped: what the ontology refuses is kept as raw facts, and the same
// file again changes nothing.
func TestNothingIsDropped(t *testing.T) {
	const kg, schemaOrg = "https://chancery.example/ontology/", "https://schema.org/"
	for _, test := range []struct {
		name, document string
		want           []string
	}{
		{
			name:     "an object of no fitting class",
			document: `<person/a> a schema:Person ; skos:prefLabel "A"@en ; schema:nationality <person/b> . <person/b> a schema:Person .`,
			want:     []string{"person/a " + schemaOrg + "nationality person/b", "person/a rdf:type schema:Person", "person/a skos:prefLabel A", "person/b rdf:type schema:Person"},
		},
		{
			name:     "an object of no class",
			document: `<person/a> a schema:Person ; schema:nationality <nation/never> .`,
			want:     []string{"person/a " + schemaOrg + "nationality nation/never", "person/a rdf:type schema:Person"},
		},
		{
			name:     "a class without what it requires",
			document: `<event/v> a kg:Visit ; schema:startDate "2020" .`,
			want:     []string{"event/v " + schemaOrg + "startDate 2020", "event/v kg:foreignClass " + kg + "Visit", "event/v rdf:type kg:Thing"},
		},
		{
			name:     "a subject that never gets a class",
			document: `<person/a> schema:nationality <nation/x> .`,
			want:     []string{"person/a " + schemaOrg + "nationality nation/x", "person/a rdf:type kg:Thing"},
		},
		{
			name:     "an end before the start",
			document: `<person/a> a schema:Person . <nation/x> a kg:Nation . <event/v> a kg:Visit ; kg:destination <nation/x> ; schema:startDate "2020" ; schema:endDate "2019" .`,
			want: []string{
				"event/v " + schemaOrg + "endDate 2019", "event/v kg:destination nation/x", "event/v rdf:type kg:Visit", "event/v schema:startDate 2020",
				"nation/x rdf:type kg:Nation", "person/a rdf:type schema:Person",
			},
		},
	} {
		for _, batch := range []int{1, 100} {
			t.Run(test.name, func(t *testing.T) {
				g, err := graph.Open(t.Context(), memory.New())
				if err != nil {
					t.Fatal(err)
				}
				got, report := imported(t, g, batch, test.document)
				if report.Claims.Rejected > 0 || !slices.Equal(got, test.want) {
					t.Errorf("batches of %d: got\n%s\nwant\n%s\n%v", batch, strings.Join(got, "\n"), strings.Join(test.want, "\n"), report.Rejections)
				}
				if _, again := imported(t, g, batch, test.document); again.Commits > 0 {
					t.Errorf("the same again: %+v", again.Claims)
				}
			})
		}
	}
}

// TestBlankNodes: blank nodes of two files are two things, whatever their labels; those
// of one file are the same every time.
func TestBlankNodes(t *testing.T) {
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	got, _ := imported(t, g, 100, `_:b0 ex:says "a" ; ex:of [ ex:says "c" ] .`, `_:b0 ex:says "b" .`)
	var says []string
	for _, fact := range got {
		if strings.Contains(fact, "/says ") {
			says = append(says, strings.Replace(fact, " http://example.org/says", "", 1))
		}
	}
	if want := []string{"thing/blank/a/b0 a", "thing/blank/a/genid0 c", "thing/blank/b/b0 b"}; !slices.Equal(says, want) {
		t.Errorf("got %q, want %q", says, want)
	}
	if _, again := imported(t, g, 100, `_:b0 ex:says "a" ; ex:of [ ex:says "c" ] .`, `_:b0 ex:says "b" .`); again.Commits > 0 {
		t.Errorf("the same again: %+v", again.Claims)
	}
}
