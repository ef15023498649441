package graph

import (
	"context"
	"errors"
)

// Quad is one stored fact. Label 0 is no label.
type Quad struct{ Subject, Predicate, Object, Label ID }

// Pattern selects quads: zero matches anything.
type Pattern = Quad

// ErrClosed is returned by a store that was closed.
var ErrClosed = errors.New("graph: store is closed")

// Store holds plain quads, each at most once, with any label or none. It knows
// nothing of claims. One writer at a time: Commit waits for its turn. Snapshots
// are never blocked by a writer and never block one.
type Store interface {
	// Snapshot returns the quads as of the newest commit. It costs O(1) and takes
	// no lock that a writer holds while it works.
	Snapshot() Snapshot

	// Commit adds and removes the batch's quads, all of them or none, and returns
	// the snapshot that has them. Adding a quad that is there and removing one that
	// is not change nothing. A quad both added and removed is there afterwards.
	// When it returns without error the change is as durable as the store
	// promises; with an error, nothing has changed. An empty batch is a commit too.
	// The error is ErrClosed, ctx.Err() or the store's own.
	Commit(ctx context.Context, b *Batch) (Snapshot, error)

	// Close ends the store once the running commit is done. Snapshots taken before
	// stay readable. Closing twice returns ErrClosed.
	Close() error
}

// Snapshot is the state of a store at one commit: it never changes, and any
// number of goroutines may read it.
type Snapshot interface {
	// Commit is the number of commits behind this state: 0 for the empty store.
	Commit() uint64

	// Lookup returns the id of a term that some commit up to this one has brought
	// in, whether quads with it are left or not. Terms that Inline has an id for
	// are always found. Cost: O(1).
	Lookup(t Term) (ID, bool)

	// Term returns the term of an id of this store. An id that is of no term of
	// this snapshot gives false. Cost: O(1).
	Term(id ID) (Term, bool)

	// Quads yields every quad that matches the pattern, each once, in an order
	// that is the same every time, until yield returns false. When subject,
	// subject and predicate, predicate and object, object, label, or nothing is
	// fixed, only matching quads are read; otherwise the quads of the longest of
	// these that is fixed. The error is ctx.Err() or the store's own.
	Quads(ctx context.Context, p Pattern, yield func(Quad) bool) error

	// Expand appends to dst, for each node in turn, the other ends of the quads
	// with this predicate that lead from it (inverse: to it), ascending by end,
	// then label. Only quads whose label is in labels count; nil is any label and
	// none. Ends[i] is set to where node i's links stop. Nodes may repeat, in any
	// order; ascending ones are read fastest. Node 0 has no links. The quads read
	// are added to dst.Read.
	// The error is ctx.Err() or the store's own; dst then holds no promise.
	// Cost: O(len(nodes)·log n + k) quads read for k quads on the way.
	Expand(ctx context.Context, dst *Links, nodes []ID, predicate ID, inverse bool, labels *Set) error

	// Size counts the quads. Cost: O(1).
	Size() int
}

// Link is one quad seen from one of its ends.
type Link struct{ To, Label ID }

// Links are the links of a list of nodes: those of node i lie between Ends[i-1]
// (0 for the first) and Ends[i].
type Links struct {
	All  []Link
	Ends []int
	// Read counts the quads that were read on the way, those of other labels too.
	Read int
}

// Of returns the links of node i.
func (l *Links) Of(i int) []Link {
	from := 0
	if i > 0 {
		from = l.Ends[i-1]
	}
	return l.All[from:l.Ends[i]]
}

// Reset empties the links and keeps their memory.
func (l *Links) Reset() { l.All, l.Ends, l.Read = l.All[:0], l.Ends[:0], 0 }
