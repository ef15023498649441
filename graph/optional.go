package graph

import (
	"context"
	"io"
)

// Keeper is a store that keeps data of the graph's own beside its quads: what
// is derived from them and takes long to derive. Nothing depends on it: what is
// lost is derived anew.
type Keeper interface {
	// Keep replaces what is kept under the name, atomically and durably. data is
	// what write writes; the graph has derived it from the state at that commit.
	// write's own error is returned and leaves what was kept before.
	// The error is write's, ErrClosed, ctx.Err() or the store's own.
	Keep(ctx context.Context, name string, commit uint64, write func(io.Writer) error) error

	// Kept returns what was kept last and its commit; ok is false if there is
	// nothing or it is damaged: then the graph derives it anew. The bytes may be
	// mapped from the file; they are 8-byte aligned, must not be written to, and
	// stay valid until the store is closed and the slice is garbage.
	// Cost: a mapping, and a checksum over the data.
	Kept(name string) (data []byte, commit uint64, ok bool)
}

// Starter is a store that takes a commit while those before it are on their way to
// the disk.
type Starter interface {
	// Start is Commit in two steps. When it returns, the commit is in line behind all
	// before it, and after is the state that it leaves, which Snapshot gives once it
	// is durable. durable waits for that; its error is one of Commit, and then no later
	// commit can be made either.
	Start(ctx context.Context, b *Batch) (after Snapshot, durable func() error, err error)
}

// Purger is a store that can make what was removed unreadable for good.
type Purger interface {
	// Purge rewrites everything so that no file holds a quad that was not there
	// when it began, or the text of a term that no quad used then. Ids of such
	// terms stay taken: Term and Lookup give false for them afterwards, and a
	// commit that brings the term in again gives it another id. Snapshots taken
	// before have all that they had. What a Keeper keeps is dropped, for it may
	// hold such texts: keep it again afterwards. Readers and commits go on
	// meanwhile.
	// The error is ErrClosed, ctx.Err() or the store's own.
	// Cost: as much as writing all quads and all terms again.
	Purge(ctx context.Context) error
}

// Run is some quads, part by part: quad i has the i-th of each.
type Run struct{ Subjects, Predicates, Objects, Labels []ID }

// Counter is a snapshot that tells a planner how much a pattern would read.
type Counter interface {
	// Count returns how many quads match, at most; exact says that it is just as
	// many. It is the number of quads that Quads would read, so it is far off
	// when a part is fixed that no index begins with.
	// The error is the store's own. Cost: O(log n), no more than some ten places
	// are looked at.
	Count(p Pattern) (n int, exact bool, err error)
}

// Stretch is the nodes from one up to another, which is left out.
type Stretch struct{ From, To ID }

// Ranger is a snapshot that goes to a stretch of the subjects of an object.
type Ranger interface {
	// CountWithin is Count of the quads from subjects in the stretch that lead to the
	// object by the predicate.
	CountWithin(predicate, object ID, subjects Stretch) (n int, exact bool, err error)

	// ScanWithin yields these quads, each once, until yield returns false: ascending by
	// subject and label. A run has one quad at least; it is the store's, and read-only,
	// until yield returns. The error is ctx.Err() or the store's own.
	// Cost: O(log n + k) quads read for k yielded, a few hundred more at most.
	ScanWithin(ctx context.Context, predicate, object ID, subjects Stretch, yield func(*Run) bool) error
}

// PredicateLister is a snapshot that tells which predicates it has without
// reading their quads.
type PredicateLister interface {
	// Predicates returns the predicates of all quads, ascending; of quads that were
	// removed some may be left. The error is ctx.Err() or the store's own.
	// Cost: O(log n) for each predicate.
	Predicates(ctx context.Context) ([]ID, error)
}

// Texter is a snapshot that reads many texts at little cost.
type Texter interface {
	// Texts returns a reader of the texts of terms. Cost: O(1).
	Texts() TextReader
}

// TextReader reads the texts of terms. It is for one goroutine, and stays valid as
// long as its snapshot.
type TextReader interface {
	// AppendText appends the text of an id's term, as Term gives it; false for none.
	// Cost: O(1); ids that ascend and lie close together are read fastest.
	AppendText(dst []byte, id ID) ([]byte, bool)
}
