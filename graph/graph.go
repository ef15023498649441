package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"chancery/graph/edtf"
)

// Graph is claims over a store. Any number of goroutines may use it.
type Graph struct {
	store Store
	write turn // one Apply at a time; guards kept and ahead
	now   atomic.Pointer[state]

	kept       int    // claims in the ledger that the store keeps
	found      uint64 // commit of the one that it kept when it was opened; 0: none
	ahead      *ahead // newest commit of a Writer; nil: it is published
	keeping    atomic.Bool
	background sync.WaitGroup
}

// state is what one commit left: the store's snapshot and the ledger beside it.
type state struct {
	snap    Snapshot
	ledger  *ledger
	times   []int64   // record times of all commits, ascending, in microseconds
	columns *columns  // nil: none are made
	rows    *rowLists // nil: none are read
	recent  *recentChanges

	superseded chan struct{} // closed by the next state

	whole     sync.Once // guards the default perspective's view
	wholeView *View
	wholeErr  error
}

// Open reads the claims of a store that nobody else writes to.
// Cost: of a Keeper, the claims since it kept the ledger last and all retractions;
// else every quad of the claims' own predicates is read once.
func Open(ctx context.Context, store Store) (*Graph, error) {
	g := &Graph{store: store, write: make(turn, 1)}
	if err := g.open(ctx); err != nil {
		return nil, fmt.Errorf("graph: reading the claims: %w", err)
	}
	return g, nil
}

// Apply makes one commit: it records and retracts, all or nothing, and returns
// when the store has made it as durable as it promises. Calls take turns.
//
// It checks that claims are whole, new, and that what is retracted or superseded
// is there; whether their facts fit the ontology is for the caller to check
// before. A superseded claim is retracted by the same commit, with a reason of its
// own if Retract names it. Empty changes are an error.
// The error is a *ClaimError, ErrKeyTaken, ctx.Err() or the store's.
func (g *Graph) Apply(ctx context.Context, c Changes) (Receipt, error) {
	if err := g.hold(ctx); err != nil {
		return Receipt{}, err
	}
	defer g.write.giveBack()
	return g.apply(ctx, c)
}

// apply is Apply; the caller holds write.
func (g *Graph) apply(ctx context.Context, c Changes) (Receipt, error) {
	before := g.now.Load()
	if r, used, err := before.receipt(ctx, c); used || err != nil {
		return r, err
	}
	p, err := before.plan(c, Batch{})
	if err != nil {
		return Receipt{}, err
	}
	snap, err := g.store.Commit(ctx, &p.batch)
	if err != nil {
		return Receipt{}, err
	}
	g.publish(before.after(snap, p))
	g.keep()
	return p.receipt(), nil
}

// Preview returns the view that Apply would leave under the default perspective,
// and the receipt that it would return. Nothing changes; errors are Apply's.
func (g *Graph) Preview(ctx context.Context, c Changes) (*View, Receipt, error) {
	now := g.now.Load()
	if r, used, err := now.receipt(ctx, c); used || err != nil {
		if err != nil {
			return nil, r, err
		}
		v, err := now.view(ctx, Perspective{})
		return v, r, err
	}
	p, err := now.plan(c, Batch{})
	if err != nil {
		return nil, Receipt{}, err
	}
	// A state of its own, whose times nobody else goes on from.
	own := &state{snap: now.snap, ledger: now.ledger, times: slices.Clip(now.times)}
	v, err := own.after(newOverlay(now, &p.batch), p).view(ctx, Perspective{})
	return v, p.receipt(), err
}

// plan is a commit that can be made.
type plan struct {
	record  []Claim
	retract []Retraction
	at      time.Time
	batch   Batch
	claims  []TermRef // of record, then of retract
}

// plan checks changes and puts them into a batch, which is empty.
func (s *state) plan(c Changes, empty Batch) (*plan, error) {
	p := &plan{record: c.Record, retract: slices.Clone(c.Retract), at: c.At.UTC().Truncate(time.Microsecond), batch: empty}
	if slices.ContainsFunc(c.Record, func(c Claim) bool { return c.ID == "" }) {
		p.record = slices.Clone(c.Record) // they get their ids here
	}
	for i := range p.record {
		claim := &p.record[i]
		if claim.ID == "" {
			_, source, _ := strings.Cut(claim.Source, "/")
			claim.ID = fmt.Sprintf("claim/%s/%d-%d", source, s.snap.Commit()+1, i+1)
		}
		named := func(r Retraction) bool { return r.Claim == claim.Supersedes }
		if claim.Supersedes != "" && !slices.ContainsFunc(c.Retract, named) {
			p.retract = append(p.retract, Retraction{Claim: claim.Supersedes, Reason: "superseded by " + claim.ID})
		}
	}
	if err := s.check(p.record, p.retract); err != nil {
		return nil, err
	}
	if n := len(s.times); n > 0 && p.at.UnixMicro() <= s.times[n-1] {
		p.at = time.UnixMicro(s.times[n-1] + 1).UTC()
	}
	b := &p.batch
	mark := func(claim Term, key, digest string) {
		if c.Key != "" {
			b.AddQuad(claim, Ref(key), Text(c.Key), claim)
			b.AddQuad(claim, Ref(digest), Text(c.Digest), claim)
		}
	}
	w := newClaimWriter(b, p)
	p.claims = make([]TermRef, 0, len(p.record)+len(p.retract))
	for i := range p.record {
		p.claims = append(p.claims, w.write(&p.record[i]))
		mark(Ref(p.record[i].ID), RecordKey, RecordDigest)
	}
	for _, r := range p.retract {
		claim := Ref(r.Claim)
		p.claims = append(p.claims, b.Term(claim))
		b.AddQuad(claim, Ref(RetractedAt), Moment(p.at), claim)
		if r.Reason != "" {
			b.AddQuad(claim, Ref(RetractionReason), Text(r.Reason), claim)
		}
		mark(claim, RetractKey, RetractDigest)
	}
	return p, nil
}

// claim returns the id that claim i has, of those recorded and then those retracted,
// in a snapshot that has the batch.
func (p *plan) claim(snap Snapshot, i int) ID {
	if p.batch.IDs != nil {
		return p.batch.IDs[p.claims[i]-1]
	}
	id, _ := snap.Lookup(p.batch.Terms[p.claims[i]-1])
	return id
}

func (p *plan) receipt() Receipt {
	r := Receipt{At: p.at, Recorded: slices.Grow([]string(nil), len(p.record))}
	for i := range p.record {
		r.Recorded = append(r.Recorded, p.record[i].ID)
	}
	for _, retraction := range p.retract {
		r.Retracted = append(r.Retracted, retraction.Claim)
	}
	return r
}

// after is the state that a plan leaves once it is in a snapshot. It takes the
// times' spare room: only one state may follow another.
func (s *state) after(snap Snapshot, p *plan) *state {
	edit := s.ledger.edit()
	for i := range p.record {
		edit.add(snap, p.claim(snap, i), &p.record[i], p.at)
	}
	for i := range p.retract {
		edit.slot(p.claim(snap, len(p.record)+i)).RetractedAt = p.at.UnixMicro()
	}
	next := &state{snap: snap, ledger: edit.seal(), times: append(s.times, p.at.UnixMicro()), recent: s.recentAfter(snap, p)}
	if s.columns != nil {
		next.columns = s.columns.after(snap, &p.batch)
	}
	if s.rows != nil {
		next.rows = s.rows.after(snap, &p.batch)
	}
	return next
}

// receipt returns that of the commit that had the changes' key; used is false if
// none had.
func (s *state) receipt(ctx context.Context, c Changes) (r Receipt, used bool, err error) {
	if c.Key == "" {
		return r, false, nil
	}
	key, ok := s.snap.Lookup(Text(c.Key))
	if !ok {
		return r, false, nil
	}
	r.Repeated = true
	for _, kind := range []struct {
		key, digest string
		claims      *[]string
		at          func(*Record) int64
	}{
		{RecordKey, RecordDigest, &r.Recorded, func(r *Record) int64 { return r.RecordedAt }},
		{RetractKey, RetractDigest, &r.Retracted, func(r *Record) int64 { return r.RetractedAt }},
	} {
		predicate, ok := s.snap.Lookup(Ref(kind.key))
		if !ok {
			continue
		}
		var links Links
		if err := s.snap.Expand(ctx, &links, []ID{key}, predicate, true, nil); err != nil {
			return r, false, err
		}
		digest, _ := s.snap.Lookup(Text(c.Digest))
		digestOf, _ := s.snap.Lookup(Ref(kind.digest))
		for _, l := range links.All {
			var of Links
			if err := s.snap.Expand(ctx, &of, []ID{l.To}, digestOf, false, nil); err != nil {
				return r, false, err
			}
			if !slices.ContainsFunc(of.All, func(l Link) bool { return l.To == digest }) {
				return Receipt{}, true, ErrKeyTaken
			}
			*kind.claims = append(*kind.claims, termText(s.snap, l.To))
			r.At = time.UnixMicro(kind.at(s.ledger.at(l.To))).UTC()
			used = true
		}
	}
	return r, used, nil
}

// Close closes the store, which keeps the ledger for the next Open.
func (g *Graph) Close() error {
	if err := g.hold(context.Background()); err != nil {
		return err // unreachable: that context never ends
	}
	defer g.write.giveBack()
	g.background.Wait()
	return errors.Join(g.keepLast(context.Background()), g.store.Close())
}

// LogValue gives the sizes of the newest state.
func (g *Graph) LogValue() slog.Value {
	now := g.now.Load()
	return slog.GroupValue(
		slog.Uint64("commit", now.snap.Commit()),
		slog.Int("quads", now.snap.Size()),
		slog.Int("claims", now.ledger.count))
}

// check refuses changes that cannot be made whole.
func (s *state) check(record []Claim, retract []Retraction) error {
	if len(record)+len(retract) == 0 {
		return &ClaimError{Claim: "(none)", Reason: "nothing to record and nothing to retract", Err: ErrClaimInvalid}
	}
	seen := make(map[string]bool, len(record))
	for i := range record {
		c := &record[i]
		if err := c.check(); err != nil {
			return err
		}
		if seen[c.ID] || s.record(c.ID).Exists {
			return &ClaimError{Claim: c.ID, Err: ErrClaimExists}
		}
		seen[c.ID] = true
	}
	retracted := make(map[string]bool, len(retract))
	for _, r := range retract {
		switch known := s.record(r.Claim); {
		case !known.Exists:
			return &ClaimError{Claim: r.Claim, Err: ErrClaimUnknown}
		case known.RetractedAt != 0 || retracted[r.Claim]:
			return &ClaimError{Claim: r.Claim, Err: ErrClaimRetracted}
		}
		retracted[r.Claim] = true
	}
	return nil
}

func (s *state) record(claim string) *Record {
	id, ok := s.snap.Lookup(Ref(claim))
	if !ok {
		return &Record{}
	}
	return s.ledger.at(id)
}

func (c *Claim) check() error {
	bad := func(reason string) error { return &ClaimError{Claim: c.ID, Reason: reason, Err: ErrClaimInvalid} }
	switch {
	case SpaceOf(Ref(c.ID)) != Claims || c.ID == "claim/":
		return bad("its id must begin with claim/ and name it")
	case c.Source == "":
		return bad("it has no source")
	case c.Status == NoStatus:
		return bad("it has no status: give CONFIRMED, REPORTED, ASSESSED or DENIED")
	case c.Confidence != nil && (*c.Confidence < 0 || *c.Confidence > 1 || *c.Confidence != *c.Confidence):
		return bad("its confidence must lie between 0 and 1")
	case len(c.Facts) == 0:
		return bad("it has no facts")
	}
	if c.ValidTime != "" {
		if _, err := edtf.Parse(c.ValidTime); err != nil {
			return bad("valid time " + err.Error())
		}
	}
	for _, f := range c.Facts {
		if f.Subject == "" || f.Predicate == "" || f.Object.Kind == 0 {
			return bad("each fact needs a subject, a predicate and an object")
		}
		if SpaceOf(Ref(f.Subject)) == Claims {
			return bad("the subject of a fact is an entity, never a claim: " + f.Subject)
		}
	}
	return nil
}

// add takes a claim that was just committed, and got the id, into the ledger.
func (e *ledgerEdit) add(snap Snapshot, id ID, c *Claim, at time.Time) {
	if e.source.name != c.Source {
		e.source.name = c.Source
		e.source.id, _ = snap.Lookup(Ref(c.Source))
	}
	r := e.slot(id)
	*r = Record{Exists: true, Source: e.source.id, Status: c.Status, Confidence: 1, RecordedAt: at.UnixMicro()}
	if c.Confidence != nil {
		r.Confidence = *c.Confidence
	}
	if c.ValidTime != "" {
		d, _ := edtf.Parse(c.ValidTime) // check has parsed it
		r.HasValidTime = true
		r.Valid.First, r.Valid.Last = d.Bounds()
	}
}
