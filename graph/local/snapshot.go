package local

import (
	"context"
	"runtime"

	"chancery/graph"
)

// snapshot is the state after a commit: nothing that it reaches changes, but
// for terms that are added behind its counts.
type snapshot struct {
	commit   uint64
	size     uint64
	terms    counts
	deltas   []*delta
	segments []*segment
	words    *dictionary
	health   *health
}

var _ graph.Snapshot = (*snapshot)(nil)

func (s *snapshot) Commit() uint64 { return s.commit }

func (s *snapshot) Size() int { return int(s.size) }

// Lookup implements graph.Snapshot. A dictionary that turns out to be damaged
// gives false and makes the store read-only: see Store.Err.
func (s *snapshot) Lookup(t graph.Term) (graph.ID, bool) {
	if id, ok := graph.Inline(t); ok {
		return id, true
	}
	var room [256]byte
	id, ok, err := s.words.find(appendKey(room[:0], t))
	runtime.KeepAlive(s)
	if err != nil {
		s.health.fail(err)
		return 0, false
	}
	if !ok || !s.terms.has(id) {
		return 0, false
	}
	return id, true
}

// Term implements graph.Snapshot; of a damaged dictionary see Lookup.
func (s *snapshot) Term(id graph.ID) (graph.Term, bool) {
	if t, ok := graph.Outline(id); ok {
		return t, true
	}
	space, ok := inDictionary(id)
	if !ok || id.Sequence() >= s.terms[space] {
		return graph.Term{}, false
	}
	t, ok, err := s.words.term(space, id.Sequence())
	runtime.KeepAlive(s)
	if err != nil {
		s.health.fail(err)
	}
	return t, ok
}

// sources are the sets that the snapshot's quads are in an odd number of.
func (s *snapshot) sources() []source {
	out := make([]source, 0, len(s.segments)+len(s.deltas))
	for _, seg := range s.segments {
		out = append(out, source{segment: seg})
	}
	for _, d := range s.deltas {
		out = append(out, source{delta: d})
	}
	return out
}

// Quads implements graph.Snapshot. The order is that of the index that is read.
func (s *snapshot) Quads(ctx context.Context, p graph.Pattern, yield func(graph.Quad) bool) error {
	o, fixed := orderOf(p)
	pattern := o.row(p)
	every := true // rows of the span match
	for _, part := range pattern[fixed:] {
		every = every && part == 0
	}
	return s.read(ctx, o, with(pattern, fixed), func(run *graph.Run) bool {
		subjects := run.Subjects
		n := len(subjects)
		predicates, objects, labels := run.Predicates[:n], run.Objects[:n], run.Labels[:n]
		if every {
			for i, subject := range subjects {
				if !yield(graph.Quad{Subject: subject, Predicate: predicates[i], Object: objects[i], Label: labels[i]}) {
					return false
				}
			}
			return true
		}
		for i, subject := range subjects {
			q := graph.Quad{Subject: subject, Predicate: predicates[i], Object: objects[i], Label: labels[i]}
			if matches(&q, &p) && !yield(q) {
				return false
			}
		}
		return true
	})
}

// read yields the rows of a span until yield returns false.
func (s *snapshot) read(ctx context.Context, o order, span span, yield func(*graph.Run) bool) error {
	defer runtime.KeepAlive(s)
	if err := ctx.Err(); err != nil {
		return err
	}
	m, err := newMerge(o, s.sources(), span)
	if err != nil {
		return err
	}
	defer m.release()
	for read := 0; ; {
		rows, err := m.next()
		if err != nil || rows.len() == 0 {
			return err
		}
		run := o.quads(&rows)
		if !yield(&run) {
			return nil
		}
		if read += rows.len(); read >= checkEvery {
			read = 0
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

func matches(q *graph.Quad, p *graph.Pattern) bool {
	return (p.Subject == 0 || p.Subject == q.Subject) && (p.Predicate == 0 || p.Predicate == q.Predicate) &&
		(p.Object == 0 || p.Object == q.Object) && (p.Label == 0 || p.Label == q.Label)
}

// checkEvery is how many quads, or nodes, are read between looks at the context.
const checkEvery = 4096

// has reports whether the quad is there. Hints are one a source, kept by the
// caller from one ascending row to the next.
func (s *snapshot) has(r *row, hints []int) (bool, error) {
	odd := false
	for i, seg := range s.segments {
		there, err := seg.tables[spol].has(r, &hints[i])
		if err != nil {
			return false, err
		}
		odd = odd != there
	}
	for i, d := range s.deltas {
		odd = odd != d.has(r, &hints[len(s.segments)+i])
	}
	return odd, nil
}
