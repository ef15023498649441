package check_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/schema"
	"chancery/schema/schematest"
	"chancery/seed/check"
)

func ontology(t testing.TB) *schema.Ontology { return schematest.Ontology(t) }

// known are the classes of entities that the graph has before each test.
func known(o *schema.Ontology) func(id string) (*schema.Class, bool) {
	classes := map[string]string{
		"person/x": "Person", "nation/kz": "Nation", "nation/uz": "Nation", "source/a": "Source",
		"event/visit": "Visit", "party/p": "Party", "place/p": "Place", "event/letter": "Letter", "organization/o": "Organization",
	}
	return func(id string) (*schema.Class, bool) {
		c := o.Class(classes[id])
		return c, c != nil
	}
}

func claim(facts ...graph.Fact) graph.Claim {
	return graph.Claim{ID: "claim/a/1", Source: "source/a", Status: graph.Reported, Facts: facts}
}

func fact(subject, predicate string, object graph.Term) graph.Fact {
	return graph.Fact{Subject: subject, Predicate: predicate, Object: object}
}

func TestClaims(t *testing.T) {
	visitor := fact("event/visit", "kg:visitor", graph.Ref("person/x"))
	with := func(change func(*graph.Claim)) graph.Claim {
		c := claim(visitor)
		change(&c)
		return c
	}
	half, two := 0.5, 2.0
	for name, test := range map[string]struct {
		claim graph.Claim
		want  string // the faults, a line each: fact, subject and message
	}{
		"whole": {claim: with(func(c *graph.Claim) {
			c.AttributedTo, c.Confidence, c.ValidTime = []string{"person/x", "party/p"}, &half, "2025/2026"
		})},
		"general relation": {claim: claim(fact("event/visit", "kg:participant", graph.Ref("party/p")))},
		"any entity":       {claim: claim(fact("event/visit", "schema:mentions", graph.Ref("event/letter")))},
		"new entity": {claim: claim(
			fact("event/new", "rdf:type", graph.Ref("kg:Visit")),
			fact("event/new", "kg:destination", graph.Ref("nation/new")),
			fact("nation/new", "rdf:type", graph.Ref("kg:Nation")),
			fact("nation/new", "skos:notation", graph.Typed("XX", "scheme:iso3166-1-alpha-2")),
			fact("nation/new", "skos:prefLabel", graph.TextIn("Neuland", "de")),
			fact("nation/new", "kg:nativeName", graph.Text("Neuland")),
			fact("nation/new", "schema:description", graph.TextIn("A nation", "en")),
			fact("event/new", "schema:startDate", graph.Date("[..2025-10-31]")),
			fact("event/new", "schema:endDate", graph.Date("..")),
		)},
		"party turns out to be a person": {claim: claim(fact("party/p", "rdf:type", graph.Ref("schema:Person")))},
		"person is called a party":       {claim: claim(fact("person/x", "rdf:type", graph.Ref("kg:Party")))},
		"denied values": {claim: func() graph.Claim {
			c := claim(
				fact("event/visit", "kg:destination", graph.Ref("nation/kz")),
				fact("event/visit", "kg:destination", graph.Ref("nation/uz")))
			c.Status = graph.Denied
			return c
		}()},

		"claim without all": {
			claim: graph.Claim{ID: "person/x"},
			want: "-1 : claim person/x: id: its id must begin with claim/ and name it, as in claim/some-report/visit-to-kazakhstan\n" +
				"-1 : claim person/x: source: the id is empty; an id is a kind and a slug, as in person/sergio-gor\n" +
				"-1 : claim person/x: status: it is missing; write CONFIRMED, REPORTED, ASSESSED or DENIED\n" +
				"-1 : claim person/x: facts: there are none; a claim says at least one thing",
		},
		"own fields": {
			claim: with(func(c *graph.Claim) {
				c.Source, c.AttributedTo, c.Confidence, c.ValidTime = "person/x", []string{"place/p", "person/y"}, &two, "soon"
			}),
			want: "-1 : claim claim/a/1: source: person/x is a Person; Source is allowed here\n" +
				"-1 : claim claim/a/1: attributedTo: place/p is a Place; Agent (Person, Nation, Organization, Office or Party) is allowed here\n" +
				"-1 : claim claim/a/1: attributedTo: person/y has no class; give it one, as in class: PERSON\n" +
				"-1 : claim claim/a/1: confidence: 2 does not lie between 0 and 1\n" +
				"-1 : claim claim/a/1: validTime: *",
		},
		"subject without class": {
			claim: claim(visitor, fact("person/y", "skos:altLabel", graph.TextIn("Y", "en"))),
			want:  "1 person/y: claim claim/a/1: person/y has no class; give it one, as in class: PERSON",
		},
		"range": {
			claim: claim(fact("event/visit", "kg:visitor", graph.Ref("nation/kz"))),
			want:  "0 event/visit: claim claim/a/1: visitors: nation/kz is a Nation; Person is allowed here",
		},
		"literal for a relation": {
			claim: claim(fact("event/visit", "kg:visitor", graph.Text("person/x"))),
			want:  `0 event/visit: claim claim/a/1: visitors: "person/x" is no entity; give the id of Person`,
		},
		"entity for a property": {
			claim: claim(fact("event/visit", "schema:startDate", graph.Ref("person/x"))),
			want:  `0 event/visit: claim claim/a/1: start: <person/x> is no value; this is a property, and leads to no entity`,
		},
		"predicate of another class": {
			claim: claim(fact("person/x", "kg:visitor", graph.Ref("person/x"))),
			want:  "0 person/x: claim claim/a/1: kg:visitor: it is no relation or property of a Person; those are schema:nationality*",
		},
		"interface or claim as class": {
			claim: claim(fact("person/y", "rdf:type", graph.Ref("kg:Claim")), fact("person/x", "rdf:type", graph.Text("schema:Person"))),
			want: "0 person/y: claim claim/a/1: class: kg:Claim is no class*\n" +
				"1 person/x: claim claim/a/1: class: \"schema:Person\" is a literal; give the IRI of a class, as in schema:Person",
		},
		"datatypes": {
			claim: claim(
				fact("event/visit", "schema:startDate", graph.Text("2025")),
				fact("event/visit", "kg:phase", graph.TextIn("HELD", "en")),
				fact("place/p", "schema:latitude", graph.Typed("51.130", graph.Decimal)),
				fact("place/p", "schema:longitude", graph.Text("71.43")),
				fact("place/p", "skos:notation", graph.Text("Q1")),
				fact("place/p", "skos:prefLabel", graph.Date("2025")),
				fact("organization/o", "schema:foundingDate", graph.Date("2015/2016")),
			),
			want: `0 event/visit: claim claim/a/1: start: "2025" must have the datatype edtf:EDTF` + "\n" +
				`1 event/visit: claim claim/a/1: phase: "HELD"@en must be plain text, without datatype and language` + "\n" +
				`2 place/p: claim claim/a/1: latitude: "51.130"^^<xsd:decimal> is not written as numbers are stored; write "51.13"^^<xsd:decimal>` + "\n" +
				`3 place/p: claim claim/a/1: longitude: "71.43" is not written as numbers are stored; write "71.43"^^<xsd:decimal>` + "\n" +
				`4 place/p: claim claim/a/1: identifiers: "Q1" is no identifier; give a literal with the datatype scheme: and the name of its catalogue, as in scheme:wikidata` + "\n" +
				`5 place/p: claim claim/a/1: names: "2025"^^<edtf:EDTF> is no text; give a literal without a datatype`,
		},
		"interval": {
			claim: claim(fact("event/letter", "schema:startDate", graph.Date("2025-10-20/.."))),
			want:  "0 event/letter: claim claim/a/1: start: 2025-10-20/.. is a stretch of time, and this is one end of one; some day between is written [2025-10-20..]",
		},
		"two values": {
			claim: claim(
				fact("event/visit", "kg:destination", graph.Ref("nation/kz")),
				fact("event/visit", "kg:destination", graph.Ref("nation/uz")),
				fact("nation/kz", "skos:notation", graph.Typed("KZ", "scheme:iso3166-1-alpha-2")),
				fact("nation/kz", "skos:notation", graph.Typed("KA", "scheme:iso3166-1-alpha-2")),
				fact("nation/kz", "skos:notation", graph.Typed("KZ", "scheme:gec")),
				fact("nation/kz", "skos:notation", graph.Typed("KA", "scheme:gec")),
			),
			want: "1 event/visit: claim claim/a/1: destination: it has one value, and this claim gives nation/kz and nation/uz; give one\n" +
				`3 nation/kz: claim claim/a/1: identifiers: it has one value, and this claim gives "KZ" and "KA"; give one`,
		},
		"required": {
			claim: claim(fact("event/new", "rdf:type", graph.Ref("kg:Interaction"))),
			want:  "0 event/new: claim claim/a/1: action: an Interaction needs it in the claim that gives event/new its class; give the id of Action",
		},
		"claim as object and subject": {
			claim: claim(fact("event/visit", "schema:mentions", graph.Ref("claim/a/1")), fact("claim/a/1", "skos:altLabel", graph.Text("x"))),
			want: `0 event/visit: claim claim/a/1: mentions: "claim/a/1" is the id of a claim; give an entity's` + "\n" +
				`1 claim/a/1: claim claim/a/1: "claim/a/1" is the id of a claim; give an entity's`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := ontology(t)
			got := faults(t, check.Claims(o, known(o), []graph.Claim{test.claim}))
			want := []string{}
			if test.want != "" {
				want = strings.Split(test.want, "\n")
			}
			ok := len(got) == len(want)
			for i := 0; ok && i < len(want); i++ {
				start, rest := strings.CutSuffix(want[i], "*")
				ok = got[i] == want[i] || rest && strings.HasPrefix(got[i], start)
			}
			if !ok {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), test.want)
			}
		})
	}
}

func faults(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var all check.Errors
	if !errors.As(err, &all) {
		t.Fatalf("%T: %v", err, err)
	}
	var first *check.Error
	if !errors.As(err, &first) || first != all[0] {
		t.Errorf("errors.As does not find the first fault")
	}
	var lines []string
	for _, e := range all {
		lines = append(lines, fmt.Sprintf("%d %s: %v", e.Fact, e.Subject, e))
	}
	return lines
}

func TestClaimsTogether(t *testing.T) {
	o := ontology(t)
	class := func(iri string) graph.Claim { return claim(fact("person/new", "rdf:type", graph.Ref(iri))) }
	if err := check.Claims(o, known(o), []graph.Claim{claim(fact("event/visit", "kg:visitor", graph.Ref("person/new"))), class("schema:Person")}); err != nil {
		t.Errorf("a class that a later claim gives: %v", err)
	}
	if err := check.Claims(o, known(o), []graph.Claim{class("kg:Party"), class("schema:Person")}); err != nil {
		t.Errorf("a class that yields: %v", err)
	}
	if err := check.Claims(o, known(o), []graph.Claim{class("kg:Nation"), class("schema:Person")}); err == nil {
		t.Error("two classes pass")
	}
	denied := class("schema:Person")
	denied.Status = graph.Denied
	if err := check.Claims(o, known(o), []graph.Claim{denied, claim(fact("event/visit", "kg:visitor", graph.Ref("person/new")))}); err == nil {
		t.Error("a denied class counts")
	}
	many := make([]graph.Claim, 1000)
	for i := range many {
		many[i] = class("kg:Nothing")
	}
	var all check.Errors
	if err := check.Claims(o, known(o), many); !errors.As(err, &all) || len(all) != 100 {
		t.Errorf("%d faults are listed, want 100", len(all))
	}
}

func TestStatement(t *testing.T) {
	o := ontology(t)
	for _, test := range []struct {
		class string
		s     check.Statement
		want  string // the fact, or the fault
	}{
		{"", check.Statement{Field: "class", Value: "VISIT"}, "rdf:type <kg:Visit>"},
		{"Visit", check.Statement{Field: "visitors", Object: "person/x"}, "kg:visitor <person/x>"},
		{"Visit", check.Statement{Field: "participants", Object: "person/x"}, "kg:participant <person/x>"},
		{"Visit", check.Statement{Field: "start", Value: "2025-10"}, `schema:startDate "2025-10"^^<edtf:EDTF>`},
		{"Letter", check.Statement{Field: "sent", Value: "soon"}, `schema:startDate "soon"^^<edtf:EDTF>`},
		{"Visit", check.Statement{Field: "phase", Value: "HELD"}, `kg:phase "HELD"`},
		{"Place", check.Statement{Field: "latitude", Value: "38.90"}, `schema:latitude "38.9"^^<xsd:decimal>`},
		{"Nation", check.Statement{Field: "isoAlpha2", Value: "KZ"}, `skos:notation "KZ"^^<scheme:iso3166-1-alpha-2>`},
		{"Nation", check.Statement{Field: "identifiers", Scheme: "wikidata", Value: "Q232"}, `skos:notation "Q232"^^<scheme:wikidata>`},
		{"Nation", check.Statement{Field: "name", Value: "Kazakhstan"}, `skos:prefLabel "Kazakhstan"@en`},
		{"Nation", check.Statement{Field: "name", Value: "Kasachstan", Language: "de"}, `skos:prefLabel "Kasachstan"@de`},
		{"Nation", check.Statement{Field: "names", Value: "Qazaqstan"}, `skos:prefLabel "Qazaqstan"`},
		{"Nation", check.Statement{Field: "names", Value: "Қазақстан", Language: "kk", Kind: "NATIVE"}, `kg:nativeName "Қазақстан"@kk`},
		{"Nation", check.Statement{Field: "description", Value: "A nation"}, `schema:description "A nation"@en`},
		{"", check.Statement{Field: "name", Value: "X"}, "the class of s/s is not known"},
		{"", check.Statement{Field: "class", Object: "kg:Visit"}, "it is no relation; give its value instead of an object"},
		{"Visit", check.Statement{Field: "visitors", Value: "person/x"}, "it is a relation to Person; give the id of one as its object"},
		{"Visit", check.Statement{Field: "start", Object: "person/x"}, "it is no relation; give its value instead of an object"},
		{"Visit", check.Statement{Field: "visitor", Object: "person/x"}, `Visit has no field "visitor"; did you mean visitors?`},
		{"Visit", check.Statement{Field: "visitors", Object: "person/x", Value: "x"}, "it has both an object and a value; give the object for a relation, the value for anything else"},
		{"Person", check.Statement{Field: "events", Object: "event/x"}, "it is read backwards: state it as participants of the Event, with s/s as its object"},
		{"Person", check.Statement{Field: "mergedFrom", Value: "person/y"}, "it is worked out by the server; nobody can state it"},
	} {
		test.s.Subject = "s/s"
		got := ""
		f, err := test.s.Fact(o, o.Class(test.class))
		var e *check.Error
		switch {
		case err == nil:
			got = f.Predicate + " " + f.Object.String()
			if f.Subject != "s/s" {
				t.Errorf("%s: the subject is %s", test.s.Field, f.Subject)
			}
		case errors.As(err, &e):
			got = e.Reason
		default:
			t.Errorf("%s: %T", test.s.Field, err)
		}
		if got != test.want {
			t.Errorf("%s of %s: got %s, want %s", test.s.Field, test.class, got, test.want)
		}
	}
}

func TestKnown(t *testing.T) {
	o := ontology(t)
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	apply := func(c graph.Claim) {
		t.Helper()
		if _, err := g.Apply(t.Context(), graph.Changes{Record: []graph.Claim{c}, At: time.Unix(0, 0)}); err != nil {
			t.Fatal(err)
		}
	}
	one := claim(fact("party/p", "rdf:type", graph.Ref("kg:Party")), fact("nation/kz", "rdf:type", graph.Ref("kg:Nation")))
	two := claim(fact("party/p", "rdf:type", graph.Ref("schema:Person")))
	three := claim(fact("nation/uz", "rdf:type", graph.Ref("kg:Nation")))
	two.ID, three.ID, three.Status = "claim/a/2", "claim/a/3", graph.Denied
	apply(one)
	apply(two)
	apply(three)
	v, err := g.View(t.Context(), graph.Perspective{})
	if err != nil {
		t.Fatal(err)
	}
	classOf, failed := check.Known(t.Context(), v, o)
	for id, want := range map[string]string{"party/p": "Person", "nation/kz": "Nation", "nation/uz": "", "nation/new": ""} {
		c, ok := classOf(id)
		if got := ""; ok != (want != "") || ok && c.Name != want {
			if c != nil {
				got = c.Name
			}
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
	if failed() != nil {
		t.Error(failed())
	}
}
