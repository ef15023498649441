package query

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// filter is a condition on rows: a small tree of immutable values.
type filter interface {
	// meets reports for each row whether it meets the condition.
	meets(r *run, rows []row) ([]bool, error)
	// among returns what all rows that meet the condition are among, where that can be
	// had without looking at every row; nil where it cannot.
	among(r *run) (*candidates, error)
	// narrow is among, of the given ids alone, which ascend; nil where each is better
	// looked at by itself.
	narrow(r *run, of []graph.ID) (*candidates, error)
	// bound returns how many candidates among would give, at most; -1 where that is
	// not known without reading them, or without counting the links of more than most
	// objects. Cost: O(log n) for each of those.
	bound(r *run, most int) (int, error)
	// open reports whether the condition looks at what is around the row.
	open() bool
	String() string
}

// all is met by rows that meet each of its conditions; by every row without any.
type all []filter

func (f all) meets(r *run, rows []row) ([]bool, error) {
	if r.straight() {
		return r.plainly(f, rows, true)
	}
	left, of := upTo(len(rows)), rows
	for k, condition := range f.cheapestFirst() {
		if k > 0 {
			of = at(rows, left)
		}
		mark := 0
		if r.trace != nil {
			mark = r.trace.begin(part{lookAt, condition}, noEstimate)
		}
		met, err := condition.meets(r, of)
		if err != nil {
			return nil, err
		}
		kept := left[:0]
		for i, row := range left {
			if met[i] {
				kept = append(kept, row)
			}
		}
		left = kept
		r.trace.found(mark, len(left))
		r.trace.end(mark)
	}
	out := make([]bool, len(rows))
	for _, i := range left {
		out[i] = true
	}
	return out, nil
}

// cheapestFirst returns the conditions in the order in which to ask them.
func (f all) cheapestFirst() []filter {
	if len(f) < 2 {
		return f
	}
	return slices.SortedStableFunc(slices.Values(f), func(a, b filter) int { return cmp.Compare(cost(a), cost(b)) })
}

// cost is about how many reads it takes to put a condition to a row.
func cost(f filter) int {
	sum := 0
	parts := func(of []filter) {
		for _, part := range of {
			sum += cost(part)
		}
	}
	switch f := f.(type) {
	case all:
		parts(f)
	case anyOf:
		parts(f)
	case not:
		parts([]filter{f.filter})
	case narrowed:
		parts([]filter{f.filter})
		sum++
	case related:
		parts(f.nested())
		sum++
		if f.one == nil { // each may have many
			sum *= 16
		}
	case test:
		if sum = 4; f.only {
			sum = 0
		}
	}
	return sum
}

// any of its conditions is met; none without any.
type anyOf []filter

func (f anyOf) meets(r *run, rows []row) ([]bool, error) {
	if r.straight() {
		return r.plainly(f, rows, false)
	}
	out := make([]bool, len(rows))
	left := make([]int, len(rows))
	for i := range rows {
		left[i] = i
	}
	for _, condition := range f {
		met, err := condition.meets(r, at(rows, left))
		if err != nil {
			return nil, err
		}
		kept := left[:0]
		for i, row := range left {
			if met[i] {
				out[row] = true
			} else {
				kept = append(kept, row)
			}
		}
		left = kept
	}
	return out, nil
}

// not is met where its condition is not.
type not struct{ filter filter }

func (f not) meets(r *run, rows []row) ([]bool, error) {
	met, err := f.filter.meets(r, rows)
	for i := range met {
		met[i] = !met[i]
	}
	return met, err
}

// at returns the elements with the given indexes.
func at[T any](of []T, indexes []int) []T {
	out := make([]T, len(indexes))
	for i, index := range indexes {
		out[i] = of[index]
	}
	return out
}

func anyOpen(filters []filter) bool {
	for _, f := range filters {
		if f.open() {
			return true
		}
	}
	return false
}

func (f all) open() bool   { return anyOpen(f) }
func (f anyOf) open() bool { return anyOpen(f) }
func (f not) open() bool   { return f.filter.open() }

func join(filters []filter, with string) string {
	if len(filters) == 1 {
		return filters[0].String()
	}
	parts := make([]string, len(filters))
	for i, f := range filters {
		parts[i] = f.String()
	}
	return "(" + strings.Join(parts, with) + ")"
}

func (f all) String() string   { return join(f, " and ") }
func (f anyOf) String() string { return join(f, " or ") }
func (f not) String() string   { return "not " + f.filter.String() }

// test is a condition on each row by itself, over what one read of them all has
// brought: everything but the boolean and the relational conditions.
type test struct {
	name  string
	given any // that the condition asks of what it names; nil: the name says it all
	begin func(r *run, rows []row) (func(i int) bool, error)
	// looks says that the condition looks at what is around the row.
	looks bool
	// ids, when only is set, are the only ones that meet the condition; ascending.
	ids  []graph.ID
	only bool
	// seek is among, where the ids are found by what the condition says; nil: it cannot.
	seek func(r *run) (*candidates, error)
	// when is what the condition says of a date, see whenOf; nil: nothing.
	when func(r *run, around []row) (*when, error)
}

func (f test) meets(r *run, rows []row) ([]bool, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	met, err := f.begin(r, rows)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(rows))
	for i := range rows {
		out[i] = met(i)
	}
	return out, nil
}

func (f test) open() bool { return f.looks }
func (f test) String() string {
	if f.given == nil {
		return f.name
	}
	return f.name + " " + written(f.given)
}

// narrowed is met by objects of a class that meet a condition.
type narrowed struct {
	class  *schema.Class
	filter filter
}

func (f narrowed) meets(r *run, rows []row) ([]bool, error) {
	out := make([]bool, len(rows))
	if err := r.classify(ids(rows)); err != nil {
		return nil, err
	}
	var of []int
	for i, row := range rows {
		if c := r.class(row.id); c != nil && c.Is(f.class) {
			of = append(of, i)
		}
	}
	met, err := f.filter.meets(r, at(rows, of))
	if err != nil {
		return nil, err
	}
	for i, row := range of {
		out[row] = met[i]
	}
	return out, nil
}

func (f narrowed) open() bool     { return f.filter.open() }
func (f narrowed) String() string { return f.class.Key + "{" + f.filter.String() + "}" }

// related is a condition on the objects that a row relates to.
type related struct {
	name  string
	class *schema.Class // of the rows
	field *schema.Field // that read follows; nil: none alone
	read  func(r *run, of []graph.ID) (*items, error)

	one               filter // of a to-one relation: there is one, and it meets this
	some, every, none filter // nil: not asked for
	atLeast, atMost   *int
	distinct          *schema.GroupKey // whose values they count; nil: they count the objects

	found *foundObjects // of the run that has compiled the condition
}

func (f related) meets(r *run, rows []row) ([]bool, error) {
	related, objects, err := f.objectsOf(r, rows)
	if err != nil {
		return nil, err
	}
	verdict := func(condition filter) ([]bool, error) {
		if condition == nil {
			return nil, nil
		}
		return condition.meets(r, objects)
	}
	one, err := verdict(f.one)
	if err != nil {
		return nil, err
	}
	some, err := verdict(f.some)
	if err != nil {
		return nil, err
	}
	every, err := verdict(f.every)
	if err != nil {
		return nil, err
	}
	none, err := verdict(f.none)
	if err != nil {
		return nil, err
	}
	var values *keyValues
	if f.distinct != nil {
		if values, err = r.groupValues(ids(objects), f.distinct); err != nil {
			return nil, err
		}
	}
	out := make([]bool, len(rows))
	for i := range rows {
		of := related.of(i)
		if len(of) == 1 && of[0] == 0 {
			of = nil
		}
		met := len(of)
		if f.some != nil {
			met = count(some, of)
		}
		counted := met
		if values != nil {
			counted = values.different(some, of)
		}
		out[i] = (f.one == nil || count(one, of) > 0) &&
			(f.some == nil || met > 0) &&
			(f.every == nil || count(every, of) == len(of)) &&
			(f.none == nil || count(none, of) == 0) &&
			(f.atLeast == nil || counted >= *f.atLeast) &&
			(f.atMost == nil || counted <= *f.atMost)
	}
	return out, nil
}

// objectsOf reads what the rows relate to: each pair of object and surrounding
// once, by number, those of number n being objects[n-1].
func (f related) objectsOf(r *run, rows []row) (n *numbers, objects []row, err error) {
	if f.field != nil && !f.nestedOpen() && !r.straight() {
		each, err := r.reachEach(ids(rows), f.field)
		if err != nil {
			return nil, nil, err
		}
		objects = make([]row, len(each.objects.seen()))
		for i, id := range each.objects.seen() {
			objects[i].id = id
		}
		return &each.numbers, objects, nil
	}
	if err := r.classify(ids(rows)); err != nil {
		return nil, nil, err
	}
	found, err := f.read(r, ids(rows))
	if err != nil {
		return nil, nil, err
	}
	n = &numbers{}
	index := map[row]uint32{}
	for i, parent := range rows {
		around, begin := r.inside(parent), len(n.all)
		if !f.nestedOpen() {
			around = 0
		}
		for _, it := range found.of(i) {
			object := row{id: it.to, around: around}
			number, seen := index[object]
			if !seen {
				objects = append(objects, object)
				number = uint32(len(objects))
				index[object] = number
			}
			n.all = append(n.all, number)
		}
		n.close(begin)
	}
	return n, objects, nil
}

// count counts the objects with these numbers that met tells of.
func count(met []bool, of []uint32) (n int) {
	for _, number := range of {
		if met[number-1] {
			n++
		}
	}
	return n
}

func (f related) nested() []filter {
	var out []filter
	for _, n := range []filter{f.one, f.some, f.every, f.none} {
		if n != nil {
			out = append(out, n)
		}
	}
	return out
}

func (f related) nestedOpen() bool { return anyOpen(f.nested()) }

// open: an event, tenure or membership is itself what is around its related.
func (f related) open() bool { return f.class.Time == schema.Timeless && f.nestedOpen() }

func (f related) String() string {
	var parts []string
	say := func(word string, n filter) {
		if n != nil {
			parts = append(parts, strings.TrimSpace(word+" "+bare(n)))
		}
	}
	say("", f.one)
	say("some", f.some)
	say("every", f.every)
	say("none", f.none)
	if f.atLeast != nil {
		parts = append(parts, fmt.Sprint("at least ", *f.atLeast))
	}
	if f.atMost != nil {
		parts = append(parts, fmt.Sprint("at most ", *f.atMost))
	}
	if f.distinct != nil {
		parts = append(parts, "by "+f.distinct.Value)
	}
	return f.name + "{" + strings.Join(parts, ", ") + "}"
}
