package history

import (
	"context"
	"fmt"
	"io"
	"slices"

	"chancery/graph"
	"chancery/seed/rdf"
)

// Write writes the whole history of a graph: every claim with its record time, every
// retraction, whatever perspective would show. Equal graphs give equal bytes, in
// whatever store they are.
//
// The error is ctx.Err(), the store's or that of w.
// Memory: the claims of one commit. Cost: each quad is read once, and two looks into
// the store a commit.
func Write(ctx context.Context, g graph.Latest, w io.Writer, format rdf.Format, base string) error {
	out, err := NewWriter(w, WriterOptions{Format: format, Base: base, Kind: Whole})
	if err != nil {
		return err
	}
	h := reading{snap: g.Snapshot, out: out}
	err = Commits(ctx, g, g.Times(), func(_ int64, recorded, retracted []graph.ID) error {
		if err := h.named(recorded, func(claim graph.ID, name string) error { return h.claim(ctx, claim, name) }); err != nil {
			return err
		}
		return h.named(retracted, func(claim graph.ID, name string) error { return h.retraction(ctx, claim, name) })
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// Commits calls yield for each record time in turn, with the claims that the commit
// recorded and those that it retracted, in the store's order. A commit of which
// nothing is left is passed over. The slices are used again.
func Commits(ctx context.Context, snap graph.Snapshot, times []int64, yield func(at int64, recorded, retracted []graph.ID) error) error {
	recordedAt, _ := snap.Lookup(graph.Ref(graph.RecordedAt))
	retractedAt, _ := snap.Lookup(graph.Ref(graph.RetractedAt))
	var recorded, retracted []graph.ID
	for _, at := range times {
		moment, ok := graph.Inline(graph.Moment(momentOf(at)))
		if !ok {
			return fmt.Errorf("record time %v is out of range", momentOf(at)) // unreachable unless a clock is ten thousand years off
		}
		var err error
		if recorded, err = claimsAt(ctx, snap, recorded[:0], recordedAt, moment); err != nil {
			return err
		}
		if retracted, err = claimsAt(ctx, snap, retracted[:0], retractedAt, moment); err != nil {
			return err
		}
		if len(recorded)+len(retracted) == 0 {
			continue
		}
		if err := yield(at, recorded, retracted); err != nil {
			return err
		}
	}
	return nil
}

// claimsAt appends the claims that have the moment in an own field.
func claimsAt(ctx context.Context, snap graph.Snapshot, dst []graph.ID, predicate, moment graph.ID) ([]graph.ID, error) {
	if predicate == 0 {
		return dst, ctx.Err()
	}
	err := snap.Quads(ctx, graph.Pattern{Predicate: predicate, Object: moment}, func(q graph.Quad) bool {
		if q.Subject == q.Label && q.Subject.Space() == graph.Claims {
			dst = append(dst, q.Subject)
		}
		return true
	})
	return dst, err
}

// reading reads the claims of a snapshot for a writer.
type reading struct {
	snap  graph.Snapshot
	out   *Writer
	facts []idFact
	plain []graph.Fact
	texts cache
	ordering
}

// named calls yield for the claims in the order in which the graph first saw them.
func (h *reading) named(claims []graph.ID, yield func(claim graph.ID, name string) error) error {
	slices.Sort(claims)
	for _, id := range claims {
		t, _ := h.snap.Term(id)
		if err := yield(id, t.Text); err != nil {
			return err
		}
	}
	return nil
}

// claim writes a claim but for its retraction.
func (h *reading) claim(ctx context.Context, claim graph.ID, name string) error {
	return h.write(ctx, graph.Pattern{Label: claim}, name, true, func(subject, predicate string) bool { return subject != name || !ofRetraction(predicate) })
}

// retraction writes the rest.
func (h *reading) retraction(ctx context.Context, claim graph.ID, name string) error {
	return h.write(ctx, graph.Pattern{Subject: claim, Label: claim}, name, false, func(subject, predicate string) bool { return subject == name && ofRetraction(predicate) })
}

func (h *reading) write(ctx context.Context, p graph.Pattern, name string, begins bool, wanted func(subject, predicate string) bool) error {
	h.facts, h.plain = h.facts[:0], h.plain[:0]
	err := h.snap.Quads(ctx, p, func(q graph.Quad) bool {
		subject, predicate := h.texts.term(h.snap, q.Subject).Text, h.texts.term(h.snap, q.Predicate).Text
		if !wanted(subject, predicate) {
			return true
		}
		ids := [3]graph.ID{q.Subject, q.Predicate, q.Object}
		if subject == name {
			ids[1], ids[2] = q.Object, q.Predicate // so a commit brings them in
		}
		h.facts = append(h.facts, idFact{graph.Fact{Subject: subject, Predicate: predicate, Object: h.texts.term(h.snap, q.Object)}, ids})
		return true
	})
	if err != nil {
		return err
	}
	h.sort(name, h.facts)
	for i := range h.facts {
		h.plain = append(h.plain, h.facts[i].Fact)
	}
	return h.out.Claim(name, h.plain, begins)
}

// ofRetraction reports whether an own field comes with the retraction.
func ofRetraction(predicate string) bool {
	switch predicate {
	case graph.RetractedAt, graph.RetractionReason, graph.RetractKey, graph.RetractDigest:
		return true
	}
	return false
}

// OfRequest and OfRetraction tell own fields of a claim that an excerpt leaves out.
func OfRequest(predicate string) bool { return ofRequest(predicate) }

// OfRetraction reports whether an own field comes with the retraction.
func OfRetraction(predicate string) bool { return ofRetraction(predicate) }

// cache keeps the terms of ids that were asked for shortly before.
type cache [1 << 10]struct {
	id   graph.ID
	term graph.Term
}

func (c *cache) term(snap graph.Snapshot, id graph.ID) graph.Term {
	slot := &c[(id.Sequence()*0x9E3779B97F4A7C15)>>54]
	if slot.id != id {
		slot.id = id
		slot.term, _ = snap.Term(id) // it is of this snapshot
	}
	return slot.term
}
