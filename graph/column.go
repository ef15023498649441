package graph

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Column is one predicate as an array over its subjects: for each node the quads
// that have it as subject, whatever claim says them, as one view sees them. It
// answers without the store, and says so where it cannot.
type Column struct {
	predicate ID
	rows      *columnRows
	view      *View
}

// Only returns the only object of a node by the predicate, if any of the claims
// gives it; 0 if none does. ok is false where claims, admitted or not, differ about
// the object, or may: ask Links. Cost: O(1); see [Column.Links].
func (c Column) Only(node ID, claims *Set) (to ID, ok bool) {
	number := c.number(node, claims)
	if number == Unsure {
		return 0, false
	}
	return c.Object(number), true
}

// Empty reports whether no node has a quad by the predicate. Cost: O(1).
func (c Column) Empty() bool { return len(c.rows.pages) == 0 }

// says reports whether any of the claims gives a run's object.
func (c Column) says(run []Link, claims *Set) bool {
	if len(run) <= longRun {
		return slices.ContainsFunc(run, func(l Link) bool { return claims.Has(l.Label) })
	}
	return claims.Has(run[0].Label) || len(c.view.admitted(run, claims)) > 0
}

// Room is memory for links that a column does not keep as such: of nodes that have
// one. It is for one goroutine.
type Room []Link

// of returns a list of one link.
func (r *Room) of(l Link) []Link {
	if len(*r) == cap(*r) {
		*r = make([]Link, 0, min(max(2*cap(*r), 16), 1024))
	}
	*r = append(*r, l)
	n := len(*r)
	return (*r)[n-1 : n : n]
}

// Links returns the links of a node by the predicate that the claims give, as
// Expand does. They are the column's, or lie in the room: read-only. ok is false where
// only Expand tells.
// Cost: O(1), and O(k) of a node with k quads, of one with many the first time that
// the view is asked with its Facts or Known.
func (c Column) Links(room *Room, node ID, claims *Set) (links []Link, ok bool) {
	links, ok = c.all(room, node)
	if !ok || len(links) == 0 {
		return nil, ok
	}
	return c.view.admitted(links, claims), true
}

// Shown returns the links that say the value to show of a node, where the predicate
// is single-valued: those of Links whose claims are preferred, see [View.Prefer].
// Cost: as of Links.
func (c Column) Shown(ctx context.Context, room *Room, node ID, claims *Set) (links []Link, ok bool) {
	links, ok = c.all(room, node)
	if !ok || len(links) == 0 {
		return nil, ok
	}
	return c.view.shown(ctx, links, claims), true
}

// placesPerQuad is how many places of a column are looked at in the time of
// reading one quad from the store.
const placesPerQuad = 8

// Subjects returns the nodes, ascending, that any claims give one of the objects by
// the predicate. ok is false where Expand finds them sooner, for they have few quads.
// The error is the store's. Cost: a look at each node of the graph.
func (c Column) Subjects(objects []ID) (nodes []ID, ok bool, err error) {
	if few, err := c.few(objects); few || err != nil {
		return nil, false, err
	}
	gives := func(l Link) bool { return l.To != 0 && slices.Contains(objects, c.view.merges.stays(l.To)) }
	last, lastGives := uint32(0), false // most neighbours have the same object
	for i, page := range c.rows.pages {
		if page.empty() {
			continue
		}
		for at, number := range page.numbers {
			switch e := page.at(at); {
			case e == unsure:
				return nil, false, nil
			case number == various:
				if !slices.ContainsFunc(c.rows.runs[i][e.claim&^severalBit], gives) {
					continue
				}
			default:
				if number != last {
					last, lastGives = number, gives(Link{To: c.rows.objects[number]})
				}
				if !lastGives {
					continue
				}
			}
			nodes = append(nodes, c.view.merges.stays(InSpace(Nodes, uint64(i*columnPage+at))))
		}
	}
	if c.view.merges != nil {
		slices.Sort(nodes)
		nodes = slices.Compact(nodes)
	}
	return nodes, true, nil
}

// few reports whether the store has so few quads with the objects that it is asked.
func (c Column) few(objects []ID) (bool, error) {
	counter, ok := c.view.Snapshot.(Counter)
	if !ok {
		return false, nil
	}
	quads := 0
	for _, id := range objects {
		n, _, err := counter.Count(Pattern{Predicate: c.predicate, Object: id})
		if err != nil {
			return false, err
		}
		quads += n
	}
	return quads < len(c.rows.pages)*columnPage/placesPerQuad, nil
}

// tells reports whether the column can know of the node: the quads of one that
// others were merged into are in several places.
func (c Column) tells(node ID) bool {
	return node.Space() == Nodes && (c.view.merges == nil || c.view.merges.members[node] == nil)
}

// all returns the links of a node, whatever claims say them.
func (c Column) all(room *Room, node ID) (links []Link, ok bool) {
	if !c.tells(node) {
		return nil, false
	}
	switch e := c.rows.at(node); {
	case e == entry{}:
		return nil, true
	case e == unsure:
		return nil, false
	case e.several():
		return c.rows.run(node, e), true
	default:
		return room.of(c.rows.link(e)), true
	}
}

// columnRows are the links by the sequences of nodes. They never change once they
// are published: a commit copies the pages that it touches, and appends objects.
type columnRows struct {
	pages   []page
	runs    [][][]Link // of each page: of a node, ascending by object, then claim
	briefs  []brief    // of each page
	objects []ID       // by number, each once; the first is none
	index   *objectIndex
	inverse *inverse // of this very state
}

func (r *columnRows) at(node ID) entry {
	if page := node.Sequence() / columnPage; page < uint64(len(r.pages)) {
		return r.pages[page].at(int(node % columnPage))
	}
	return entry{}
}

// link returns the link of an entry that has one at most.
func (r *columnRows) link(e entry) Link {
	if e.object == 0 {
		return Link{}
	}
	return Link{To: r.objects[e.object], Label: InSpace(Claims, uint64(e.claim))}
}

// run returns the quads of a node whose entry has several.
func (r *columnRows) run(node ID, e entry) []Link {
	page, _ := place(node)
	return r.runs[page][e.claim&^severalBit]
}

// columns are those of one state that were worth making.
type columns struct {
	mu    sync.Mutex
	built map[ID]*columnRows // by predicate
	asked map[ID]int         // nodes that were looked for of each predicate

	making    sync.Mutex // held while a timeline is made; guards half
	half      *timelineMaking
	timelines map[timelineOf]*timeline
	awaited   map[timelineOf]int // nodes that were looked for of each

	names atomic.Pointer[keptNames]
}

func newColumns() *columns {
	return &columns{built: map[ID]*columnRows{}, asked: map[ID]int{}, awaited: map[timelineOf]int{}}
}

// columnWorth is the part of all quads that has to be looked for of a predicate
// before its column is made.
const columnWorth = 256

// of returns a predicate's rows, and makes them if as many nodes have been looked
// for as make it worth reading the predicate whole; nil if not.
func (c *columns) of(ctx context.Context, snap Snapshot, predicate ID, nodes int) (*columnRows, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.built[predicate]; r != nil {
		return r, nil
	}
	if c.asked[predicate] += nodes; c.asked[predicate] < snap.Size()/columnWorth {
		return nil, nil
	}
	edit := editColumn(&columnRows{})
	err := snap.Quads(ctx, Pattern{Predicate: predicate}, func(q Quad) bool {
		edit.add(q.Subject, Link{To: q.Object, Label: q.Label})
		return true
	})
	if err != nil {
		return nil, err
	}
	// The runs' room to grow was for the reading: commits add to few of them.
	for _, runs := range edit.runs {
		for i, run := range runs {
			if len(run) < cap(run) {
				runs[i] = append(make([]Link, 0, len(run)), run...)
			}
		}
	}
	edit.objects = append(make([]ID, 0, len(edit.objects)), edit.objects...)
	edit.seal()
	edit.index = nil // commits are few, and make it again
	c.built[predicate] = &edit.columnRows
	return c.built[predicate], nil
}

// after returns the columns as a commit leaves them.
// Cost: the batch, where its predicates have columns.
func (c *columns) after(snap Snapshot, b *Batch) *columns {
	c.making.Lock()
	defer c.making.Unlock()
	c.mu.Lock()
	next := &columns{built: maps.Clone(c.built), asked: maps.Clone(c.asked), awaited: maps.Clone(c.awaited)}
	timelines := maps.Clone(c.timelines)
	c.mu.Unlock()
	if len(b.Remove) == 0 {
		next.names.Store(c.names.Load()) // terms never change
	}
	if len(next.built) == 0 {
		return next
	}
	edits := make(map[TermRef]*columnEdit, len(next.built))
	for i, t := range b.Terms {
		if t.Kind != IRI {
			continue
		}
		if id, ok := snap.Lookup(t); ok && next.built[id] != nil {
			e := editColumn(next.built[id])
			next.built[id], edits[TermRef(i+1)] = &e.columnRows, e
		}
	}
	id := func(t TermRef) ID {
		if t == 0 {
			return 0
		}
		id, _ := snap.Lookup(b.Terms[t-1])
		return id
	}
	// Of what is erased, no column keeps the value: it is made anew when it is asked about.
	for _, q := range b.Remove {
		delete(next.built, id(q.Predicate))
	}
	// A long run takes in all of its quads at once.
	fresh := map[*columnEdit][]nodeLink{}
	var added []Quad
	for _, q := range b.Add {
		if e := edits[q.Predicate]; e != nil {
			to := nodeLink{id(q.Subject), Link{To: id(q.Object), Label: id(q.Label)}}
			fresh[e] = append(fresh[e], to)
			if len(timelines) > 0 {
				added = append(added, Quad{Subject: to.node, Predicate: id(q.Predicate)})
			}
		}
	}
	next.timelines = timelinesAfter(timelines, next.built, added)
	for e, links := range fresh {
		e.addAll(links)
		e.seal()
	}
	return next
}

// withoutNames returns the columns as they are, and no name that was kept.
func (c *columns) withoutNames() *columns {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &columns{built: maps.Clone(c.built), asked: maps.Clone(c.asked), timelines: maps.Clone(c.timelines), awaited: maps.Clone(c.awaited)}
}

// columnEdit is a column in the making.
type columnEdit struct {
	columnRows
	owned map[int]bool // pages that are unpacked copies of our own, with their lists of runs
}

func editColumn(r *columnRows) *columnEdit {
	e := &columnEdit{
		columnRows: columnRows{slices.Clone(r.pages), slices.Clone(r.runs), slices.Clone(r.briefs), r.objects, r.index, new(inverse)},
		owned:      map[int]bool{},
	}
	if len(e.objects) == 0 {
		e.objects = []ID{0} // none, also of a column that has no quads
	}
	return e
}

// entry packs a link; false if there is no room for its numbers.
func (e *columnEdit) entry(l Link) (entry, bool) {
	if e.index == nil {
		e.index = newObjectIndex(e.objects)
	}
	number := e.index.number(&e.objects, l.To)
	return entry{number, uint32(l.Label.Sequence())}, uint64(len(e.objects)) < uint64(various) && l.Label.Sequence() < severalBit
}

// add takes in quads of a node, ascending; what is there already changes nothing.
func (e *columnEdit) add(node ID, fresh ...Link) {
	was := e.at(node)
	if node.Space() != Nodes || was == unsure {
		return
	}
	if slices.ContainsFunc(fresh, func(l Link) bool { return l.Label.Space() != Claims }) {
		e.set(node, unsure)
		return
	}
	switch {
	case was == entry{} && len(fresh) == 1:
		if only, fits := e.entry(fresh[0]); fits {
			e.set(node, only)
			return
		}
		e.setRun(node, was, with(nil, fresh))
	case was == entry{}:
		e.setRun(node, was, with(nil, fresh))
	case was.several():
		e.setRun(node, was, with(e.run(node, was), fresh))
	default:
		e.setRun(node, entry{}, with([]Link{e.link(was)}, fresh))
	}
}

type nodeLink struct {
	node ID
	Link
}

// addAll takes in the quads of many nodes, in any order.
func (e *columnEdit) addAll(quads []nodeLink) {
	slices.SortFunc(quads, func(a, b nodeLink) int { return cmp.Or(cmp.Compare(a.node, b.node), compareLinks(a.Link, b.Link)) })
	var fresh []Link
	for i, q := range quads {
		fresh = append(fresh, q.Link)
		if i+1 == len(quads) || quads[i+1].node != q.node {
			e.add(q.node, fresh...)
			fresh = fresh[:0]
		}
	}
}

// with returns a run with more links, ascending. Only room past the run's end is
// written to: earlier states have shorter runs there.
func with(run, fresh []Link) []Link {
	if len(run) == 0 || compareLinks(run[len(run)-1], fresh[0]) < 0 {
		for _, l := range fresh {
			if n := len(run); n == 0 || run[n-1] != l {
				run = append(run, l)
			}
		}
		return run
	}
	out := make([]Link, 0, len(run)+len(fresh))
	for len(run) > 0 || len(fresh) > 0 {
		from := &run
		if len(run) == 0 || len(fresh) > 0 && compareLinks(fresh[0], run[0]) < 0 {
			from = &fresh
		}
		if n := len(out); n == 0 || out[n-1] != (*from)[0] {
			out = append(out, (*from)[0])
		}
		*from = (*from)[1:]
	}
	return out
}

func compareLinks(a, b Link) int {
	return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.Label, b.Label))
}

// setRun gives a node, which has the entry was, its quads, one or more.
func (e *columnEdit) setRun(node ID, was entry, run []Link) {
	first, fits := e.entry(run[0])
	page, at := e.own(node)
	runs := &e.runs[page]
	if len(run) == 1 && fits {
		if e.pages[page].set(at, first); was != (entry{}) {
			(*runs)[was.claim&^severalBit] = nil
		}
		return
	}
	if was == (entry{}) {
		was.claim = severalBit | uint32(len(*runs))
		*runs = append(*runs, nil)
	}
	if was.object = first.object; !fits || run[0].To != run[len(run)-1].To {
		was.object = various
	}
	e.pages[page].set(at, was)
	(*runs)[was.claim&^severalBit] = run
}

func (e *columnEdit) set(node ID, to entry) {
	page, at := e.own(node)
	e.pages[page].set(at, to)
}

// own makes the page of a node one that may be written to.
func (e *columnEdit) own(node ID) (number, at int) {
	number, at = place(node)
	for len(e.pages) <= number {
		e.pages, e.runs, e.briefs = append(e.pages, page{numbers: &noNumbers}), append(e.runs, nil), append(e.briefs, brief{alone: true})
	}
	if !e.owned[number] {
		e.pages[number], e.runs[number], e.owned[number] = e.pages[number].unpacked(), slices.Clone(e.runs[number]), true
	}
	return number, at
}

// Column returns a predicate, given by its compact IRI, as a column. ok is false
// while it is not worth having one: nodes says how many are about to be looked for.
// Cost: nothing, or once in a while every quad of the predicate. The view's meter
// counts the nodes as quads read.
func (v *View) Column(ctx context.Context, predicate string, nodes int) (c Column, ok bool, err error) {
	if v.columns == nil {
		return c, false, nil
	}
	p, known := v.predicate(predicate)
	if !known {
		return Column{0, &columnRows{objects: []ID{0}}, v}, true, nil
	}
	rows, err := v.columns.of(ctx, v.Snapshot, p, nodes)
	if rows != nil {
		err = v.meter.Add(nodes)
	}
	return Column{p, rows, v}, rows != nil, err
}
