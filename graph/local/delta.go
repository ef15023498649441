package local

import (
	"slices"
	"sort"
	"sync"
)

// delta is a set of quads in memory, sorted in every order. It never changes, but
// those orders of a large one that spol gives come a little later than it: in waits.
type delta struct {
	rows   [orderCount][]row
	making [orderCount]sync.WaitGroup
}

func (d *delta) size() int { return len(d.rows[spol]) }

// in returns the rows in an order.
func (d *delta) in(o order) []row {
	d.making[o].Wait()
	return d.rows[o]
}

// aside is the size from which orders are made beside whoever asked for the delta.
const aside = 4096

// newDelta takes rows in the order spol, ascending, each once.
func newDelta(sorted []row) *delta {
	d := &delta{}
	d.rows[spol] = sorted
	d.make(func(o order) []row { return reordered(sorted, o) })
	return d
}

// make makes the other orders than spol.
func (d *delta) make(rows func(order) []row) {
	for o := posl; o < orderCount; o++ {
		if d.size() < aside {
			d.rows[o] = rows(o)
		} else {
			d.making[o].Go(func() { d.rows[o] = rows(o) })
		}
	}
}

// mergeDeltas returns the quads that one of the two holds and the other does not.
func mergeDeltas(a, b *delta) *delta {
	d := &delta{}
	d.rows[spol] = differ(a.in(spol), b.in(spol))
	d.make(func(o order) []row { return differ(a.in(o), b.in(o)) })
	return d
}

// differ returns the rows that are in one of two ascending lists, ascending.
func differ(a, b []row) []row {
	out := make([]row, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := compareRows(a[0], b[0]); {
		case c < 0:
			out, a = append(out, a[0]), a[1:]
		case c > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// seekRows returns the number of the first row that is not below the key,
// galloping from the hint.
func seekRows(rows []row, key *row, hint int) int {
	if hint >= len(rows) || hint > 0 && !rows[hint-1].less(key) {
		hint = 0
	}
	step := 1
	for hint+step < len(rows) && rows[hint+step].less(key) {
		hint += step
		step *= 2
	}
	span := min(step+1, len(rows)-hint)
	return hint + sort.Search(span, func(i int) bool { return !rows[hint+i].less(key) })
}

func (d *delta) has(r *row, hint *int) bool {
	*hint = seekRows(d.rows[spol], r, *hint)
	return *hint < d.size() && d.rows[spol][*hint] == *r
}

// collapse merges the newest runs while they are not much smaller than the one
// before, so that there are few and each quad is copied seldom. Those before
// frozen are left alone, and so are those above limit quads together.
func collapse(deltas []*delta, frozen, limit int) []*delta {
	deltas = slices.Clip(deltas)
	for n := len(deltas); n >= frozen+2; n = len(deltas) {
		a, b := deltas[n-2], deltas[n-1]
		if sum := a.size() + b.size(); b.size()*2 < a.size() || sum > limit {
			break
		}
		// A new list: snapshots hold the old one.
		deltas = append(slices.Clone(deltas[:n-2]), mergeDeltas(a, b))
	}
	return deltas
}
