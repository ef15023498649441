// Package schema is the ontology: which classes, relations and properties there
// are, how clients see them, and what they stand for in the graph.
//
// It is written in ontology/*.graphql and nowhere else. go generate derives
// generated.graphql from it, the SDL that is served: inherited fields,
// connections, filters, orders, group keys and roots. Load compiles that text
// into an Ontology, which the engine, the resolvers and the seed read.
//
// To add a class, declare it in ontology/, run go generate ./schema, and then
// go test ./schema -update, which takes the new schema as the golden one. A
// change that would break clients needs a new VERSION first.
//
// The package knows nothing of claims, stores or requests.
package schema

//go:generate go run ./cmd/generate
