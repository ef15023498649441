package query

import (
	"slices"

	"chancery/graph"
)

// pathObjects runs a selection over paths whose steps are relations that the
// fields show.
func (r *run) pathObjects(of []path, fields map[string]bool, c *collected) (column, error) {
	if err := r.count(len(of)); err != nil {
		return nil, err
	}
	return r.fields("Path", c, func(f *collected) (column, error) {
		switch f.field.Name {
		case "length":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.int(of[i].hops()); return true }}, nil
		case "events":
			return r.pathEvents(of)
		}
		steps := pathSteps{fields: fields}
		ends := make([]int, len(of))
		for i, p := range of {
			steps.from = append(steps.from, p[:p.hops()]...)
			steps.to = append(steps.to, p[1:]...)
			ends[i] = len(steps.to)
		}
		items, err := r.stepObjects(&steps, f)
		return &list{nonNull: true, itemNonNull: true, ends: ends, items: items}, err
	})
}

// pathEvents counts the events between the ends of each path.
func (r *run) pathEvents(of []path) (column, error) {
	var between []graph.ID
	ends := make([]int, len(of))
	for i, p := range of {
		between = append(between, p[1:max(1, p.hops())]...)
		ends[i] = len(between)
	}
	if err := r.classify(between); err != nil {
		return nil, err
	}
	event := r.ontology.Class("Event")
	counts := make([]int, len(of))
	start := 0
	for i, end := range ends {
		for _, id := range between[start:end] {
			if c := r.class(id); c != nil && c.Is(event) {
				counts[i]++
			}
		}
		start = end
	}
	return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.int(counts[i]); return true }}, nil
}

// pathSteps are steps of paths, from and to neighbours.
type pathSteps struct {
	from, to []graph.ID
	fields   map[string]bool // that may show the relations
	hops     []hop           // once they are read
}

// read reads what relations the steps show.
func (s *pathSteps) read(r *run) error {
	if s.hops != nil {
		return nil
	}
	nodes := append(slices.Clone(s.from), s.to...)
	slices.Sort(nodes)
	nodes = slices.Compact(nodes)
	read, err := r.hopsFrom(nodes, s.fields)
	if err != nil {
		return err
	}
	forwards := make(map[graph.ID][]hop, len(nodes))
	for i, id := range nodes {
		forwards[id] = read[i]
	}
	s.hops = make([]hop, len(s.to))
	for i, to := range s.to {
		s.hops[i] = joining(s.from[i], to, forwards)
	}
	return nil
}

// stepObjects runs a selection over steps.
func (r *run) stepObjects(s *pathSteps, c *collected) (column, error) {
	if err := r.count(len(s.to)); err != nil {
		return nil, err
	}
	from, to := rowsOf(s.from), rowsOf(s.to)
	return r.fields("PathStep", c, func(f *collected) (column, error) {
		switch f.field.Name {
		case "from":
			return r.nodeColumn(f, from)
		case "to":
			return r.nodeColumn(f, to)
		}
		if err := s.read(r); err != nil {
			return nil, err
		}
		hops := s.hops
		switch f.field.Name {
		case "field":
			return &leaf{put: func(w *writer, i int) bool {
				subject := s.from[i]
				if hops[i].inverse {
					subject = s.to[i]
				}
				return w.some(r.fieldOf(fact{subject: subject, predicate: hops[i].predicate}))
			}}, nil
		case "predicate":
			return r.predicateColumn(func(i int) graph.ID { return hops[i].predicate }), nil
		case "inverse":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.boolean(hops[i].inverse); return true }}, nil
		case "claims":
			claims := make([][]graph.ID, len(hops))
			for i, h := range hops {
				claims[i] = slices.Compact(slices.Sorted(slices.Values(h.claims)))
			}
			return r.claimLists(claims, from, f)
		}
		panic("query: PathStep." + f.field.Name + " is derived by no rule")
	})
}
