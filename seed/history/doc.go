// Package history writes the claims of a graph as RDF with all that the graph
// knows of them, and takes such a file into a graph again.
//
// A claim is a named graph whose name is the claim's IRI. It holds what the claim
// says, and the claim's own fields, whose subject is the claim. A history has the
// claims in the order in which the graph learned of them; retractions
// stand where they were made, as more statements of their claim's graph. So reader
// and writer hold one commit at a time.
//
// docs/exports.md describes the file. Which claims are written, and in which
// formats beside RDF, is for package export.
package history
