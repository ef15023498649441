// Package cayley makes the stores of package graph usable by Cayley
// (github.com/cayleygraph/cayley): its iterators, paths and shapes, its Gizmo
// language and its conformance suite. It is the one package that knows Cayley;
// Cayley's habits (string-keyed options, global registries, dropped errors) stop
// here.
//
// Two adapters are Cayley QuadStores:
//
//   - [Pinned] reads one [graph.Snapshot] and refuses to write. A query runs on
//     it: it sees one commit, whole, however long it takes.
//   - [Live] reads and writes a [graph.Store]. Each of its iterators sees one
//     commit, that which was newest when the iterator was opened; a tree of
//     iterators may span several, so a query takes [Live.Pin] first. Live is
//     for Cayley's suite and for tools. It writes plain quads and knows nothing of
//     claims: never use it on a store that a [graph.Graph] has open.
//
// [Register] makes a kind of store known to Cayley by name. [Gizmo] runs one
// script on one snapshot, within limits.
//
// # Values
//
// [TermOf] and [ValueOf] lead from Cayley's values to terms and back. IRIs,
// blank nodes and literals keep their text, so that a datatype is compact in one
// world exactly when it is in the other. Cayley's native values are the literals
// in the one form that each has:
//
//	Int    "42"^^xsd:integer        as strconv writes it
//	Float  "4.2E+01"^^xsd:double    in Cayley's notation
//	Bool   "true"^^xsd:boolean      or "false"
//	Time   "…Z"^^xsd:dateTime       UTC, to the nanosecond where there is a fraction
//
// Every other literal with a datatype is a TypedString: "042"^^xsd:integer, an
// xsd:decimal, a date in EDTF. Cayley's filters lt, lte, gt and gte look at native
// values only, so a script compares decimals and EDTF dates by itself.
//
// # What it costs
//
// A node's reference is its [graph.ID], a quad's is the four ids: neither touches
// the dictionary until a name is asked for. A scan is [graph.Snapshot.Quads] with
// one part fixed: up to 64 quads are read at once, and only a longer scan keeps
// a coroutine, which ends with the scan, with Close, or when the garbage collector
// finds the scan abandoned. A snapshot has no list of nodes, so to enumerate or
// count them reads every quad and remembers the nodes seen, in a bit for each
// term of the dictionary.
//
// # What it brings along
//
// Cayley, quad, json-gold, cachecontrol and pprof are under the Apache License
// 2.0, goja and regexp2 under MIT, sourcemap under BSD-2. They add 39 packages and
// 9 MB to the server's binary, whether Gizmo is switched on or not. None of
// Cayley's own backends is among them.
package cayley
