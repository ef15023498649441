package statements

import (
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/intake"
)

// equivalents are classes and relations of other vocabularies that mean one of the
// ontology: its compact IRI.
var equivalents = map[string]string{
	"http://xmlns.com/foaf/0.1/Person":            "schema:Person",
	"http://xmlns.com/foaf/0.1/Organization":      "schema:Organization",
	"http://www.w3.org/ns/org#Organization":       "schema:Organization",
	"http://www.w3.org/ns/org#FormalOrganization": "schema:Organization",
	"http://www.w3.org/ns/org#OrganizationalUnit": "schema:Organization",
	"http://www.w3.org/ns/org#member":             "kg:member",
}

// schemaOrg: schema.org calls its terms by both, and means the same.
const schemaOrg, schemaOrgHTTP = "https://schema.org/", "http://schema.org/"

// compact is the compact IRI by which the ontology may know a term.
func compact(iri string) (string, bool) {
	if short := equivalents[iri]; short != "" {
		return short, true
	}
	if term, ok := strings.CutPrefix(iri, schemaOrgHTTP); ok {
		iri = schemaOrg + term
	}
	return schema.Compact(iri)
}

// same are relations to an IRI of the same thing.
var same = []string{
	"http://www.w3.org/2002/07/owl#sameAs", "https://schema.org/sameAs", "http://schema.org/sameAs",
	"http://www.w3.org/2004/02/skos/core#exactMatch",
}

// identify adds the identifiers that the subject has because a statement says that it is
// the same as an entry of a catalogue, and reports whether it says so.
func (c *claim) identify(s *said) bool {
	if s.object.Kind != graph.IRI || !s.predicate.same {
		return false
	}
	found := identifiers(s.object.Text)[1:] // the first is the IRI
	for _, identifier := range found {
		scheme, value, _ := strings.Cut(identifier, ":")
		c.add(graph.Fact{Subject: c.id, Predicate: graph.Notation, Object: graph.Typed(value, graph.Scheme+scheme)})
		at := slices.IndexFunc(c.things, func(t intake.Thing) bool { return t.ID == c.id })
		if at < 0 {
			class := thingEnum
			if c.class != nil {
				class = c.class.Enum
			}
			at = len(c.things)
			c.things = append(c.things, intake.Thing{ID: c.id, Class: class})
		}
		if known := &c.things[at].Identifiers; !slices.Contains(*known, identifier) {
			*known = append(*known, identifier)
		}
	}
	return len(found) > 0
}
