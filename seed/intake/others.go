package intake

import (
	"context"
	"slices"

	"chancery/graph"
)

// sparing finds which of the claims that are gone stay, as an entity would have no class
// without them that claims name which stand: those of rows that were rejected, those of
// somebody else (other data sets, edits), and those that stay so themselves.
type sparing struct {
	*run
	latest        graph.Latest
	typed, merged graph.ID
	own           *graph.Set // all claims of the data set
	leaving       *graph.Set // those that are gone
	spared        *graph.Set // those of them that stay
	quads         []graph.Quad
}

// spare returns the claims that are gone without those that stay: for each entity that
// would have no class, the newest that gives it one. own are all claims of the data set.
//
// Cost: the quads of the claims; for each entity that they give a class, those that give
// it one and its others up to the first of somebody else.
func (r *run) spare(ctx context.Context, own *graph.Set, gone []graph.ID) ([]graph.ID, error) {
	latest := r.ended()
	if err := r.world.see(ctx, latest); err != nil {
		return nil, err
	}
	s := sparing{run: r, latest: latest, own: own, leaving: graph.NewSet(0), spared: graph.NewSet(0)}
	s.typed, _ = latest.Lookup(graph.Ref(graph.Type))
	s.merged, _ = latest.Lookup(graph.Ref(graph.MergedInto))
	for _, claim := range gone {
		s.leaving.Add(claim)
	}
	needed := slices.Collect(r.kept.all)
	needed, err := s.namedByOthers(ctx, needed, gone)
	if err != nil {
		return nil, err
	}
	if err := s.classFor(ctx, needed); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(gone, s.spared.Has), nil
}

// namedByOthers appends the entities that claims which are gone give a class and that
// somebody else names.
func (s *sparing) namedByOthers(ctx context.Context, needed, gone []graph.ID) ([]graph.ID, error) {
	var seen nodes
	for _, claim := range gone {
		if !s.latest.Known(claim) {
			continue // it denies what it says
		}
		var err error
		if s.quads, err = s.latest.Claim(ctx, s.quads[:0], claim); err != nil {
			return nil, err
		}
		for _, q := range s.quads {
			if q.Predicate != s.typed || q.Subject == claim {
				continue
			}
			entity := s.world.staysID(q.Subject)
			if !seen.add(entity) {
				continue
			}
			named, err := s.isNamed(ctx, entity)
			if err != nil {
				return nil, err
			}
			if named {
				needed = append(needed, entity)
			}
		}
	}
	return needed, nil
}

// isNamed reports whether a claim of somebody else names the entity, or one that was
// merged into it.
func (s *sparing) isNamed(ctx context.Context, entity graph.ID) (named bool, err error) {
	for _, member := range s.members(entity) {
		for _, p := range []graph.Pattern{{Object: member}, {Subject: member}} {
			err = s.latest.Quads(ctx, p, func(q graph.Quad) bool {
				named = q.Label.Space() == graph.Claims && !s.own.Has(q.Label) && q.Predicate != s.merged && s.latest.Record(q.Label).RetractedAt == 0
				return !named
			})
			if named || err != nil {
				return named, err
			}
		}
	}
	return false, nil
}

// classFor spares what gives the entities a class, and the entities that this names.
func (s *sparing) classFor(ctx context.Context, needed []graph.ID) error {
	var seen nodes
	for len(needed) > 0 {
		entity := needed[len(needed)-1]
		needed = needed[:len(needed)-1]
		if !seen.add(entity) || s.world.classWithout(s.world.text(entity), s.leaving) != nil {
			continue
		}
		claim, err := s.newest(ctx, entity)
		if err != nil {
			return err
		}
		if claim == 0 || s.spared.Has(claim) {
			continue
		}
		s.spared.Add(claim)
		if s.quads, err = s.latest.Claim(ctx, s.quads[:0], claim); err != nil {
			return err
		}
		s.keepNamed(s.quads)
		for _, q := range s.quads {
			needed = append(needed, s.world.staysID(q.Subject), s.world.staysID(q.Object))
		}
	}
	return s.world.err()
}

// newest returns the newest of the claims that are gone and give the entity a class; 0:
// there is none.
func (s *sparing) newest(ctx context.Context, entity graph.ID) (claim graph.ID, err error) {
	for _, member := range s.members(entity) {
		err = s.latest.Quads(ctx, graph.Pattern{Subject: member, Predicate: s.typed}, func(q graph.Quad) bool {
			if s.leaving.Has(q.Label) && s.latest.Known(q.Label) {
				claim = max(claim, q.Label)
			}
			return true
		})
		if err != nil {
			return 0, err
		}
	}
	return claim, nil
}

// members are the entity that stays and those that were merged into it.
func (s *sparing) members(entity graph.ID) []graph.ID {
	all := []graph.ID{entity}
	for _, id := range s.world.members[s.world.text(entity)] {
		if member, ok := s.latest.Lookup(graph.Ref(id)); ok {
			all = append(all, member)
		}
	}
	return all
}
