package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// The first few objects by a time are read from the index of dates: from its end
// backwards, or from its beginning, until every row has as many as are asked for.
// That reads fewer quads than to read all objects of a row where a row has many. Of a
// row that has few, the dates of all objects are looked at, and only the first of them
// are read.

// wanted is a page that can be read so.
type wanted struct {
	source    pageSource
	condition filter
	first     orderKey
	n         int // objects of each row: those shown and one more, if there is one
}

const (
	// leadingChunk is how many dated subjects are looked at together.
	leadingChunk = 512
	// mostUneven is up to how many dates may lie beside the index: seasons,
	// intervals and the like do not order as it does.
	mostUneven = 256
	// worthLeading is from how many objects of a row it is worth thinking of.
	worthLeading = 256
	// worthPicking is from how many times as many objects as are asked for it is
	// worth looking at their dates first.
	worthPicking = 4
)

// dates chooses to read the index of dates; nil where reading all objects of all
// rows is the shorter way.
func (r *run) dates(w wanted) (*byDates, error) {
	if w.n > longestShortlist || w.first.time == "" || w.condition != nil && w.condition.open() {
		return nil, nil
	}
	dated, ok, err := r.view.Count(0, w.first.time, false)
	if err != nil || !ok {
		return nil, err
	}
	counts, err := r.objectCounts(w)
	if err != nil || counts == nil {
		return nil, err
	}
	return chooseDates(w, counts, dated, r.op.engine.alwaysLead), nil
}

// byDates reads for each row objects that are the first n in the order, and perhaps
// others, from the index of dates; all of a row that has fewer.
type byDates struct {
	wanted
	counts []int // objects that each row has at most
	few    int   // rows of fewer are read whole
	budget int   // dates that may be read
	chunk  int   // dates that are looked at together
}

// chooseDates plans the reading of dated dates for rows of so many objects; nil
// where it is worth it for none. always is worth it.
func chooseDates(w wanted, counts []int, dated int, always bool) *byDates {
	few := shorter(counts, dated, w.n, w.scanCost())
	d := &byDates{wanted: w, counts: counts, few: few, budget: 4 * max(leadingChunk, (dated/max(few, 1)+1)*w.n), chunk: leadingChunk}
	if always {
		d.few, d.budget, d.chunk = 0, dated, 2
		switch dated % 3 { // of other graphs some rows are read as those that have few
		case 1:
			d.few = slices.Max(append(counts, 0)) + 1
		case 2:
			d.few = slices.Sorted(slices.Values(append(counts, 0)))[len(counts)/2] + 1
		}
	}
	if !d.scans() && !(w.picks() && (always || sum(counts) > worthPicking*w.n*len(counts))) {
		return nil
	}
	return d
}

// scans reports whether some row is looked for in the index of dates.
func (d *byDates) scans() bool {
	return slices.ContainsFunc(d.counts, func(n int) bool { return n >= d.few })
}

// picks reports whether the first objects of a row can be picked by their dates
// before they are read.
func (w *wanted) picks() bool {
	f := w.source.field
	return w.condition == nil && f != nil && f.Inverse && len(f.Predicates) == 1 && f.Class.Name != "Claim" && f.Range.Name != "Claim"
}

// scanCost is how many objects are read in the time of putting the rest to one date of
// the index. Where only the first of all objects are read whole, these cost little.
func (w *wanted) scanCost() int {
	if w.source.field == nil || w.picks() {
		return 3
	}
	return 1
}

func sum(of []int) (n int) {
	for _, each := range of {
		n += each
	}
	return n
}

func (d *byDates) String() string {
	if !d.scans() {
		return "look at the dates of all along " + d.source.field.Name + " by " + d.first.name
	}
	from := "the earliest first"
	if d.first.descending {
		from = "the latest first"
	}
	return "read the index of dates by " + d.first.name + ", " + from
}

func (d *byDates) expects() Estimate {
	if !d.scans() {
		return Estimate{Rows: -1, Quads: 2 * sum(d.counts)}
	}
	return Estimate{Rows: -1, Quads: d.budget}
}

func (d *byDates) enter(r *run, _ pageSource) (*items, filter, error) {
	found, err := d.read(r)
	return found, nil, err
}

func (d *byDates) read(r *run) (*items, error) {
	w, counts, few := d.wanted, d.counts, d.few
	l := &lead{wanted: w, run: r, rows: map[graph.ID][]int{}, found: make([][]item, len(counts)), budget: d.budget, chunk: d.chunk}
	var rest []int // rows of few objects
	for i, n := range counts {
		if n < few {
			rest = append(rest, i)
			continue
		}
		l.rows[w.source.rows[i].id] = append(l.rows[w.source.rows[i].id], i)
		l.left++
	}
	if f := w.source.field; f != nil {
		l.mirror = mirrored(f)
	}
	if l.left > 0 {
		if even, err := l.readUneven(); err != nil || !even {
			return nil, err
		}
		l.sought = l.rowSet()
		if err := l.scan(); err != nil {
			return nil, err
		}
	}
	for i, n := range counts {
		if n >= few && len(l.found[i]) < w.n {
			rest = append(rest, i)
		}
	}
	if len(rest) > 0 && l.mirror == nil {
		return nil, nil
	}
	return l.finish(rest)
}

// readUneven reads the subjects whose date the index does not order; false if there
// are too many.
func (l *lead) readUneven() (even bool, err error) {
	err = l.run.view.Scan(l.run.ctx, l.first.time, graph.Texts, false, func(subject, _ graph.ID) bool {
		l.uneven = append(l.uneven, subject)
		return len(l.uneven) <= mostUneven
	})
	return len(l.uneven) <= mostUneven, err
}

// rowSet is the set of the rows that are looked for.
func (l *lead) rowSet() idSet {
	of := make([]graph.ID, 0, len(l.rows))
	for id := range l.rows {
		of = append(of, id)
	}
	slices.Sort(of)
	return newIDSet(of)
}

// objectCounts returns how many objects each row has at most, before the
// condition; nil where that is not known.
func (r *run) objectCounts(w wanted) ([]int, error) {
	if w.source.field == nil {
		n, err := -1, error(nil)
		if w.condition != nil {
			n, err = w.condition.bound(r)
		}
		if n < 0 && err == nil {
			n, err = r.countMembers(w.source.class)
		}
		if err != nil || n < 0 {
			return nil, err
		}
		return []int{n}, nil
	}
	counts := make([]int, len(w.source.rows))
	for i, row := range w.source.rows {
		n, err := r.countRelated(row.id, w.source.field)
		if err != nil || n < 0 {
			return nil, err
		}
		counts[i] = n
	}
	return counts, nil
}

// shorter returns from how many objects of a row on it is shorter to read the
// dates: that reads dated*n/fewest of them, once for all rows, each at a cost.
func shorter(counts []int, dated, n, scan int) int {
	sorted := slices.Sorted(slices.Values(counts))
	all := 0
	for _, c := range sorted {
		all += c
	}
	best, from, before := all, all+1, 0
	for _, c := range sorted {
		if c >= worthLeading {
			if cost := before + scan*dated/c*n; cost < best {
				best, from = cost, c
			}
		}
		before += c
	}
	return from
}

// lead is the reading of the dates for one page.
type lead struct {
	wanted
	run    *run
	mirror *schema.Field      // of the source's field: from objects to rows
	rows   map[graph.ID][]int // that are looked for, by their id
	sought idSet              // their ids
	left   int                // of them that have not enough yet
	found  [][]item           // of each row, objects that nothing unread comes before
	uneven []graph.ID         // subjects whose date the index does not order
	last   *sortKey           // what all have been taken up to
	budget int                // dates that may be read
	chunk  int                // dates that are looked at together
}

// scan reads dates until each row has enough, or the budget is used up.
func (l *lead) scan() error {
	var chunk []graph.ID
	var day graph.ID
	var failed error
	read := 0
	err := l.run.view.Scan(l.run.ctx, l.first.time, graph.Dates, l.first.descending, func(subject, date graph.ID) bool {
		// What differs in its qualifier alone is equal.
		if day != 0 && daysOf(date) != daysOf(day) {
			if len(chunk) >= l.chunk {
				if failed = l.take(chunk, daysOf(day)); failed != nil || l.left == 0 {
					return false
				}
				chunk = chunk[:0]
			}
			if read > l.budget {
				return false
			}
		}
		day = date
		chunk = append(chunk, subject)
		read++
		return true
	})
	if err == nil {
		err = failed
	}
	if err != nil || l.left == 0 || read > l.budget || day == 0 {
		return err
	}
	return l.take(chunk, daysOf(day))
}

func daysOf(date graph.ID) sortKey {
	earliest, latest := date.Days()
	return sortKey{Known: true, A: int64(earliest), B: int64(latest)}
}

// take adds those of some subjects that are objects of the rows and meet the
// condition. All subjects with a date up to the last are taken then, each once:
// where its shown date is.
func (l *lead) take(subjects []graph.ID, last sortKey) error {
	subjects = append(slices.Clone(subjects), l.uneven...)
	if l.mirror == nil || l.condition != nil { // else most are left out before order matters
		slices.Sort(subjects)
		subjects = slices.Compact(subjects)
	}
	found, err := l.among(subjects)
	if err != nil {
		return err
	}
	keys, err := l.first.read(l.run, found.objects())
	if err != nil {
		return err
	}
	begin := 0
	for i, end := range found.ends {
		before := len(l.found[i])
		for k := begin; k < end; k++ {
			if l.first.compare(keys[k], last) <= 0 && (l.last == nil || l.first.compare(keys[k], *l.last) > 0) {
				l.found[i] = append(l.found[i], found.all[k])
			}
		}
		if before < l.n && len(l.found[i]) >= l.n {
			l.left--
		}
		begin = end
	}
	l.last = &last
	return nil
}

// among reads which of the subjects are objects of the rows, and meet the
// condition.
func (l *lead) among(subjects []graph.ID) (*items, error) {
	r, rows := l.run, l.source.rows
	rest := l.condition
	if rest != nil {
		c, err := rest.narrow(r, subjects)
		if err != nil {
			return nil, err
		}
		if c != nil {
			subjects, rest = c.ids, c.rest
		}
	}
	if l.mirror == nil {
		found, err := l.source.start(l.source.class, subjects)
		if err != nil {
			return nil, err
		}
		_, err = r.keepMeeting(found, rows, rest)
		return found, err
	}
	subjects, err := l.leads(subjects)
	if err == nil && l.source.field.Inverse && r.hidesAny(l.source.field) {
		subjects, err = r.spoken(subjects)
	}
	if err == nil {
		subjects, err = r.within(subjects, l.source.class)
	}
	if err != nil {
		return nil, err
	}
	of, err := r.relate(subjects, l.mirror)
	if err != nil {
		return nil, err
	}
	each := make([][]item, len(rows))
	for i, subject := range subjects {
		for _, it := range of.of(i) {
			for _, row := range l.rows[it.to] {
				each[row] = append(each[row], item{to: subject, claims: it.claims})
			}
		}
	}
	found := &items{ends: make([]int, 0, len(rows))}
	for _, list := range each {
		found.all = append(found.all, list...)
		found.ends = append(found.ends, len(found.all))
	}
	_, err = r.keepMeeting(found, rows, rest)
	return found, err
}

// leads keeps the subjects that can lead to a row that is looked for, as far as
// columns tell.
func (l *lead) leads(subjects []graph.ID) ([]graph.ID, error) {
	var kept []graph.ID
	unsure, err := l.run.eachObject(subjects, l.mirror, func(subject, to graph.ID) {
		if l.sought.has(to) {
			kept = append(kept, subject)
		}
	})
	return ascending(append(kept, unsure...)), err
}

// pick finds the first objects of some rows by looking at the dates of all. It returns
// the rows of which that is not known yet.
func (l *lead) pick(rest []int) (left []int, err error) {
	if !l.picks() || len(rest) == 0 {
		return rest, nil
	}
	r, f := l.run, l.source.field
	claims := r.claimsFor(f.Range)
	if r.hides(f.Predicates[0]) {
		claims = r.view.Known()
	}
	l.rows = map[graph.ID][]int{}
	of := make([]graph.ID, len(rest))
	for i, at := range rest {
		of[i] = l.source.rows[at].id
		l.rows[of[i]] = append(l.rows[of[i]], at)
	}
	l.sought = l.rowSet()
	links := scratch.get()
	defer scratch.put(links)
	links.Reset()
	if err := r.view.Follow(r.ctx, links, of, f.Predicates[0].IRI, true, claims); err != nil {
		return nil, err
	}
	var objects, picked []graph.ID
	enough := make([]int, len(rest)) // of what is shown of a row's; 0: there are no others
	for i := range rest {
		objects = slices.Grow(objects[:0], len(links.Of(i)))
		for _, link := range links.Of(i) {
			if n := len(objects); n == 0 || objects[n-1] != link.To {
				objects = append(objects, link.To)
			}
		}
		before, unsure := len(picked), 0
		if picked, unsure, err = r.foremost(picked, objects, l.first, l.n); err != nil {
			return nil, err
		}
		if len(picked)-before < len(objects) {
			enough[i] = l.n + unsure
		}
	}
	found, err := l.among(ascending(picked))
	if err != nil {
		return nil, err
	}
	for i, at := range rest {
		if l.found[at] = found.of(at); len(l.found[at]) < enough[i] {
			left = append(left, at) // some of them are not shown
		}
	}
	return left, nil
}

// finish puts all rows together, once it has found the objects of the rest.
func (l *lead) finish(rest []int) (*items, error) {
	rest, err := l.pick(rest)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		rows := make([]row, len(rest))
		for i, at := range rest {
			rows[i] = l.source.rows[at]
		}
		whole, err := l.source.read(ids(rows))
		if err != nil {
			return nil, err
		}
		if _, err := l.run.keepMeeting(whole, rows, l.condition); err != nil {
			return nil, err
		}
		for i, at := range rest {
			l.found[at] = whole.of(i)
		}
	}
	out := &items{ends: make([]int, 0, len(l.found))}
	for _, list := range l.found {
		begin := len(out.all)
		out.all = append(out.all, list...)
		slices.SortFunc(out.all[begin:], func(a, b item) int { return cmp.Compare(a.to, b.to) })
		out.ends = append(out.ends, len(out.all))
	}
	return out, nil
}
