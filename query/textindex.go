package query

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"
	"sync"

	"chancery/graph"
)

// textIndexes keeps an index of the texts of each predicate that conditions on texts
// have asked for often enough. Which claims count is no matter of theirs, so that
// all perspectives share them, and a commit only adds to them.
type textIndexes struct {
	stats *stats
	mu    sync.Mutex // held while an index is made: others wait for it
	kept  map[string]*textIndex
}

// of returns the index of a predicate's texts as of a view; it may have later rows,
// of claims that the view does not know. nil while there is none: nodes says how
// many are about to be looked for.
func (t *textIndexes) of(ctx context.Context, v *graph.View, predicate string, nodes int) (*textIndex, error) {
	rows, ok, err := v.Rows(ctx, predicate, nodes)
	if err != nil || !ok {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	index := t.kept[predicate]
	if index == nil || !index.rows.Continues(rows) {
		index = &textIndex{}
	}
	if len(index.rows.All) < len(rows.All) || index != t.kept[predicate] {
		index = index.with(rows, v)
		t.kept[predicate] = index
		t.stats.textMisses.Add(1)
	} else {
		t.stats.textHits.Add(1)
	}
	return index, nil
}

// textIndex finds the rows of one predicate by the folded texts of their objects.
// It never changes.
//
// It takes some 50 bytes and the folded text of each row.
type textIndex struct {
	rows  graph.Rows
	parts []textPart // of rows one after another, each at most half as long as the one before
}

// with is the index of more rows, which continue those that it has.
// Cost: 2 µs a row that is added, and the merging of parts: O(n·log n) for n rows
// however they come.
func (x *textIndex) with(rows graph.Rows, v *graph.View) *textIndex {
	out := &textIndex{rows: rows, parts: slices.Clip(x.parts)}
	from := len(x.rows.All)
	for n := len(out.parts); n > 0 && (len(rows.All)-from)*2 >= out.parts[n-1].len(); n-- {
		from = out.parts[n-1].from
		out.parts = out.parts[: n-1 : n-1]
	}
	if from < len(rows.All) {
		out.parts = append(out.parts, newTextPart(rows.All, from, v))
	}
	return out
}

// textPart is the index of a stretch of rows. Its texts are the literals that are
// objects of some, by their folded text, each followed by a mark.
type textPart struct {
	from, to int
	folded   string
	begins   []int    // of each text in folded, and the end
	rows     []uint32 // of all texts, one after another, less from
	ends     []int    // of each text's rows
}

// textMark stands behind each folded text, of which it is no part.
const textMark = "\xff"

func (p *textPart) len() int { return p.to - p.from }

func newTextPart(all []graph.Row, from int, v *graph.View) textPart {
	p := textPart{from: from, to: len(all)}
	p.rows = make([]uint32, p.len())
	for i := range p.rows {
		p.rows[i] = uint32(i)
	}
	object := func(row uint32) graph.ID { return all[from+int(row)].Object }
	slices.SortFunc(p.rows, func(a, b uint32) int { return cmp.Or(cmp.Compare(object(a), object(b)), cmp.Compare(a, b)) })
	type text struct {
		folded string
		rows   []uint32
	}
	var texts []text
	size := 0
	folder := folder{}
	for rest := p.rows; len(rest) > 0; {
		of := object(rest[0])
		n := 1
		for n < len(rest) && object(rest[n]) == of {
			n++
		}
		if t, ok := v.Term(of); ok && t.Kind == graph.Literal {
			texts = append(texts, text{folder.fold(t.Text), rest[:n]})
			size += len(texts[len(texts)-1].folded) + len(textMark)
		}
		rest = rest[n:]
	}
	slices.SortStableFunc(texts, func(a, b text) int { return strings.Compare(a.folded, b.folded) })
	var folded strings.Builder
	folded.Grow(size)
	rows := make([]uint32, 0, len(p.rows))
	p.begins, p.ends = make([]int, 0, len(texts)+1), make([]int, 0, len(texts))
	for _, t := range texts {
		p.begins = append(p.begins, folded.Len())
		folded.WriteString(t.folded)
		folded.WriteString(textMark)
		rows = append(rows, t.rows...)
		p.ends = append(p.ends, len(rows))
	}
	p.begins = append(p.begins, folded.Len())
	p.folded, p.rows = folded.String(), rows
	return p
}

// text is the folded text i.
func (p *textPart) text(i int) string { return p.folded[p.begins[i] : p.begins[i+1]-len(textMark)] }

// rowsOf are the rows whose object is text i.
func (p *textPart) rowsOf(i int) []uint32 {
	begin := 0
	if i > 0 {
		begin = p.ends[i-1]
	}
	return p.rows[begin:p.ends[i]]
}

// beginning yields the texts that begin with a folded text.
func (p *textPart) beginning(with string, yield func(i int)) {
	n := len(p.ends)
	for i := sort.Search(n, func(i int) bool { return p.text(i) >= with }); i < n && strings.HasPrefix(p.text(i), with); i++ {
		yield(i)
	}
}

// containing yields the texts that contain a folded text.
func (p *textPart) containing(part string, yield func(i int)) {
	for at := 0; at < len(p.folded); {
		found := strings.Index(p.folded[at:], part)
		if found < 0 {
			return
		}
		at += found
		i := sort.SearchInts(p.begins, at+1) - 1
		if i == len(p.ends) {
			return // an empty text is found behind the last, too
		}
		if at+len(part) <= p.begins[i+1]-len(textMark) {
			yield(i)
			at = p.begins[i+1]
		} else {
			at++ // across a mark
		}
	}
}

// equal yields the texts that fold to the same as the given one.
func (p *textPart) equal(folded string, yield func(i int)) {
	n := len(p.ends)
	for i := sort.Search(n, func(i int) bool { return p.text(i) >= folded }); i < n && p.text(i) == folded; i++ {
		yield(i)
	}
}
