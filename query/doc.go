// Package query answers GraphQL selections from a graph.
//
// An [Operation] reads one view of the graph: one commit, one perspective. Each
// root field is compiled against the ontology and run a level at a time over
// sets of rows: what every object of a level needs is read in one call, never an
// object at a time. The answer is JSON, written straight from the store's values.
//
// The package knows GraphQL's language and execution rules, and nothing of HTTP.
package query
