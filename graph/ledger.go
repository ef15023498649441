package graph

import (
	"context"
	"strconv"

	"chancery/graph/edtf"
)

// Record is what perspectives need to know of a claim.
type Record struct {
	Claim        ID
	Source       ID
	Status       Status
	Confidence   float64 // 1 when not stated
	HasValidTime bool
	Valid        struct{ First, Last edtf.Day } // the stretch of its valid time, when it has one
	RecordedAt   int64                          // microseconds since 1970
	RetractedAt  int64                          // likewise; 0: not retracted
}

// recordedBy reports whether the graph had learned of the claim at the time.
func (r *Record) recordedBy(at int64) bool { return r.Claim != 0 && r.RecordedAt <= at }

// retractedBy reports whether the claim had been taken back at the time.
func (r *Record) retractedBy(at int64) bool { return r.RetractedAt != 0 && r.RetractedAt <= at }

const chunkSize = 256

// ledger holds a record for each claim, indexed by the claim's sequence. It
// never changes once it is published: a commit copies the chunks it touches.
type ledger struct {
	chunks [](*[chunkSize]Record)
	count  int
}

// at returns the record of a claim; one that is not there is all zero.
func (l *ledger) at(claim ID) *Record {
	seq := claim.Sequence()
	if claim.Space() != Claims || seq >= uint64(l.count) {
		return &Record{}
	}
	return &l.chunks[seq/chunkSize][seq%chunkSize]
}

// all yields the records in the order of their claims' ids.
func (l *ledger) all(yield func(*Record) bool) {
	for i := range l.count {
		if r := &l.chunks[i/chunkSize][i%chunkSize]; r.Claim != 0 && !yield(r) {
			return
		}
	}
}

// ledgerEdit is a ledger in the making.
type ledgerEdit struct {
	ledger
	owned map[int]bool // chunks that are copies of our own
}

func (l *ledger) edit() *ledgerEdit {
	return &ledgerEdit{
		ledger: ledger{chunks: append([](*[chunkSize]Record)(nil), l.chunks...), count: l.count},
		owned:  map[int]bool{},
	}
}

// slot returns the record of a claim, to be written.
func (e *ledgerEdit) slot(claim ID) *Record {
	seq := int(claim.Sequence())
	chunk := seq / chunkSize
	for len(e.chunks) <= chunk {
		e.owned[len(e.chunks)] = true
		e.chunks = append(e.chunks, new([chunkSize]Record))
	}
	if !e.owned[chunk] {
		c := *e.chunks[chunk]
		e.chunks[chunk], e.owned[chunk] = &c, true
	}
	e.count = max(e.count, seq+1)
	return &e.chunks[chunk][seq%chunkSize]
}

// readLedger builds the ledger of what a store already holds.
// Cost: every quad of the claims' own predicates is read once.
func readLedger(ctx context.Context, snap Snapshot) (*ledger, error) {
	edit := (&ledger{}).edit()
	for _, predicate := range []string{Source, StatusOf, Confidence, ValidTime, RecordedAt, RetractedAt} {
		p, ok := snap.Lookup(Ref(predicate))
		if !ok {
			continue
		}
		var bad error
		err := snap.Quads(ctx, Pattern{Predicate: p}, func(q Quad) bool {
			if q.Label != q.Subject || q.Subject.Space() != Claims {
				return true // not a claim's own field
			}
			bad = edit.slot(q.Subject).set(snap, predicate, q)
			return bad == nil
		})
		if err != nil {
			return nil, err
		}
		if bad != nil {
			return nil, bad
		}
	}
	return &edit.ledger, nil
}

// set takes one of the claim's own quads into its record.
func (r *Record) set(snap Snapshot, predicate string, q Quad) error {
	if r.Claim == 0 {
		r.Claim, r.Confidence = q.Subject, 1
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
