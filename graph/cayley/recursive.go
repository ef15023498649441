package cayley

import (
	"context"
	"maps"
	"reflect"

	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"

	upstream "github.com/cayleygraph/cayley/graph"
)

// OptimizeShape mends followRecursive where another set is read first and each of
// its nodes is looked up in the recursion: Cayley's lookup then keeps the tags of
// a node met earlier, so a result may name the wrong way to it. Which results do
// depends on the order of the quads; in that of Cayley's own stores its suite
// does not see it.
//
// Everything else is left as it is.
func (r *reader) OptimizeShape(_ context.Context, s shape.Shape) (shape.Shape, bool) {
	switch s := s.(type) {
	case shape.Intersect:
		all, changed := mendAll(s)
		return shape.Intersect(all), changed
	case shape.IntersectOpt:
		sub, inSub := mendAll(s.Sub)
		opt, inOpt := mendAll(s.Opt)
		return shape.IntersectOpt{Sub: sub, Opt: opt}, inSub || inOpt
	case shape.Union:
		all, changed := mendAll(s)
		return shape.Union(all), changed
	case shape.Quads:
		out, changed := append(shape.Quads(nil), s...), false
		for i := range out {
			if mended, ok := mend(out[i].Values); ok {
				out[i].Values, changed = mended, true
			}
		}
		return out, changed
	case shape.Save:
		var changed bool
		s.From, changed = mend(s.From)
		return s, changed
	case shape.Unique:
		var changed bool
		s.From, changed = mend(s.From)
		return s, changed
	case shape.Filter:
		var changed bool
		s.From, changed = mend(s.From)
		return s, changed
	}
	return s, false
}

var _ shape.Optimizer = (*reader)(nil)

// paths is Cayley's package that builds recursions, behind a type of its own.
var paths = reflect.TypeFor[path.Path]().PkgPath()

func mend(s shape.Shape) (shape.Shape, bool) {
	if s == nil || reflect.TypeOf(s).PkgPath() != paths {
		return s, false
	}
	return mended{s}, true
}

func mendAll(all []shape.Shape) ([]shape.Shape, bool) {
	out, changed := append([]shape.Shape(nil), all...), false
	for i := range out {
		var ok bool
		out[i], ok = mend(out[i])
		changed = changed || ok
	}
	return out, changed
}

// mended is a shape whose iterator, when it is a recursion, looks nodes up right.
type mended struct{ shape.Shape }

func (s mended) BuildIterator(qs upstream.QuadStore) iterator.Shape {
	it := s.Shape.BuildIterator(qs)
	if r, ok := it.(*iterator.Recursive); ok {
		return &recursion{r}
	}
	return it
}

func (s mended) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return s, false }

// recursion is Cayley's recursion with a lookup of our own.
type recursion struct{ *iterator.Recursive }

func (s *recursion) Optimize(ctx context.Context) (iterator.Shape, bool) {
	s.Recursive.Optimize(ctx) // it changes in place
	return s, false
}

func (s *recursion) Lookup() iterator.Index {
	return &recursionIndex{Scanner: s.Recursive.Iterate(), found: map[any][]map[string]refs.Ref{}}
}

// recursionIndex runs the recursion until the node that is asked for comes up and
// remembers the tags of what came before.
type recursionIndex struct {
	iterator.Scanner // its String, Err and Close
	found            map[any][]map[string]refs.Ref

	at   refs.Ref
	ways []map[string]refs.Ref // to at that are left, the present one first
}

var _ iterator.Index = (*recursionIndex)(nil)

func (s *recursionIndex) Contains(ctx context.Context, v refs.Ref) bool {
	key := refs.ToKey(v)
	for s.found[key] == nil {
		if !s.Scanner.Next(ctx) {
			s.at, s.ways = nil, nil
			return false
		}
		met := refs.ToKey(s.Scanner.Result())
		for more := true; more; more = s.Scanner.NextPath(ctx) {
			tags := map[string]refs.Ref{}
			s.Scanner.TagResults(tags)
			s.found[met] = append(s.found[met], tags)
		}
	}
	s.at, s.ways = v, s.found[key]
	return true
}

func (s *recursionIndex) NextPath(context.Context) bool {
	if len(s.ways) < 2 {
		return false
	}
	s.ways = s.ways[1:]
	return true
}

func (s *recursionIndex) Result() refs.Ref { return s.at }

func (s *recursionIndex) TagResults(dst map[string]refs.Ref) {
	if len(s.ways) > 0 {
		maps.Copy(dst, s.ways[0])
	}
}
