package graph

import (
	"cmp"
	"context"
	"slices"
)

// MergedInto leads from an entity to the one that it was merged into. The fact is
// a claim's like any other: retracting the claim splits them again.
const MergedInto = "kg:mergedInto"

// merges says which entities stand for others. Nil is none.
type merges struct {
	into    map[ID]ID   // each merged entity: the one that stays
	members map[ID][]ID // each that stays: itself and all merged into it, ascending
}

// readMerges reads those that claims known to the view make.
func (v *View) readMerges(ctx context.Context) (*merges, error) {
	p, ok := v.Lookup(Ref(MergedInto))
	if !ok {
		return nil, nil
	}
	m := &merges{into: map[ID]ID{}, members: map[ID][]ID{}}
	err := v.Snapshot.Quads(ctx, Pattern{Predicate: p}, func(q Quad) bool {
		if v.known.Has(q.Label) && q.Object.Space() == Nodes {
			m.into[q.Subject] = q.Object
		}
		return true
	})
	if err != nil || len(m.into) == 0 {
		return nil, err
	}
	for id := range m.into {
		stays := m.follow(id)
		if stays != id {
			m.members[stays] = append(m.members[stays], id)
		}
	}
	for stays, members := range m.members {
		for _, id := range members {
			m.into[id] = stays
		}
		members = append(members, stays)
		slices.Sort(members)
		m.members[stays] = members
	}
	return m, nil
}

// follow returns what stays at the end of a chain of merges.
func (m *merges) follow(id ID) ID {
	for range len(m.into) + 1 {
		next, merged := m.into[id]
		if !merged {
			return id
		}
		id = next
	}
	return id // unreachable unless unchecked claims merge in a circle
}

// stays returns the entity that stands for the id.
func (m *merges) stays(id ID) ID {
	if m == nil {
		return id
	}
	if into, merged := m.into[id]; merged {
		return into
	}
	return id
}

// Stays returns the entity that stands for an id: itself, unless it was merged.
func (v *View) Stays(id ID) ID { return v.merges.stays(id) }

// MergedFrom returns the entities that were merged into the id, ascending.
func (v *View) MergedFrom(id ID) []ID {
	if v.merges == nil {
		return nil
	}
	var out []ID
	for _, member := range v.merges.members[id] {
		if member != id {
			out = append(out, member)
		}
	}
	return out
}

// Quads yields the quads as the view's merges make them: an entity that was
// merged stands nowhere, the one that stays in its place. See [Snapshot.Quads].
func (v *View) Quads(ctx context.Context, p Pattern, yield func(Quad) bool) error {
	if v.merges == nil {
		return v.quads(ctx, p, yield)
	}
	seen := map[Quad]bool{}
	more := true
	for _, subject := range v.merges.group(p.Subject) {
		for _, object := range v.merges.group(p.Object) {
			q := p
			q.Subject, q.Object = subject, object
			err := v.quads(ctx, q, func(q Quad) bool {
				q.Subject, q.Object = v.merges.stays(q.Subject), v.merges.stays(q.Object)
				if seen[q] {
					return true
				}
				seen[q] = true
				more = yield(q)
				return more
			})
			if err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// group returns all ids that the id stands for; itself where it was not merged.
func (m *merges) group(id ID) []ID {
	if m == nil {
		return []ID{id}
	}
	if members := m.members[m.stays(id)]; members != nil {
		return members
	}
	return []ID{id}
}

// Expand expands as the view's merges make it; see [Snapshot.Expand].
func (v *View) Expand(ctx context.Context, dst *Links, nodes []ID, predicate ID, inverse bool, labels *Set) error {
	before := dst.Read
	if err := v.expand(ctx, dst, nodes, predicate, inverse, labels); err != nil {
		return err
	}
	return v.meter.Add(max(dst.Read-before, len(nodes)))
}

func (v *View) expand(ctx context.Context, dst *Links, nodes []ID, predicate ID, inverse bool, labels *Set) error {
	if v.merges == nil {
		return v.Snapshot.Expand(ctx, dst, nodes, predicate, inverse, labels)
	}
	var all []ID
	ends := make([]int, len(nodes))
	for i, node := range nodes {
		all = append(all, v.merges.group(node)...)
		ends[i] = len(all)
	}
	var links Links
	if err := v.Snapshot.Expand(ctx, &links, all, predicate, inverse, labels); err != nil {
		return err
	}
	dst.Read += links.Read
	begin := 0
	for _, end := range ends {
		from := len(dst.All)
		for ; begin < end; begin++ {
			for _, l := range links.Of(begin) {
				dst.All = append(dst.All, Link{To: v.merges.stays(l.To), Label: l.Label})
			}
		}
		of := dst.All[from:]
		slices.SortFunc(of, func(a, b Link) int { return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.Label, b.Label)) })
		dst.All = dst.All[:from+len(slices.Compact(of))]
		dst.Ends = append(dst.Ends, len(dst.All))
	}
	return nil
}
