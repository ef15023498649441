package query

import (
	"cmp"
	"encoding/binary"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// groupValue is one value of a key: an entity, a text, or nothing.
type groupValue struct {
	entity graph.ID
	text   string // with entity 0 and no text: nothing
}

// group is the nodes of a connection that share the values of all keys.
type group struct {
	keys             []uint32 // numbers of values, see keyValues
	count            int
	distinct         map[uint32]bool // nil: not asked for
	earliest, latest edtf.Day
	dated            bool
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
	nodes := make([]graph.ID, len(p.found.all))
	for i, it := range p.found.all {
		nodes[i] = it.to
	}
	of := &grouping{keys: make([]*keyValues, len(args.by))}
	for k, key := range args.by {
		var err error
		if of.keys[k], err = r.groupValues(nodes, key); err != nil {
			return nil, err
		}
	}
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
	var all []*group
	var parents []row
	ends := make([]int, len(p.found.ends))
	begin := 0
	for i, end := range p.found.ends {
		of.begin()
		for ; begin < end; begin++ {
			of.add(begin)
		}
		kept := args.keep(r, of)
		all = append(all, kept...)
		for range kept {
			parents = append(parents, p.source.rows[i])
		}
		ends[i] = len(all)
	}
	if err := r.count(len(all)); err != nil {
		return nil, err
	}
	groups, err := r.fields("Group", f, func(f *collected) (column, error) { return r.groupField(of.keys, all, parents, f) })
	if err != nil {
		return nil, err
	}
	return r.atMostListed(f, &list{nonNull: true, itemNonNull: true, ends: ends, items: groups}, ends), nil
}

// grouping collects the groups of one connection after the other.
type grouping struct {
	keys     []*keyValues
	distinct *keyValues   // nil: not asked for
	starts   []edtf.Range // of the nodes; nil: not asked for
	groups   []*group
	at       map[string]int // index of the group with the numbers
	key      []byte         // a group's numbers
	turn     []int          // which of its values each key of a node is at
}

func (g *grouping) begin() { g.groups, g.at, g.turn = nil, map[string]int{}, make([]int, len(g.keys)) }

// add counts a node once in every combination of its keys' values.
func (g *grouping) add(node int) {
	clear(g.turn)
	for more := true; more; {
		g.key = g.key[:0]
		for k, of := range g.keys {
			g.key = binary.LittleEndian.AppendUint32(g.key, of.of(node)[g.turn[k]])
		}
		i, seen := g.at[string(g.key)]
		if !seen {
			i = len(g.groups)
			g.at[string(g.key)] = i
			numbers := make([]uint32, len(g.keys))
			for k, of := range g.keys {
				numbers[k] = of.of(node)[g.turn[k]]
			}
			g.groups = append(g.groups, &group{keys: numbers})
		}
		g.count(g.groups[i], node)
		more = false
		for k := len(g.keys) - 1; k >= 0 && !more; k-- {
			g.turn[k]++
			if more = g.turn[k] < len(g.keys[k].of(node)); !more {
				g.turn[k] = 0
			}
		}
	}
}

func (g *grouping) count(of *group, node int) {
	of.count++
	if g.distinct != nil {
		if of.distinct == nil {
			of.distinct = map[uint32]bool{}
		}
		for _, n := range g.distinct.of(node) {
			if n != 0 {
				of.distinct[n] = true
			}
		}
	}
	if g.starts != nil && g.starts[node] != (edtf.Range{Min: 1}) {
		of.reach(g.starts[node])
	}
}

func (g *group) reach(start edtf.Range) {
	if !g.dated {
		g.earliest, g.latest, g.dated = start.Min, start.Max, true
		return
	}
	g.earliest, g.latest = min(g.earliest, start.Min), max(g.latest, start.Max)
}

// startsOf reads the days that each node's start can mean; Range{Min: 1} stands
// for none. Nil for a class without a start.
func (r *run) startsOf(nodes []graph.ID, c *schema.Class) ([]edtf.Range, error) {
	f := c.Field("start")
	if f == nil {
		return nil, nil
	}
	s, err := r.show(nodes, f.Predicates[0], r.claimsFor(f.Class))
	if err != nil {
		return nil, err
	}
	out := make([]edtf.Range, len(nodes))
	for i := range nodes {
		days, ok := r.days(s.value(i), edtf.Past, edtf.Past)
		if !ok {
			days = edtf.Range{Min: 1}
		}
		out[i] = days
	}
	return out, nil
}

// keep orders the groups and keeps those that are asked for.
func (a *groupsArguments) keep(r *run, of *grouping) []*group {
	for _, k := range of.keys {
		k.rank(r)
	}
	all := of.groups
	slices.SortFunc(all, func(x, y *group) int {
		for _, o := range a.order {
			if c := of.compare(o, x, y); c != 0 {
				return c
			}
		}
		return of.compare("KEYS_ASC", x, y)
	})
	if a.firstPer >= 0 {
		per := map[uint32]int{}
		all = slices.DeleteFunc(all, func(g *group) bool {
			per[g.keys[0]]++
			return per[g.keys[0]] > a.firstPer
		})
	}
	if a.first >= 0 {
		all = all[:min(len(all), a.first)]
	}
	return all
}

func (g *grouping) compare(order string, x, y *group) int {
	switch order {
	case "COUNT_DESC":
		return cmp.Compare(y.count, x.count)
	case "COUNT_ASC":
		return cmp.Compare(x.count, y.count)
	case "DISTINCT_DESC":
		return cmp.Compare(len(y.distinct), len(x.distinct))
	}
	for k, of := range g.keys {
		a, b := x.keys[k], y.keys[k]
		switch {
		case a == b:
			continue
		case b == 0: // nothing comes last both ways
			return -1
		case a == 0:
			return 1
		case order == "KEYS_DESC":
			return cmp.Compare(of.ranks[b], of.ranks[a])
		}
		return cmp.Compare(of.ranks[a], of.ranks[b])
	}
	return 0
}

// groupField makes the column of one field of the groups.
func (r *run) groupField(by []*keyValues, all []*group, parents []row, f *collected) (column, error) {
	day := func(of func(*group) edtf.Day) *leaf {
		return &leaf{put: func(w *writer, i int) bool {
			d := of(all[i])
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
			if all[i].distinct == nil {
				return false
			}
			w.int(len(all[i].distinct))
			return true
		}}, nil
	case "earliest":
		return day(func(g *group) edtf.Day { return g.earliest }), nil
	case "latest":
		return day(func(g *group) edtf.Day { return g.latest }), nil
	case "keys":
		return r.groupKeys(by, all, parents, f)
	}
	panic("query: Group." + f.field.Name + " is derived by no rule")
}

func (r *run) groupKeys(by []*keyValues, all []*group, parents []row, f *collected) (column, error) {
	var keys []groupValue
	var rows []row
	ends := make([]int, len(all))
	for i, g := range all {
		for k, number := range g.keys {
			v := by[k].values[number]
			keys = append(keys, v)
			rows = append(rows, row{id: v.entity, around: r.inside(parents[i])})
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
