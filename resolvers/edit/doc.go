// Package edit turns mutations' inputs into graph.Changes.
//
// An [Editor] reads the coerced input of a root field of Mutation, holds it against
// the ontology and against what the graph knows, and makes one commit of it, or
// with dryRun says what it would make. What is wrong is refused with its place in
// the input and with what is allowed there, and then nothing is written.
//
// Edits take turns from their first check to their commit, so that what was
// checked still holds when it is written. Other writers of the same graph, such as
// imports, do not take turns with them: what the graph then refuses is a CONFLICT.
//
// How answers are written is for package query, HTTP for package api.
package edit
