// Package check holds claims against the ontology before they are recorded.
//
// [Claims] reports whatever a claim says that the schema has no room for: an
// entity without a class, a relation to an entity of the wrong class, a date
// that is none, two values where one fits. [Statement] turns what a person
// writes, with the schema's field names, into the facts that the graph stores.
// Seed documents, imports and mutations all go through here.
//
// Whether a claim is new, and what it retracts is there, is for graph.Apply.
// The package reads no files; [Known] is the only part that reads the graph.
package check
