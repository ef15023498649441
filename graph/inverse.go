package graph

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// inverse has the lists of a column's nodes by their objects, once they are worth making.
type inverse struct {
	mu    sync.Mutex
	asked int // links that were read where the lists would have told
	lists atomic.Pointer[nodeLists]
}

// nodeLists tell which nodes have an object, whatever claim says so and before anything
// is merged. They take 4 bytes a node and 8 an object.
type nodeLists struct {
	usable      bool
	order       []uint32 // numbers of the objects, ascending by object
	ends        []uint32 // by number: where the object's nodes end in nodes
	nodes       []uint32 // sequences of those with one quad, by number, then ascending
	several     []uint32 // sequences of those with several quads, ascending
	least, most uint32   // the claims of those with one lie between them
}

// mostSeveral is how many nodes with several quads a column may have for lists of it: all
// of these are looked at each time.
const mostSeveral = 1024

// listed makes the lists of a column. The error is ctx.Err().
func (r *columnRows) listed(ctx context.Context) (*nodeLists, error) {
	l := &nodeLists{ends: make([]uint32, len(r.objects)), least: math.MaxUint32}
	if uint64(len(r.pages))*columnPage > math.MaxUint32 {
		return l, nil
	}
	count := 0
	for i, page := range r.pages {
		if i%pagesAtOnce == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if page.empty() {
			continue
		}
		for at := range columnPage {
			switch e := page.at(at); {
			case e == entry{}:
			case e == unsure:
				return &nodeLists{}, nil
			case e.several():
				l.several = append(l.several, uint32(i*columnPage+at))
			default:
				count++
				l.ends[e.object]++
				l.least, l.most = min(l.least, e.claim), max(l.most, e.claim)
			}
		}
	}
	if len(l.several) > mostSeveral {
		return &nodeLists{}, nil
	}
	// Each end begins where the object's list does, and moves on as it is filled.
	begin := uint32(0)
	for number, n := range l.ends {
		l.ends[number] = begin
		begin += n
	}
	l.nodes = make([]uint32, count)
	for i, page := range r.pages {
		if i%pagesAtOnce == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if page.empty() {
			continue
		}
		for at := range columnPage {
			if e := page.at(at); e != (entry{}) && !e.several() {
				l.nodes[l.ends[e.object]] = uint32(i*columnPage + at)
				l.ends[e.object]++
			}
		}
	}
	l.order = make([]uint32, 0, len(r.objects))
	for number := 1; number < len(r.objects); number++ {
		l.order = append(l.order, uint32(number))
	}
	slices.SortFunc(l.order, func(a, b uint32) int { return cmp.Compare(r.objects[a], r.objects[b]) })
	l.usable = true
	return l, nil
}

// of returns the nodes with one quad, whose object has the number.
func (l *nodeLists) of(number uint32) []uint32 { return l.nodes[l.ends[number-1]:l.ends[number]] }

// Listed reports whether Naming tells.
func (c Column) Listed() bool { return c.lists() != nil }

// lists returns those of the column; nil where there are none to be used.
func (c Column) lists() *nodeLists {
	if c.rows.inverse == nil {
		return nil
	}
	if l := c.rows.inverse.lists.Load(); l != nil && l.usable {
		return l
	}
	return nil
}

// Naming yields the nodes that the claims give the object by the predicate, those that an
// inverse Expand leads to: some at a time, which yield may change, in no order, and those
// that are merged perhaps several times. ok is false while only Expand tells: see
// [Column.Followed]. The error is yield's.
// Cost: O(k) for k nodes that any claim gives the object, and a look at each that has
// several quads.
func (c Column) Naming(object ID, claims *Set, yield func(nodes []ID) error) (ok bool, err error) {
	l := c.lists()
	if l == nil {
		return false, nil
	}
	for _, member := range c.view.merges.group(object) {
		at, found := slices.BinarySearchFunc(l.order, member, func(number uint32, id ID) int {
			return cmp.Compare(c.rows.objects[number], id)
		})
		if found {
			if err := c.nodes(l, l.of(l.order[at]), claims, yield); err != nil {
				return true, err
			}
		}
		gives := func(l Link) bool { return l.To == member && claims.Has(l.Label) }
		var several []ID
		for _, seq := range l.several {
			node := firstNode + ID(seq)
			if slices.ContainsFunc(c.rows.run(node, c.rows.at(node)), gives) {
				several = append(several, c.view.merges.stays(node))
			}
		}
		if len(several) > 0 {
			if err := yield(several); err != nil {
				return true, err
			}
		}
	}
	return true, nil
}

// nodes yields those of nodes with one quad whose claim is in the set.
func (c Column) nodes(l *nodeLists, sequences []uint32, claims *Set, yield func(nodes []ID) error) error {
	if len(sequences) == 0 {
		return nil
	}
	admitted := claims.hasAll(uint64(l.least), uint64(l.most))
	var nodes [placesAtOnce]ID
	for len(sequences) > 0 {
		part := sequences[:min(len(sequences), placesAtOnce)]
		sequences = sequences[len(part):]
		some := nodes[:len(part)]
		for i, seq := range part {
			some[i] = firstNode + ID(seq)
		}
		if !admitted {
			kept := some[:0]
			for _, node := range some {
				if claims.has(uint64(c.rows.at(node).claim)) {
					kept = append(kept, node)
				}
			}
			some = kept
		}
		if c.view.merges != nil {
			for i, node := range some {
				some[i] = c.view.merges.stays(node)
			}
		}
		if err := yield(some); err != nil {
			return err
		}
	}
	return nil
}

// Followed tells that so many links were read as Naming could not tell. When they are as
// many as the column has nodes, lists of these are made that Naming tells from: so
// reading costs twice as much as it must at most, however often the graph changes. The
// error is ctx.Err(): then nothing is kept of lists that were not whole.
func (c Column) Followed(ctx context.Context, links int) error {
	x := c.rows.inverse
	if x == nil || x.lists.Load() != nil || !x.mu.TryLock() {
		return nil
	}
	defer x.mu.Unlock()
	if x.asked += links; x.asked < len(c.rows.pages)*columnPage || x.lists.Load() != nil {
		return nil
	}
	l, err := c.rows.listed(ctx)
	if err != nil {
		return err
	}
	x.lists.Store(l)
	return nil
}
