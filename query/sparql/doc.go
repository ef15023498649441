// Package sparql says in SPARQL 1.1 what documents ask, for a test that puts both
// questions: the document to the engine, the query to another program's engine, over
// the graph as it is exported.
//
// It shares nothing with the engine but the ontology. [Prepare] says as an update how
// the claims of an export become what is shown: which value of a single-valued field
// is preferred, and which class an entity is of. A [Translator] says the condition of a
// root over that. What cannot be said, or is a rule of ours that SPARQL has no word
// for, is an [UnsaidError] with its kind.
//
// Days are the one thing that it takes over: an EDTF date's bounds are put beside the
// export as numbers, see [Bounds].
package sparql
