package local

import (
	"context"
	"runtime"
	"slices"

	"chancery/graph"
)

var (
	_ graph.Scanner         = (*snapshot)(nil)
	_ graph.Counter         = (*snapshot)(nil)
	_ graph.PredicateLister = (*snapshot)(nil)
)

// Scan implements graph.Scanner.
func (s *snapshot) Scan(ctx context.Context, r graph.Range, yield func(*graph.Run) bool) error {
	span := with(row{uint64(r.Predicate)}, 1)
	span.from[1] = uint64(r.From)
	if r.To != 0 {
		span.to = row{uint64(r.Predicate), uint64(r.To)}
	}
	span.backward = r.Descending
	if !span.from.less(&span.to) {
		return ctx.Err()
	}
	return s.read(ctx, posl, span, yield)
}

// Count implements graph.Counter. It is exact when nothing that was removed is
// held any more by a segment, and the pattern's parts begin an index.
func (s *snapshot) Count(p graph.Pattern) (n int, exact bool, err error) {
	defer runtime.KeepAlive(s)
	o, fixed := orderOf(p)
	pattern := o.row(p)
	span := with(pattern, fixed)
	held, matching := uint64(0), uint64(0)
	for _, seg := range s.segments {
		rows, err := seg.tables[o].count(&span)
		if err != nil {
			return 0, false, err
		}
		held, matching = held+seg.Quads, matching+rows
	}
	for _, d := range s.deltas {
		rows := d.in(o)
		from := seekRows(rows, &span.from, 0)
		held, matching = held+uint64(d.size()), matching+uint64(seekRows(rows, &span.to, from)-from)
	}
	exact = held == s.size || matching == 0
	for _, part := range pattern[fixed:] {
		exact = exact && (part == 0 || matching == 0)
	}
	return int(min(matching, s.size)), exact, nil
}

// count counts the rows of a span.
func (t *table) count(span *span) (uint64, error) {
	if t.blocks == 0 || t.after(0, &span.to) || t.last.less(&span.from) {
		return 0, nil
	}
	from, err := t.rank(&span.from)
	if err != nil {
		return 0, err
	}
	to, err := t.rank(&span.to)
	return to - from, err
}

// rank counts the rows below the key. All blocks but the last are full.
func (t *table) rank(key *row) (uint64, error) {
	if t.last.less(key) {
		return t.rows, nil
	}
	if !t.after(0, key) {
		var b block
		number := t.find(key, -1)
		if err := t.read(number, &b); err != nil {
			return 0, err
		}
		return uint64(number)*blockRows + uint64(b.search(key, 4)), nil
	}
	return 0, nil
}

// Predicates implements graph.PredicateLister.
func (s *snapshot) Predicates(ctx context.Context) ([]graph.ID, error) {
	defer runtime.KeepAlive(s)
	var out []graph.ID
	for _, source := range s.sources() {
		// The span is of all rows of further predicates.
		for span := everything; ; span.from = (row{span.from[0] + 1}) {
			var c cursor
			if err := c.seek(posl, source, &span); err != nil {
				return nil, err
			}
			if c.rows.len() == 0 {
				break
			}
			span.from[0] = c.rows[0][0]
			out = append(out, graph.ID(span.from[0]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), ctx.Err()
}
