package query

import (
	"slices"
	"sync"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// path is a sequence of different entities, each joined to the next.
type path []graph.ID

// hops is the number of its steps.
func (p path) hops() int { return len(p) - 1 }

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

	ways   []*way // that hops may follow
	memory *pathMemory
	looked int // nodes whose hops were read
	tried  int

	between    []*schema.Class // that strides go through; nil: there are none
	kept       *neighbourhood
	fieldNames string // that it keeps neighbours by

	lastType  graph.ID // whose class was looked up last
	lastClass *schema.Class
	counted   struct { // what counts of a class, asked last
		class     *schema.Class
		back      bool
		forwards  int
		backwards []*way
	}
}

// pathMemory is what a search works in.
type pathMemory struct {
	near, back pathSide
	level      pathLevel // of a search from one end
	fresh, met nodeSet
	// judged are the nodes of which it is known whether they may lie between the
	// ends; barred may not; untimely are those of another time than during.
	judged, barred, untimely nodeSet

	some, rest    []graph.ID
	unsure, pairs []nodeHop
	links         graph.Links
	ends          [hopsAtOnce]graph.ID
	places        [hopsAtOnce]graph.Place

	nearStrides, backStrides strideSide
	on                       []nodeSet // see alongStrides
	steps                    []strideStep
	numbers                  [hopsAtOnce]uint32
	done                     []uint64 // by number of an object, a bit each
}

var pathMemories = sync.Pool{New: func() any { return &pathMemory{} }}

// mostKept is how many hops a search may have read and still leave its memory to
// the next.
const mostKept = 1 << 20

func (m *pathMemory) release() {
	read := len(m.links.All) + len(m.level.hops) + len(m.steps)
	for _, side := range []*pathSide{&m.near, &m.back} {
		side.seen.reset()
		for i := range side.told {
			side.told[i].reset()
		}
		for i := range side.levels {
			read += len(side.levels[i].hops)
		}
	}
	for _, s := range []*nodeSet{&m.fresh, &m.met, &m.judged, &m.barred, &m.untimely} {
		s.reset()
	}
	m.nearStrides.reset()
	m.backStrides.reset()
	for i := range m.on {
		m.on[i].reset()
	}
	if read <= mostKept {
		pathMemories.Put(m)
	}
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
	items, err := r.pathObjects(found, s.fields, c)
	if err != nil {
		return nil, err
	}
	return &list{nonNull: true, itemNonNull: true, ends: []int{len(found)}, items: items}, nil
}

func (r *run) pathSearch(args map[string]any) (s *pathSearch, first int, bad *Error) {
	s = &pathSearch{run: r}
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

// judge decides for each node whether it may lie between the ends of a path.
func (s *pathSearch) judge(nodes []graph.ID) error {
	if s.via == nil && s.during == nil && !s.inOrder {
		return nil
	}
	m := s.memory
	var fresh []row
	for _, id := range nodes {
		if m.judged.add(id) {
			fresh = append(fresh, row{id: id})
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if s.during != nil || s.inOrder {
		if err := s.run.stretchOf(ids(fresh)); err != nil {
			return err
		}
	}
	if s.via != nil {
		met, err := s.via.meets(s.run, fresh)
		if err != nil {
			return err
		}
		for i, row := range fresh {
			if !met[i] {
				m.barred.add(row.id)
			}
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
			m.barred.add(row.id)
			m.untimely.add(row.id)
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
