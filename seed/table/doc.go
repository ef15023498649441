// Package table turns tables into claims by mappings: YAML files that say which
// columns make which entities, facts and claims. docs/mappings.md describes them.
//
// [Load] reads a mapping and holds it against the ontology before any row is
// read; every fault has file, line and column. [Mapping.Open] gives a reader of a
// file by the mapping, whose entries package intake takes into a graph. [Init]
// writes a first mapping for a file that none is for.
//
// The parts: format reads records, value and code read what stands in cells,
// expr.go and functions.go are the notation <column | function>, parse.go reads a
// mapping, compile.go checks it, read.go follows it.
package table
