package query

import (
	"cmp"
	"fmt"
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
	keys             []groupValue
	count            int
	distinct         map[groupValue]bool // nil: not asked for
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
	keys := make([][][]groupValue, len(args.by)) // by key, then by node
	for k, key := range args.by {
		var err error
		if keys[k], err = r.groupValues(nodes, key); err != nil {
			return nil, err
		}
	}
	var distinct [][]groupValue
	if args.distinct != nil {
		var err error
		if distinct, err = r.groupValues(nodes, args.distinct); err != nil {
			return nil, err
		}
	}
	starts, err := r.startsOf(nodes, p.source.class)
	if err != nil {
		return nil, err
	}
	var all []*group
	var parents []row
	ends := make([]int, len(p.found.ends))
	begin := 0
	for i, end := range p.found.ends {
		of := newGrouping(len(args.by))
		for ; begin < end; begin++ {
			of.add(keys, distinct, starts, begin)
		}
		kept := args.keep(r, of.groups)
		all = append(all, kept...)
		for range kept {
			parents = append(parents, p.source.rows[i])
		}
		ends[i] = len(all)
	}
	if err := r.count(len(all)); err != nil {
		return nil, err
	}
	groups, err := r.fields("Group", f, func(f *collected) (column, error) { return r.groupField(all, parents, f) })
	if err != nil {
		return nil, err
	}
	return r.atMostListed(f, &list{nonNull: true, itemNonNull: true, ends: ends, items: groups}, ends), nil
}

// grouping collects the groups of one connection.
type grouping struct {
	width  int
	groups []*group
	at     map[string]int
	key    []byte
	values []groupValue
}

func newGrouping(width int) *grouping {
	return &grouping{width: width, at: map[string]int{}, values: make([]groupValue, width)}
}

// add counts a node once in every combination of its keys' values.
func (g *grouping) add(keys [][][]groupValue, distinct [][]groupValue, starts []edtf.Range, node int) {
	var combine func(k int)
	combine = func(k int) {
		if k < g.width {
			for _, v := range keys[k][node] {
				g.values[k] = v
				combine(k + 1)
			}
			return
		}
		g.key = g.key[:0]
		for _, v := range g.values {
			g.key = fmt.Appendf(g.key, "%x %q,", uint64(v.entity), v.text)
		}
		i, seen := g.at[string(g.key)]
		if !seen {
			i = len(g.groups)
			g.at[string(g.key)] = i
			g.groups = append(g.groups, &group{keys: slices.Clone(g.values)})
		}
		of := g.groups[i]
		of.count++
		if distinct != nil {
			if of.distinct == nil {
				of.distinct = map[groupValue]bool{}
			}
			for _, v := range distinct[node] {
				if v != (groupValue{}) {
					of.distinct[v] = true
				}
			}
		}
		if starts != nil && starts[node] != (edtf.Range{Min: 1}) {
			of.reach(starts[node])
		}
	}
	combine(0)
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
	values, err := r.values(nodes, f)
	if err != nil {
		return nil, err
	}
	out := make([]edtf.Range, len(nodes))
	for i := range nodes {
		days, ok := r.days(values.first(i).id, edtf.Past, edtf.Past)
		if !ok {
			days = edtf.Range{Min: 1}
		}
		out[i] = days
	}
	return out, nil
}

// keep orders the groups and keeps those that are asked for.
func (a *groupsArguments) keep(r *run, all []*group) []*group {
	slices.SortFunc(all, func(x, y *group) int {
		for _, o := range a.order {
			if c := compareGroups(r, o, x, y); c != 0 {
				return c
			}
		}
		return compareGroups(r, "KEYS_ASC", x, y)
	})
	if a.firstPer >= 0 {
		per := map[groupValue]int{}
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

func compareGroups(r *run, order string, x, y *group) int {
	switch order {
	case "COUNT_DESC":
		return cmp.Compare(y.count, x.count)
	case "COUNT_ASC":
		return cmp.Compare(x.count, y.count)
	case "DISTINCT_DESC":
		return cmp.Compare(len(y.distinct), len(x.distinct))
	}
	for k := range x.keys {
		a, b := x.keys[k], y.keys[k]
		if a == b {
			continue
		}
		// Nothing comes last both ways.
		if a == (groupValue{}) || b == (groupValue{}) {
			if b == (groupValue{}) {
				return -1
			}
			return 1
		}
		c := cmp.Compare(r.keyText(a), r.keyText(b))
		if order == "KEYS_DESC" {
			c = -c
		}
		return c
	}
	return 0
}

// keyText is what keys are ordered by: an entity's id, or the text.
func (r *run) keyText(v groupValue) string {
	if v.entity != 0 {
		return r.view.Name(v.entity)
	}
	return v.text
}

// groupValues reads the values of a key for each node, each once; nothing where
// it has none.
func (r *run) groupValues(nodes []graph.ID, key *schema.GroupKey) ([][]groupValue, error) {
	out := make([][]groupValue, len(nodes))
	if err := r.readGroupValues(out, nodes, key); err != nil {
		return nil, err
	}
	for i, values := range out {
		if len(values) == 0 {
			out[i] = []groupValue{{}}
		}
	}
	return out, nil
}

func (r *run) readGroupValues(out [][]groupValue, nodes []graph.ID, key *schema.GroupKey) error {
	switch {
	case key.Field == nil:
		if err := r.classify(nodes); err != nil {
			return err
		}
		if err := r.classifySubjects(nodes); err != nil {
			return err
		}
		for i, id := range nodes {
			if text := r.keyOf(id, key.Value); text != "" {
				out[i] = []groupValue{{text: text}}
			}
		}
		return nil
	case len(nodes) > 0 && nodes[0].Space() == changeSpace:
		claims := make([]graph.ID, len(nodes))
		for i, id := range nodes {
			claims[i] = r.change(id).claim
		}
		nodes = claims
	}
	reached := &items{all: make([]item, len(nodes)), ends: make([]int, len(nodes))}
	for i, id := range nodes {
		reached.all[i], reached.ends[i] = item{to: id}, i+1
	}
	for _, f := range append([]*schema.Field{key.Field}, key.Through...) {
		if f.Kind != schema.Relation {
			return r.readLiteralKeys(out, reached, f, key.Period)
		}
		var err error
		if reached, err = r.relateAgain(reached, f); err != nil {
			return err
		}
	}
	for i := range out {
		for _, it := range reached.of(i) {
			out[i] = append(out[i], groupValue{entity: it.to})
		}
	}
	return nil
}

// classifySubjects looks up the classes of the subjects of facts.
func (r *run) classifySubjects(nodes []graph.ID) error {
	var subjects []graph.ID
	for _, id := range nodes {
		if id.Space() == factSpace {
			subjects = append(subjects, r.fact(id).subject)
		}
	}
	if err := r.classify(subjects); err != nil {
		return err
	}
	return r.classifyFormer(subjects)
}

// keyOf is the value of a key that no field shows.
func (r *run) keyOf(id graph.ID, key string) string {
	switch key {
	case "CLASS":
		if c := r.classes[id]; c != nil {
			return c.Enum
		}
	case "FIELD":
		return r.fieldOf(r.fact(id))
	case "KIND":
		return r.change(id).kind()
	}
	return ""
}

func (r *run) readLiteralKeys(out [][]groupValue, reached *items, f *schema.Field, period schema.Period) error {
	all := make([]graph.ID, len(reached.all))
	for i, it := range reached.all {
		all[i] = it.to
	}
	values, err := r.values(all, f)
	if err != nil {
		return err
	}
	begin := 0
	for i, end := range reached.ends {
		for ; begin < end; begin++ {
			for _, v := range values.of(begin) {
				text := v.term.Text
				if period != schema.NoPeriod {
					text = r.periodOf(v.id, f, period)
				}
				if g := (groupValue{text: text}); text != "" && !slices.Contains(out[i], g) {
					out[i] = append(out[i], g)
				}
			}
		}
	}
	return nil
}

// periodOf names the period that a time falls into; empty where it spans more
// than one.
func (r *run) periodOf(id graph.ID, f *schema.Field, period schema.Period) string {
	var days edtf.Range
	if f.Value == schema.Moment {
		day := edtf.DayOf(id.Moment())
		days = edtf.Range{Min: day, Max: day}
	} else {
		var ok bool
		if days, ok = r.days(id, edtf.Past, edtf.Future); !ok || days.Min == edtf.Past || days.Max == edtf.Future {
			return ""
		}
	}
	first := periodName(days.Min, period)
	if first != periodName(days.Max, period) {
		return ""
	}
	return first
}

func periodName(d edtf.Day, period schema.Period) string {
	text := d.String() // YYYY-MM-DD
	year := text[:len(text)-len("-MM-DD")]
	switch period {
	case schema.Year:
		return year
	case schema.Quarter:
		_, month, _ := d.Civil()
		return fmt.Sprintf("%s-Q%d", year, (month+2)/3)
	case schema.Month:
		return text[:len(text)-len("-DD")]
	}
	return text
}

// groupField makes the column of one field of the groups.
func (r *run) groupField(all []*group, parents []row, f *collected) (column, error) {
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
		return r.groupKeys(all, parents, f)
	}
	panic("query: Group." + f.field.Name + " is derived by no rule")
}

func (r *run) groupKeys(all []*group, parents []row, f *collected) (column, error) {
	var keys []groupValue
	var rows []row
	ends := make([]int, len(all))
	for i, g := range all {
		for _, k := range g.keys {
			keys = append(keys, k)
			rows = append(rows, row{id: k.entity, around: r.inside(parents[i])})
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
