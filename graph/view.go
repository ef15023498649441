package graph

import (
	"context"
	"time"
)

// Facts are the claims that the perspective admits: they choose facts. They are the
// same set as Known where it admits all of these, as the default does.
func (v *View) Facts() *Set { return v.facts }

// Known are the claims known at the time, neither retracted nor denied, whatever
// the perspective admits: they give classes, names and identifiers.
func (v *View) Known() *Set { return v.known }

// Recorded are all claims known at the time, denied and retracted ones too: a
// claim's own fields come from them.
func (v *View) Recorded() *Set { return v.recorded }

// Listed are the claims that lists of claims show: those that the perspective
// admits by source, confidence and valid time, with Denied ones unless it names
// statuses, and with retracted ones on request. Cost: O(claims).
func (v *View) Listed(retracted bool) *Set {
	statuses := v.Perspective.Statuses
	return v.choose(func(r *Record) bool {
		if !retracted && r.retractedBy(v.at) {
			return false
		}
		if statuses == nil {
			return true
		}
		for _, s := range statuses {
			if r.Status == s {
				return true
			}
		}
		return false
	})
}

// Denials are the claims known at the time that deny their facts, of the sources,
// confidence and valid time that the perspective admits. Cost: O(claims).
func (v *View) Denials() *Set {
	return v.choose(func(r *Record) bool { return r.Status == Denied && !r.retractedBy(v.at) })
}

// Node returns the id of an entity's or a claim's name, and whether any commit
// has ever brought it in; the perspective does not matter. One that was merged
// into another gives the one that stays.
func (v *View) Node(name string) (ID, bool) {
	id, ok := v.Lookup(Ref(name))
	return v.merges.stays(id), ok
}

// Name returns the text of an id that the snapshot gave out: an entity's id, a
// literal's text.
func (v *View) Name(id ID) string {
	t, ok := v.Term(id)
	if !ok {
		panic("graph: an id that is of no term of this snapshot")
	}
	return t.Text
}

// Follow expands nodes along a predicate given by its compact IRI; see
// [Snapshot.Expand]. A predicate that no quad has yet leads nowhere.
func (v *View) Follow(ctx context.Context, dst *Links, nodes []ID, predicate string, inverse bool, claims *Set) error {
	p, ok := v.predicate(predicate)
	if !ok {
		for range nodes {
			dst.Ends = append(dst.Ends, len(dst.All))
		}
		return ctx.Err()
	}
	return v.Expand(ctx, dst, nodes, p, inverse, claims)
}

// predicate returns the id of a predicate, given by its compact IRI, if any quad has had
// it. Questions ask for a few again and again: they are looked up once a view.
func (v *View) predicate(iri string) (ID, bool) {
	if id, ok := v.settled.predicates.Load(iri); ok {
		return id.(ID), true
	}
	id, ok := v.Lookup(Ref(iri))
	if ok {
		v.settled.predicates.Store(iri, id)
	}
	return id, ok
}

// Record returns what perspectives know of a claim; all zero for what is none.
func (v *View) Record(claim ID) Record { return *v.ledger.at(claim) }

// RetractedAt returns when the claim was taken back, if that is known yet.
func (v *View) RetractedAt(claim ID) (time.Time, bool) {
	r := v.ledger.at(claim)
	if !r.retractedBy(v.at) {
		return time.Time{}, false
	}
	return time.UnixMicro(r.RetractedAt).UTC(), true
}
