package cayley

import (
	"context"
	"sync/atomic"

	upstream "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"

	"chancery/graph"
)

// reader is the reading half of Cayley's QuadStore. Any number of goroutines may
// use it. The methods that Cayley gives no context run under ctx.
type reader struct {
	ctx   context.Context
	now   func() graph.Snapshot
	moves bool // now may give another snapshot later

	failed atomic.Pointer[error] // the first that a read ran into
}

// note remembers an error that Cayley may drop on its way up, and returns it.
func (r *reader) note(err error) error {
	if err != nil {
		r.failed.CompareAndSwap(nil, &err)
	}
	return err
}

// ValueOf returns the reference to a value that some quad uses; else nil. A value
// that could not be stored is one that is not found.
func (r *reader) ValueOf(v quad.Value) (refs.Ref, error) {
	if v == nil {
		return nil, nil //nolint:nilnil // Cayley's contract: not found
	}
	term, err := TermOf(v)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // no quad can have it
	}
	snap := r.now()
	id, ok := snap.Lookup(term)
	if !ok {
		return nil, nil //nolint:nilnil // Cayley's contract: not found
	}
	if ok, err = used(r.ctx, snap, id); !ok {
		return nil, r.note(err)
	}
	return node(id), nil
}

// NameOf returns the value of a reference to a node; nil for one that this store
// did not give out, as Cayley wants it.
func (r *reader) NameOf(v refs.Ref) (quad.Value, error) {
	switch v := v.(type) {
	case node:
		term, _ := r.now().Term(graph.ID(v)) // no term is the zero term, whose value is nil
		return ValueOf(term), nil
	case refs.PreFetchedValue:
		return v.NameOf(), nil
	}
	return nil, nil //nolint:nilnil // Cayley's contract: not found
}

// Quad returns the values of a reference to a quad.
// The error is ErrForeignRef.
func (r *reader) Quad(v refs.Ref) (quad.Quad, error) {
	l, ok := v.(link)
	if !ok {
		return quad.Quad{}, ErrForeignRef
	}
	snap := r.now()
	var out quad.Quad
	for _, d := range quad.Directions {
		if id := part(graph.Quad(l), d); id != 0 {
			term, ok := snap.Term(id)
			if !ok {
				return quad.Quad{}, ErrForeignRef
			}
			out.Set(d, ValueOf(term))
		}
	}
	return out, nil
}

// QuadDirection returns the reference to one end of a quad; nil is no label.
// The error is ErrForeignRef.
func (r *reader) QuadDirection(v refs.Ref, d quad.Direction) (refs.Ref, error) {
	l, ok := v.(link)
	if !ok {
		return nil, ErrForeignRef
	}
	if id := part(graph.Quad(l), d); id != 0 {
		return node(id), nil
	}
	return nil, nil //nolint:nilnil // Cayley's contract: no label
}

// QuadIterator iterates the quads that have the node in the direction.
func (r *reader) QuadIterator(d quad.Direction, v refs.Ref) iterator.Shape {
	id, err := r.resolve(v)
	switch {
	case err != nil:
		return iterator.NewError(err)
	case id == 0:
		return iterator.NewNull()
	}
	return &quads{of: r, pattern: pattern(d, id)}
}

// QuadIteratorSize counts what QuadIterator gives; from 512 quads on it guesses.
func (r *reader) QuadIteratorSize(ctx context.Context, d quad.Direction, v refs.Ref) (refs.Size, error) {
	id, err := r.resolve(v)
	if err != nil || id == 0 {
		return refs.Size{Exact: err == nil}, err
	}
	return r.estimate(ctx, pattern(d, id))
}

// resolve returns the id of a reference to a node; 0 is none. Cayley makes
// references of values by itself, for depths and counts.
func (r *reader) resolve(v refs.Ref) (graph.ID, error) {
	if made, ok := v.(refs.PreFetchedValue); ok {
		var err error
		if v, err = r.ValueOf(made.NameOf()); err != nil {
			return 0, err
		}
	}
	switch v := v.(type) {
	case nil:
		return 0, nil
	case node:
		return graph.ID(v), nil
	}
	return 0, ErrForeignRef
}

// QuadsAllIterator iterates all quads.
func (r *reader) QuadsAllIterator() iterator.Shape { return &quads{of: r} }

// NodesAllIterator iterates the terms that some quad uses, each once.
func (r *reader) NodesAllIterator() iterator.Shape { return &nodes{of: r} }

// Stats counts the quads exactly, in O(1), and the nodes on demand, by reading
// every quad; else it guesses as many nodes as quads.
func (r *reader) Stats(ctx context.Context, exact bool) (upstream.Stats, error) {
	size := int64(r.now().Size())
	stats := upstream.Stats{Quads: refs.Size{Value: size, Exact: true}, Nodes: refs.Size{Value: size}}
	if !exact {
		return stats, nil
	}
	n := int64(0)
	s := nodeScanner{scan: r.scan(graph.Pattern{})}
	for s.Next(ctx) {
		n++
	}
	if err := s.Err(); err != nil {
		return stats, err
	}
	stats.Nodes = refs.Size{Value: n, Exact: true}
	return stats, s.Close()
}
