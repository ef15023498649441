package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// among of a conjunction is the shortest of its parts'.
func (f all) among(r *run) (best []graph.ID, ok bool, err error) {
	for _, part := range f {
		ids, some, err := part.among(r)
		if err != nil {
			return nil, false, err
		}
		if some && (!ok || len(ids) < len(best)) {
			best, ok = ids, true
		}
	}
	return best, ok, nil
}

// among of a disjunction is all of its parts' together, if each has some.
func (f anyOf) among(r *run) (together []graph.ID, ok bool, err error) {
	for _, part := range f {
		ids, some, err := part.among(r)
		if err != nil || !some {
			return nil, false, err
		}
		together = append(together, ids...)
	}
	slices.Sort(together)
	return slices.Compact(together), true, nil
}

func (f not) among(*run) ([]graph.ID, bool, error) { return nil, false, nil }

func (f test) among(*run) ([]graph.ID, bool, error) { return f.ids, f.only, nil }

func (f narrowed) among(r *run) ([]graph.ID, bool, error) { return f.filter.among(r) }

// among of a condition that asks for a related object is what those that can be
// that object relate to, seen from their side.
func (f related) among(r *run) ([]graph.ID, bool, error) {
	needed := f.one
	if needed == nil {
		needed = f.some
	}
	if f.field == nil || needed == nil {
		return nil, false, nil
	}
	objects, ok, err := needed.among(r)
	if err != nil || !ok {
		return nil, false, err
	}
	found, err := r.relate(objects, &schema.Field{
		Name: f.field.Name, Class: f.field.Range, Range: f.field.Class,
		Inverse: !f.field.Inverse, Predicates: f.field.Predicates,
	})
	if err != nil {
		return nil, false, err
	}
	out := make([]graph.ID, len(found.all))
	for i, it := range found.all {
		out[i] = it.to
	}
	slices.Sort(out)
	return slices.Compact(out), true, nil
}
