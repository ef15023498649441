package query

import (
	"cmp"
	"encoding/binary"
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

// keyValues are the values of a key for each of a list of nodes, each value by a
// number. Number 0 is nothing, which a node without a value has.
type keyValues struct {
	values  []groupValue // by number
	numbers map[groupValue]uint32
	all     []uint32
	ends    []int    // of each node, in all
	ranks   []uint32 // of each number in the order of keys; nil until they are needed
}

func newKeyValues(nodes int) *keyValues {
	return &keyValues{
		values: []groupValue{{}}, numbers: map[groupValue]uint32{{}: 0},
		all: make([]uint32, 0, nodes), ends: make([]int, 0, nodes),
	}
}

// put gives the node that comes next one more value, if it does not have it yet.
func (k *keyValues) put(v groupValue) {
	n, seen := k.numbers[v]
	if !seen {
		n = uint32(len(k.values))
		k.numbers[v] = n
		k.values = append(k.values, v)
	}
	if !slices.Contains(k.all[k.end():], n) {
		k.all = append(k.all, n)
	}
}

// next ends the node.
func (k *keyValues) next() {
	if len(k.all) == k.end() {
		k.all = append(k.all, 0)
	}
	k.ends = append(k.ends, len(k.all))
}

// end is where the values of the nodes so far end.
func (k *keyValues) end() int {
	if len(k.ends) == 0 {
		return 0
	}
	return k.ends[len(k.ends)-1]
}

func (k *keyValues) of(node int) []uint32 {
	begin := 0
	if node > 0 {
		begin = k.ends[node-1]
	}
	return k.all[begin:k.ends[node]]
}

// different returns how many values, nothing not counted, those of the nodes have
// that are met; nil: all of them.
func (k *keyValues) different(met []bool, of []int) int {
	seen := map[uint32]bool{0: true}
	for _, i := range of {
		if met == nil || met[i] {
			for _, n := range k.of(i) {
				seen[n] = true
			}
		}
	}
	return len(seen) - 1
}

// rank fills in the ranks: entities by id, texts by code point, by ascending text.
func (k *keyValues) rank(r *run) {
	if k.ranks != nil {
		return
	}
	texts := make([]string, len(k.values))
	numbers := make([]uint32, len(k.values))
	for n, v := range k.values {
		texts[n], numbers[n] = r.keyText(v), uint32(n)
	}
	slices.SortFunc(numbers, func(a, b uint32) int { return cmp.Compare(texts[a], texts[b]) })
	k.ranks = make([]uint32, len(k.values))
	for rank, n := range numbers {
		k.ranks[n] = uint32(rank)
	}
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

// keyText is what keys are ordered by: an entity's id, or the text.
func (r *run) keyText(v groupValue) string {
	if v.entity != 0 {
		return r.view.Name(v.entity)
	}
	return v.text
}

// groupValues reads the values of a key for each node.
func (r *run) groupValues(nodes []graph.ID, key *schema.GroupKey) (*keyValues, error) {
	out := newKeyValues(len(nodes))
	switch {
	case key.Field == nil:
		if err := r.classify(nodes); err != nil {
			return nil, err
		}
		if err := r.classifySubjects(nodes); err != nil {
			return nil, err
		}
		for _, id := range nodes {
			if text := r.keyOf(id, key.Value); text != "" {
				out.put(groupValue{text: text})
			}
			out.next()
		}
		return out, nil
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
			return out, r.readLiteralKeys(out, reached, f, key.Period)
		}
		var err error
		if reached, err = r.relateAgain(reached, f); err != nil {
			return nil, err
		}
	}
	for i := range nodes {
		for _, it := range reached.of(i) {
			out.put(groupValue{entity: it.to})
		}
		out.next()
	}
	return out, nil
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
		if c := r.class(id); c != nil {
			return c.Enum
		}
	case "FIELD":
		return r.fieldOf(r.fact(id))
	case "KIND":
		return r.change(id).kind()
	}
	return ""
}

func (r *run) readLiteralKeys(out *keyValues, reached *items, f *schema.Field, period schema.Period) error {
	all := make([]graph.ID, len(reached.all))
	for i, it := range reached.all {
		all[i] = it.to
	}
	if period != schema.NoPeriod && f.Predicates[0].Single {
		return r.readPeriods(out, all, reached.ends, f, period)
	}
	values, err := r.values(all, f)
	if err != nil {
		return err
	}
	begin := 0
	for _, end := range reached.ends {
		for ; begin < end; begin++ {
			for _, v := range values.of(begin) {
				text := v.term.Text
				if period != schema.NoPeriod {
					text = r.periodOf(v.id, f, period)
				}
				if text != "" {
					out.put(groupValue{text: text})
				}
			}
		}
		out.next()
	}
	return nil
}

// readPeriods reads the period of each node's one time; ends are those of the nodes
// that lead to them.
func (r *run) readPeriods(out *keyValues, of []graph.ID, ends []int, f *schema.Field, period schema.Period) error {
	s, err := r.show(of, f.Predicates[0], r.claimsFor(f.Class))
	if err != nil {
		return err
	}
	names := map[graph.ID]string{0: ""}
	begin := 0
	for _, end := range ends {
		for ; begin < end; begin++ {
			id := s.value(begin)
			name, seen := names[id]
			if !seen {
				name = r.periodOf(id, f, period)
				names[id] = name
			}
			if name != "" {
				out.put(groupValue{text: name})
			}
		}
		out.next()
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
