package query

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// sortKey is one value to order by. The unknown comes last both ways.
type sortKey struct {
	Known bool   `json:"k,omitempty"`
	Text  string `json:"t,omitempty"`
	A     int64  `json:"a,omitempty"` // of times: the earliest day, or the instant
	B     int64  `json:"b,omitempty"` // the latest day
	// Number is finite; JSON gives it back as it was.
	Number float64 `json:"n,omitempty"`
}

func (k *sortKey) compare(other *sortKey) int {
	if c := cmp.Or(cmp.Compare(k.A, other.A), cmp.Compare(k.B, other.B), cmp.Compare(k.Number, other.Number)); c != 0 {
		return c
	}
	return strings.Compare(k.Text, other.Text)
}

// orderKey is one element of orderBy.
type orderKey struct {
	name       string
	descending bool
	time       string // the predicate, if it is a single date that is ordered by
	read       func(r *run, of []graph.ID) ([]sortKey, error)
}

// order compiles a coerced orderBy for objects of a class.
func (r *run) order(c *schema.Class, given any) []orderKey {
	list, _ := given.([]any)
	var out []orderKey
	for _, element := range list {
		for name, direction := range element.(map[string]any) {
			key := orderKey{name: name, descending: direction == "DESC", read: r.orderReader(c, name)}
			if f := c.Field(name); f != nil && isSingleTime(f) {
				key.time = f.Predicates[0].IRI
			}
			out = append(out, key)
		}
	}
	return out
}

func (r *run) orderReader(c *schema.Class, name string) func(*run, []graph.ID) ([]sortKey, error) {
	switch {
	case name == "id":
		return orderByID
	case name == "name":
		return orderByName
	case c.Name == "Claim" && name == "published":
		return orderByPublished
	case c == r.op.engine.factClass:
		return func(r *run, of []graph.ID) ([]sortKey, error) { return r.orderFacts(of, name) }
	}
	f := c.Field(name)
	return func(r *run, of []graph.ID) ([]sortKey, error) { return r.orderByField(of, f) }
}

func isSingleTime(f *schema.Field) bool {
	return f.Kind == schema.Property && f.Value == schema.Time && f.Predicates[0].Single
}

func orderByID(r *run, of []graph.ID) ([]sortKey, error) {
	out := make([]sortKey, len(of))
	for i, name := range r.reader().All(of) {
		out[i] = sortKey{Known: true, Text: name}
	}
	return out, nil
}

func orderByName(r *run, of []graph.ID) ([]sortKey, error) {
	names, err := r.namesFor(of, "en")
	if err != nil {
		return nil, err
	}
	out := make([]sortKey, len(of))
	for i, id := range of {
		out[i] = sortKey{Known: true, Text: lastPart(r.view.Name(id))}
		if at := r.nameIn(names[i], "en"); at >= 0 {
			out[i].Text = names[i][at].text
		}
	}
	return out, nil
}

// orderByPublished orders claims by when their source was published.
func orderByPublished(r *run, of []graph.ID) ([]sortKey, error) {
	source := r.ontology.Class("Claim").Field("source")
	sources, err := r.relate(of, source)
	if err != nil {
		return nil, err
	}
	out := make([]sortKey, len(of))
	for i := range of {
		if found := sources.of(i); len(found) > 0 {
			keys, err := r.orderByField([]graph.ID{found[0].to}, source.Range.Field("published"))
			if err != nil {
				return nil, err
			}
			out[i] = keys[0]
		}
	}
	return out, nil
}

func (r *run) orderByField(of []graph.ID, f *schema.Field) ([]sortKey, error) {
	if isSingleTime(f) {
		return r.orderByTime(of, f)
	}
	values, err := r.values(of, f)
	if err != nil {
		return nil, err
	}
	out := make([]sortKey, len(of))
	for i := range of {
		v := values.first(i)
		if v.id == 0 {
			continue
		}
		out[i] = sortKey{Known: true}
		switch f.Value {
		case schema.Time:
			if days, ok := r.days(v.id, edtf.Past, edtf.Future); ok {
				out[i].A, out[i].B = int64(days.Min), int64(days.Max)
			}
		case schema.Moment:
			out[i].A = v.id.Moment().UnixMicro()
		case schema.Float, schema.Int:
			n, err := strconv.ParseFloat(v.term.Text, 64)
			if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
				out[i] = sortKey{} // unreachable: the ontology has checked it
				continue
			}
			out[i].Number = n
		default:
			out[i].Text = v.term.Text
		}
	}
	return out, nil
}

// orderByTime reads the days that a single date can mean.
func (r *run) orderByTime(of []graph.ID, f *schema.Field) ([]sortKey, error) {
	times, err := r.shownIDs(of, f.Predicates[0], r.claimsFor(f.Class))
	if err != nil {
		return nil, err
	}
	out := make([]sortKey, len(of))
	for i, id := range times {
		if days, ok := r.days(id, edtf.Past, edtf.Future); ok {
			out[i] = sortKey{Known: true, A: int64(days.Min), B: int64(days.Max)}
		}
	}
	return out, nil
}

// place is where an object stands in an order: its keys, then its id.
type place struct {
	keys []sortKey
	id   graph.ID
}

// compare orders two values: the unknown comes last both ways.
func (o *orderKey) compare(a, b *sortKey) int {
	switch {
	case a.Known != b.Known && a.Known:
		return -1
	case a.Known != b.Known:
		return 1
	case o.descending:
		return b.compare(a)
	}
	return a.compare(b)
}

// ranking are items with the keys that they are ordered by.
type ranking struct {
	order []orderKey
	items []item
	keys  [][]sortKey // for each element of the order: of each item
}

// compareKeys is 0 for ties: items that the order itself does not tell apart.
func (k *ranking) compareKeys(i, j int32) int {
	for e := range k.order {
		if c := k.order[e].compare(&k.keys[e][i], &k.keys[e][j]); c != 0 {
			return c
		}
	}
	return 0
}

func (k *ranking) compare(r *run, i, j int32) int {
	if c := k.compareKeys(i, j); c != 0 {
		return c
	}
	return r.compareIDs(k.items[i].to, k.items[j].to)
}

// compareTo compares an item with a place.
func (k *ranking) compareTo(r *run, i int32, at *place) int {
	for e := range k.order {
		if c := k.order[e].compare(&k.keys[e][i], &at.keys[e]); c != 0 {
			return c
		}
	}
	return r.compareIDs(k.items[i].to, at.id)
}

// place returns where an item stands.
func (k *ranking) place(i int32) place {
	p := place{id: k.items[i].to}
	for _, keys := range k.keys {
		p.keys = append(p.keys, keys[i])
	}
	return p
}

// rank reads the keys of items. Of each row's, those may be left out that cannot be
// among its first n; below 0: of none. ends tells where the row's end.
func (r *run) rank(found *items, order []orderKey, n int) (k *ranking, ends []int, err error) {
	k = &ranking{order: order, keys: make([][]sortKey, max(len(order), 1))}
	if n > 0 {
		if found, k.keys[0], err = r.shortlist(found, order, n); err != nil {
			return nil, nil, err
		}
	}
	k.items, k.keys = found.all, k.keys[:len(order)]
	if len(order) == 0 {
		return k, found.ends, nil
	}
	of := found.objects()
	for e := range k.keys {
		if k.keys[e] != nil {
			continue
		}
		if k.keys[e], err = order[e].read(r, of); err != nil {
			return nil, nil, err
		}
	}
	return k, found.ends, nil
}

// longestShortlist is up to which number of first items a shortlist pays.
const longestShortlist = 1000

// shortlist keeps, for each row, the items that can be among its first n in the
// order, or ties of the nth: as far as the first key tells, so that the others are
// read only of them. It returns the first key of each; nil: it was not read.
func (r *run) shortlist(found *items, order []orderKey, n int) (*items, []sortKey, error) {
	if r.straight() || n > longestShortlist || len(found.all) <= 2*n {
		return found, nil, nil
	}
	short := &items{ends: make([]int, 0, len(found.ends))}
	if len(order) == 0 {
		for i := range found.ends {
			of := found.of(i) // in the graph's own order
			short.all = append(short.all, of[:min(n, len(of))]...)
			short.ends = append(short.ends, len(short.all))
		}
		return short, nil, nil
	}
	first := &order[0]
	keys, err := first.read(r, found.objects())
	if err != nil {
		return nil, nil, err
	}
	begin := 0
	best := make([]int, 0, n) // the first n, in their order
	for _, end := range found.ends {
		best = best[:0]
		for i := begin; i < end; i++ {
			if len(best) == n {
				if first.compare(&keys[i], &keys[best[n-1]]) >= 0 {
					continue
				}
				best = best[:n-1]
			}
			at, _ := slices.BinarySearchFunc(best, &keys[i], func(of int, k *sortKey) int { return first.compare(&keys[of], k) })
			best = slices.Insert(best, at, i)
		}
		if len(best) > 0 {
			last := keys[best[len(best)-1]]
			for i := begin; i < end; i++ {
				if first.compare(&keys[i], &last) <= 0 {
					keys[len(short.all)] = keys[i]
					short.all = append(short.all, found.all[i])
				}
			}
		}
		begin = end
		short.ends = append(short.ends, len(short.all))
	}
	return short, keys[:len(short.all)], nil
}

// orderName identifies an order in cursors.
func orderName(order []orderKey) string {
	var b strings.Builder
	for _, o := range order {
		b.WriteString(o.name)
		if o.descending {
			b.WriteByte('-')
		}
		b.WriteByte(' ')
	}
	return b.String()
}
