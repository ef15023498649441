package naive

import (
	"slices"

	"chancery/graph"
)

// merge puts the entity that stays in the place of those that known claims merge
// into it, in everything that is said.
func (r *run) merge() {
	r.into = map[graph.ID]graph.ID{}
	for _, f := range r.World.facts {
		if f.predicate == graph.MergedInto && f.claim.isKnown {
			r.into[f.subject] = f.object
		}
	}
	for _, c := range r.claims {
		c.source, c.attributed, c.says = r.stays(c.statedSource), nil, nil
		for _, id := range c.statedAttributed {
			if id = r.stays(id); !slices.Contains(c.attributed, id) {
				c.attributed = append(c.attributed, id)
			}
		}
	}
	r.facts, r.of = nil, map[graph.ID][]fact{}
	for _, f := range r.World.facts {
		f.subject = r.stays(f.subject)
		if stays := r.stays(f.object); stays != f.object {
			f.object, f.term = stays, graph.Ref(r.names[stays])
		}
		if !slices.Contains(f.claim.says, f) {
			f.claim.says = append(f.claim.says, f)
			r.facts = append(r.facts, f)
			r.of[f.subject] = append(r.of[f.subject], f)
		}
	}
}

// stays is the entity that stands for the id: itself if nothing merges it.
func (r *run) stays(id graph.ID) graph.ID {
	for range len(r.into) {
		if into, merged := r.into[id]; merged {
			id = into
		}
	}
	return id
}

// id is what an id that a client gives stands for, and whether it was ever seen.
func (r *run) id(name string) (graph.ID, bool) {
	id, ok := r.ids[name]
	return r.stays(id), ok
}

// mergedFrom are the ids of the entities that the one stands for, ascending by
// internal id.
func (r *run) mergedFrom(id graph.ID) []any {
	var from []graph.ID
	for merged := range r.into {
		if r.stays(merged) == id && merged != id {
			from = append(from, merged)
		}
	}
	slices.Sort(from)
	names := []any{}
	for _, merged := range from {
		names = append(names, r.names[merged])
	}
	return names
}
