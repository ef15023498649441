package query

import (
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// hop is a relation between two neighbours on a path.
type hop struct {
	to        graph.ID
	predicate graph.ID
	inverse   bool // walked from object to subject
	claims    []graph.ID
}

// path is a sequence of hops from a node on.
type path struct {
	from graph.ID
	hops []hop
}

// Bounds of one search.
const (
	longestPath   = 12
	mostPaths     = 1000
	mostExpanded  = 100_000 // nodes whose relations are read
	mostTriedHops = 5_000_000
)

// pathSearch looks for paths. A path is a sequence of different nodes; where
// several relations join two neighbours, the hop shows one: forwards before
// backwards, then by the predicate's place in the graph.
type pathSearch struct {
	run       *run
	from, to  graph.ID // to 0: every node that can be reached
	via, ends filter   // nil: none
	fields    map[string]bool
	directed  bool
	during    *edtf.Date
	inOrder   bool
	maxLength int

	near, back map[graph.ID][]hop // hops from a node; and, of a directed search, to it
	between    map[graph.ID]bool  // whether a node may lie between the ends
	untimely   map[graph.ID]bool  // nodes that are of another time than during
	tried      int
}

// rootPaths answers with paths, shortest first.
func (r *run) rootPaths(c *collected, args map[string]any) (column, error) {
	s, first, bad := r.pathSearch(args)
	if bad != nil {
		return nil, bad
	}
	if r.failed != nil {
		return nil, r.failed
	}
	mode, given := args["mode"].(string)
	if !given {
		mode = "SHORTEST"
	}
	found, err := s.find(mode, first)
	if err != nil {
		return nil, err
	}
	items, err := r.pathObjects(found, c)
	if err != nil {
		return nil, err
	}
	return &list{nonNull: true, itemNonNull: true, ends: []int{len(found)}, items: items}, nil
}

func (r *run) pathSearch(args map[string]any) (s *pathSearch, first int, bad *Error) {
	s = &pathSearch{run: r, near: map[graph.ID][]hop{}, back: map[graph.ID][]hop{}, between: map[graph.ID]bool{}, untimely: map[graph.ID]bool{}}
	if s.from, bad = r.id(args["from"].(string)); bad != nil {
		return nil, 0, bad.at("from")
	}
	if text, ok := args["to"].(string); ok {
		if s.to, bad = r.id(text); bad != nil {
			return nil, 0, bad.at("to")
		}
	} else if args["mode"] == "K_SHORTEST" {
		return nil, 0, errorf(BadUserInput, "K_SHORTEST needs an end: give to").at("mode")
	}
	for _, condition := range []struct {
		name string
		to   *filter
	}{{"via", &s.via}, {"ends", &s.ends}} {
		where, ok := args[condition.name].(map[string]any)
		if !ok {
			continue
		}
		if *condition.to, bad = r.where(r.ontology.Class("Entity"), where); bad != nil {
			return nil, 0, bad.at(condition.name)
		}
		if (*condition.to).open() {
			return nil, 0, errorf(BadUserInput, "nothing is around a path: name an event or a date instead of enclosing").at(condition.name)
		}
	}
	if list, ok := args["fields"].([]any); ok {
		s.fields = enumSet(list)
		for name := range s.fields {
			if !r.isRelation(name) {
				return nil, 0, errorf(BadUserInput, "no class has a relation %q: give names of fields such as visitors or destination", name).at("fields")
			}
		}
	}
	if text, ok := args["during"].(string); ok {
		d, err := edtf.Parse(text)
		if err != nil {
			return nil, 0, errorf(BadTime, "%v", err).at("during")
		}
		s.during = &d
	}
	s.directed, _ = args["directed"].(bool)
	s.inOrder, _ = args["inTimeOrder"].(bool)
	s.maxLength, first = 4, 1
	for _, limit := range []struct {
		name string
		to   *int
		most int
	}{{"maxLength", &s.maxLength, longestPath}, {"first", &first, mostPaths}} {
		if n, ok := integer(args, limit.name); ok {
			if n < 0 {
				return nil, 0, errorf(BadUserInput, "%s must be 0 or more, not %d", limit.name, n).at(limit.name)
			}
			if n > limit.most {
				return nil, 0, errorf(LimitExceeded, "%s is at most %d, not %d", limit.name, limit.most, n).at(limit.name)
			}
			*limit.to = n
		}
	}
	return s, first, nil
}

// isRelation reports whether some class has a relation of that name, as stated.
func (r *run) isRelation(name string) bool {
	return slices.ContainsFunc(r.ontology.Classes, func(c *schema.Class) bool {
		f := c.Field(name)
		return f != nil && f.Kind == schema.Relation && !f.Inverse
	})
}

// expand reads the hops from (or, of a directed search, back to) each node.
func (s *pathSearch) expand(nodes []graph.ID, back bool) error {
	known := s.near
	if back && s.directed {
		known = s.back
	}
	var fresh []graph.ID
	for _, id := range nodes {
		if _, seen := known[id]; !seen {
			known[id] = nil
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if len(s.near)+len(s.back) > mostExpanded {
		return errorf(CostExceeded, "the search looks at more than %d entities: narrow it with fields, via or during, or give a smaller maxLength", mostExpanded)
	}
	slices.Sort(fresh)
	directions := []bool{false, true}
	if s.directed {
		directions = []bool{back}
	}
	for _, inverse := range directions {
		hops, err := s.run.hopsFrom(fresh, inverse, s.fields)
		if err != nil {
			return err
		}
		for i, id := range fresh {
			known[id] = append(known[id], hops[i]...)
		}
	}
	var reached []graph.ID
	for _, id := range fresh {
		// One hop to each neighbour: the first in the order above.
		slices.SortFunc(known[id], compareHops)
		known[id] = slices.CompactFunc(known[id], func(a, b hop) bool { return a.to == b.to })
		for _, h := range known[id] {
			reached = append(reached, h.to)
		}
	}
	return s.judge(reached)
}

// judge decides for each node whether it may lie between the ends of a path.
func (s *pathSearch) judge(nodes []graph.ID) error {
	var fresh []row
	for _, id := range nodes {
		if _, seen := s.between[id]; !seen {
			s.between[id] = true
			fresh = append(fresh, row{id: id})
		}
	}
	if s.during != nil || s.inOrder {
		if err := s.run.stretchOf(ids(fresh)); err != nil {
			return err
		}
	}
	if s.via != nil && len(fresh) > 0 {
		met, err := s.via.meets(s.run, fresh)
		if err != nil {
			return err
		}
		for i, row := range fresh {
			s.between[row.id] = met[i]
		}
	}
	if s.during == nil {
		return nil
	}
	var q edtf.Readings
	for _, row := range fresh {
		if c := s.run.class(row.id); c == nil || c.Time == schema.Timeless {
			continue
		}
		at := s.run.stretches[row.id]
		q.Reset()
		q.Relate(q.Stretch(at.Stretch), edtf.Intersects, q.Stretch(s.during.Stretch()), edtf.Duration{})
		if !at.known || !q.Holds(edtf.Definite) {
			s.between[row.id], s.untimely[row.id] = false, true
		}
	}
	return nil
}

// dayAfter returns the day that the search has come to after a node, in time
// order; false if the node has no time, or is surely or possibly over before.
func (s *pathSearch) dayAfter(id graph.ID, day edtf.Day) (edtf.Day, bool) {
	if !s.inOrder {
		return day, true
	}
	if c := s.run.class(id); c == nil || c.Time == schema.Timeless {
		return day, true
	}
	at := s.run.stretches[id]
	if !at.known || at.Start.Min > at.End.Max || max(at.End.Min, at.Start.Min) < day {
		return day, false
	}
	return max(day, min(at.Start.Max, at.End.Max)), true
}
