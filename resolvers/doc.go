// Package resolvers ties GraphQL's root fields to the engine of package query.
//
// gqlgen sees each root field as one leaf (package leaf): a resolver hands its
// field's selections to the engine and returns the finished JSON. Mutations are
// turned into commits by package edit; the engine writes their payloads. What is
// generated is in package generated; a new class needs an edit of the ontology
// and go generate, and nothing here.
//
// One table (errors.go) turns every error into what a client is shown. HTTP,
// limits and media types are left to package api.
package resolvers

// The schema comes first: go generate takes packages in the order of their
// names, and what is generated here follows from it.
//go:generate go generate ../schema
//go:generate go run ./internal/generate
