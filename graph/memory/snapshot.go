package memory

import (
	"cmp"
	"context"

	"github.com/tidwall/btree"

	"chancery/graph"
)

// The orders that quads are kept in.
const (
	spol = iota // subject, predicate, object, label
	posl
	ospl
	lspo
	orderCount
)

var compare = [orderCount]func(a, b graph.Quad) int{
	spol: func(a, b graph.Quad) int {
		return compare4(a.Subject, b.Subject, a.Predicate, b.Predicate, a.Object, b.Object, a.Label, b.Label)
	},
	posl: func(a, b graph.Quad) int {
		return compare4(a.Predicate, b.Predicate, a.Object, b.Object, a.Subject, b.Subject, a.Label, b.Label)
	},
	ospl: func(a, b graph.Quad) int {
		return compare4(a.Object, b.Object, a.Subject, b.Subject, a.Predicate, b.Predicate, a.Label, b.Label)
	},
	lspo: func(a, b graph.Quad) int {
		return compare4(a.Label, b.Label, a.Subject, b.Subject, a.Predicate, b.Predicate, a.Object, b.Object)
	},
}

func compare4(a1, b1, a2, b2, a3, b3, a4, b4 graph.ID) int {
	switch {
	case a1 != b1:
		return cmp.Compare(a1, b1)
	case a2 != b2:
		return cmp.Compare(a2, b2)
	case a3 != b3:
		return cmp.Compare(a3, b3)
	}
	return cmp.Compare(a4, b4)
}

type snapshot struct {
	commit  uint64
	terms   *dictionary
	counts  counts // terms that commits up to this one brought in
	indexes [orderCount]*btree.BTreeG[graph.Quad]
}

var (
	_ graph.Snapshot        = (*snapshot)(nil)
	_ graph.PredicateLister = (*snapshot)(nil)
)

func (s *snapshot) Commit() uint64 { return s.commit }

func (s *snapshot) Size() int { return s.indexes[spol].Len() }

func (s *snapshot) Lookup(t graph.Term) (graph.ID, bool) {
	if id, ok := graph.Inline(t); ok {
		return id, true
	}
	id, ok := s.terms.lookup(t)
	return id, ok && id.Sequence() < s.counts[id.Space()]
}

func (s *snapshot) Term(id graph.ID) (graph.Term, bool) {
	if t, ok := graph.Outline(id); ok {
		return t, true
	}
	space := id.Space()
	if space == graph.NoSpace || space > graph.Texts || id.Sequence() >= s.counts[space] {
		return graph.Term{}, false
	}
	t := (*s.terms.terms[space].Load())[id.Sequence()]
	return t, t.Kind != 0 // none: it was purged
}

// checkEvery is how many quads are read between looks at the context.
const checkEvery = 4096

func (s *snapshot) Quads(ctx context.Context, p graph.Pattern, yield func(graph.Quad) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	order := spol
	switch {
	case p.Subject != 0 && (p.Predicate != 0 || p.Object == 0):
	case p.Predicate != 0:
		order = posl
	case p.Object != 0:
		order = ospl
	case p.Label != 0:
		order = lspo
	}
	read, err := 0, error(nil)
	s.indexes[order].Ascend(start(order, p), func(q graph.Quad) bool {
		if read++; read%checkEvery == 0 {
			if err = ctx.Err(); err != nil {
				return false
			}
		}
		if past(order, p, q) {
			return false
		}
		return !matches(p, q) || yield(q)
	})
	return err
}

func (s *snapshot) Expand(ctx context.Context, dst *graph.Links, nodes []graph.ID, predicate graph.ID, inverse bool, labels *graph.Set) error {
	order := spol
	if inverse {
		order = posl
	}
	index := s.indexes[order]
	read := 0
	for _, node := range nodes {
		if node == 0 {
			dst.Ends = append(dst.Ends, len(dst.All))
			continue
		}
		p := graph.Pattern{Subject: node, Predicate: predicate}
		if inverse {
			p = graph.Pattern{Object: node, Predicate: predicate}
		}
		if read++; read%64 == 1 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		index.Ascend(p, func(q graph.Quad) bool {
			if !matches(p, q) {
				return false
			}
			dst.Read++
			if labels == nil || labels.Has(q.Label) {
				to := q.Object
				if inverse {
					to = q.Subject
				}
				dst.All = append(dst.All, graph.Link{To: to, Label: q.Label})
			}
			return true
		})
		dst.Ends = append(dst.Ends, len(dst.All))
	}
	return nil
}

// Predicates implements graph.PredicateLister.
func (s *snapshot) Predicates(ctx context.Context) ([]graph.ID, error) {
	var out []graph.ID
	for next, more := graph.ID(0), true; more; {
		more = false
		s.indexes[posl].Ascend(graph.Quad{Predicate: next}, func(q graph.Quad) bool {
			out = append(out, q.Predicate)
			next, more = q.Predicate+1, true
			return false
		})
	}
	return out, ctx.Err()
}

// start is the least quad, in the order, that can match the pattern.
func start(order int, p graph.Pattern) graph.Quad {
	switch order {
	case spol:
		if p.Predicate == 0 {
			return graph.Quad{Subject: p.Subject}
		}
		if p.Object == 0 {
			return graph.Quad{Subject: p.Subject, Predicate: p.Predicate}
		}
	case posl:
		if p.Object == 0 {
			return graph.Quad{Predicate: p.Predicate}
		}
	}
	return p
}

// past reports whether no quad from q on, in the order, can match.
func past(order int, p graph.Pattern, q graph.Quad) bool {
	switch order {
	case spol:
		return p.Subject != 0 && (q.Subject != p.Subject ||
			p.Predicate != 0 && (q.Predicate != p.Predicate ||
				p.Object != 0 && q.Object != p.Object))
	case posl:
		return q.Predicate != p.Predicate || p.Object != 0 && q.Object != p.Object
	case ospl:
		return q.Object != p.Object || p.Subject != 0 && q.Subject != p.Subject
	}
	return q.Label != p.Label
}

func matches(p graph.Pattern, q graph.Quad) bool {
	return (p.Subject == 0 || p.Subject == q.Subject) &&
		(p.Predicate == 0 || p.Predicate == q.Predicate) &&
		(p.Object == 0 || p.Object == q.Object) &&
		(p.Label == 0 || p.Label == q.Label)
}
