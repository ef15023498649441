// Package rdf reads and writes the syntaxes of RDF 1.1: N-Triples, N-Quads,
// Turtle, TriG and JSON-LD 1.1. It knows nothing of claims or of the ontology.
//
// [Read] hands on one [Statement] after another, [Writer] takes them. Both
// stream: memory does not grow with the file, except for JSON-LD, where one
// element of the outermost array is held at a time (a document that is no array
// is one element; [Options.MaxBytes] limits it). Terms are kept as written: a
// literal's lexical form, the case of a language tag and the spelling of an
// absolute IRI do not change, so what was read prints and reads equal.
//
// N-Triples, N-Quads, Turtle and TriG share one lexer and one parser here,
// because no maintained Go library passes W3C's suites. JSON-LD is expanded by
// github.com/piprate/json-gold; statements are made from the expanded form here,
// because the library leaves out IRIs that it takes for no URL, numbers beyond
// 64 bits and written blank node labels. Nothing is fetched from the network.
//
// A fault is a [SyntaxError] with file, line, column and what was expected.
//
// Package rdf/canon makes graphs comparable.
package rdf
