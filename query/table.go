package query

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
)

// Table is one connection of an operation as rows: its nodes, or its edges where
// it selects those, all of them, whatever pages the operation asks for. All rows
// are read from the operation's view. It is for one goroutine at a time.
//
// It holds the ids of all its rows, and in an order their keys where cursors are
// selected; what is selected of them is read a batch at a time.
type Table struct {
	op      *Operation
	run     *run
	chosen  *selected
	rows    *collected // nodes or edges; nil: the connection was not reached
	prefix  []step     // of the paths of errors
	shape   []Shape
	pages   *pages // without items
	ids     []graph.ID
	claims  [][]graph.Link // that relate the nodes; nil: none
	keys    [][]sortKey    // nil: no cursor is asked for
	around  graph.ID
	next    int // row
	batch   int
	facts   int // how many of the run's facts and changes the rows are
	changes int
	written []byte // rows as JSON, to be written over
}

// mostAtOnce is how many rows are read at a time, unless they are so large that a
// limit has fewer read.
const mostAtOnce = 2000

// Rows are some rows of a table.
type Rows struct {
	JSON []byte // a list of objects
	// Citations, for operations with @cite, is a list with a list for each row: of
	// objects with path (where in the row the cited value stands), claim, source,
	// publisher, url, locator and status.
	Citations []byte
}

// CitationShape is the shape of a row's citations.
var CitationShape = Shape{Key: "citations", Lists: 1, Fields: []Shape{
	{Key: "path", Type: "String"},
	{Key: "claim", Type: "ID"},
	{Key: "source", Type: "ID"},
	{Key: "publisher", Type: "ID"},
	{Key: "url", Type: "String"},
	{Key: "locator", Type: "String"},
	{Key: "status", Type: "String"},
}}

// Table finds the rows of the connection that is marked @rows, else of the first
// that is within no list, and puts them in order. first, last and withTies of the
// connection say how it is paged and do not matter; after and before do.
//
// The limit on quads is for that, and then for each batch of rows anew: the operation
// itself has none any more, and is answered as a table only. @explain does not matter.
//
// The error is an *Error, ctx.Err() or the store's. Cost: that of the conditions and
// the order of the connection, once.
func (op *Operation) Table(ctx context.Context) (*Table, error) {
	op.meter = &graph.Meter{}
	t := &Table{op: op, run: op.run(ctx), batch: mostAtOnce}
	path, bad := t.choose()
	if bad != nil {
		return nil, bad
	}
	for _, s := range path {
		t.prefix = append(t.prefix, step{key: s.key})
	}
	rows, bad := t.rowsOf()
	if bad != nil {
		return nil, bad
	}
	t.prefix = append(t.prefix, step{key: rows.key})
	t.shape = t.run.shapes(rows.selections())
	if rows.fields[0].Name == "edges" {
		for i, s := range t.run.selected(rows.selections()) {
			t.shape[i].Node = s.fields[0].Name == "node"
		}
	}
	t.refresh(ctx)
	t.run.table = t
	root := path[0]
	answer, err := op.answerWith(t.run, &collected{key: root.key, field: root.fields[0], selections: root.selections()}, (*run).root)
	if err == nil && len(answer.Errors) > 0 {
		err = answer.Errors[0]
	}
	t.run.table = nil
	return t, err
}

// Shape is what the rows hold.
func (t *Table) Shape() []Shape { return t.shape }

// Cited reports whether the rows come with citations.
func (t *Table) Cited() bool { return t.op.cite }

// Len is how many rows there are.
func (t *Table) Len() int { return len(t.ids) }

// Limit leaves out all rows after the first n.
func (t *Table) Limit(n int) { t.ids = t.ids[:min(n, len(t.ids))] }

// KnownAt is the record time that the rows are read at: the same operation asked
// as known at it has the same rows, as long as nothing is erased.
func (t *Table) KnownAt() time.Time { return t.op.view.KnownAt }

// Perspective is the perspective of the rows, as extensions.perspective has it.
func (t *Table) Perspective() []byte { return state(t.op.view, true) }

// Next reads the next rows; their JSON is nil when there are no more. It is good
// until the next call. The error is an *Error, ctx.Err() or the store's: the table
// cannot be had then.
func (t *Table) Next(ctx context.Context) (Rows, error) {
	if t.next >= len(t.ids) {
		return Rows{}, nil
	}
	for {
		n := min(t.batch, len(t.ids)-t.next)
		rows, err := t.read(ctx, t.next, t.next+n)
		if n > 1 && tooLarge(err) {
			t.batch = (n + 1) / 2
			continue
		}
		t.next += n
		if err = t.run.costly(err); err != nil {
			if bad, ok := errors.AsType[*Error](err); ok && len(bad.Path) == 0 {
				bad.Path = t.path()
			}
		}
		return rows, err
	}
}

// tooLarge reports whether fewer rows may be read where these could not.
func tooLarge(err error) bool {
	if bad, ok := errors.AsType[*Error](err); ok {
		return bad.Code == LimitExceeded || bad.Code == CostExceeded
	}
	_, over := errors.AsType[*graph.MeterError](err)
	return over
}

func (t *Table) read(ctx context.Context, from, to int) (Rows, error) {
	t.refresh(ctx)
	r := t.run
	defer r.tell()
	for _, s := range t.prefix {
		r.spending.path = append(r.spending.path, s.key)
	}
	p := &pages{source: t.pages.source, order: t.pages.order, each: []page{{to: to - from}}}
	p.ranked = &ranking{order: p.order, items: make([]item, to-from)}
	p.at, p.inside = make([]int32, to-from), make([]row, to-from)
	if t.keys != nil {
		p.ranked.keys = make([][]sortKey, len(p.order))
	}
	for i, id := range t.ids[from:to] {
		p.inside[i] = row{id: id, around: t.around}
		switch id.Space() { // refresh forgot it
		case factSpace:
			r.classes[id] = r.op.engine.factClass
		case changeSpace:
			r.classes[id] = r.op.engine.changeClass
		}
		p.at[i] = int32(i)
		it := &p.ranked.items[i]
		it.to = id
		if t.claims != nil {
			it.claims = t.claims[from+i]
		}
		if t.keys != nil {
			for e, key := range t.keys[from+i] {
				p.ranked.keys[e] = append(p.ranked.keys[e], key)
			}
		}
	}
	col, err := p.field(r, t.rows)
	if err != nil {
		return Rows{}, err
	}
	w := &writer{run: r, path: slices.Clone(t.prefix), buf: t.written[:0]}
	whole := col.write(w, 0)
	t.written = w.buf
	if w.over != nil {
		w.over.Path = t.path()
		return Rows{}, w.over
	}
	if len(w.errors) > 0 {
		bad := w.errors[0]
		if at := len(t.prefix); at < len(bad.Path) {
			if i, ok := bad.Path[at].(ast.PathIndex); ok {
				bad.Path[at] = i + ast.PathIndex(from)
			}
		}
		return Rows{}, bad
	}
	if !whole {
		return Rows{}, errorf(Internal, "rows %d to %d cannot be written", from, to)
	}
	rows := Rows{JSON: w.buf}
	if t.op.cite {
		rows.Citations, err = t.cited(w.cites, to-from)
	}
	return rows, err
}

// refresh makes the run as good as new, but for the rows that it has found.
func (t *Table) refresh(ctx context.Context) {
	r := t.run
	r.ctx, r.rows = ctx, 0
	r.meter = r.op.engine.meter()
	r.meter.Whole = t.op.meter
	r.view = t.op.view.Metered(r.meter)
	r.spending = spending{}
	r.facts, r.changes = r.facts[:t.facts], r.changes[:t.changes]
	clear(r.classes)
	clear(r.former)
	clear(r.stretches)
}

// path is where the rows are in the answer.
func (t *Table) path() ast.Path {
	w := writer{path: t.prefix}
	return w.astPath()
}

// cited writes the citations of n rows.
func (t *Table) cited(cites []citation, n int) ([]byte, error) {
	var named []graph.ID
	for _, c := range cites {
		for _, l := range c.claims {
			named = append(named, l.Label)
		}
	}
	slices.Sort(named)
	named = slices.Compact(named)
	described, err := t.run.describe(named)
	if err != nil {
		return nil, err
	}
	buf := []byte{'['}
	at := len(t.prefix)
	for i := range n {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, '[')
		separate := false
		for ; len(cites) > 0 && cites[0].path[at].index == i; cites = cites[1:] {
			path := pathText(cites[0].path[at+1:])
			claims := make([]graph.ID, 0, len(cites[0].claims))
			for _, l := range cites[0].claims {
				claims = append(claims, l.Label)
			}
			slices.Sort(claims)
			for _, id := range slices.Compact(claims) {
				if separate {
					buf = append(buf, ',')
				}
				separate = true
				buf = appendString(append(buf, `{"path":`...), path)
				buf = appendString(append(buf, `,"claim":`...), t.op.view.Name(id))
				k, _ := slices.BinarySearch(named, id)
				detail, err := json.Marshal(described[k])
				if err != nil {
					return nil, err
				}
				buf = append(append(buf, ','), detail[1:]...)
			}
		}
		buf = append(buf, ']')
	}
	return append(buf, ']'), nil
}

// pathText writes a path as visitors[0].name.
func pathText(path []step) string {
	var b strings.Builder
	for i, s := range path {
		switch {
		case s.key == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case i > 0:
			b.WriteString("." + s.key)
		default:
			b.WriteString(s.key)
		}
	}
	return b.String()
}

// take is asked of every connection while the table is looked for, and takes the one
// that was chosen.
func (t *Table) take(r *run, c *collected, args map[string]any, source pageSource) (col column, taken bool, err error) {
	if !slices.Contains(t.chosen.fields, c.field) {
		return nil, false, nil
	}
	order := r.order(source.class, args["orderBy"])
	unpaged := map[string]any{}
	for name, value := range args {
		if name != "first" && name != "last" && name != "withTies" {
			unpaged[name] = value
		}
	}
	window, bad := r.window(unpaged, source.class, order)
	if bad != nil {
		return nil, true, bad
	}
	window.first = math.MaxInt32
	if r.failed != nil {
		return nil, true, r.failed
	}
	condition, err := r.compile(source, args)
	if err != nil {
		return nil, true, err
	}
	found, condition, err := r.sought(source, condition, order, -1)
	if err != nil {
		return nil, true, err
	}
	lost, err := r.keepMeeting(found, source.rows, condition)
	if err != nil {
		return nil, true, err
	}
	for _, f := range r.collect(source.class.Name+"Connection", c.selections) {
		if f.field.Name == "nodes" || f.field.Name == "edges" {
			t.rows = f
		}
	}
	if t.rows == nil {
		return nil, true, errorf(BadUserInput, "%q selects no nodes of a %s, which would be the rows", c.key, source.class.Name)
	}
	p := &pages{source: source, order: order, each: make([]page, len(source.rows))}
	t.pages = p
	if len(order) == 0 && window.after == nil && window.before == nil {
		t.keepFound(r, found)
	} else {
		if err := p.fill(r, found, window); err != nil {
			return nil, true, err
		}
		t.keep(r, p)
	}
	t.facts, t.changes = len(r.facts), len(r.changes)
	p.ranked, p.at, p.inside, p.each = nil, nil, nil, nil
	return r.surrounded(c, args, &leaf{nonNull: true, put: func(w *writer, _ int) bool { w.buf = append(w.buf, "{}"...); return true }}, lost), true, nil
}

// keep holds what is needed of the rows.
func (t *Table) keep(r *run, p *pages) {
	cursors := t.rows.field.Name == "edges" && r.asks(p.source.class.Name+"Edge", t.rows, "cursor")
	t.ids = make([]graph.ID, len(p.at))
	for i, at := range p.at {
		it := &p.ranked.items[at]
		t.ids[i], t.around = it.to, p.inside[i].around
		if it.claims != nil {
			if t.claims == nil {
				t.claims = make([][]graph.Link, len(p.at))
			}
			t.claims[i] = it.claims
		}
		if cursors {
			t.keys = append(t.keys, p.ranked.place(at).keys)
		}
	}
}

// keepFound is keep for rows that are in order already: nothing else is made of each
// of them, so that a long table takes little before its first row.
func (t *Table) keepFound(r *run, found *items) {
	t.ids = make([]graph.ID, len(found.all))
	for i, it := range found.all {
		t.ids[i] = it.to
		if it.claims != nil {
			if t.claims == nil {
				t.claims = make([][]graph.Link, len(found.all))
			}
			t.claims[i] = it.claims
		}
	}
	t.around = r.inside(t.pages.source.rows[0])
}
