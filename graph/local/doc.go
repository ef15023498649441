// Package local is the store that keeps a graph in one directory on one machine.
//
// A commit is a record in an append-only log, synced before it is acknowledged,
// and a small sorted run of quads in memory. Runs are written out in the
// background as segments: the same quads in four orders, compressed in blocks
// and read in place. Segments are merged by size, dictionaries likewise, and
// the manifest, replaced atomically, names the files that count.
//
// A run or a segment holds the quads whose presence it flips: a quad is there
// if an odd number of them hold it. So a removal is the quad once more, any
// runs may be merged in any order, and equal pairs vanish when they meet.
// It rests on one promise: a commit only writes what changes something.
//
// Snapshots are immutable lists of runs and segments. A segment's file is
// unlinked when the manifest no longer names it and unmapped when the last
// snapshot that reads it is garbage, so the space comes back with the collector.
//
// docs/storage.md has the files byte by byte. What claims are belongs to
// package graph.
package local
