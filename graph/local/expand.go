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

	opened  int // the block that is read; -1: none
	block   block
	at      int // row that the last key was found at
	decoded bool
	buffer  [4][blockRows]uint64 // the block's rows, if many keys lie in it
}

// lead are the two leading parts of a row.
type lead [2]uint64

func (a lead) less(b lead) bool { return a[0] < b[0] || a[0] == b[0] && a[1] < b[1] }

// dense is how many keys must lie in a block for it to be decoded.
const dense = 12

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
	if !f.decoded && leads.less(lead{ahead[0], ahead[1]}) && !f.last.less(lead{ahead[0], ahead[1]}) {
		f.decode()
	}
	lo := f.search(key)
	for {
		hi := f.run(lo, key)
		if hi == lo && lo < f.block.n {
			f.gap, f.gapEnd = leads, lead{f.block.get(0, lo), f.block.get(1, lo)}
			return nil
		}
		e.decode(f, lo, hi)
		next := f.number + 1
		if hi < f.block.n || next == t.blocks || !t.begins(next, key) {
			return nil
		}
		f.locate(next)
		if err := f.open(next); err != nil {
			return err
		}
		lo = 0
	}
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
	f.opened, f.at, f.decoded = -1, 0, false
	if err := f.table.read(number, &f.block); err != nil {
		return err
	}
	f.opened = number
	return nil
}

func (f *find) decode() {
	var rows columns
	for j := range rows {
		rows[j] = f.buffer[j][:f.block.n]
	}
	f.block.decodeAll(0, &rows)
	f.decoded = true
}

// search returns the first row whose two leading parts are not below the key's.
func (f *find) search(key *row) int {
	if !f.decoded {
		return f.block.search(key, 2)
	}
	first, second, n := f.buffer[0][:f.block.n], f.buffer[1][:f.block.n], f.block.n
	key0, key1 := key[0], key[1]
	below := func(i int) bool { return first[i] < key0 || first[i] == key0 && second[i] < key1 }
	// Ascending keys lie a few rows further on.
	lo, hi := f.at, n
	if lo == n || lo > 0 && !below(lo-1) {
		lo = 0
	}
	for step := 1; lo < hi; step *= 2 {
		at := min(lo+step-1, n-1)
		if !below(at) {
			hi = at
			break
		}
		lo = at + 1
	}
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); below(mid) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	f.at = lo
	return lo
}

// run returns where the rows from lo on stop to have the key's two leading parts.
func (f *find) run(lo int, key *row) int {
	n := f.block.n
	if !f.decoded {
		if lo == n || !f.block.starts(lo, key, 2) {
			return lo
		}
		return f.block.run(lo, key, 2)
	}
	hi := lo
	for hi < n && f.buffer[0][hi] == key[0] && f.buffer[1][hi] == key[1] {
		hi++
	}
	return hi
}

// decode adds the links of rows of a block.
func (e *expansion) decode(f *find, lo, hi int) {
	b := &f.block
	switch {
	case f.decoded:
		for i := lo; i < hi; i++ {
			e.add(f.buffer[2][i], f.buffer[3][i])
		}
	case hi-lo <= 4:
		for i := lo; i < hi; i++ {
			if label := b.get(3, i); e.labels == nil || e.labels.Has(graph.ID(label)) {
				e.dst.All = append(e.dst.All, graph.Link{To: graph.ID(b.get(2, i)), Label: graph.ID(label)})
			}
		}
	default:
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
