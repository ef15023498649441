package local

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"chancery/graph"
)

// Expand implements graph.Snapshot.
func (s *snapshot) Expand(ctx context.Context, dst *graph.Links, nodes []graph.ID, predicate graph.ID, inverse bool, labels *graph.Set) error {
	defer runtime.KeepAlive(s)
	if err := ctx.Err(); err != nil {
		return err
	}
	e := expansions.Get().(*expansion)
	defer e.release()
	e.begin(s, dst, labels, inverse)
	read := 0
	for _, node := range nodes {
		from := len(dst.All)
		if node != 0 {
			key := row{uint64(node), uint64(predicate)}
			if inverse {
				key = row{uint64(predicate), uint64(node)}
			}
			if err := e.expand(&key); err != nil {
				return err
			}
		}
		dst.Ends = append(dst.Ends, len(dst.All))
		if read += 1 + len(dst.All) - from; read >= checkEvery {
			read = 0
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// expansion is the state of one Expand.
type expansion struct {
	dst    *graph.Links
	labels *graph.Set
	finds  []find
	deltas []*delta
	hints  []int // one a delta
	order  order
}

// find is where an expansion stands in a segment.
type find struct {
	table  *table
	number int // of the block; -1: none read yet
	block  block
}

var expansions = sync.Pool{New: func() any { return &expansion{} }}

func (e *expansion) begin(s *snapshot, dst *graph.Links, labels *graph.Set, inverse bool) {
	e.dst, e.labels, e.order = dst, labels, spol
	if inverse {
		e.order = posl
	}
	e.deltas = s.deltas
	e.hints = append(e.hints[:0], make([]int, len(s.deltas))...)
	e.finds = slices.Grow(e.finds[:0], len(s.segments))[:len(s.segments)]
	for i, seg := range s.segments {
		e.finds[i].table, e.finds[i].number = seg.tables[e.order], -1
	}
}

func (e *expansion) release() {
	clear(e.finds)
	e.dst, e.labels, e.deltas = nil, nil, nil
	expansions.Put(e)
}

// expand appends the links of one node.
func (e *expansion) expand(key *row) error {
	from, parts := len(e.dst.All), 0
	for i := range e.finds {
		before := len(e.dst.All)
		if err := e.links(&e.finds[i], key); err != nil {
			return err
		}
		if len(e.dst.All) > before {
			parts++
		}
	}
	for i, d := range e.deltas {
		rows := d.rows[e.order]
		at := seekRows(rows, key, e.hints[i])
		e.hints[i] = at
		before := len(e.dst.All)
		for ; at < len(rows) && rows[at].hasPrefix(key, 2); at++ {
			e.add(rows[at][2], rows[at][3])
		}
		if len(e.dst.All) > before {
			parts++
		}
	}
	if parts > 1 {
		e.dst.All = oddLinks(e.dst.All, from)
	}
	return nil
}

func (e *expansion) add(to, label uint64) {
	if e.labels == nil || e.labels.Has(graph.ID(label)) {
		e.dst.All = append(e.dst.All, graph.Link{To: graph.ID(to), Label: graph.ID(label)})
	}
}

// links appends what one segment has.
func (e *expansion) links(f *find, key *row) error {
	t := f.table
	if t.blocks == 0 {
		return nil
	}
	number := t.find(key, f.number)
	if number != f.number {
		if err := t.read(number, &f.block); err != nil {
			f.number = -1
			return err
		}
		f.number = number
	}
	lo := f.block.search(key, 2)
	for {
		if lo < f.block.n {
			if !f.block.starts(lo, key, 2) {
				return nil
			}
			hi := f.block.run(lo, key, 2)
			e.decode(&f.block, lo, hi)
			if hi < f.block.n {
				return nil
			}
		}
		next := f.number + 1
		if next == t.blocks || t.part(next, 0) != key[0] || t.part(next, 1) != key[1] {
			return nil
		}
		if err := t.read(next, &f.block); err != nil {
			f.number = -1
			return err
		}
		f.number, lo = next, 0
	}
}

// decode adds the links of rows of a block.
func (e *expansion) decode(b *block, lo, hi int) {
	if hi-lo <= 4 {
		for i := lo; i < hi; i++ {
			if label := b.get(3, i); e.labels == nil || e.labels.Has(graph.ID(label)) {
				e.dst.All = append(e.dst.All, graph.Link{To: graph.ID(b.get(2, i)), Label: graph.ID(label)})
			}
		}
		return
	}
	for lo < hi {
		var to, label [chunk]uint64
		n := min(chunk, hi-lo)
		b.decode(2, lo, to[:n])
		b.decode(3, lo, label[:n])
		for i := range n {
			e.add(to[i], label[i])
		}
		lo += n
	}
}

// oddLinks sorts the links from on and leaves those that come an odd number of times.
func oddLinks(all []graph.Link, from int) []graph.Link {
	links := all[from:]
	slices.SortFunc(links, compareLinks)
	kept := links[:0]
	for _, l := range links {
		if n := len(kept); n > 0 && kept[n-1] == l {
			kept = kept[:n-1]
		} else {
			kept = append(kept, l)
		}
	}
	return all[:from+len(kept)]
}

func compareLinks(a, b graph.Link) int {
	if a.To != b.To {
		if a.To < b.To {
			return -1
		}
		return 1
	}
	if a.Label != b.Label {
		if a.Label < b.Label {
			return -1
		}
		return 1
	}
	return 0
}
