// Package seed holds the documents that a new graph starts with, and reads
// documents of the same form: YAML files in which a source makes claims, one for
// each thing said. README.md tells how to write one.
//
// [Read] reads a file, [Document.Claims] turns it into claims that are checked
// against the ontology, and [Load] records the embedded ones. Every fault has
// file, line and column, the claim, the field and what to write instead.
//
// YAML is read by go.yaml.in/yaml/v4, the YAML organization's own parser: it
// gives every node, and every fault of syntax, its line and column.
//
// What a claim may say is decided by package check, which mutations and imports
// use as well.
package seed
