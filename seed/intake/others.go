package intake

import (
	"context"
	"slices"

	"chancery/graph"
)

// sparing finds which of the claims that are gone stay, as an entity would have no class
// without them that claims name which stand: those of rows that were rejected, those of
// somebody else (other data sets, edits), and those that stay so themselves.
//
// An entity that was merged is looked at twice: by itself, as it will be once they are
// split, and with all that are one with it.
type sparing struct {
	*run
	latest        graph.Latest
	typed, merged graph.ID
	own           *graph.Set // all claims of the data set
	leaving       *graph.Set // those that are gone
	spared        *graph.Set // those of them that stay
	alone         needed     // by themselves
	together      needed     // with what was merged; those that stay
	quads         []graph.Quad
}

// needed are entities that need a class.
type needed struct {
	seen nodes
	left []graph.ID // to be looked at
}

func (n *needed) add(id graph.ID) {
	if n.seen.add(id) {
		n.left = append(n.left, id)
	}
}

// next takes an entity out; ok: there was one.
func (n *needed) next() (id graph.ID, ok bool) {
	if len(n.left) == 0 {
		return 0, false
	}
	id = n.left[len(n.left)-1]
	n.left = n.left[:len(n.left)-1]
	return id, true
}

// spare returns the claims that are gone without those that stay: for each entity that
// would have no class, the newest that gives it one. own are all claims of the data set.
//
// Cost: the quads of the claims; for each entity that they give a class, those that give
// it one and its others up to the first of somebody else, twice where it was merged.
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
	for entity := range r.kept.all {
		s.need(entity)
	}
	if err := s.namedByOthers(ctx, gone); err != nil {
		return nil, err
	}
	if err := s.classes(ctx); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(gone, s.spared.Has), nil
}

// need notes that an entity needs a class.
func (s *sparing) need(entity graph.ID) {
	if entity.Space() != graph.Nodes {
		return
	}
	s.alone.add(entity)
	if stays := s.world.staysID(entity); s.isGroup(stays) {
		s.together.add(stays)
	}
}

// isGroup reports whether anything was merged into an entity.
func (s *sparing) isGroup(entity graph.ID) bool {
	return len(s.world.members) > 0 && len(s.world.members[s.world.text(entity)]) > 0
}

// namedByOthers notes the entities that claims which are gone give a class and that
// somebody else names.
func (s *sparing) namedByOthers(ctx context.Context, gone []graph.ID) error {
	var alone, together nodes // seen
	for _, claim := range gone {
		if !s.latest.Known(claim) {
			continue // it denies what it says
		}
		var err error
		if s.quads, err = s.latest.Claim(ctx, s.quads[:0], claim); err != nil {
			return err
		}
		for _, q := range s.quads {
			if q.Predicate != s.typed || q.Subject == claim || !alone.add(q.Subject) {
				continue
			}
			named, err := s.isNamed(ctx, q.Subject)
			if err != nil {
				return err
			}
			if named {
				s.need(q.Subject)
				continue
			}
			stays := s.world.staysID(q.Subject)
			if !s.isGroup(stays) || !together.add(stays) {
				continue
			}
			if named, err = s.isNamed(ctx, s.members(stays)...); err != nil {
				return err
			}
			if named {
				s.together.add(stays)
			}
		}
	}
	return nil
}

// isNamed reports whether a claim of somebody else names one of the entities.
func (s *sparing) isNamed(ctx context.Context, entities ...graph.ID) (named bool, err error) {
	for _, entity := range entities {
		for _, p := range []graph.Pattern{{Object: entity}, {Subject: entity}} {
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

// classes spares what gives the entities their classes, and the entities that this names.
// What each needs by itself comes first: it may be all that they need together.
func (s *sparing) classes(ctx context.Context) error {
	for {
		entity, ok := s.alone.next()
		members := []graph.ID{entity}
		if !ok {
			if entity, ok = s.together.next(); !ok {
				return s.world.err()
			}
			members = s.members(entity)
		}
		if err := s.classFor(ctx, members); err != nil {
			return err
		}
	}
}

// classFor spares what gives one of the entities a class, unless one has another.
func (s *sparing) classFor(ctx context.Context, members []graph.ID) error {
	for _, member := range members {
		if s.world.classOfOne(s.world.text(member), s.leaving) != nil {
			return nil
		}
	}
	claim, err := s.newest(ctx, members)
	if err != nil || claim == 0 {
		return err
	}
	s.spared.Add(claim)
	if s.quads, err = s.latest.Claim(ctx, s.quads[:0], claim); err != nil {
		return err
	}
	s.report.Claims.Kept++
	for _, q := range s.quads {
		s.need(q.Subject)
		s.need(q.Object)
	}
	return nil
}

// newest returns the newest of the claims that are gone and give one of the entities a
// class; 0: there is none, or one of them stays already.
func (s *sparing) newest(ctx context.Context, members []graph.ID) (claim graph.ID, err error) {
	spared := false
	for _, member := range members {
		err = s.latest.Quads(ctx, graph.Pattern{Subject: member, Predicate: s.typed}, func(q graph.Quad) bool {
			if s.leaving.Has(q.Label) && s.latest.Known(q.Label) {
				spared = spared || s.spared.Has(q.Label)
				claim = max(claim, q.Label)
			}
			return true
		})
		if err != nil {
			return 0, err
		}
	}
	if spared {
		return 0, nil // that is enough
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
