package export

import (
	"cmp"
	"context"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// selection is what an export is of: claims, facts and entities of a view.
//
// Memory: a bit for each node and each claim.
type selection struct {
	reading
	full    nodeSet    // entities that all is told of; nil: all
	some    bool       // full counts
	byClass bool       // it is the entities of a class
	named   nodeSet    // entities that are named by what is told, or by their claims
	ends    nodeSet    // of those, objects of relations of the full ones
	claims  *graph.Set // that say any of it
}

// selected works out what the options ask for.
func selected(ctx context.Context, v *graph.View, ontology *schema.Ontology, o *Options) (*selection, error) {
	s := &selection{reading: newReading(v, ontology), claims: graph.NewSet(0)}
	if o.atOnce > 0 {
		s.atOnce = o.atOnce
	}
	class, err := o.class(ontology)
	switch {
	case err != nil:
	case class != nil:
		s.some, s.byClass = true, true
		err = s.ofClass(ctx, class)
	case o.Around != nil:
		s.some = true
		err = s.around(ctx, o.Around, o.Hops)
	}
	if err != nil {
		return nil, err
	}
	return s, s.collect(ctx)
}

// ofClass takes the entities of a class that an admitted claim speaks of.
func (s *selection) ofClass(ctx context.Context, class *schema.Class) error {
	for _, member := range class.Members {
		err := s.ofType(ctx, member, func(id graph.ID) error {
			if c, err := s.class(ctx, id); err != nil || c != member {
				return err
			}
			spoken := false
			err := s.view.Quads(ctx, graph.Pattern{Subject: id}, func(q graph.Quad) bool {
				spoken = s.view.Facts().Has(q.Label)
				return !spoken
			})
			if spoken {
				s.full.add(id)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// around takes entities and those that so many relations lead to.
func (s *selection) around(ctx context.Context, names []string, hops int) error {
	var edge nodeSet
	for _, name := range names {
		id, ok := s.view.Node(name)
		if !ok || id.Space() != graph.Nodes {
			return &graph.UnknownIDError{ID: name}
		}
		s.full.add(id)
		edge.add(id)
	}
	for range hops {
		var next nodeSet
		var err error
		for id := range edge.all {
			reach := func(other graph.ID, q graph.Quad) bool {
				if !s.view.Facts().Has(q.Label) || q.Predicate == s.typed || q.Predicate == s.merged || other.Space() != graph.Nodes || s.full.has(other) {
					return true
				}
				var class *schema.Class
				if class, err = s.class(ctx, other); class != nil && s.full.add(other) {
					next.add(other)
				}
				return err == nil
			}
			bad := s.view.Quads(ctx, graph.Pattern{Subject: id}, func(q graph.Quad) bool { return reach(q.Object, q) })
			if err = cmp.Or(err, bad); err != nil {
				return err
			}
			bad = s.view.Quads(ctx, graph.Pattern{Object: id}, func(q graph.Quad) bool { return reach(q.Subject, q) })
			if err = cmp.Or(err, bad); err != nil {
				return err
			}
		}
		edge = next
	}
	return nil
}

// collect finds the claims that say what is told, and the entities that they name:
// of those it takes the claims of class and name, and so on.
func (s *selection) collect(ctx context.Context) error {
	var err error
	take := func(q graph.Quad) bool {
		if !s.view.Facts().Has(q.Label) {
			return true
		}
		s.named.add(q.Subject)
		if q.Predicate != s.typed {
			s.named.add(q.Object)
			s.ends.add(q.Object)
		}
		err = s.claim(ctx, q.Label)
		return err == nil
	}
	if s.some {
		for id := range s.full.all {
			bad := s.view.Quads(ctx, graph.Pattern{Subject: id}, take)
			if err = cmp.Or(err, bad); err != nil {
				return err
			}
		}
	} else {
		for claim := range s.view.Facts().All {
			of := func(q graph.Quad) bool { return q.Subject == q.Label || take(q) }
			bad := s.view.Quads(ctx, graph.Pattern{Label: claim}, of)
			if err = cmp.Or(err, bad); err != nil {
				return err
			}
		}
	}
	var done nodeSet
	for again := true; again; {
		again = false
		for id := range s.named.all {
			if !done.add(id) {
				continue
			}
			again = true
			naming := func(q graph.Quad) bool {
				var tells bool
				if tells, err = s.tells(ctx, q); tells {
					if s.required[q.Predicate] {
						s.named.add(q.Object)
					}
					err = s.claim(ctx, q.Label)
				}
				return err == nil
			}
			bad := s.view.Quads(ctx, graph.Pattern{Subject: id}, naming)
			if err = cmp.Or(err, bad); err != nil {
				return err
			}
		}
	}
	return nil
}

// claim takes a claim and the entities that its own fields name.
func (s *selection) claim(ctx context.Context, claim graph.ID) error {
	if s.claims.Has(claim) {
		return nil
	}
	s.claims.Add(claim)
	return s.view.Quads(ctx, graph.Pattern{Subject: claim, Label: claim}, func(q graph.Quad) bool {
		if q.Predicate != s.typed {
			s.named.add(q.Object)
		}
		return true
	})
}

// tells reports whether a fact of a claim that is known, admitted or not, is told of
// an entity that is named: its class and name, with the relations that the class
// requires, from the claim that gives it; if more is told of it, also its identifiers.
func (s *selection) tells(ctx context.Context, q graph.Quad) (bool, error) {
	if !s.view.Known().Has(q.Label) || !s.named.has(q.Subject) {
		return false, nil
	}
	switch {
	case q.Predicate == s.typed, q.Predicate == s.preferred, s.naming[q.Predicate] && s.isFull(q.Subject):
		return true, nil
	case !s.required[q.Predicate]:
		return false, nil
	}
	var types graph.Links
	err := s.view.Follow(ctx, &types, []graph.ID{q.Subject}, graph.Type, false, s.view.Known())
	return slices.ContainsFunc(types.All, func(l graph.Link) bool { return l.Label == q.Label }), err
}

func (s *selection) isFull(id graph.ID) bool { return !s.some || s.full.has(id) }

// shows reports whether a fact is told.
func (s *selection) shows(ctx context.Context, q graph.Quad) (bool, error) {
	switch {
	case q.Predicate == s.merged:
		return false, nil
	case s.view.Facts().Has(q.Label) && s.isFull(q.Subject):
		return true, nil
	}
	return s.tells(ctx, q)
}
