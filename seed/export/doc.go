// Package export writes a graph, or a part of it, for others to read: RDF with every
// claim, tables, and a graph of nodes and edges.
//
// What is written streams: memory does not grow with it. Its order depends on what
// the graph holds alone, so equal graphs give equal bytes in whatever store they are.
// docs/exports.md describes the files; package history has the form of RDF and reads
// it again.
package export
