package query

import (
	"cmp"
	"math/bits"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
)

// grouping collects the groups of one connection after the other.
type grouping struct {
	keys     []*keyValues
	distinct *keyValues   // nil: not asked for
	starts   []edtf.Range // of the nodes; nil: not asked for
	leading  leadingGroups
	plainly  bool // node by node, see straight.go
	groups   groupList

	parts   []groupPart
	single  bool      // each node has one value of each key
	counted numbering // the pairs of a group and a value of distinct
	turn    []int     // which of its values each key of a node is at
	now     []uint32  // the numbers of those values
}

// groupPart numbers the combinations of some keys with what the parts before have
// numbered. The last part numbers the groups.
type groupPart struct {
	from, to int    // keys
	bits     []uint // that the numbers of each key take
	numbering
}

// maxBits is how many bits of an id can tell combinations apart.
const maxBits = 63

func newGrouping(keys []*keyValues) *grouping {
	g := &grouping{keys: keys, single: true, turn: make([]int, len(keys)), now: make([]uint32, len(keys))}
	room := uint(0)
	for k, of := range keys {
		width := uint(bits.Len(uint(of.values() - 1)))
		if len(g.parts) == 0 {
			g.parts, room = append(g.parts, groupPart{}), maxBits
		} else if width > room {
			g.parts, room = append(g.parts, groupPart{from: k}), maxBits-32
		}
		last := &g.parts[len(g.parts)-1]
		last.bits, last.to = append(last.bits, width), k+1
		room -= width
		g.single = g.single && of.ends == nil
	}
	return g
}

func (g *grouping) begin() {
	g.groups.all, g.groups.keys = g.groups.all[:0], g.groups.keys[:0]
	g.counted.reset()
	for i := range g.parts {
		g.parts[i].reset()
	}
}

// keysOf returns the numbers of a group's values.
func (g *grouping) keysOf(group int) []uint32 {
	return g.groups.keys[group*len(g.keys) : (group+1)*len(g.keys)]
}

// addAll adds the nodes from one up to another, after begin.
func (g *grouping) addAll(from, to int) {
	if !g.plainly && to-from >= worthSorting && g.sortable() {
		g.addSorted(from, to)
		return
	}
	for ; from < to; from++ {
		g.add(from)
	}
}

// add counts a node once in every combination of its keys' values.
func (g *grouping) add(node int) {
	if g.single {
		for k, of := range g.keys {
			g.now[k] = of.all[node]
		}
		g.count(node)
		return
	}
	clear(g.turn)
	for more := true; more; {
		for k, of := range g.keys {
			g.now[k] = of.of(node)[g.turn[k]]
		}
		g.count(node)
		more = false
		for k := len(g.keys) - 1; k >= 0 && !more; k-- {
			g.turn[k]++
			if more = g.turn[k] < len(g.keys[k].of(node)); !more {
				g.turn[k] = 0
			}
		}
	}
}

// count counts a node in the group of the values that it is at.
func (g *grouping) count(node int) {
	number := uint32(0)
	for i := range g.parts {
		part := &g.parts[i]
		id := graph.ID(number)
		for k, width := range part.bits {
			id = id<<width | graph.ID(g.now[part.from+k])
		}
		number = part.number(id + 1)
	}
	at := int(number - 1)
	if at == len(g.groups.all) {
		g.groups.all = append(g.groups.all, group{})
		g.groups.keys = append(g.groups.keys, g.now...)
	}
	of := &g.groups.all[at]
	of.count++
	if g.distinct != nil {
		for _, n := range g.distinct.of(node) {
			if before := g.counted.len(); n != 0 {
				g.counted.number(graph.ID(number)<<32 | graph.ID(n))
				of.distinct += g.counted.len() - before
			}
		}
	}
	if g.starts != nil && g.starts[node] != (edtf.Range{Min: 1}) {
		of.reach(g.starts[node])
	}
}

func (g *group) reach(start edtf.Range) {
	if !g.dated {
		g.earliest, g.latest, g.dated = start.Min, start.Max, true
		return
	}
	g.earliest, g.latest = min(g.earliest, start.Min), max(g.latest, start.Max)
}

// keep returns the groups that are asked for, by number, in order. Only they are
// sorted.
func (a *groupsArguments) keep(r *run, of *grouping) []int {
	if r.straight() {
		return a.keepPlainly(r, of)
	}
	compare := func(x, y int) int { return of.compare(r, a.order, x, y) }
	kept := upTo(len(of.groups.all))
	if a.firstPer >= 0 {
		kept = firstOfEach(kept, a.firstPer, func(g int) uint32 { return of.keysOf(g)[0] }, compare)
	}
	if a.first >= 0 {
		kept = firstOf(kept, a.first, compare)
	}
	for _, k := range of.keys {
		if len(kept) >= k.values() {
			k.rank(r)
		}
	}
	slices.SortFunc(kept, compare)
	return kept
}

func (g *grouping) compare(r *run, order []string, x, y int) int {
	a, b := &g.groups.all[x], &g.groups.all[y]
	for _, by := range order {
		c := 0
		switch by {
		case "COUNT_DESC":
			c = cmp.Compare(b.count, a.count)
		case "COUNT_ASC":
			c = cmp.Compare(a.count, b.count)
		case "DISTINCT_DESC":
			c = cmp.Compare(b.distinct, a.distinct)
		default: // no two groups have the same keys
			return g.compareKeys(r, x, y, by == "KEYS_DESC")
		}
		if c != 0 {
			return c
		}
	}
	return g.compareKeys(r, x, y, false)
}

func (g *grouping) compareKeys(r *run, x, y int, descending bool) int {
	as, bs := g.keysOf(x), g.keysOf(y)
	for k, of := range g.keys {
		a, b := as[k], bs[k]
		switch {
		case a == b:
			continue
		case b == 0: // nothing comes last both ways
			return -1
		case a == 0:
			return 1
		case descending:
			return of.compare(r, b, a)
		}
		return of.compare(r, a, b)
	}
	return 0
}
