package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"chancery/graph"
)

// take takes a batch of a file in.
func (r *run) take(ctx context.Context, b *batch) error {
	r.file.Entries += len(b.entries)
	r.file.Rejected += len(b.rejections)
	r.report.Claims.Read += len(b.entries)
	for _, j := range b.rejections {
		if j.Claim != "" {
			j.Stands = r.keepVersion(j.Claim)
		}
		for _, claim := range j.Also {
			r.keepVersion(claim)
		}
		if err := r.reject(j); err != nil {
			return err
		}
	}
	made, entries := r.room.of(len(b.entries))
	for i := range b.entries {
		made[i].Entry = b.entries[i]
		if dataset := datasetOf(made[i].Claim.ID, r.file.Dataset); dataset != "" {
			made[i].edition = r.edition(dataset)
		}
	}
	err := r.commit(ctx, entries, false)
	if slices.ContainsFunc(entries, func(e *entry) bool { return e.state == waits }) {
		r.room = room{} // they are needed still
	}
	return err
}

// room is memory for the entries of a batch, that of the batch before.
type room struct {
	entries []entry
	all     []*entry // each of them
	record  []graph.Claim
}

// of returns so many entries, empty.
func (r *room) of(n int) ([]entry, []*entry) {
	if n > len(r.entries) {
		r.entries, r.all = make([]entry, n), make([]*entry, n)
	}
	clear(r.entries)
	for i := range r.entries {
		r.all[i] = &r.entries[i]
	}
	return r.entries[:n], r.all[:n:n] // what waited is appended elsewhere
}

// takeLast takes in what still waits, or rejects it.
func (r *run) takeLast(ctx context.Context) error {
	var entries []*entry
	for id := range r.waiting.by {
		entries = append(entries, r.waiting.wake(id)...)
	}
	inOrder(entries)
	return r.commit(ctx, entries, true)
}

// commit makes one commit of entries, if they bring anything new.
func (r *run) commit(ctx context.Context, entries []*entry, last bool) error {
	if len(entries) == 0 {
		return nil
	}
	p := r.plan(entries, last)
	if r.o.DryRun {
		if err := r.world.see(ctx, r.world.latest); err != nil {
			return err
		}
		c, err := p.work()
		if err != nil {
			return err
		}
		if len(c.Record) > 0 {
			r.report.Commits++
		}
		return p.settle()
	}
	before := uint64(0)
	receipt, after, err := r.writer.Update(ctx, func(latest graph.Latest) (graph.Changes, error) {
		if err := r.world.see(ctx, latest); err != nil {
			return graph.Changes{}, err
		}
		before = latest.Commit()
		return p.work()
	})
	if err != nil {
		return err
	}
	if len(receipt.Recorded) == 0 {
		return p.settle()
	}
	r.report.Commits++
	r.world.goOn(after, before)
	err = p.settle()
	r.told.add(r.report)
	return err
}

// changes are the commit that the plan makes.
func (p *plan) changes() graph.Changes {
	c := graph.Changes{At: p.Now(), Record: slices.Grow(p.room.record[:0], len(p.entries)+len(p.unions)+1)}
	p.room.record = c.Record
	for _, e := range p.entries {
		if e.state == accepted {
			c.Record = append(c.Record, e.claim)
		}
	}
	edits := p.world.stays(graph.EditSource)
	for _, u := range p.unions {
		c.Record = append(c.Record, graph.Claim{
			Source: edits, Locator: u.Reason, Status: graph.Confirmed, RecordedBy: identities,
			Facts: []graph.Fact{{Subject: u.From, Predicate: graph.MergedInto, Object: graph.Ref(u.Into)}},
		})
	}
	if len(p.unions) > 0 && p.world.class(edits) == nil {
		made := graph.EditSourceClaim()
		if id, ok := p.world.latest.Lookup(graph.Ref(made.ID)); ok && p.world.latest.Record(id).Exists {
			made.ID = "" // it was retracted, so this is another
		}
		c.Record = append(c.Record, made)
	}
	return c
}

// identities is who merges of imports are recorded by.
const identities = "import: identities"

// settle takes note of what became of the batch, once it is committed.
func (p *plan) settle() error {
	for _, e := range p.entries {
		p.meet(&e.version)
		switch e.state {
		case unchanged, withheld:
			p.found(e)
		case waits:
			p.waiting.add(e)
		case accepted:
			p.recorded(e)
		default:
			if err := p.refuse(e); err != nil {
				return err
			}
		}
		if e.state == unchanged || e.state == accepted {
			if err := p.leaveOut(e.LeftOut); err != nil {
				return err
			}
		}
	}
	for _, u := range p.unions {
		if err := p.merged(u.Merge); err != nil {
			return err
		}
	}
	for _, d := range p.doubts {
		if err := p.doubtful(d); err != nil {
			return err
		}
	}
	if len(p.unions) > 0 {
		p.world.mergesWritten(p.unions)
	}
	p.world.absorb(p)
	p.count()
	p.world.trim()
	return nil
}

// found counts a claim that the graph had.
func (p *plan) found(e *entry) {
	if e.state == withheld {
		p.report.Claims.Withheld++
	} else {
		p.report.Claims.Unchanged++
	}
	if e.version.claim != 0 && e.first == nil {
		p.taken.Add(e.version.claim)
		p.places.note(e)
	}
}

// refuse tells why a claim is not taken.
func (p *plan) refuse(e *entry) error {
	switch {
	case e.state == differs:
		e.reason = p.difference(e)
	case e.state == repeated: // and its first is not taken either
		e.reason = fmt.Sprintf("the claim of this id at %s was not taken: %s", e.first.Place, e.first.reason)
	}
	return p.reject(Rejection{Place: e.Place, Claim: e.Claim.ID, Reason: e.reason, Stands: e.edition != nil && p.keep(&e.version)})
}

func (p *plan) recorded(e *entry) {
	p.places.note(e)
	count := &p.report.Claims
	count.Recorded++
	if e.version.claim != 0 {
		p.taken.Add(e.version.claim)
	}
	switch v := &e.version; {
	case v.claim == 0:
	case v.standing:
		count.Superseded++
	default:
		count.Restored++
	}
}

// meet notes that the files have a claim.
func (r *run) meet(v *version) {
	if v.claim != 0 {
		r.met.Add(v.claim)
	}
}

// identifierOf returns an identifier as claims name it, SCHEME:VALUE.
func identifierOf(t *graph.Term) (string, bool) {
	scheme, ok := strings.CutPrefix(t.Datatype, graph.Scheme)
	return scheme + ":" + t.Text, ok
}
