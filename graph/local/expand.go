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
	for i, node := range nodes {
		from := len(dst.All)
		if node != 0 {
			key, ahead := row{uint64(node), uint64(predicate)}, row{uint64(nodes[min(i+dense, len(nodes)-1)])}
			if inverse {
				key, ahead = row{uint64(predicate), uint64(node)}, row{uint64(predicate), ahead[0]}
			}
			if err := e.expand(&key, &ahead); err != nil {
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
	alone  bool  // one segment is all there is
	ends   []int // of the runs of one node's links, one a source
	spare  []graph.Link
}

// find is where an expansion stands in a segment.
type find struct {
	table *table
	// Rows of keys from one up to another are in block number or nowhere. last
	// leads its last row. All three are two leading parts.
	number         int // -1: none
	from, to, last lead
	// No rows have keys from one up to another: ids that others' segments have.
	gap, gapEnd lead

	opened int // the block that is read; -1: none
	block  block
	picked bool // many keys lie in the block: the predicate's rows were decoded
	picks  picks
	at     int // where in picks the last key was found
}

// lead are the two leading parts of a row.
type lead [2]uint64

func (a lead) less(b lead) bool { return a[0] < b[0] || a[0] == b[0] && a[1] < b[1] }

// dense is how many keys must lie in a block for the predicate's rows in it to
// be decoded.
const dense = 16

var expansions = sync.Pool{New: func() any { return &expansion{} }}

func (e *expansion) begin(s *snapshot, dst *graph.Links, labels *graph.Set, inverse bool) {
	e.dst, e.labels, e.order = dst, labels, spol
	if inverse {
		e.order = posl
	}
	e.deltas = s.deltas
	e.alone = len(s.segments) == 1 && len(s.deltas) == 0
	e.hints = append(e.hints[:0], make([]int, len(s.deltas))...)
	e.finds = slices.Grow(e.finds[:0], len(s.segments))[:len(s.segments)]
	for i, seg := range s.segments {
		f := &e.finds[i]
		f.table, f.number, f.opened = seg.tables[e.order], -1, -1
		f.gap, f.gapEnd = lead{}, lead{}
	}
}

// release forgets the files, so that they go with their last reader.
func (e *expansion) release() {
	for i := range e.finds {
		e.finds[i].table, e.finds[i].block = nil, block{}
	}
	e.dst, e.labels, e.deltas = nil, nil, nil
	expansions.Put(e)
}

// expand appends the links of one node. ahead leads the key of a later one.
func (e *expansion) expand(key, ahead *row) error {
	from := len(e.dst.All)
	e.ends = e.ends[:0]
	for i := range e.finds {
		if err := e.links(&e.finds[i], key, ahead); err != nil {
			return err
		}
		if !e.alone {
			e.ended(from)
		}
	}
	for i, d := range e.deltas {
		rows := d.rows[e.order]
		at := seekRows(rows, key, e.hints[i])
		e.hints[i] = at
		for ; at < len(rows) && rows[at].hasPrefix(key, 2); at++ {
			e.add(rows[at][2], rows[at][3])
		}
		e.ended(from)
	}
	if len(e.ends) > 1 {
		e.join(from)
	}
	return nil
}

// ended notes where a source's links end, if it has any.
func (e *expansion) ended(from int) {
	if n := len(e.ends); n > 0 {
		from = e.ends[n-1]
	}
	if end := len(e.dst.All); end > from {
		e.ends = append(e.ends, end)
	}
}

func (e *expansion) add(to, label uint64) {
	if e.labels == nil || e.labels.Has(graph.ID(label)) {
		e.dst.All = append(e.dst.All, graph.Link{To: graph.ID(to), Label: graph.ID(label)})
	}
}

// links appends what one segment has.
func (e *expansion) links(f *find, key, ahead *row) error {
	t, leads := f.table, lead{key[0], key[1]}
	if t.blocks == 0 || leads.less(f.gapEnd) && !leads.less(f.gap) {
		return nil
	}
	if f.number < 0 || leads.less(f.from) || !leads.less(f.to) {
		number := t.find(key, f.number)
		if number+1 < t.blocks && t.begins(number+1, key) && t.ends(number, key) {
			number++
		}
		f.locate(number)
	}
	if f.last.less(leads) {
		return nil
	}
	if err := f.open(f.number); err != nil {
		return err
	}
	if far := (lead{ahead[0], ahead[1]}); !f.picked && leads.less(far) && !f.last.less(far) {
		f.block.pick(&f.picks, key[f.block.key])
		f.picked, f.at = true, 0
	}
	for {
		last := e.rows(f, key)
		next := f.number + 1
		if !last || next == t.blocks || !t.begins(next, key) {
			return nil
		}
		f.locate(next)
		if err := f.open(next); err != nil {
			return err
		}
	}
}

// rows appends the links of a key's rows in the block that is read, and reports
// whether the block ends with them.
func (e *expansion) rows(f *find, key *row) (last bool) {
	if f.picked {
		p, node := &f.picks, key[1-f.block.key]
		lo := f.seek(node)
		hi := lo
		for ; hi < p.n && p.nodes[hi] == node; hi++ {
			e.add(p.ends[hi], p.labels[hi])
		}
		if hi == lo && lo < p.n {
			f.gap, f.gapEnd = lead{key[0], key[1]}, lead{key[0], key[1]}
			f.gapEnd[1-f.block.key] = p.nodes[lo]
		}
		return hi == p.n
	}
	b := &f.block
	lo, hi := b.rows(key)
	if hi == lo && lo < b.n {
		f.gap, f.gapEnd = lead{key[0], key[1]}, lead{b.get(0, lo), b.get(1, lo)}
	}
	if hi-lo <= 4 {
		for i := lo; i < hi; i++ {
			to, label := b.get(2, i), b.plain(3, i)
			switch b.columns[3].relative {
			case 0:
				label += key[0]
			case 2:
				label += to
			}
			e.add(to, label)
		}
		return hi == b.n
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
	return hi == b.n
}

// locate goes to a block without reading it.
func (f *find) locate(number int) {
	t := f.table
	f.number, f.from, f.to = number, lead{}, lead{1<<64 - 1}
	if number > 0 {
		f.from = lead{t.part(number, 0), t.part(number, 1)}
		if !t.lastOf(number - 1).less(f.from) {
			f.from[1]++ // rows of that key begin before this block
		}
	}
	if number+1 < t.blocks {
		f.to = lead{t.part(number+1, 0), t.part(number+1, 1)}
	}
	f.last = t.lastOf(number)
}

// open reads a block, if it is another than that which is read.
func (f *find) open(number int) error {
	if number == f.opened {
		return nil
	}
	f.opened, f.picked = -1, false
	if err := f.table.read(number, &f.block); err != nil {
		return err
	}
	f.opened = number
	return nil
}

// seek returns the first pick whose node is not below the node.
func (f *find) seek(node uint64) int {
	nodes := f.picks.nodes[:f.picks.n]
	lo, hi := f.at, len(nodes)
	// Ascending keys lie a few rows further on.
	if lo > 0 && nodes[lo-1] >= node {
		lo = 0
	}
	for step := 1; lo < hi; step *= 2 {
		at := min(lo+step-1, len(nodes)-1)
		if nodes[at] >= node {
			hi = at
			break
		}
		lo = at + 1
	}
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); nodes[mid] < node {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	f.at = lo
	return lo
}

// join merges the runs of links into one that has those that come an odd number
// of times.
func (e *expansion) join(from int) {
	all, ends := e.dst.All, e.ends
	for len(ends) > 1 {
		joined, kept, begin := from, ends[:0], from
		e.spare = e.spare[:0]
		for i := 0; i < len(ends); i += 2 {
			middle := ends[i]
			end := middle
			if i+1 < len(ends) {
				end = ends[i+1]
			}
			before := len(e.spare)
			e.spare = joinLinks(e.spare, all[begin:middle], all[middle:end])
			joined += len(e.spare) - before
			begin = end
			kept = append(kept, joined)
		}
		copy(all[from:], e.spare)
		ends = kept
	}
	e.dst.All = all[:from+len(e.spare)]
}

// joinLinks appends the links that are in one of two ascending lists.
func joinLinks(dst, a, b []graph.Link) []graph.Link {
	for len(a) > 0 && len(b) > 0 {
		if compareLinks(a[len(a)-1], b[0]) < 0 {
			break
		}
		switch c := compareLinks(a[0], b[0]); {
		case c < 0:
			dst, a = append(dst, a[0]), a[1:]
		case c > 0:
			dst, b = append(dst, b[0]), b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return append(append(dst, a...), b...)
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
