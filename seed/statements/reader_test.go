package statements_test

import (
	"fmt"
	"strings"
	"testing"

	"chancery/schema/schematest"
	"chancery/seed/intake"
	"chancery/seed/rdf"
	"chancery/seed/statements"
)

// read gives the claims of a document, a line for each and for each fact and thing.
func read(t *testing.T, document string, o statements.Options) string {
	t.Helper()
	ontology := schematest.Ontology(t)
	o.File, o.Base = "notes.trig", "https://chancery.example"
	var b strings.Builder
	r := statements.New(strings.NewReader(document), ontology, o)
	err := r.Read(t.Context(), func(e intake.Entry) error {
		fmt.Fprintf(&b, "%s by %s\n", e.Claim.ID, e.Claim.Source)
		for _, f := range e.Claim.Facts {
			fmt.Fprintf(&b, "  %s %s %s\n", f.Subject, f.Predicate, f.Object)
		}
		for _, thing := range e.Things {
			fmt.Fprintf(&b, "  thing %s %s %s\n", thing.ID, thing.Class, strings.Join(thing.Identifiers, " "))
		}
		return nil
	}, nil)
	if err != nil {
		fmt.Fprintln(&b, err)
	}
	return b.String()
}

const prefixes = `@prefix ex: <http://example.org/> . @prefix schema: <https://schema.org/> . @prefix kg: <https://chancery.example/ontology/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix wd: <http://www.wikidata.org/entity/> .
`

func TestRead(t *testing.T) {
	for _, test := range []struct {
		name, document string
		held           int
		want           []string // lines; those of sources about themselves are left out
	}{
		{
			name:     "ids below the base",
			document: `<nation/kz> kg:borders <nation/uz> .`,
			want:     []string{"claim/notes/nation/kz by source/notes", "nation/kz kg:borders <nation/uz>"},
		},
		{
			name:     "a named graph is a source",
			document: `<source/memo> { <nation/kz> skos:prefLabel "Kazakhstan"@en . } ex:g { <nation/kz> skos:altLabel "KZ" . }`,
			want: []string{
				"claim/notes/memo/nation/kz by source/memo", `nation/kz skos:prefLabel "Kazakhstan"@en`,
				"claim/notes/~http/example.org/g/nation/kz by source/~http/example.org/g", `nation/kz skos:altLabel "KZ"`,
			},
		},
		{
			name:     "what the ontology has, and what it has not",
			document: `ex:a a schema:Person, ex:Spy ; schema:birthDate "1970-01-02"^^xsd:date ; ex:likes 4, ex:b ; rdfs:label "A"@en, " A" .`,
			want: []string{
				"claim/notes/thing/~http/example.org/a by source/notes",
				"a rdf:type <schema:Person>", "a http://www.w3.org/1999/02/22-rdf-syntax-ns#type <thing/~http/example.org/Spy>",
				`a skos:notation "http://example.org/a"^^<scheme:iri>`, `a schema:birthDate "1970-01-02"^^<edtf:EDTF>`,
				`a http://example.org/likes "4"^^<http://www.w3.org/2001/XMLSchema#integer>`, "a http://example.org/likes <thing/~http/example.org/b>",
				`a http://www.w3.org/2000/01/rdf-schema#label "A"@en`, `a skos:prefLabel "A"@en`, `a http://www.w3.org/2000/01/rdf-schema#label " A"`,
				"thing a PERSON iri:http://example.org/a", "thing thing/~http/example.org/b THING iri:http://example.org/b",
			},
		},
		{
			name:     "other vocabularies",
			document: `ex:a a <http://xmlns.com/foaf/0.1/Person> ; <http://schema.org/birthDate> "1970" . ex:b a <http://schema.org/Person> .`,
			want: []string{
				"claim/notes/thing/~http/example.org/a by source/notes", "a rdf:type <schema:Person>",
				"a http://www.w3.org/1999/02/22-rdf-syntax-ns#type <thing/~http/xmlns.com/foaf/0.1/Person>",
				`a skos:notation "http://example.org/a"^^<scheme:iri>`, `a schema:birthDate "1970"^^<edtf:EDTF>`,
				"thing a PERSON iri:http://example.org/a",
				"claim/notes/thing/~http/example.org/b by source/notes", "thing/~http/example.org/b rdf:type <schema:Person>",
				`thing/~http/example.org/b skos:notation "http://example.org/b"^^<scheme:iri>`, "thing thing/~http/example.org/b PERSON iri:http://example.org/b",
			},
		},
		{
			name: "the same as an entry of a catalogue",
			document: `ex:a a schema:Person ; <http://www.w3.org/2002/07/owl#sameAs> wd:Q42, ex:b .
				<nation/kz> schema:sameAs <https://www.wikidata.org/wiki/Q232>, <https://www.wikidata.org/wiki/Special:Search> .`,
			want: []string{
				"claim/notes/thing/~http/example.org/a by source/notes", "a rdf:type <schema:Person>", `a skos:notation "http://example.org/a"^^<scheme:iri>`,
				`a skos:notation "Q42"^^<scheme:wikidata>`, "a http://www.w3.org/2002/07/owl#sameAs <thing/~http/www.wikidata.org/entity/Q42>",
				"a http://www.w3.org/2002/07/owl#sameAs <thing/~http/example.org/b>",
				"thing a PERSON iri:http://example.org/a wikidata:Q42", "thing thing/~http/example.org/b THING iri:http://example.org/b",
				"claim/notes/nation/kz by source/notes", "nation/kz rdf:type <kg:Thing>",
				`nation/kz skos:notation "Q232"^^<scheme:wikidata>`, "nation/kz https://schema.org/sameAs <thing/www.wikidata.org/wiki/Q232>",
				"nation/kz https://schema.org/sameAs <thing/www.wikidata.org/wiki/Special~3ASearch>", "thing nation/kz THING wikidata:Q232",
				"thing thing/www.wikidata.org/wiki/Special~3ASearch THING iri:https://www.wikidata.org/wiki/Special:Search",
			},
		},
		{
			name:     "a foreign class",
			document: `_:x a ex:Dog ; ex:legs "four" .`,
			want:     []string{"claim/notes/thing/blank/notes/x by source/notes", "x rdf:type <kg:Thing>", `x kg:foreignClass "http://example.org/Dog"`, `x http://example.org/legs "four"`},
		},
		{
			name:     "no value of the property",
			document: `<person/a> schema:birthDate "some day" .`,
			want:     []string{"claim/notes/person/a by source/notes", `person/a https://schema.org/birthDate "some day"`},
		},
		{
			name:     "identifiers of catalogues",
			document: `<event/v> kg:destination wd:Q232 .`,
			want: []string{
				"claim/notes/event/v by source/notes", "event/v kg:destination <thing/~http/www.wikidata.org/entity/Q232>",
				"thing thing/~http/www.wikidata.org/entity/Q232 THING iri:http://www.wikidata.org/entity/Q232 wikidata:Q232",
			},
		},
		{
			name:     "a subject that comes back",
			document: `<person/a> skos:altLabel "a" . <person/b> skos:altLabel "b" . <person/a> skos:altLabel "c" .`,
			want:     []string{"claim/notes/person/a by source/notes", `person/a skos:altLabel "a"`, `person/a skos:altLabel "c"`, "claim/notes/person/b by source/notes", `person/b skos:altLabel "b"`},
		},
		{
			name: "a subject that comes back too late", held: 1,
			document: `<person/a> skos:altLabel "a" . <person/b> skos:altLabel "b" . <person/a> skos:altLabel "c" .`,
			want: []string{
				"claim/notes/person/a by source/notes", `person/a skos:altLabel "a"`, "claim/notes/person/b by source/notes", `person/b skos:altLabel "b"`,
				"claim/notes/person/a/part-2 by source/notes", `person/a skos:altLabel "c"`,
			},
		},
		{
			name: "subjects of a file longer than what is held", held: 3,
			document: `<person/a> skos:altLabel "a", "b" . <person/b> skos:altLabel "c", "d" . <person/c> skos:altLabel "e", "f" .`,
			want: []string{
				"claim/notes/person/a by source/notes", `person/a skos:altLabel "a"`, `person/a skos:altLabel "b"`,
				"claim/notes/person/b by source/notes", `person/b skos:altLabel "c"`, `person/b skos:altLabel "d"`,
				"claim/notes/person/c by source/notes", `person/c skos:altLabel "e"`, `person/c skos:altLabel "f"`,
			},
		},
		{
			name:     "an error in the middle",
			document: "<person/a> skos:altLabel \"a\" .\n<person/b> skos:altLabel .",
			want:     []string{"claim/notes/person/a by source/notes", `person/a skos:altLabel "a"`, "notes.trig:5:*"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := read(t, prefixes+test.document, statements.Options{Held: test.held, Format: rdf.TriG})
			var lines []string
			about := false
			for line := range strings.Lines(got) {
				if !strings.HasPrefix(line, " ") {
					about = strings.HasPrefix(line, "claim/notes/source/")
				}
				if about {
					continue
				}
				line = strings.TrimSpace(line)
				for _, short := range []string{"thing/~http/example.org/a ", "thing/blank/notes/x "} {
					if rest, ok := strings.CutPrefix(line, short); ok {
						line = short[strings.LastIndexByte(short, '/')+1:] + rest
					} else if rest, ok := strings.CutPrefix(line, "thing "+short); ok {
						line = "thing " + short[strings.LastIndexByte(short, '/')+1:] + rest
					}
				}
				lines = append(lines, line)
			}
			ok := len(lines) == len(test.want)
			for i := 0; ok && i < len(lines); i++ {
				start, open := strings.CutSuffix(test.want[i], "*")
				ok = lines[i] == test.want[i] || open && strings.HasPrefix(lines[i], start)
			}
			if !ok {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}
