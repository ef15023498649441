package graph

import (
	"context"
	"slices"
)

// Predicates returns the predicates of all quads, whatever claims say them,
// ascending; of quads that were removed some may be left.
// Cost: see [PredicateLister]; every quad where the snapshot is none.
func (v *View) Predicates(ctx context.Context) ([]ID, error) { return predicatesOf(ctx, v.Snapshot) }

func predicatesOf(ctx context.Context, s Snapshot) ([]ID, error) {
	if l, ok := s.(PredicateLister); ok {
		return l.Predicates(ctx)
	}
	seen := map[ID]bool{}
	var out []ID
	err := s.Quads(ctx, Pattern{}, func(q Quad) bool {
		if !seen[q.Predicate] {
			seen[q.Predicate] = true
			out = append(out, q.Predicate)
		}
		return true
	})
	slices.Sort(out)
	return out, err
}

// Predicates implements PredicateLister.
func (o *overlay) Predicates(ctx context.Context) ([]ID, error) {
	out, err := predicatesOf(ctx, o.Snapshot)
	for _, q := range o.quads {
		out = append(out, q.Predicate)
	}
	slices.Sort(out)
	return slices.Compact(out), err
}
