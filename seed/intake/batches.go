package intake

import (
	"context"

	"chancery/graph"
)

// batch is some entries and rejections of a file, each in its order.
type batch struct {
	entries    []Entry
	rejections []Rejection
	bytes      int
}

// batches hands the entries of a file on, a batch while the next is being read.
type batches struct {
	o      Options
	filled chan *batch
	now    *batch
	err    error // the reader's own, once filled is closed
}

func newBatches(o Options) *batches {
	return &batches{o: o, filled: make(chan *batch), now: &batch{}}
}

// fill reads the file to its end, or until ctx is done.
func (b *batches) fill(ctx context.Context, p Part) {
	defer close(b.filled)
	err := p.Reader.Read(ctx, func(e Entry) error {
		b.now.entries = append(b.now.entries, e)
		b.now.bytes += size(&e)
		return b.handOn(ctx, false)
	}, func(j Rejection) error {
		b.now.rejections = append(b.now.rejections, j)
		b.now.bytes += rejectionBytes
		return b.handOn(ctx, false)
	})
	if ctx.Err() == nil {
		b.err = err
	}
	_ = b.handOn(ctx, true) // the error is that of ctx, which Run looks at
}

// handOn hands the batch on when it is full, and the last one in any case.
func (b *batches) handOn(ctx context.Context, last bool) error {
	n := len(b.now.entries)
	if !last && n < b.o.BatchClaims && b.now.bytes < b.o.BatchBytes || n+len(b.now.rejections) == 0 {
		return nil
	}
	full := b.now
	b.now = &batch{entries: make([]Entry, 0, min(n, b.o.BatchClaims))}
	select {
	case b.filled <- full:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drain waits for the end of fill, whose ctx is done.
func (b *batches) drain() {
	for range b.filled {
		// What was read is not wanted any more.
	}
}

// What an entry and its parts take beside their texts, about, in bytes.
const (
	entryBytes     = 400
	factBytes      = 112
	rejectionBytes = 200
)

// size is about what an entry takes in memory.
func size(e *Entry) int {
	n := entryBytes + len(e.Claim.ID) + len(e.Claim.Locator) + rejectionBytes*len(e.LeftOut)
	for i := range e.Claim.Facts {
		f := &e.Claim.Facts[i]
		n += factBytes + len(f.Subject)
		if f.Object.Kind == graph.Literal || len(f.Object.Text) > factBytes {
			n += len(f.Object.Text)
		}
	}
	return n
}
