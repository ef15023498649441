package graph

import (
	"context"
	"maps"
	"sync"
)

// Column is one predicate as an array over its subjects: for each node the one
// quad that has it as subject, whatever claim says it. Most nodes have one value
// of most predicates, so that this answers without the store; where there are
// several quads, it says so.
type Column struct {
	rows   *columnRows
	merges *merges
}

// At returns the only link of a node by the predicate, of any claim; its To is 0
// where there is none. ok is false where there may be several: ask Expand.
func (c Column) At(node ID) (l Link, ok bool) {
	if node.Space() != Nodes || c.merges != nil && c.merges.members[node] != nil {
		return Link{}, false
	}
	l = c.rows.at(node)
	if l == several {
		return Link{}, false
	}
	l.To = c.merges.stays(l.To)
	return l, true
}

// several marks a node that has more than one quad, or had one that was erased.
var several = Link{To: ^ID(0)}

const columnPage = 512

// columnRows are the links by the sequences of nodes. They never change once they
// are published: a commit copies the pages that it touches.
type columnRows struct{ pages []*[columnPage]Link }

func (r *columnRows) at(node ID) Link {
	seq := node.Sequence()
	if page := seq / columnPage; page < uint64(len(r.pages)) && r.pages[page] != nil {
		return r.pages[page][seq%columnPage]
	}
	return Link{}
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
	for _, q := range b.Add {
		if e := edits[q.Predicate]; e != nil {
			e.add(id(q.Subject), Link{To: id(q.Object), Label: id(q.Label)})
		}
	}
	for _, q := range b.Remove {
		if e := edits[q.Predicate]; e != nil {
			e.set(id(q.Subject), several)
		}
	}
	return next
}

// columnEdit is a column in the making.
type columnEdit struct {
	columnRows
	owned map[uint64]bool // pages that are copies of our own
}

func editColumn(r *columnRows) *columnEdit {
	return &columnEdit{columnRows{append([]*[columnPage]Link(nil), r.pages...)}, map[uint64]bool{}}
}

// add takes in one more quad of a node.
func (e *columnEdit) add(node ID, l Link) {
	if e.at(node) != (Link{}) {
		l = several
	}
	e.set(node, l)
}

func (e *columnEdit) set(node ID, l Link) {
	if node.Space() != Nodes {
		return
	}
	page := node.Sequence() / columnPage
	for uint64(len(e.pages)) <= page {
		e.pages = append(e.pages, nil)
	}
	if !e.owned[page] {
		own := new([columnPage]Link)
		if e.pages[page] != nil {
			*own = *e.pages[page]
		}
		e.pages[page], e.owned[page] = own, true
	}
	e.pages[page][node.Sequence()%columnPage] = l
}

// Column returns a predicate, given by its compact IRI, as a column. ok is false
// while it is not worth having one: nodes says how many are about to be looked for.
// Cost: nothing, or once in a while every quad of the predicate.
func (v *View) Column(ctx context.Context, predicate string, nodes int) (c Column, ok bool, err error) {
	if v.columns == nil {
		return c, false, nil
	}
	p, known := v.Lookup(Ref(predicate))
	if !known {
		return Column{&columnRows{}, nil}, true, nil
	}
	rows, err := v.columns.of(ctx, v.Snapshot, p, nodes)
	return Column{rows, v.merges}, rows != nil, err
}
