package naive

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// group is the nodes of a connection that share the values of all keys. A value
// is a graph.ID, a string or nil.
type group struct {
	keys     []any
	nodes    []any
	distinct []any // values, each once; nil: not asked for
	starts   []edtf.Date
	around   *surrounding
}

// groupKey is one value of a group.
type groupKey struct {
	value  any
	around *surrounding
}

// groups makes the groups of a connection of the type's nodes.
func (r *run) groups(p *page, typeName string, args map[string]any) (any, fault) {
	by := args["by"].([]any)
	first, someFirst := args["first"].(int64)
	firstPer, somePer := args["firstPer"].(int64)
	if len(by) == 0 || first < 0 || firstPer < 0 {
		return nil, badUserInput
	}
	var groups []*group
	for _, e := range p.all {
		var values [][]any
		for _, key := range by {
			values = append(values, r.groupValues(e.node, typeName, key.(string)))
		}
		for _, keys := range combinations(values) {
			i := slices.IndexFunc(groups, func(g *group) bool { return slices.Equal(g.keys, keys) })
			if i < 0 {
				i = len(groups)
				groups = append(groups, &group{keys: keys, around: p.around})
			}
			groups[i].nodes = append(groups[i].nodes, e.node)
		}
	}
	for _, g := range groups {
		for _, node := range g.nodes {
			r.measure(g, node, typeName, args["distinct"])
		}
	}
	slices.SortFunc(groups, func(a, b *group) int { return r.compareGroups(a, b, args["orderBy"]) })
	kept := []any{}
	per := map[any]int64{}
	for _, g := range groups {
		if per[g.keys[0]]++; somePer && per[g.keys[0]] > firstPer || someFirst && int64(len(kept)) == first {
			continue
		}
		kept = append(kept, g)
	}
	return kept, ""
}

// combinations are all ways to take one value from each list.
func combinations(lists [][]any) [][]any {
	all := [][]any{nil}
	for _, list := range lists {
		var longer [][]any
		for _, begin := range all {
			for _, v := range list {
				longer = append(longer, append(slices.Clone(begin), v))
			}
		}
		all = longer
	}
	return all
}

// measure adds to a group what a node has of the property that is counted, and
// its start.
func (r *run) measure(g *group, node any, typeName string, distinct any) {
	if distinct != nil {
		if g.distinct == nil {
			g.distinct = []any{}
		}
		for _, v := range r.groupValues(node, typeName, distinct.(string)) {
			if v != nil && !slices.Contains(g.distinct, v) {
				g.distinct = append(g.distinct, v)
			}
		}
	}
	v, isEntity := node.(entityValue)
	if !isEntity || r.o.Class(typeName).Field("start") == nil {
		return
	}
	if start, has := r.dateOf(v.id, "start"); has {
		g.starts = append(g.starts, start)
	}
}

// groupValues are the values of a key that a node has, each once; a single nil
// where it has none.
func (r *run) groupValues(node any, typeName, key string) []any {
	var values []any
	switch v := node.(type) {
	case entityValue:
		values = r.keysOfEntity(v, typeName, key)
	case claimValue:
		values = r.keysOfClaim(v.claim, key)
	case changeValue:
		if key == "KIND" {
			values = []any{v.kind()}
		} else {
			values = r.keysOfClaim(v.claim, key)
		}
	case factValue:
		if key != "FIELD" {
			panic(noRuleError{"FactGroup", key})
		}
		if name := r.fieldName(v.statement); name != "" {
			values = []any{name}
		}
	}
	if len(values) == 0 {
		return []any{nil}
	}
	return values
}

func (r *run) keysOfEntity(v entityValue, typeName, key string) []any {
	if key == "CLASS" {
		return []any{v.class.Enum}
	}
	k := r.o.GroupKey(typeName+"Group", key)
	reached := []any{v.id}
	for _, field := range append([]*schema.Field{k.Field}, k.Through...) {
		var next []any
		add := func(value any) {
			if !slices.Contains(next, value) {
				next = append(next, value)
			}
		}
		for _, from := range reached {
			switch {
			case field.Kind == schema.Relation:
				for _, l := range r.related(from.(graph.ID), field) {
					add(l.to)
				}
			case field.Value == schema.Time:
				if d, has := r.dateOf(from.(graph.ID), field.Name); has {
					if period := periodOf(d, k.Period); period != "" {
						add(period)
					}
				}
			default:
				for _, s := range r.literals(from.(graph.ID), field) {
					add(s.term.Text)
				}
			}
		}
		reached = next
	}
	return reached
}

func (r *run) keysOfClaim(c *claim, key string) []any {
	source := r.o.Class("Source")
	switch key {
	case "SOURCE":
		if r.is(c.source, source) {
			return []any{c.source}
		}
		return nil
	case "PUBLISHER":
		if r.is(c.source, source) {
			if publisher := r.one(c.source, source.Field("publisher")); publisher != 0 {
				return []any{publisher}
			}
		}
		return nil
	case "STATUS":
		return []any{c.status}
	case "ATTRIBUTED_TO":
		var agents []any
		for _, id := range r.attributedTo(c) {
			agents = append(agents, id)
		}
		return agents
	case "RECORDED_DAY":
		return []any{time.UnixMicro(c.recorded).UTC().Format(time.DateOnly)}
	}
	panic(noRuleError{"ClaimGroup", key})
}

// periodOf names the period that the whole of a time falls into, or "".
func periodOf(d edtf.Date, period schema.Period) string {
	earliest, latest := d.Bounds()
	if earliest == edtf.Past || latest == edtf.Future || periodName(earliest, period) != periodName(latest, period) {
		return ""
	}
	return periodName(earliest, period)
}

func periodName(d edtf.Day, period schema.Period) string {
	text := d.String()
	year, month := text[:len(text)-6], text[:len(text)-3]
	switch period {
	case schema.Year:
		return year
	case schema.Quarter:
		_, m, _ := d.Civil()
		return fmt.Sprintf("%s-Q%d", year, []int{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}[m-1])
	case schema.Month:
		return month
	}
	return text
}

// compareGroups orders groups by the orders in turn, then by their keys.
func (r *run) compareGroups(a, b *group, orderBy any) int {
	order, _ := orderBy.([]any)
	for _, by := range append(slices.Clone(order), "KEYS_ASC") {
		c := 0
		switch by {
		case "COUNT_DESC":
			c = cmp.Compare(len(b.nodes), len(a.nodes))
		case "COUNT_ASC":
			c = cmp.Compare(len(a.nodes), len(b.nodes))
		case "DISTINCT_DESC":
			c = cmp.Compare(len(b.distinct), len(a.distinct))
		case "KEYS_ASC":
			c = r.compareKeys(a.keys, b.keys, 1)
		case "KEYS_DESC":
			c = r.compareKeys(a.keys, b.keys, -1)
		default:
			panic(noRuleError{"GroupOrder", by.(string)})
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// compareKeys orders keys in one direction; nil comes last both ways.
func (r *run) compareKeys(a, b []any, direction int) int {
	text := func(v any) string {
		if id, is := v.(graph.ID); is {
			return r.names[id]
		}
		return v.(string)
	}
	for i := range a {
		c := yesFirst(a[i] != nil, b[i] != nil)
		if a[i] != nil && b[i] != nil {
			c = direction * cmp.Compare(text(a[i]), text(b[i]))
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func (r *run) groupField(g *group, name string) any {
	switch name {
	case "keys":
		list := []any{}
		for _, v := range g.keys {
			list = append(list, groupKey{v, g.around})
		}
		return list
	case "count":
		return int64(len(g.nodes))
	case "distinct":
		if g.distinct == nil {
			return nil
		}
		return int64(len(g.distinct))
	case "earliest", "latest":
		if len(g.starts) == 0 {
			return nil
		}
		first, last := edtf.Future, edtf.Past
		for _, d := range g.starts {
			earliest, latest := d.Bounds()
			first, last = min(first, earliest), max(last, latest)
		}
		if name == "earliest" {
			return dayOrNil(first)
		}
		return dayOrNil(last)
	}
	panic(noRuleError{"Group", name})
}

func (r *run) groupKeyField(k groupKey, name string) any {
	id, isEntity := k.value.(graph.ID)
	switch name {
	case "entity":
		if !isEntity {
			return nil
		}
		return r.entity(id, r.o.Class("Entity"), k.around)
	case "value":
		if isEntity {
			return nil
		}
		return k.value
	}
	panic(noRuleError{"GroupKey", name})
}
