// Package naive answers GraphQL documents the slow, obvious way: GraphQL's own
// recursive algorithm, and for every value a loop over all facts of its entity.
//
// It is the model that the engine of package query is tested against, so the two
// share no code: it has no index but what is said of and to each entity, made anew for
// each document, plans nothing, works out perspectives,
// preferences and readings of rough dates by itself, and reads the store's quads
// just once, into plain structs. What answers mean is said in
// docs/decisions/0002-what-answers-mean.md, and only there.
//
// It leaves out mutations, pages that begin at a cursor, and what a name is worth
// to a search, which [Request.Rank] says. What else the schema has and it does not
// know is a panic that names it.
package naive
