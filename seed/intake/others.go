package intake

import (
	"context"

	"chancery/graph"
)

// keepForOthers notes the entities that would have no class without the claims that are
// gone, and that claims of somebody else name: other data sets, edits. What gives them their
// class then stays, as what names them would show nothing. own are all claims of the
// data set.
//
// Cost: for each entity that the claims give a class, its quads up to the first of
// somebody else.
func (r *run) keepForOthers(ctx context.Context, own *graph.Set, gone []graph.ID) error {
	latest := r.ended()
	typed, _ := latest.Lookup(graph.Ref(graph.Type))
	merged, _ := latest.Lookup(graph.Ref(graph.MergedInto))
	leaving := graph.NewSet(0)
	for _, claim := range gone {
		leaving.Add(claim)
	}
	// find reports whether a claim that stays has a quad like that.
	find := func(p graph.Pattern, like func(graph.Quad) bool) (found bool, err error) {
		err = latest.Quads(ctx, p, func(q graph.Quad) bool {
			found = q.Label.Space() == graph.Claims && !leaving.Has(q.Label) && latest.Record(q.Label).RetractedAt == 0 && like(q)
			return !found
		})
		return found, err
	}
	any := func(graph.Quad) bool { return true }
	ofOthers := func(q graph.Quad) bool { return !own.Has(q.Label) && q.Predicate != merged }
	var quads []graph.Quad
	for _, claim := range gone {
		var err error
		if quads, err = latest.Claim(ctx, quads[:0], claim); err != nil {
			return err
		}
		for _, q := range quads {
			if q.Predicate != typed || q.Subject == claim {
				continue
			}
			classed, err := find(graph.Pattern{Subject: q.Subject, Predicate: typed}, any)
			if err != nil {
				return err
			}
			named := false
			for _, p := range []graph.Pattern{{Object: q.Subject}, {Subject: q.Subject}} {
				if classed || named {
					break
				}
				if named, err = find(p, ofOthers); err != nil {
					return err
				}
			}
			if named {
				r.kept.add(r.world.staysID(q.Subject))
			}
		}
	}
	return nil
}
