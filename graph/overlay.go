package graph

import (
	"cmp"
	"context"
	"slices"
)

// overlay is a snapshot with a batch on top that was never committed. It only
// adds: commits of claims remove nothing.
type overlay struct {
	Snapshot
	ids   map[Term]ID // of terms that the snapshot below does not have
	terms map[ID]Term
	quads []Quad // that the batch adds
}

// overlaid is where sequences of nodes and texts start that only an overlay has.
const overlaid = 1 << 50

func newOverlay(below *state, b *Batch) *overlay {
	o := &overlay{Snapshot: below.snap, ids: map[Term]ID{}, terms: map[ID]Term{}}
	next := map[Space]uint64{Nodes: overlaid, Texts: overlaid, Claims: uint64(below.ledger.count)}
	ids := make([]ID, len(b.Terms))
	for i, t := range b.Terms {
		id, ok := below.snap.Lookup(t)
		if !ok {
			space := SpaceOf(t)
			id = InSpace(space, next[space])
			next[space]++
			o.ids[t], o.terms[id] = id, t
		}
		ids[i] = id
	}
	for _, q := range b.Add {
		quad := Quad{Subject: ids[q.Subject-1], Predicate: ids[q.Predicate-1], Object: ids[q.Object-1]}
		if q.Label != 0 {
			quad.Label = ids[q.Label-1]
		}
		o.quads = append(o.quads, quad)
	}
	return o
}

// Commit implements Snapshot: the commit that the batch would be.
func (o *overlay) Commit() uint64 { return o.Snapshot.Commit() + 1 }

// Size implements Snapshot.
func (o *overlay) Size() int { return o.Snapshot.Size() + len(o.quads) }

// Lookup implements Snapshot.
func (o *overlay) Lookup(t Term) (ID, bool) {
	if id, ok := o.ids[t]; ok {
		return id, true
	}
	return o.Snapshot.Lookup(t)
}

// Term implements Snapshot.
func (o *overlay) Term(id ID) (Term, bool) {
	if t, ok := o.terms[id]; ok {
		return t, true
	}
	return o.Snapshot.Term(id)
}

// Quads implements Snapshot.
func (o *overlay) Quads(ctx context.Context, p Pattern, yield func(Quad) bool) error {
	more := true
	err := o.Snapshot.Quads(ctx, p, func(q Quad) bool { more = yield(q); return more })
	if err != nil {
		return err
	}
	for _, q := range o.quads {
		if !more {
			return nil
		}
		if (p.Subject == 0 || p.Subject == q.Subject) && (p.Predicate == 0 || p.Predicate == q.Predicate) &&
			(p.Object == 0 || p.Object == q.Object) && (p.Label == 0 || p.Label == q.Label) {
			more = yield(q)
		}
	}
	return nil
}

// Expand implements Snapshot.
func (o *overlay) Expand(ctx context.Context, dst *Links, nodes []ID, predicate ID, inverse bool, labels *Set) error {
	var links Links
	if err := o.Snapshot.Expand(ctx, &links, nodes, predicate, inverse, labels); err != nil {
		return err
	}
	dst.Read += links.Read
	for i, node := range nodes {
		from := len(dst.All)
		dst.All = append(dst.All, links.Of(i)...)
		for _, q := range o.quads {
			end, other := q.Subject, q.Object
			if inverse {
				end, other = other, end
			}
			if end == node && q.Predicate == predicate && (labels == nil || labels.Has(q.Label)) {
				dst.All = append(dst.All, Link{To: other, Label: q.Label})
			}
		}
		slices.SortFunc(dst.All[from:], func(a, b Link) int { return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.Label, b.Label)) })
		dst.Ends = append(dst.Ends, len(dst.All))
	}
	return nil
}
