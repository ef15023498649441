package local

import (
	"context"
	"runtime"
	"slices"

	"chancery/graph"
)

var (
	_ graph.Counter         = (*snapshot)(nil)
	_ graph.Ranger          = (*snapshot)(nil)
	_ graph.PredicateLister = (*snapshot)(nil)
)

// Count implements graph.Counter. It is exact when nothing that was removed is
// held any more by a segment, and the pattern's parts begin an index.
func (s *snapshot) Count(p graph.Pattern) (n int, exact bool, err error) {
	defer runtime.KeepAlive(s)
	o, fixed := orderOf(p)
	pattern := o.row(p)
	held, matching, err := s.countSpan(o, with(pattern, fixed))
	if err != nil {
		return 0, false, err
	}
	exact = held == s.size || matching == 0
	for _, part := range pattern[fixed:] {
		exact = exact && (part == 0 || matching == 0)
	}
	return int(min(matching, s.size)), exact, nil
}

// CountWithin implements graph.Ranger. It is exact when nothing that was removed is
// held any more by a segment.
func (s *snapshot) CountWithin(predicate, object graph.ID, subjects graph.Stretch) (n int, exact bool, err error) {
	defer runtime.KeepAlive(s)
	span := subjectsOf(predicate, object, subjects)
	if !span.from.less(&span.to) {
		return 0, true, nil
	}
	held, matching, err := s.countSpan(posl, span)
	return int(min(matching, s.size)), held == s.size || matching == 0, err
}

// ScanWithin implements graph.Ranger.
func (s *snapshot) ScanWithin(ctx context.Context, predicate, object graph.ID, subjects graph.Stretch, yield func(*graph.Run) bool) error {
	span := subjectsOf(predicate, object, subjects)
	if !span.from.less(&span.to) {
		return ctx.Err()
	}
	return s.read(ctx, posl, span, yield)
}

// subjectsOf is the span of an object's subjects in a stretch.
func subjectsOf(predicate, object graph.ID, subjects graph.Stretch) span {
	p, o := uint64(predicate), uint64(object)
	return span{from: row{p, o, uint64(subjects.From)}, to: row{p, o, uint64(subjects.To)}}
}

// countSpan counts the rows of a span that the sources hold, and all rows that they hold.
func (s *snapshot) countSpan(o order, span span) (held, matching uint64, err error) {
	for _, seg := range s.segments {
		rows, err := seg.tables[o].count(&span)
		if err != nil {
			return 0, 0, err
		}
		held, matching = held+seg.Quads, matching+rows
	}
	for _, d := range s.deltas {
		rows := d.in(o)
		from := seekRows(rows, &span.from, 0)
		held, matching = held+uint64(d.size()), matching+uint64(seekRows(rows, &span.to, from)-from)
	}
	return held, matching, nil
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
