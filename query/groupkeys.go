package query

import (
	"cmp"
	"fmt"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

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
