// Package graph keeps claims in a quad store and reads them back.
//
// A quad is (subject, predicate, object, label); the label is the claim that
// asserts it. A claim is one assertion by one source, with its locator, status,
// confidence and two clocks. Nothing is overwritten: [Graph.Apply] records and
// retracts claims, one atomic batch a commit, and [Graph.View] reads the graph
// as a [Perspective] sees it: as known at a time, by which sources, with which
// statuses.
//
// Stores ([Store], [Snapshot]) hold plain quads and know nothing of claims. What
// a class or a field is belongs to package schema; questions belong to package
// query. This package knows nothing of GraphQL.
package graph
