package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// candidates are ids, ascending, that all rows which meet a condition are among.
// Those of them that meet rest meet the condition; nil: all do.
type candidates struct {
	ids  []graph.ID
	rest filter
}

// among of a conjunction is what its parts have in common.
func (f all) among(r *run) (*candidates, error) {
	var common *candidates
	var rest all
	for _, part := range f {
		c, err := part.among(r)
		if err != nil {
			return nil, err
		}
		switch {
		case c == nil:
			rest = append(rest, part)
			continue
		case common == nil:
			common = &candidates{ids: c.ids}
		default:
			common.ids = intersect(common.ids, c.ids)
		}
		if c.rest != nil {
			rest = append(rest, c.rest)
		}
	}
	if common != nil && len(rest) > 0 {
		common.rest = rest
	}
	return common, nil
}

// intersect returns what is in both of two ascending lists.
func intersect(a, b []graph.ID) []graph.ID {
	var out []graph.ID
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			out = append(out, a[0])
			a, b = a[1:], b[1:]
		}
	}
	return out
}

// among of a disjunction is all of its parts' together, if each has some.
func (f anyOf) among(r *run) (*candidates, error) {
	together := &candidates{}
	for _, part := range f {
		c, err := part.among(r)
		if err != nil || c == nil {
			return nil, err
		}
		together.ids = append(together.ids, c.ids...)
		if c.rest != nil {
			together.rest = f
		}
	}
	slices.Sort(together.ids)
	together.ids = slices.Compact(together.ids)
	return together, nil
}

func (f not) among(*run) (*candidates, error) { return nil, nil }

func (f test) among(*run) (*candidates, error) {
	if !f.only {
		return nil, nil
	}
	return &candidates{ids: f.ids}, nil
}

func (f narrowed) among(r *run) (*candidates, error) {
	c, err := f.filter.among(r)
	if err != nil || c == nil {
		return nil, err
	}
	c.ids, err = r.within(c.ids, f.class)
	return c, err
}

// within keeps the ids that are of a class.
func (r *run) within(of []graph.ID, c *schema.Class) ([]graph.ID, error) {
	if err := r.classify(of); err != nil {
		return nil, err
	}
	out := make([]graph.ID, 0, len(of))
	for _, id := range of {
		if is := r.class(id); is != nil && is.Is(c) {
			out = append(out, id)
		}
	}
	return out, nil
}

// among of a condition that asks for a related object is what those that can be
// that object relate to, seen from their side.
func (f related) among(r *run) (*candidates, error) {
	needed := f.one
	if needed == nil {
		needed = f.some
	}
	if f.field == nil || needed == nil {
		return nil, nil
	}
	objects, err := needed.among(r)
	if err != nil || objects == nil {
		return nil, err
	}
	only := f.every == nil && f.none == nil && f.atLeast == nil && f.atMost == nil && !f.nestedOpen()
	if objects.ids, err = r.within(objects.ids, f.field.Range); err != nil {
		return nil, err
	}
	if only && objects.rest != nil {
		if objects.ids, err = r.meeting(objects.ids, objects.rest); err != nil {
			return nil, err
		}
	}
	found, err := r.relate(objects.ids, mirrored(f.field))
	if err != nil {
		return nil, err
	}
	out := &candidates{ids: make([]graph.ID, len(found.all))}
	for i, it := range found.all {
		out.ids[i] = it.to
	}
	if len(objects.ids) > 1 {
		slices.Sort(out.ids)
	}
	out.ids = slices.Compact(out.ids)
	if !only {
		out.rest = f
	}
	return out, nil
}

// meeting keeps the ids that meet a condition that looks at nothing around them.
func (r *run) meeting(of []graph.ID, condition filter) ([]graph.ID, error) {
	rows := make([]row, len(of))
	for i, id := range of {
		rows[i].id = id
	}
	met, err := condition.meets(r, rows)
	if err != nil {
		return nil, err
	}
	out := make([]graph.ID, 0, len(of))
	for i, id := range of {
		if met[i] {
			out = append(out, id)
		}
	}
	return out, nil
}

// A bound is how many ids a condition's candidates are, at most; -1 where that is
// not known without reading them.

func (f all) bound(r *run) (int, error) {
	least := -1
	for _, part := range f {
		n, err := part.bound(r)
		if err != nil {
			return -1, err
		}
		if n >= 0 && (least < 0 || n < least) {
			least = n
		}
	}
	return least, nil
}

func (f anyOf) bound(r *run) (int, error) {
	sum := 0
	for _, part := range f {
		n, err := part.bound(r)
		if err != nil || n < 0 {
			return -1, err
		}
		sum += n
	}
	return sum, nil
}

func (f not) bound(*run) (int, error) { return -1, nil }

func (f test) bound(*run) (int, error) {
	if !f.only {
		return -1, nil
	}
	return len(f.ids), nil
}

func (f narrowed) bound(r *run) (int, error) { return f.filter.bound(r) }

// bound of a condition on a related object that is named counts its links.
func (f related) bound(r *run) (int, error) {
	needed := f.one
	if needed == nil {
		needed = f.some
	}
	if f.field == nil || needed == nil {
		return -1, nil
	}
	n, err := needed.bound(r)
	if err != nil || n < 0 || n > mostNamed {
		return -1, err
	}
	objects, err := needed.among(r)
	if err != nil || objects == nil {
		return -1, err
	}
	sum, back := 0, mirrored(f.field)
	for _, id := range objects.ids {
		n, err := r.countRelated(id, back)
		if err != nil || n < 0 {
			return -1, err
		}
		sum += n
	}
	return sum, nil
}

// mostNamed is of how many objects links are counted.
const mostNamed = 64
