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

// keyValues are the values of a key for each of a list of nodes, each value by a
// number. Number 0 is nothing, which a node without a value has.
type keyValues struct {
	numbers
	entities []graph.ID // by number; nil: the values are texts
	texts    []string   // by number, what values are ordered by; of entities their ids, once they are looked up
	ranks    []uint32   // of each number in the order of keys; nil until they are needed
}

func entityValues(n numbers, of *numbering) *keyValues {
	return &keyValues{numbers: n, entities: append([]graph.ID{0}, of.seen()...), texts: make([]string, of.len())}
}

// textNumbers gives each text a number; that of no text is 0.
type textNumbers struct {
	texts []string // by number
	of    map[string]uint32
}

func newTextNumbers() *textNumbers {
	return &textNumbers{texts: []string{""}, of: map[string]uint32{"": 0}}
}

func (t *textNumbers) number(text string) uint32 {
	n, seen := t.of[text]
	if !seen {
		n = uint32(len(t.texts))
		t.of[text] = n
		t.texts = append(t.texts, text)
	}
	return n
}

// values returns how many values there are, nothing among them.
func (k *keyValues) values() int { return len(k.texts) }

func (k *keyValues) value(number uint32) groupValue {
	if k.entities != nil {
		return groupValue{entity: k.entities[number]}
	}
	return groupValue{text: k.texts[number]}
}

// text is what keys are ordered by: an entity's id, or the text.
func (k *keyValues) text(r *run, number uint32) string {
	if k.entities != nil && number > 0 && k.texts[number] == "" {
		k.texts[number] = r.view.Name(k.entities[number])
	}
	return k.texts[number]
}

// compare orders two values, both of them something: entities by id, texts by code
// point, by ascending text.
func (k *keyValues) compare(r *run, a, b uint32) int {
	if k.ranks != nil {
		return cmp.Compare(k.ranks[a], k.ranks[b])
	}
	return cmp.Compare(k.text(r, a), k.text(r, b))
}

// rank has compare look at numbers from now on: that is worth it where most values
// are compared, and more than once.
func (k *keyValues) rank(r *run) {
	if k.ranks != nil {
		return
	}
	order := make([]uint32, k.values())
	for n := range order {
		order[n] = uint32(n)
		k.text(r, uint32(n))
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Compare(k.texts[a], k.texts[b]) })
	k.ranks = make([]uint32, len(order))
	for rank, n := range order {
		k.ranks[n] = uint32(rank)
	}
}

// different returns how many values, nothing not counted, those of the objects with
// the given numbers have that are met, see related.objectsOf; nil: all of them.
func (k *keyValues) different(met []bool, of []uint32) int {
	seen := map[uint32]bool{0: true}
	for _, number := range of {
		if met == nil || met[number-1] {
			for _, n := range k.of(int(number) - 1) {
				seen[n] = true
			}
		}
	}
	return len(seen) - 1
}

// groupValues reads the values of a key for each node.
func (r *run) groupValues(nodes []graph.ID, key *schema.GroupKey) (*keyValues, error) {
	switch {
	case key.Field == nil:
		return r.groupTexts(nodes, key.Value)
	case len(nodes) > 0 && nodes[0].Space() == changeSpace:
		claims := make([]graph.ID, len(nodes))
		for i, id := range nodes {
			claims[i] = r.change(id).claim
		}
		nodes = claims
	}
	var so *reached // what the fields so far lead to; nil: the nodes themselves
	for _, f := range append([]*schema.Field{key.Field}, key.Through...) {
		of := nodes
		if so != nil {
			of = so.objects.seen()
		}
		if f.Kind != schema.Relation {
			out, err := r.readLiteralKeys(of, f, key.Period)
			if err == nil && so != nil {
				out.numbers = *so.through(&out.numbers)
			}
			return out, err
		}
		next, err := r.reachEach(of, f)
		if err != nil {
			return nil, err
		}
		if so != nil {
			next.numbers = *so.through(&next.numbers)
		}
		so = next
	}
	return entityValues(so.numbers, &so.objects), nil
}

// groupTexts reads the values of a key that no field shows.
func (r *run) groupTexts(nodes []graph.ID, key string) (*keyValues, error) {
	if err := r.classify(nodes); err != nil {
		return nil, err
	}
	if err := r.classifySubjects(nodes); err != nil {
		return nil, err
	}
	out, texts := &keyValues{numbers: numbers{all: make([]uint32, len(nodes))}}, newTextNumbers()
	for i, id := range nodes {
		out.all[i] = texts.number(r.keyOf(id, key))
	}
	out.texts = texts.texts
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

// readLiteralKeys reads the texts that a property or an identifier shows of each
// node, or the periods that they fall into.
func (r *run) readLiteralKeys(of []graph.ID, f *schema.Field, period schema.Period) (*keyValues, error) {
	if period != schema.NoPeriod && f.Predicates[0].Single {
		return r.readPeriods(of, f, period)
	}
	values, err := r.values(of, f)
	if err != nil {
		return nil, err
	}
	out, texts := &keyValues{}, newTextNumbers()
	for i := range of {
		begin := len(out.all)
		for _, v := range values.of(i) {
			text := v.term.Text
			if period != schema.NoPeriod {
				text = r.periodOf(v.id, f, period)
			}
			out.all = append(out.all, texts.number(text))
		}
		out.end(begin)
	}
	out.texts = texts.texts
	return out, nil
}

// readPeriods reads the period of each node's one time.
func (r *run) readPeriods(of []graph.ID, f *schema.Field, period schema.Period) (*keyValues, error) {
	var different numbering
	times, err := r.shownNumbers(&different, of, f.Predicates[0], r.claimsFor(f.Class))
	if err != nil {
		return nil, err
	}
	out := &keyValues{numbers: numbers{all: times}}
	texts := newTextNumbers()
	periods := make([]uint32, different.len())
	for i, id := range different.seen() {
		periods[i+1] = texts.number(r.periodOf(id, f, period))
	}
	for i, number := range out.all {
		out.all[i] = periods[number]
	}
	out.texts = texts.texts
	return out, nil
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
