package cayley

import (
	"context"

	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"

	"chancery/graph"
)

// nodes is the iterator of the terms that some quad uses, each once.
type nodes struct{ of *reader }

var _ iterator.Shape = (*nodes)(nil)

func (s *nodes) String() string { return "ChanceryNodes" }

func (s *nodes) SubIterators() []iterator.Shape { return nil }

func (s *nodes) Optimize(context.Context) (iterator.Shape, bool) { return s, false }

func (s *nodes) Iterate() iterator.Scanner {
	return &nodeScanner{scan: s.of.scan(graph.Pattern{})}
}

func (s *nodes) Lookup() iterator.Index { return &nodeIndex{of: s.of, snap: s.of.now()} }

// Stats guesses as many nodes as there are quads; to step from one node to the
// next reads more than a quad.
func (s *nodes) Stats(context.Context) (iterator.Costs, error) {
	return iterator.Costs{
		ContainsCost: 4, NextCost: 4,
		Size: refs.Size{Value: int64(s.of.now().Size())},
	}, nil
}

// nodeScanner lists the nodes of all quads as they are first met.
// Cost: every quad is read, and the nodes are remembered.
type nodeScanner struct {
	base
	scan  *scan
	seen  idSet
	room  [4]graph.ID
	ahead []graph.ID // new nodes of the quad last read, in room
	at    graph.ID
}

var _ iterator.Scanner = (*nodeScanner)(nil)

func (s *nodeScanner) String() string { return "ChanceryNodesNext" }

func (s *nodeScanner) Next(ctx context.Context) bool {
	for len(s.ahead) == 0 {
		q, ok := s.scan.pull(ctx)
		if !ok {
			s.at = 0
			return false
		}
		s.ahead = s.room[:0]
		for _, id := range [...]graph.ID{q.Subject, q.Predicate, q.Object, q.Label} {
			if id != 0 && s.seen.add(id) {
				s.ahead = append(s.ahead, id)
			}
		}
	}
	s.at, s.ahead = s.ahead[0], s.ahead[1:]
	return true
}

func (s *nodeScanner) Result() refs.Ref {
	if s.at == 0 {
		return nil
	}
	return node(s.at)
}

func (s *nodeScanner) Err() error { return s.scan.err }

func (s *nodeScanner) Close() error {
	s.scan.close()
	s.seen, s.ahead = idSet{}, nil
	return nil
}

// nodeIndex tells which terms some quad uses.
type nodeIndex struct {
	base
	of   *reader
	snap graph.Snapshot
	at   refs.Ref
	err  error
}

var _ iterator.Index = (*nodeIndex)(nil)

func (s *nodeIndex) String() string { return "ChanceryNodesContains" }

func (s *nodeIndex) Contains(ctx context.Context, v refs.Ref) bool {
	s.at = nil
	n, ok := v.(node)
	if !ok {
		return false
	}
	ok, s.err = used(ctx, s.snap, graph.ID(n))
	if s.err = s.of.note(s.err); ok {
		s.at = v
	}
	return ok
}

func (s *nodeIndex) Result() refs.Ref { return s.at }

func (s *nodeIndex) Err() error { return s.err }

func (s *nodeIndex) Close() error { return nil }

// used reports whether some quad has the term. A snapshot knows the terms of every
// commit before it, and inline ones that no commit brought in.
// Cost: O(log n), four times when it is not used.
func used(ctx context.Context, snap graph.Snapshot, id graph.ID) (bool, error) {
	for _, d := range quad.Directions {
		found := false
		err := snap.Quads(ctx, pattern(d, id), func(graph.Quad) bool { found = true; return false })
		if found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// idSet is a set of ids: a bit each for the dictionary's, which are numbered
// densely, and an entry each for the inline ones, which are not. The zero value
// is empty.
type idSet struct {
	pages  map[graph.ID]*[pageBits / 64]uint64 // by id/pageBits
	inline map[graph.ID]struct{}
}

const pageBits = 1 << 15

// add puts an id in and reports whether it is new.
func (s *idSet) add(id graph.ID) bool {
	if s.pages == nil {
		s.pages = make(map[graph.ID]*[pageBits / 64]uint64)
		s.inline = make(map[graph.ID]struct{})
	}
	if id.Space() > graph.Texts {
		before := len(s.inline)
		s.inline[id] = struct{}{}
		return len(s.inline) > before
	}
	page := s.pages[id/pageBits]
	if page == nil {
		page = new([pageBits / 64]uint64)
		s.pages[id/pageBits] = page
	}
	word, bit := &page[id%pageBits/64], uint64(1)<<(id%64)
	isNew := *word&bit == 0
	*word |= bit
	return isNew
}
