package query

import (
	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// group is the nodes of a connection that share the values of all keys.
type group struct {
	count, distinct  int
	earliest, latest edtf.Day
	dated            bool
}

// groupList are groups and the numbers of their keys' values, see keyValues: those
// of group i begin at i times the keys.
type groupList struct {
	all  []group
	keys []uint32
}

// groupsArguments are what groups was asked for.
type groupsArguments struct {
	by              []*schema.GroupKey
	distinct        *schema.GroupKey
	order           []string
	first, firstPer int // negative: all
}

func (p *pages) groupsArguments(r *run, f *collected) (a groupsArguments, bad *Error) {
	args, bad := r.arguments(f.field.Definition.Arguments, f.field.Arguments)
	if bad != nil {
		return a, bad
	}
	enum := p.source.class.Name + "Group"
	for _, value := range args["by"].([]any) {
		a.by = append(a.by, r.ontology.GroupKey(enum, value.(string)))
	}
	if len(a.by) == 0 {
		return a, errorf(BadUserInput, "by names no key: give at least one value of %s", enum).at("by")
	}
	if value, ok := args["distinct"].(string); ok {
		a.distinct = r.ontology.GroupKey(enum, value)
	}
	if list, ok := args["orderBy"].([]any); ok {
		for _, o := range list {
			a.order = append(a.order, o.(string))
		}
	}
	a.first, a.firstPer = -1, -1
	for _, limit := range []struct {
		name string
		to   *int
	}{{"first", &a.first}, {"firstPer", &a.firstPer}} {
		if n, ok := integer(args, limit.name); ok {
			if n < 0 {
				return a, errorf(BadUserInput, "%s must be 0 or more, not %d", limit.name, n).at(limit.name)
			}
			*limit.to = n
		}
	}
	return a, nil
}

// groups makes the column of a connection's groups.
func (p *pages) groups(r *run, f *collected) (column, error) {
	args, bad := p.groupsArguments(r, f)
	if bad != nil {
		return nil, bad
	}
	nodes := r.room.ids.take(len(p.found.all))[:len(p.found.all)]
	for i, it := range p.found.all {
		nodes[i] = it.to
	}
	of, err := p.grouping(r, f, nodes, args)
	if err != nil {
		return nil, err
	}
	var shown groupList
	var parents []row
	ends := make([]int, len(p.found.ends))
	begin := 0
	for i, end := range p.found.ends {
		of.begin()
		of.addAll(begin, end)
		begin = end
		for _, g := range args.keep(r, of) {
			shown.all = append(shown.all, of.groups.all[g])
			shown.keys = append(shown.keys, of.keysOf(g)...)
			parents = append(parents, p.source.rows[i])
		}
		ends[i] = len(shown.all)
	}
	r.trace.found(-1, len(shown.all))
	if err := r.count(occurrences(parents)); err != nil {
		return nil, err
	}
	groups, err := r.fields("Group", f, func(f *collected) (column, error) { return r.groupField(of, &shown, parents, f) })
	if err != nil {
		return nil, err
	}
	return r.atMostListed(f, &list{nonNull: true, itemNonNull: true, ends: ends, items: groups}, ends), nil
}

// grouping reads what the nodes are grouped by and what is told of the groups.
func (p *pages) grouping(r *run, f *collected, nodes []graph.ID, args groupsArguments) (*grouping, error) {
	keys := make([]*keyValues, len(args.by))
	for k, key := range args.by {
		var err error
		if keys[k], err = r.groupValues(nodes, key); err != nil {
			return nil, err
		}
	}
	of := newGrouping(keys)
	of.leading, of.plainly = args.leading(), r.straight()
	if args.distinct != nil {
		var err error
		if of.distinct, err = r.groupValues(nodes, args.distinct); err != nil {
			return nil, err
		}
	}
	if r.asks("Group", f, "earliest", "latest") {
		var err error
		if of.starts, err = r.startsOf(nodes, p.source.class); err != nil {
			return nil, err
		}
	}
	return of, nil
}

// startsOf reads the days that each node's start can mean; Range{Min: 1} stands
// for none. Nil for a class without a start.
func (r *run) startsOf(nodes []graph.ID, c *schema.Class) ([]edtf.Range, error) {
	f := c.Field("start")
	if f == nil {
		return nil, nil
	}
	times, err := r.shownIDs(nodes, f.Predicates[0], r.claimsFor(f.Class))
	if err != nil {
		return nil, err
	}
	out := make([]edtf.Range, len(nodes))
	for i, id := range times {
		days, ok := r.days(id, edtf.Past, edtf.Past)
		if !ok {
			days = edtf.Range{Min: 1}
		}
		out[i] = days
	}
	return out, nil
}

// groupField makes the column of one field of the groups.
func (r *run) groupField(of *grouping, shown *groupList, parents []row, f *collected) (column, error) {
	all := shown.all
	day := func(of func(*group) edtf.Day) *leaf {
		return &leaf{put: func(w *writer, i int) bool {
			d := of(&all[i])
			if !all[i].dated || d == edtf.Past || d == edtf.Future {
				return false
			}
			w.string(d.String())
			return true
		}}
	}
	switch f.field.Name {
	case "count":
		return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.int(all[i].count); return true }}, nil
	case "distinct":
		return &leaf{put: func(w *writer, i int) bool {
			if of.distinct == nil {
				return false
			}
			w.int(all[i].distinct)
			return true
		}}, nil
	case "earliest":
		return day(func(g *group) edtf.Day { return g.earliest }), nil
	case "latest":
		return day(func(g *group) edtf.Day { return g.latest }), nil
	case "keys":
		return r.groupKeys(of.keys, shown, parents, f)
	}
	panic("query: Group." + f.field.Name + " is derived by no rule")
}

func (r *run) groupKeys(by []*keyValues, shown *groupList, parents []row, f *collected) (column, error) {
	keys := make([]groupValue, 0, len(shown.keys))
	rows := make([]row, 0, len(shown.keys))
	ends := make([]int, len(shown.all))
	for i := range shown.all {
		around := r.inside(parents[i])
		for k, of := range by {
			v := of.value(shown.keys[i*len(by)+k])
			keys = append(keys, v)
			rows = append(rows, row{id: v.entity, around: around, more: parents[i].more})
		}
		ends[i] = len(keys)
	}
	items, err := r.fields("GroupKey", f, func(f *collected) (column, error) {
		if f.field.Name == "entity" {
			return r.nodeColumn(f, rows)
		}
		return &leaf{put: func(w *writer, i int) bool { return w.some(keys[i].text) }}, nil
	})
	return &list{nonNull: true, itemNonNull: true, ends: ends, items: items}, err
}
