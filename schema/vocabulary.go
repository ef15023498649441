package schema

import "strings"

// namespaces are the prefixes of compact IRIs, in the order of prefixes.
var namespaces = [...]struct{ prefix, iri string }{
	{"dcterms", "http://purl.org/dc/terms/"},
	{"geo", "http://www.opengis.net/ont/geosparql#"},
	{"kg", "https://chancery.example/ontology/"},
	{"org", "http://www.w3.org/ns/org#"},
	{"prov", "http://www.w3.org/ns/prov#"},
	{"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
	{"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
	{"schema", "https://schema.org/"},
	{"skos", "http://www.w3.org/2004/02/skos/core#"},
	{"xsd", "http://www.w3.org/2001/XMLSchema#"},
}

// rdfType is the predicate that gives an entity its class. It is the only one
// that no field declares.
const rdfType = "rdf:type"

// Expand returns the full IRI of a compact one: schema:about is
// https://schema.org/about. What has no prefix known here comes back as it is.
func Expand(compact string) string {
	if prefix, local, ok := strings.Cut(compact, ":"); ok {
		if ns := namespace(prefix); ns != "" {
			return ns + local
		}
	}
	return compact
}

// Compact returns the compact IRI of a full one, and whether there is one:
// the namespace is known here and something follows it. Expand gives the full
// one back.
func Compact(iri string) (string, bool) {
	for _, ns := range namespaces {
		if local, ok := strings.CutPrefix(iri, ns.iri); ok && local != "" {
			return ns.prefix + ":" + local, true
		}
	}
	return "", false
}

// Namespaces returns prefix and namespace IRI of every vocabulary, for writers
// of Turtle and JSON-LD. The map is the caller's own.
func Namespaces() map[string]string {
	all := make(map[string]string, len(namespaces))
	for _, ns := range namespaces {
		all[ns.prefix] = ns.iri
	}
	return all
}

// namespace returns the IRI of a prefix, or "".
func namespace(prefix string) string {
	for _, ns := range namespaces {
		if ns.prefix == prefix {
			return ns.iri
		}
	}
	return ""
}

// known reports whether an IRI is compact, with a prefix declared here.
func known(iri string) bool {
	prefix, local, ok := strings.Cut(iri, ":")
	return ok && local != "" && namespace(prefix) != ""
}
