package graph

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
)

// Column is one predicate as an array over its subjects: for each node the quads
// that have it as subject, whatever claim says them, as one view sees them. It
// answers without the store, and says so where it cannot.
type Column struct {
	predicate ID
	rows      *columnRows
	view      *View
}

// At returns the only link of a node by the predicate, of any claim; its To is 0
// where there is none. ok is false where there are several, or may be: ask Links.
func (c Column) At(node ID) (l Link, ok bool) {
	if !c.tells(node) {
		return Link{}, false
	}
	if l = c.rows.at(node); l != (Link{}) && l.Label.Space() != Claims {
		return Link{}, false
	}
	l.To = c.view.merges.stays(l.To)
	return l, true
}

// Only returns the only object of a node by the predicate, if any of the claims
// gives it; 0 if none does. ok is false where claims, admitted or not, differ about
// the object, or may: ask Links. Cost: O(1); see [Column.Links].
func (c Column) Only(node ID, claims *Set) (to ID, ok bool) {
	if !c.tells(node) {
		return 0, false
	}
	switch l := c.rows.at(node); {
	case l.To == various:
		return 0, false
	case l.To == 0, !c.says(node, l, claims):
		return 0, true
	default:
		return c.view.merges.stays(l.To), true
	}
}

// says reports whether any of the claims gives the node the object of l.
func (c Column) says(node ID, l Link, claims *Set) bool {
	if l.Label.Space() == Claims {
		return claims.Has(l.Label)
	}
	run := c.rows.run(node, l)
	if len(run) <= longRun {
		return slices.ContainsFunc(run, func(l Link) bool { return claims.Has(l.Label) })
	}
	return claims.Has(run[0].Label) || len(c.view.admitted(run, claims)) > 0
}

// Links returns the links of a node by the predicate that the claims give, as
// Expand does. They are the column's: read-only. ok is false where only Expand tells.
// Cost: O(1), and O(k) of a node with k quads, of one with many the first time that
// the view is asked with its Facts or Known.
func (c Column) Links(node ID, claims *Set) (links []Link, ok bool) {
	links, ok = c.all(node)
	if !ok || len(links) == 0 {
		return nil, ok
	}
	return c.view.admitted(links, claims), true
}

// Shown returns the links that say the value to show of a node, where the predicate
// is single-valued: those of Links whose claims are preferred, see [View.Prefer].
// Cost: as of Links.
func (c Column) Shown(ctx context.Context, node ID, claims *Set) (links []Link, ok bool) {
	links, ok = c.all(node)
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
	var last ID // most neighbours have the same object
	lastGives := false
	for i, page := range c.rows.pages {
		if page == nil {
			continue
		}
		for at, l := range page {
			switch {
			case l == unsure:
				return nil, false, nil
			case l.To == various:
				if !slices.ContainsFunc(c.rows.runs[i][l.Label-1], gives) {
					continue
				}
			default:
				if l.To != last {
					last, lastGives = l.To, gives(l)
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

// all returns the links of a node as they lie in the column.
func (c Column) all(node ID) (links []Link, ok bool) {
	if !c.tells(node) {
		return nil, false
	}
	l := c.rows.at(node)
	switch {
	case l == Link{}:
		return nil, true
	case l == unsure:
		return nil, false
	case l.Label.Space() == Claims:
		page, at := place(node)
		return c.rows.pages[page][at : at+1 : at+1], true
	}
	return c.rows.run(node, l), true
}

const columnPage = 512

// columnRows are the links by the sequences of nodes. They never change once they
// are published: a commit copies the pages that it touches.
//
// A node with several quads has them in a run; its place in the page has their
// number among the page's runs plus one instead of a claim, and their object, or
// various. So what most nodes have costs 16 bytes a node, and a run 24 and 16 for
// each of its quads.
type columnRows struct {
	pages []*[columnPage]Link
	runs  [][][]Link // of each page: of a node, ascending by object, then claim
}

// various stands for the object of quads that have different ones.
const various = ^ID(0)

// unsure marks a node with a quad that no claim says, or that had one.
var unsure = Link{To: various}

func place(node ID) (page, at int) {
	seq := node.Sequence()
	return int(seq / columnPage), int(seq % columnPage)
}

func (r *columnRows) at(node ID) Link {
	page, at := place(node)
	if page < len(r.pages) && r.pages[page] != nil {
		return r.pages[page][at]
	}
	return Link{}
}

// run returns the quads of a node whose place has l.
func (r *columnRows) run(node ID, l Link) []Link {
	page, _ := place(node)
	return r.runs[page][l.Label-1]
}

// columns are those of one state that were worth making.
type columns struct {
	mu    sync.Mutex
	built map[ID]*columnRows // by predicate
	asked map[ID]int         // nodes that were looked for of each predicate
}

func newColumns() *columns { return &columns{built: map[ID]*columnRows{}, asked: map[ID]int{}} }

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
	c.built[predicate] = &edit.columnRows
	return c.built[predicate], nil
}

// after returns the columns as a commit leaves them.
// Cost: the batch, where its predicates have columns.
func (c *columns) after(snap Snapshot, b *Batch) *columns {
	c.mu.Lock()
	next := &columns{built: maps.Clone(c.built), asked: maps.Clone(c.asked)}
	c.mu.Unlock()
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
	for _, q := range b.Remove {
		if e := edits[q.Predicate]; e != nil {
			e.remove(id(q.Subject), Link{To: id(q.Object), Label: id(q.Label)})
		}
	}
	// A quad both added and removed is there afterwards. A long run takes in all of
	// its quads at once.
	fresh := map[*columnEdit][]nodeLink{}
	for _, q := range b.Add {
		if e := edits[q.Predicate]; e != nil {
			fresh[e] = append(fresh[e], nodeLink{id(q.Subject), Link{To: id(q.Object), Label: id(q.Label)}})
		}
	}
	for e, links := range fresh {
		e.addAll(links)
	}
	return next
}

// columnEdit is a column in the making.
type columnEdit struct {
	columnRows
	owned map[int]bool // pages that are copies of our own, with their lists of runs
}

func editColumn(r *columnRows) *columnEdit {
	return &columnEdit{columnRows{slices.Clone(r.pages), slices.Clone(r.runs)}, map[int]bool{}}
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
	case was == Link{} && len(fresh) == 1:
		e.set(node, fresh[0])
	case was == Link{}:
		e.setRun(node, was, with(nil, fresh))
	case was.Label.Space() == Claims:
		e.setRun(node, Link{}, with([]Link{was}, fresh))
	default:
		e.setRun(node, was, with(e.run(node, was), fresh))
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

// remove takes out a quad of a node, if it is there.
func (e *columnEdit) remove(node ID, l Link) {
	was := e.at(node)
	switch {
	case node.Space() != Nodes || was == Link{} || was == unsure:
	case was == l:
		e.set(node, Link{})
	case was.Label.Space() == Claims:
	default:
		run := e.run(node, was)
		if at, found := slices.BinarySearchFunc(run, l, compareLinks); found {
			// A copy: what earlier states have stays, and nothing is appended there again.
			e.setRun(node, was, slices.Concat(run[:at], run[at+1:]))
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

// setRun gives a node, whose place has was, the run of its quads.
func (e *columnEdit) setRun(node ID, was Link, run []Link) {
	page, at := e.own(node)
	runs := &e.runs[page]
	if len(run) == 1 {
		if e.pages[page][at] = run[0]; was != (Link{}) {
			(*runs)[was.Label-1] = nil
		}
		return
	}
	if was == (Link{}) {
		*runs = append(*runs, nil)
		was.Label = ID(len(*runs))
	}
	was.To = run[0].To
	if was.To != run[len(run)-1].To {
		was.To = various
	}
	e.pages[page][at], (*runs)[was.Label-1] = was, run
}

func (e *columnEdit) set(node ID, l Link) {
	page, at := e.own(node)
	e.pages[page][at] = l
}

// own makes the page of a node one that may be written to.
func (e *columnEdit) own(node ID) (page, at int) {
	page, at = place(node)
	for len(e.pages) <= page {
		e.pages, e.runs = append(e.pages, nil), append(e.runs, nil)
	}
	if !e.owned[page] {
		own := new([columnPage]Link)
		if e.pages[page] != nil {
			*own = *e.pages[page]
		}
		e.pages[page], e.runs[page], e.owned[page] = own, slices.Clone(e.runs[page]), true
	}
	return page, at
}

// Column returns a predicate, given by its compact IRI, as a column. ok is false
// while it is not worth having one: nodes says how many are about to be looked for.
// Cost: nothing, or once in a while every quad of the predicate. The view's meter
// counts the nodes as quads read.
func (v *View) Column(ctx context.Context, predicate string, nodes int) (c Column, ok bool, err error) {
	if v.columns == nil {
		return c, false, nil
	}
	p, known := v.Lookup(Ref(predicate))
	if !known {
		return Column{0, &columnRows{}, v}, true, nil
	}
	rows, err := v.columns.of(ctx, v.Snapshot, p, nodes)
	if rows != nil {
		err = v.meter.Add(nodes)
	}
	return Column{p, rows, v}, rows != nil, err
}
