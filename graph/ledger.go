package graph

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"chancery/graph/edtf"
)

// Record is what perspectives need to know of a claim. Stores keep it as it lies
// in memory: it has no pointers, and a change of its fields is one of keptFormat.
type Record struct {
	Source       ID
	RecordedAt   int64                          // microseconds since 1970
	RetractedAt  int64                          // likewise; 0: not retracted
	Valid        struct{ First, Last edtf.Day } // the stretch of its valid time, when it has one
	Confidence   float64                        // 1 when not stated
	Status       Status
	HasValidTime bool
	Exists       bool // false: there is no such claim
}

// recordedBy reports whether the graph had learned of the claim at the time.
func (r *Record) recordedBy(at int64) bool { return r.Exists && r.RecordedAt <= at }

// retractedBy reports whether the claim had been taken back at the time.
func (r *Record) retractedBy(at int64) bool { return r.RetractedAt != 0 && r.RetractedAt <= at }

// ledger holds a record for each claim, by the claim's sequence. It never changes
// once it is published: a commit makes the chunks anew that it touches.
type ledger struct {
	chunks []*chunk
	count  int
}

// noRecord is that of what is no claim. Nobody writes to it: records are written
// through slot.
var noRecord Record

// at returns the record of a claim, read-only; one that is not there is all zero.
func (l *ledger) at(claim ID) *Record {
	seq := claim.Sequence()
	if claim.Space() != Claims || seq >= uint64(l.count) {
		return &noRecord
	}
	return l.chunks[seq/chunkSize].at(int(seq % chunkSize))
}

// all yields the claims and their records in the order of their ids.
func (l *ledger) all(yield func(ID, *Record) bool) {
	for i := range l.count {
		if r := l.chunks[i/chunkSize].at(i % chunkSize); r.Exists && !yield(InSpace(Claims, uint64(i)), r) {
			return
		}
	}
}

// those returns the claims whose records meet a condition.
// Cost: each different record of a chunk is asked about once, and O(claims).
func (l *ledger) those(meets func(*Record) bool) *Set {
	set := NewSet(l.count)
	for n, c := range l.chunks {
		c.those(n*chunkSize, set, meets)
	}
	return set
}

// ledgerEdit is a ledger in the making: seal makes it one.
type ledgerEdit struct {
	ledger
	open  map[int]*[chunkSize]Record // by number, chunks that are written to
	times map[int64]bool             // record times that were read

	source struct { // of the claim that was added last: the next is often of the same
		name string
		id   ID
	}
}

func (l *ledger) edit() *ledgerEdit {
	return &ledgerEdit{
		ledger: ledger{chunks: append([]*chunk(nil), l.chunks...), count: l.count},
		open:   map[int]*[chunkSize]Record{},
		times:  map[int64]bool{},
	}
}

// slot returns the record of a claim, to be written until the edit is sealed.
func (e *ledgerEdit) slot(claim ID) *Record {
	seq := int(claim.Sequence())
	n := seq / chunkSize
	for len(e.chunks) <= n {
		e.chunks = append(e.chunks, noClaims)
	}
	records := e.open[n]
	if records == nil {
		records = e.chunks[n].unpacked()
		e.open[n] = records
	}
	e.count = max(e.count, seq+1)
	return &records[seq%chunkSize]
}

// seal returns the ledger, which must not be written to any more.
func (e *ledgerEdit) seal() *ledger {
	for n, records := range e.open {
		e.chunks[n] = packed(records)
	}
	e.open = nil
	return &e.ledger
}

// retracted reports whether the record of a claim has a retraction.
func (e *ledgerEdit) retracted(claim ID) bool {
	if records := e.open[int(claim.Sequence()/chunkSize)]; records != nil {
		return records[claim.Sequence()%chunkSize].RetractedAt != 0
	}
	return e.at(claim).RetractedAt != 0
}

// readLedger builds the ledger of what a store already holds.
// Cost: every quad of the claims' own predicates is read once.
func readLedger(ctx context.Context, snap Snapshot) (*ledgerEdit, error) {
	edit := (&ledger{}).edit()
	for _, predicate := range []string{Source, StatusOf, Confidence, ValidTime, RecordedAt, RetractedAt} {
		if err := edit.readAll(ctx, snap, predicate); err != nil {
			return nil, err
		}
	}
	return edit, nil
}

// readAll reads one of the claims' own predicates whole.
func (e *ledgerEdit) readAll(ctx context.Context, snap Snapshot, predicate string) error {
	p, ok := snap.Lookup(Ref(predicate))
	if !ok {
		return nil
	}
	var bad error
	err := snap.Quads(ctx, Pattern{Predicate: p}, func(q Quad) bool {
		switch {
		case q.Label != q.Subject || q.Subject.Space() != Claims: // not a claim's own field
		case predicate == RetractedAt && e.retracted(q.Subject): // its chunk need not be made anew
		default:
			bad = e.read(snap, predicate, q)
		}
		return bad == nil
	})
	return cmp.Or(err, bad)
}

// catchUp reads what commits have added since the ledger was whole: claims after
// its last, and retractions. Claims may not have been erased since.
// Cost: the new claims' own quads, and every retraction that there ever was.
func (e *ledgerEdit) catchUp(ctx context.Context, snap Snapshot) error {
	fresh := make([]ID, 0, chunkSize)
	for done := false; !done; fresh = fresh[:0] {
		for range chunkSize {
			id := InSpace(Claims, uint64(e.count+len(fresh)))
			if _, ok := snap.Term(id); !ok {
				done = true
				break
			}
			fresh = append(fresh, id)
		}
		if err := e.readOf(ctx, snap, fresh); err != nil {
			return err
		}
	}
	return e.readAll(ctx, snap, RetractedAt)
}

// readOf reads the own fields of the claims that follow the last one. One that
// has none is passed over: only its name was ever brought in.
func (e *ledgerEdit) readOf(ctx context.Context, snap Snapshot, claims []ID) error {
	if len(claims) == 0 {
		return nil
	}
	e.slot(claims[len(claims)-1])
	var links Links
	for _, predicate := range []string{Source, StatusOf, Confidence, ValidTime, RecordedAt} {
		p, ok := snap.Lookup(Ref(predicate))
		if !ok {
			continue
		}
		links.Reset()
		if err := snap.Expand(ctx, &links, claims, p, false, nil); err != nil {
			return err
		}
		for i, claim := range claims {
			for _, l := range links.Of(i) {
				if l.Label != claim {
					continue
				}
				if err := e.read(snap, predicate, Quad{claim, p, l.To, l.Label}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// read takes one of a claim's own quads.
func (e *ledgerEdit) read(snap Snapshot, predicate string, q Quad) error {
	if predicate == RecordedAt || predicate == RetractedAt {
		e.times[q.Object.Moment().UnixMicro()] = true
	}
	return e.slot(q.Subject).set(snap, predicate, q)
}

// timesAfter appends the record times that were read to those that were known
// before, ascending.
func (e *ledgerEdit) timesAfter(known []int64) []int64 {
	n := len(known)
	for _, at := range slices.Sorted(maps.Keys(e.times)) {
		if n == 0 || at > known[n-1] {
			known = append(known, at)
		}
	}
	return known
}

// set takes one of the claim's own quads into its record.
func (r *Record) set(snap Snapshot, predicate string, q Quad) error {
	if !r.Exists {
		r.Exists, r.Confidence = true, 1
	}
	t, _ := snap.Term(q.Object)
	switch predicate {
	case Source:
		r.Source = q.Object
	case StatusOf:
		r.Status = ParseStatus(t.Text)
	case Confidence:
		f, err := strconv.ParseFloat(t.Text, 64)
		if err != nil {
			return &ClaimError{Claim: termText(snap, q.Subject), Reason: "confidence " + t.String() + " is no number", Err: ErrClaimInvalid}
		}
		r.Confidence = f
	case ValidTime:
		d, err := edtf.Parse(t.Text)
		if err != nil {
			return &ClaimError{Claim: termText(snap, q.Subject), Reason: err.Error(), Err: ErrClaimInvalid}
		}
		r.HasValidTime = true
		r.Valid.First, r.Valid.Last = d.Bounds()
	case RecordedAt:
		r.RecordedAt = q.Object.Moment().UnixMicro()
	case RetractedAt:
		r.RetractedAt = q.Object.Moment().UnixMicro()
	}
	return nil
}

func termText(snap Snapshot, id ID) string {
	t, _ := snap.Term(id)
	return t.Text
}
