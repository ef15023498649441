package graph

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"unsafe"
)

// keptLedger is the name that a Keeper keeps the ledger under. Its data: the
// format, the size of a record, the number of claims and of record times (8 bytes
// each); the record times; for each chunk, how many records it has (8 bytes each);
// the records of all chunks as they lie in memory; for each chunk that has several,
// the numbers of its claims' records.
const (
	keptLedger = "ledger"
	keptFormat = 2
	keptHead   = 32
)

const recordSize = int(unsafe.Sizeof(Record{}))

// open reads the claims of the store: those that it keeps in a ledger and what
// commits have added since, else all.
func (g *Graph) open(ctx context.Context) error {
	snap := g.store.Snapshot()
	if l, times, commit, ok := readKept(g.store, snap); ok {
		g.kept, g.found = l.count, commit
		edit := l.edit()
		if err := edit.catchUp(ctx, snap); err != nil {
			return err
		}
		g.publish(&state{snap: snap, ledger: edit.seal(), times: edit.timesAfter(times), columns: newColumns(), rows: newRowLists()})
		return nil
	}
	edit, err := readLedger(ctx, snap)
	if err != nil {
		return err
	}
	g.publish(&state{snap: snap, ledger: edit.seal(), times: edit.timesAfter(nil), columns: newColumns(), rows: newRowLists()})
	return nil
}

// readKept reads the ledger that the store kept; ok is false if it kept none that
// this program can read.
func readKept(store Store, snap Snapshot) (l *ledger, times []int64, commit uint64, ok bool) {
	keeper, ok := store.(Keeper)
	if !ok {
		return nil, nil, 0, false
	}
	data, commit, ok := keeper.Kept(keptLedger)
	if !ok || len(data) < keptHead || commit > snap.Commit() {
		return nil, nil, 0, false
	}
	word := func(i int) uint64 { return binary.NativeEndian.Uint64(data[8*i:]) }
	if word(0) != keptFormat || word(1) != uint64(recordSize) {
		return nil, nil, 0, false
	}
	count, known := int(word(2)), int(word(3))
	l = &ledger{count: count, chunks: make([]*chunk, (count+chunkSize-1)/chunkSize)}
	sizesAt := keptHead + 8*known
	if len(data) < sizesAt+8*len(l.chunks) {
		return nil, nil, 0, false
	}
	if known > 0 {
		times = slices.Clone(unsafe.Slice((*int64)(unsafe.Pointer(&data[keptHead])), known))
	}
	all, several := 0, 0 // records, and chunks with several
	for i := range l.chunks {
		size := word(sizesAt/8 + i)
		if size == 0 || size > chunkSize {
			return nil, nil, 0, false
		}
		all += int(size)
		several += int(min(size-1, 1))
	}
	records := data[sizesAt+8*len(l.chunks):]
	if len(records) != all*recordSize+several*chunkSize {
		return nil, nil, 0, false
	}
	numbers := records[all*recordSize:]
	chunks := make([]chunk, len(l.chunks))
	for i := range chunks {
		c, size := &chunks[i], int(word(sizesAt/8+i))
		c.records = unsafe.Slice((*Record)(unsafe.Pointer(&records[0])), size)
		records = records[size*recordSize:]
		if size > 1 {
			c.numbers = (*[chunkSize]uint8)(numbers)
			numbers = numbers[chunkSize:]
		}
		l.chunks[i] = c
	}
	return l, times, commit, true
}

// writeKept writes what readKept reads.
func (s *state) writeKept(w io.Writer) error {
	head := binary.NativeEndian.AppendUint64(nil, keptFormat)
	for _, n := range []int{recordSize, s.ledger.count, len(s.times)} {
		head = binary.NativeEndian.AppendUint64(head, uint64(n))
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	if len(s.times) > 0 {
		if _, err := w.Write(unsafe.Slice((*byte)(unsafe.Pointer(&s.times[0])), 8*len(s.times))); err != nil {
			return err
		}
	}
	sizes := make([]byte, 0, 8*len(s.ledger.chunks))
	for _, c := range s.ledger.chunks {
		sizes = binary.NativeEndian.AppendUint64(sizes, uint64(len(c.records)))
	}
	if _, err := w.Write(sizes); err != nil {
		return err
	}
	for _, c := range s.ledger.chunks {
		if _, err := w.Write(unsafe.Slice((*byte)(unsafe.Pointer(&c.records[0])), len(c.records)*recordSize)); err != nil {
			return err
		}
	}
	for _, c := range s.ledger.chunks {
		if c.numbers == nil {
			continue
		}
		if _, err := w.Write(c.numbers[:]); err != nil {
			return err
		}
	}
	return nil
}

// keepsFrom is how many claims that no kept ledger has are worth keeping one.
const keepsFrom = 1 << 16

// keep has the store keep the ledger, in the background, when a quarter of the
// claims are not in the one that is kept. The caller holds write, or is the commit ahead
// that whoever takes write by hold waits for.
func (g *Graph) keep() {
	keeper, ok := g.store.(Keeper)
	s := g.now.Load()
	if !ok || s.ledger.count-g.kept < max(keepsFrom, g.kept/4) || !g.keeping.CompareAndSwap(false, true) {
		return
	}
	g.kept = s.ledger.count
	g.background.Go(func() {
		defer g.keeping.Store(false)
		// One that fails is made up for by the next; opening is only slower.
		_ = keeper.Keep(context.Background(), keptLedger, s.snap.Commit(), s.writeKept)
	})
}

// keepLast has the store keep the ledger as it is when the graph closes.
func (g *Graph) keepLast(ctx context.Context) error {
	keeper, ok := g.store.(Keeper)
	s := g.now.Load()
	if !ok || s.snap.Commit() == g.found {
		return nil
	}
	if err := keeper.Keep(ctx, keptLedger, s.snap.Commit(), s.writeKept); err != nil {
		return fmt.Errorf("graph: keeping the ledger: %w", err)
	}
	return nil
}

// forget has the store keep nothing that knows of claims about to be erased. The
// caller holds write.
func (g *Graph) forget(ctx context.Context) error {
	g.background.Wait()
	keeper, ok := g.store.(Keeper)
	if !ok {
		return nil
	}
	g.kept, g.found = 0, 0
	return keeper.Keep(ctx, keptLedger, g.now.Load().snap.Commit(), func(io.Writer) error { return nil })
}

// purge has the store make unreadable what was erased.
func (g *Graph) purge(ctx context.Context) error {
	purger, ok := g.store.(Purger)
	if !ok {
		return nil
	}
	purged := purger.Purge(ctx)
	if purged != nil {
		purged = fmt.Errorf("graph: what was erased is gone from answers, and still to be purged from the files: %w", purged)
	}
	if err := g.hold(context.WithoutCancel(ctx)); err != nil {
		return err // unreachable: that context never ends
	}
	defer g.write.giveBack()
	// The newest state lets go of the files that still held it, and of what was kept of it.
	now := g.now.Load()
	g.publish(&state{snap: g.store.Snapshot(), ledger: now.ledger, times: now.times, columns: now.columns.withoutNames(), rows: now.rows, recent: now.recent})
	return purged
}
