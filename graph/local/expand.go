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
	for i := 0; i < len(nodes); {
		from, node := len(dst.All), nodes[i]
		if node != 0 {
			key, ahead := lead{uint64(node), uint64(predicate)}, lead{uint64(nodes[min(i+dense, len(nodes)-1)]), uint64(predicate)}
			if inverse {
				key, ahead = lead{key[1], key[0]}, lead{ahead[1], ahead[0]}
			}
			if err := e.expand(key, ahead); err != nil {
				return err
			}
		}
		dst.Ends = append(dst.Ends, len(dst.All))
		i++
		if node != 0 && e.alone {
			i += e.along(&e.finds[0], node, nodes[i:])
		}
		if read += 1 + len(dst.All) - from; read >= checkEvery {
			read = 0
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// along appends the links of nodes that follow another, ascending, in the block
// where that was looked for, if the predicate's rows of it were decoded. It
// returns how many nodes these are. There is one segment.
func (e *expansion) along(f *find, before graph.ID, nodes []graph.ID) int {
	p := &f.picks
	if !f.picked || f.opened != f.number || p.n == 0 {
		return 0
	}
	all, ends, labels := e.dst.All, e.dst.Ends, e.labels
	at, last := f.at, p.nodes[p.n-1] // rows of the last may go on in the next block
	done, read := 0, 0
	for _, node := range nodes {
		if node <= before || uint64(node) >= last {
			break
		}
		before = node
		for p.nodes[at%blockRows] < uint64(node) {
			at++
		}
		for ; p.nodes[at%blockRows] == uint64(node); at++ {
			read++
			if to, label := graph.ID(p.ends[at%blockRows]), graph.ID(p.labels[at%blockRows]); labels == nil || labels.Has(label) {
				all = append(all, graph.Link{To: to, Label: label})
			}
		}
		ends = append(ends, len(all))
		done++
	}
	e.dst.All, e.dst.Ends, f.at = all, ends, at
	e.dst.Read += read
	return done
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
	at     int   // where in picks the last key was found
	turns  turns // the predicate's rows, of a block with a period
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
		e.finds[i].table, e.finds[i].block, e.finds[i].turns = nil, block{}, turns{}
	}
	e.dst, e.labels, e.deltas = nil, nil, nil
	expansions.Put(e)
}

// expand appends the links of one node. ahead leads the key of a later one.
func (e *expansion) expand(key, ahead lead) error {
	if e.alone {
		return e.links(&e.finds[0], key, ahead)
	}
	from := len(e.dst.All)
	e.ends = e.ends[:0]
	for i := range e.finds {
		if err := e.links(&e.finds[i], key, ahead); err != nil {
			return err
		}
		e.ended(from)
	}
	for i, d := range e.deltas {
		rows := d.in(e.order)
		first := row{key[0], key[1]}
		at := seekRows(rows, &first, e.hints[i])
		e.hints[i] = at
		for ; at < len(rows) && rows[at].hasPrefix(&first, 2); at++ {
			e.add(rows[at][2], rows[at][3])
		}
		e.dst.Read += at - e.hints[i]
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
func (e *expansion) links(f *find, key, ahead lead) error {
	t := f.table
	if t.blocks == 0 || !e.alone && key.less(f.gapEnd) && !key.less(f.gap) {
		return nil
	}
	if f.number < 0 || key.less(f.from) || !key.less(f.to) {
		number := t.before(key, f.number)
		if number+1 < t.blocks && t.begins(number+1, key) && t.lastOf(number).less(key) {
			number++
		}
		f.locate(number, key)
	}
	if f.last.less(key) {
		return nil
	}
	if err := f.open(f.number, key); err != nil {
		return err
	}
	if !f.picked && key.less(ahead) && !f.last.less(ahead) {
		if f.picked, f.at = true, 0; f.block.period > 0 {
			f.turns.pick(&f.picks)
		} else {
			f.block.pick(&f.picks, key[f.block.key])
		}
	}
	for {
		last := e.rows(f, key)
		next := f.number + 1
		if !last || next == t.blocks || !t.begins(next, key) {
			return nil
		}
		f.locate(next, lead{key[0], key[1] + 1})
		if err := f.open(next, key); err != nil {
			return err
		}
	}
}

// rows appends the links of a key's rows in the block that is read, and reports
// whether the block ends with them.
func (e *expansion) rows(f *find, key lead) (last bool) {
	if f.picked {
		p, node := &f.picks, key[1-f.block.key]
		lo := f.seek(node)
		hi := lo
		for ; hi < p.n && p.nodes[hi] == node; hi++ {
			e.add(p.ends[hi], p.labels[hi])
		}
		e.dst.Read += hi - lo
		if hi == lo && lo < p.n {
			f.gap, f.gapEnd = key, key
			f.gapEnd[1-f.block.key] = p.nodes[lo]
		}
		return hi == p.n
	}
	if f.block.period > 0 {
		i := 0
		if f.turns.n > 0 {
			i = f.turns.seek(key[0])
		}
		if i == f.turns.n {
			return false // the block ends with rows of later keys
		}
		if node := f.turns.nodes.value(i); node != key[0] {
			f.gap, f.gapEnd = key, lead{node, key[1]}
			return false
		}
		e.dst.Read++
		e.add(f.turns.get(i, key[0]))
		return i == f.turns.n-1 && f.turns.last
	}
	b := &f.block
	lo, hi := b.rows(key)
	e.dst.Read += hi - lo
	if hi == lo && lo < b.n {
		f.gap, f.gapEnd = key, lead{b.get(0, lo), b.get(1, lo)}
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
	all, labels := slices.Grow(e.dst.All, hi-lo), e.labels
	for lo < hi {
		var to, label [chunk]uint64
		n := min(chunk, hi-lo)
		b.decode(2, lo, to[:n])
		b.decode(3, lo, label[:n])
		for i, l := range label[:n] {
			if labels == nil || labels.Has(graph.ID(l)) {
				all = append(all, graph.Link{To: graph.ID(to[i]), Label: graph.ID(l)})
			}
		}
		lo += n
	}
	e.dst.All = all
	return hi == b.n
}

// locate goes to a block without reading it. Rows of keys from the given one on
// are in it or in later ones.
func (f *find) locate(number int, from lead) {
	t := f.table
	f.number, f.from, f.to, f.last = number, from, lead{1<<64 - 1}, t.lastOf(number)
	if number+1 < t.blocks {
		f.to = t.firstOf(number + 1)
	}
}

// open reads a block, if it is another than that which is read.
func (f *find) open(number int, key lead) error {
	if number == f.opened {
		return nil
	}
	f.opened, f.picked = -1, false
	if err := f.table.read(number, &f.block); err != nil {
		return err
	}
	if f.block.period > 0 {
		f.turns.find(&f.block, key[f.block.key])
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
