package graph

import (
	"context"
	"fmt"
	"time"
)

// Erasure takes claims and entities out for good, for legal reasons: unlike a
// retraction it leaves no history of what was said.
type Erasure struct {
	Claims   []string // with all that they say
	Entities []string // with every fact about them or that names them; merged ones with what they were merged into
	Reason   string   // kept in the note; must not repeat what is erased
	At       time.Time
}

// Erased is the predicate of the note that an erasure leaves: a claim of EditSource
// that something was erased, when and why, never what.
const Erased = "kg:erased"

// Erase makes one commit that removes the quads of claims and entities at every
// record time. A claim that has lost all its facts, or its source, goes too. The
// note that stays is the last of the receipt's recorded claims.
//
// A Purger is purged before Erase returns, so that no file and no later backup
// holds what was erased.
// The error is a *ClaimError (ErrClaimUnknown), an *UnknownIDError, ctx.Err() or the store's.
func (g *Graph) Erase(ctx context.Context, e Erasure) (Receipt, error) {
	r, err := g.erase(ctx, e)
	if err != nil {
		return r, err
	}
	return r, g.purge(ctx)
}

func (g *Graph) erase(ctx context.Context, e Erasure) (Receipt, error) {
	if err := g.hold(ctx); err != nil {
		return Receipt{}, err
	}
	defer g.write.giveBack()
	before := g.now.Load()
	gone, err := before.erased(ctx, e)
	if err != nil {
		return Receipt{}, err
	}
	note := Claim{
		Source: EditSource, Status: Confirmed, Locator: e.Reason,
		Facts: []Fact{{Subject: EditSource, Predicate: Erased, Object: Typed(fmt.Sprint(len(gone.quads)), Integer)}},
	}
	p, err := before.plan(Changes{At: e.At, Record: append(before.editSource(), note)}, Batch{})
	if err != nil {
		return Receipt{}, err
	}
	for q := range gone.quads {
		p.batch.RemoveQuad(before.term(q.Subject), before.term(q.Predicate), before.term(q.Object), before.term(q.Label))
	}
	if err := g.forget(ctx); err != nil {
		return Receipt{}, err
	}
	snap, err := g.store.Commit(ctx, &p.batch)
	if err != nil {
		return Receipt{}, err
	}
	after := before.after(snap, p)
	edit := after.ledger.edit()
	for claim := range gone.claims {
		*edit.slot(claim) = Record{}
	}
	after.ledger = edit.seal()
	after.recent = nil // it may name what was erased
	g.publish(after)
	return p.receipt(), nil
}

func (s *state) term(id ID) Term {
	t, _ := s.snap.Term(id) // none for no label
	return t
}

// erasure is what goes: quads, and the claims of which nothing is left.
type erasure struct {
	quads  map[Quad]bool
	claims map[ID]bool
}

func (s *state) erased(ctx context.Context, e Erasure) (*erasure, error) {
	gone := &erasure{quads: map[Quad]bool{}, claims: map[ID]bool{}}
	for _, name := range e.Claims {
		if !s.record(name).Exists {
			return nil, &ClaimError{Claim: name, Err: ErrClaimUnknown}
		}
		id, _ := s.snap.Lookup(Ref(name))
		if err := s.eraseClaim(ctx, gone, id); err != nil {
			return nil, err
		}
	}
	touched := map[ID]bool{}
	for _, name := range e.Entities {
		id, ok := s.snap.Lookup(Ref(name))
		if !ok || id.Space() != Nodes {
			return nil, &UnknownIDError{ID: name}
		}
		for _, p := range []Pattern{{Subject: id}, {Object: id}} {
			err := s.snap.Quads(ctx, p, func(q Quad) bool {
				gone.quads[q] = true
				touched[q.Label] = true
				return true
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return gone, s.eraseEmptied(ctx, gone, touched)
}

func (s *state) eraseClaim(ctx context.Context, gone *erasure, claim ID) error {
	gone.claims[claim] = true
	for _, p := range []Pattern{{Label: claim}, {Object: claim}} {
		err := s.snap.Quads(ctx, p, func(q Quad) bool { gone.quads[q] = true; return true })
		if err != nil {
			return err
		}
	}
	return nil
}

// eraseEmptied erases the touched claims that are left without a fact or a source.
func (s *state) eraseEmptied(ctx context.Context, gone *erasure, touched map[ID]bool) error {
	for claim := range touched {
		if claim.Space() != Claims {
			continue
		}
		facts, sources := 0, 0
		err := s.snap.Quads(ctx, Pattern{Label: claim}, func(q Quad) bool {
			switch {
			case gone.quads[q]:
			case q.Subject != claim:
				facts++
			case s.term(q.Predicate).Text == Source:
				sources++
			}
			return true
		})
		if err != nil {
			return err
		}
		if facts == 0 || sources == 0 {
			if err := s.eraseClaim(ctx, gone, claim); err != nil {
				return err
			}
		}
	}
	return nil
}
