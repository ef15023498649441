package cayley

import (
	"context"
	"math"

	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"

	"chancery/graph"
)

// quads is the iterator of the quads that match a pattern with one part fixed or
// none. What it iterates is as of the moment when it is opened.
type quads struct {
	of      *reader
	pattern graph.Pattern
}

var _ iterator.Shape = (*quads)(nil)

func (s *quads) String() string { return "ChanceryQuads" }

func (s *quads) SubIterators() []iterator.Shape { return nil }

func (s *quads) Optimize(context.Context) (iterator.Shape, bool) { return s, false }

func (s *quads) Iterate() iterator.Scanner {
	return &quadScanner{scan: s.of.scan(s.pattern)}
}

func (s *quads) Lookup() iterator.Index {
	return &quadIndex{of: s.of, snap: s.of.now(), pattern: s.pattern}
}

// Stats gives costs in Cayley's own measure, that of its memstore, by which its
// other iterators are weighed; here Contains compares ids and costs less.
func (s *quads) Stats(ctx context.Context) (iterator.Costs, error) {
	size, err := s.of.estimate(ctx, s.pattern)
	return iterator.Costs{ContainsCost: int64(math.Log(float64(size.Value+1))) + 1, NextCost: 1, Size: size}, err
}

// counted is how many quads of a pattern are counted before their number is guessed.
const counted = 512

// estimate counts the quads of a pattern: exactly when they are fewer than
// counted, which is all that Cayley needs to begin at the small end.
// Cost: at most counted quads read.
func (r *reader) estimate(ctx context.Context, p graph.Pattern) (refs.Size, error) {
	snap := r.now()
	if p == (graph.Pattern{}) {
		return refs.Size{Value: int64(snap.Size()), Exact: true}, nil
	}
	n := 0
	err := snap.Quads(ctx, p, func(graph.Quad) bool { n++; return n < counted })
	if err != nil || n < counted {
		return refs.Size{Value: int64(n), Exact: err == nil}, r.note(err)
	}
	return refs.Size{Value: counted + int64(snap.Size()-counted)/8}, nil
}

// quadScanner lists the quads of a scan.
type quadScanner struct {
	base
	scan *scan
	at   graph.Quad
}

var _ iterator.Scanner = (*quadScanner)(nil)

func (s *quadScanner) String() string { return "ChanceryQuadsNext" }

func (s *quadScanner) Next(ctx context.Context) bool {
	var ok bool
	s.at, ok = s.scan.pull(ctx)
	return ok
}

func (s *quadScanner) Result() refs.Ref {
	if s.at.Subject == 0 {
		return nil
	}
	return link(s.at)
}

func (s *quadScanner) Err() error { return s.scan.err }

func (s *quadScanner) Close() error { s.scan.close(); return nil }

// quadIndex tells which quads match the pattern.
type quadIndex struct {
	base
	of      *reader
	snap    graph.Snapshot
	pattern graph.Pattern

	at  refs.Ref
	err error
}

var _ iterator.Index = (*quadIndex)(nil)

func (s *quadIndex) String() string { return "ChanceryQuadsContains" }

func (s *quadIndex) Contains(ctx context.Context, v refs.Ref) bool {
	s.at = nil
	l, ok := v.(link)
	if !ok || !matches(s.pattern, graph.Quad(l)) {
		return false
	}
	if s.of.moves { // the quad may be of another commit
		ok, s.err = has(ctx, s.snap, graph.Quad(l))
		if s.err = s.of.note(s.err); !ok {
			return false
		}
	}
	s.at = v
	return true
}

func (s *quadIndex) Result() refs.Ref { return s.at }

func (s *quadIndex) Err() error { return s.err }

func (s *quadIndex) Close() error { return nil }

// base is what all iterators over a store have alike: no tags, one path.
type base struct{}

func (base) TagResults(map[string]refs.Ref) {}

func (base) NextPath(context.Context) bool { return false }

func matches(p graph.Pattern, q graph.Quad) bool {
	return (p.Subject == 0 || p.Subject == q.Subject) &&
		(p.Predicate == 0 || p.Predicate == q.Predicate) &&
		(p.Object == 0 || p.Object == q.Object) &&
		(p.Label == 0 || p.Label == q.Label)
}

// has reports whether a quad is in the snapshot. Label 0 is no label.
// Cost: a quad without a label reads those that say the same under any.
func has(ctx context.Context, snap graph.Snapshot, want graph.Quad) (bool, error) {
	found := false
	err := snap.Quads(ctx, want, func(q graph.Quad) bool { found = q == want; return !found })
	return found, err
}
