// Package randomdoc makes random graphs and random GraphQL documents to ask of
// them, for tests that compare evaluators.
//
// Both are made from the ontology and its schema alone, so a new class or field
// is asked about as soon as it is declared. The same random numbers give the
// same graph and the same document.
//
// Left out are mutations, and cursors but for [Pages].
package randomdoc
