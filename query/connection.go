package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// pageSource is what a connection pages through, for each of its rows.
type pageSource struct {
	rows  []row // that have the connection; a root has one row, with id 0
	class *schema.Class
	field *schema.Field // that read follows; nil at a root and for lists of claims
	read  func(of []graph.ID) (*items, error)
	// edgeClaims returns the claims of edges to the given nodes; nil: those of the items.
	edgeClaims func(nodes []graph.ID) (*items, error)
	// start reads those of the given ids that the connection is of; nil: it cannot
	// start from a condition.
	start func(class *schema.Class, among []graph.ID) (*items, error)
	// count counts what read reads, if that takes less; nil: it does not.
	count func() (int, error)
	// where compiles the condition; nil: that of the class.
	where func(given map[string]any) (filter, *Error)
}

// firstByDefault is how many nodes a connection gives that is not told.
const firstByDefault = 20

// window is which part of a connection is asked for.
type window struct {
	first, last   int // negative: not asked for
	after, before *place
	ties          bool // the first go on to all that are equal to the last of them
}

// countsOnly reports whether nothing is shown and no place is looked for.
func (w window) countsOnly() bool {
	return (w.first == 0 || w.last == 0) && w.after == nil && w.before == nil
}

func (r *run) window(args map[string]any, class *schema.Class, order []orderKey) (w window, bad *Error) {
	w.first, w.last = -1, -1
	first, hasFirst := integer(args, "first")
	last, hasLast := integer(args, "last")
	switch {
	case hasFirst && hasLast:
		return w, errorf(BadUserInput, "first and last do not go together: page forwards with first and after, or backwards with last and before").at("last")
	case hasFirst && first < 0:
		return w, errorf(BadUserInput, "first must be 0 or more, not %d", first).at("first")
	case hasLast && last < 0:
		return w, errorf(BadUserInput, "last must be 0 or more, not %d", last).at("last")
	case hasLast:
		w.last = last
	case hasFirst:
		w.first = first
	default:
		w.first = firstByDefault
	}
	if w.ties, _ = args["withTies"].(bool); w.ties {
		switch {
		case hasLast:
			return w, errorf(BadUserInput, "withTies goes with first: a page before a cursor has no last element to go on from").at("withTies")
		case len(order) == 0:
			return w, errorf(BadUserInput, "withTies needs orderBy: without it no two elements are equal").at("withTies")
		}
	}
	for _, end := range []struct {
		name string
		to   **place
	}{{"after", &w.after}, {"before", &w.before}} {
		if text, ok := args[end.name].(string); ok {
			p, bad := r.place(text, class, order)
			if bad != nil {
				return w, bad.at(end.name)
			}
			*end.to = &p
		}
	}
	return w, nil
}

// page is one connection's part that is shown.
type page struct {
	total         int
	from, to      int // of the page within pages.at
	before, after bool
}

// pages are the connections of all rows of a level.
type pages struct {
	source pageSource
	found  *items // all that the pages are taken from, for groups
	order  []orderKey
	ranked *ranking // of which the pages show some
	at     []int32  // of all pages, in order: which item
	each   []page
	inside []row // the items as rows
}

// connection makes the column of a connection.
func (r *run) connection(c *collected, args map[string]any, source pageSource) (column, error) {
	if r.table != nil {
		if col, taken, err := r.table.take(r, c, args, source); taken {
			return col, err
		}
	}
	order := r.order(source.class, args["orderBy"])
	window, bad := r.window(args, source.class, order)
	if bad != nil {
		return nil, bad
	}
	if r.failed != nil {
		return nil, r.failed
	}
	condition, err := r.compile(source, args)
	if err != nil {
		return nil, err
	}
	if !r.straight() && !r.shows(c, source.class) {
		window = none
	}
	shown := r.shownOnly(c, source.class, window)
	var found *items
	if window.countsOnly() && !r.asks(source.class.Name+"Connection", c, "groups") {
		if found, err = r.counted(source, condition); err != nil {
			return nil, err
		}
	}
	if found != nil {
		condition = nil
	} else if found, condition, err = r.sought(source, condition, order, shown); err != nil {
		return nil, err
	}
	lost, err := r.keepMeeting(found, source.rows, condition)
	if err != nil {
		return nil, err
	}
	p := &pages{source: source, found: found, order: order, each: make([]page, len(source.rows))}
	if err := p.ordered(r, found, window); err != nil {
		return nil, err
	}
	col, err := r.fields(source.class.Name+"Connection", c, func(f *collected) (column, error) { return p.field(r, f) })
	if err != nil {
		return nil, err
	}
	return r.surrounded(c, args, col, lost), nil
}

// shownOnly returns how many objects of each row decide what a connection gives:
// those shown and one more, that tells whether there is one; -1 if all do.
func (r *run) shownOnly(c *collected, class *schema.Class, w window) int {
	if w.first <= 0 || w.after != nil || w.before != nil || w.ties || r.asks(class.Name+"Connection", c, "totalCount", "groups") {
		return -1
	}
	return w.first + 1
}

// sought reads what a connection is of: the first n where only they matter and
// can be had so, else from the condition where that names where to start, else
// all. It returns what is left of the condition.
func (r *run) sought(source pageSource, condition filter, order []orderKey, n int) (*items, filter, error) {
	if r.straight() {
		return r.readWhole(source, condition)
	}
	var dates *byDates
	if n > 0 && len(order) > 0 && (source.field != nil || source.start != nil) {
		var err error
		if dates, err = r.dates(wanted{source, condition, order[0], n}); err != nil {
			return nil, nil, err
		}
	}
	return r.enterBy(entrances(source, condition, dates), source)
}

// fill orders each row's items and takes its page.
func (p *pages) fill(r *run, found *items, w window) error {
	begin := 0
	for i, end := range found.ends {
		p.each[i].total = end - begin
		begin = end
	}
	if w.countsOnly() {
		for i := range found.ends {
			p.takeNone(i, w)
		}
		return nil
	}
	first := -1
	if w.after == nil && w.before == nil {
		first = w.first
	}
	var ends []int
	var err error
	if p.ranked, ends, err = r.rank(found, p.order, first); err != nil {
		return err
	}
	p.at = make([]int32, len(p.ranked.items))
	for i := range p.at {
		p.at[i] = int32(i)
	}
	all := p.at
	p.at, begin = all[:0], 0
	for i, end := range ends {
		p.take(r, i, all[begin:end], w)
		begin = end
	}
	return nil
}

// takeNone sets the page of row i where nothing is shown: no need to order what is
// counted.
func (p *pages) takeNone(i int, w window) {
	out := &p.each[i]
	out.before, out.after = w.last == 0 && out.total > 0, w.first == 0 && out.total > 0
}

// take appends the page of row i's items, which it reorders: all of them, or those that
// can be on it.
func (p *pages) take(r *run, i int, all []int32, w window) {
	out := &p.each[i]
	out.from = len(p.at)
	if len(p.order) > 0 {
		slices.SortFunc(all, func(a, b int32) int { return p.ranked.compare(r, a, b) })
	}
	from, to := 0, len(all)
	search := func(at *place, past bool) int {
		i, found := slices.BinarySearchFunc(all, at, func(i int32, at *place) int { return p.ranked.compareTo(r, i, at) })
		if found && past {
			i++
		}
		return i
	}
	if w.after != nil {
		from = search(w.after, true)
	}
	if w.before != nil {
		to = max(search(w.before, false), from)
	}
	if w.first >= 0 {
		end := min(to, from+w.first)
		for w.ties && from < end && end < to && p.ranked.compareKeys(all[end-1], all[end]) == 0 {
			end++
		}
		to = end
	} else {
		from = max(from, to-w.last)
	}
	out.before, out.after = from > 0, to < out.total
	around := r.inside(p.source.rows[i])
	p.inside = slices.Grow(p.inside, to-from)
	for _, at := range all[from:to] {
		p.inside = append(p.inside, row{id: p.ranked.items[at].to, around: around, more: p.source.rows[i].more})
	}
	p.at = append(p.at, all[from:to]...) // which lie there or further on
	out.to = len(p.at)
}

// field makes the column of one field of a connection.
func (p *pages) field(r *run, f *collected) (column, error) {
	switch f.field.Name {
	case "totalCount":
		return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.int(p.each[i].total); return true }}, nil
	case "pageInfo":
		return r.fields("PageInfo", f, func(f *collected) (column, error) { return p.info(r, f), nil })
	case "nodes":
		nodes, err := p.objects(r, f)
		if err != nil {
			return nil, err
		}
		return &list{nonNull: true, itemNonNull: true, ends: p.ends(), items: nodes, claims: p.cited()}, nil
	case "edges":
		if err := r.count(occurrences(p.inside)); err != nil {
			return nil, err
		}
		edges, err := r.fields(p.source.class.Name+"Edge", f, func(f *collected) (column, error) { return p.edge(r, f) })
		if err != nil {
			return nil, err
		}
		return &list{nonNull: true, itemNonNull: true, ends: p.ends(), items: edges}, nil
	case "groups":
		return p.groups(r, f)
	}
	panic("query: a connection's " + f.field.Name + " is derived by no rule")
}

// objects runs a selection over the nodes.
func (p *pages) objects(r *run, f *collected) (column, error) {
	if len(p.each) == 1 { // a page has each node once
		return r.differentObjects(p.inside, f)
	}
	return r.objects(p.inside, f)
}

func notYet(what string) *Error {
	return errorf(NotYet, "%s comes with a later release: this server cannot answer it yet", what)
}

func (p *pages) ends() []int {
	ends := make([]int, len(p.each))
	for i, each := range p.each {
		ends[i] = each.to
	}
	return ends
}

// cited returns the claims that relate each node to its row; nil at a root, which
// is no relation, and for claims.
func (p *pages) cited() func(int) []graph.Link {
	if p.source.edgeClaims != nil || p.source.class.Enum == "" && !p.source.class.Abstract {
		return nil
	}
	return func(item int) []graph.Link { return p.ranked.items[p.at[item]].claims }
}

func (p *pages) cursor(r *run, item int) string {
	return r.cursorText(p.source.class, p.order, p.ranked.place(p.at[item]))
}

func (p *pages) info(r *run, f *collected) column {
	col := &leaf{nonNull: f.nonNull()}
	boolean := func(of func(page) bool) func(*writer, int) bool {
		return func(w *writer, i int) bool {
			w.boolean(of(p.each[i]))
			return true
		}
	}
	end := func(of func(page) int) func(*writer, int) bool {
		return func(w *writer, i int) bool {
			if p.each[i].from == p.each[i].to {
				return false
			}
			w.string(p.cursor(r, of(p.each[i])))
			return true
		}
	}
	switch f.field.Name {
	case "hasNextPage":
		col.put = boolean(func(p page) bool { return p.after })
	case "hasPreviousPage":
		col.put = boolean(func(p page) bool { return p.before })
	case "startCursor":
		col.put = end(func(p page) int { return p.from })
	case "endCursor":
		col.put = end(func(p page) int { return p.to - 1 })
	default:
		panic("query: PageInfo." + f.field.Name + " is derived by no rule")
	}
	return col
}

// edge makes the column of one field of the edges.
func (p *pages) edge(r *run, f *collected) (column, error) {
	switch f.field.Name {
	case "cursor":
		return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.string(p.cursor(r, i)); return true }}, nil
	case "node":
		nodes, err := p.objects(r, f)
		if err != nil {
			return nil, err
		}
		col := &pick{nonNull: true, at: make([]int, len(p.at)), objects: nodes, claims: p.cited()}
		for i := range col.at {
			col.at[i] = i
		}
		return col, nil
	case "claims":
		return p.edgeClaims(r, f)
	}
	panic("query: an edge's " + f.field.Name + " is derived by no rule")
}

// edgeClaims makes the column of the claims behind each edge.
func (p *pages) edgeClaims(r *run, f *collected) (column, error) {
	var found *items
	if p.source.edgeClaims != nil {
		var err error
		if found, err = p.source.edgeClaims(ids(p.inside)); err != nil {
			return nil, err
		}
	} else {
		found = &items{}
		for _, at := range p.at {
			it := &p.ranked.items[at]
			claims := make([]graph.ID, len(it.claims))
			for i, l := range it.claims {
				claims[i] = l.Label
			}
			slices.Sort(claims)
			for _, id := range slices.Compact(claims) {
				found.all = append(found.all, item{to: id})
			}
			found.ends = append(found.ends, len(found.all))
		}
	}
	edges := make([]row, len(p.inside)) // an edge lies beside its node, not within it
	for i, at := range p.inside {
		edges[i].around, edges[i].more = at.around, at.more
	}
	claims, err := r.objects(r.children(found, edges), f)
	if err != nil {
		return nil, err
	}
	return r.atMostListed(f, &list{nonNull: true, itemNonNull: true, ends: found.ends, items: claims}, found.ends), nil
}
