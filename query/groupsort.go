package query

import (
	"slices"
)

// Where nothing but the nodes is counted, and a word has room for the values of all
// keys, the groups are found by sorting: they are the runs of the same word. Only groups
// that can be among those that are asked for are made.

// worthSorting is from how many nodes sorting takes less than finding each node's group.
const worthSorting = 64

// sortable reports whether groups can be found by sorting.
func (g *grouping) sortable() bool {
	return g.single && len(g.parts) == 1 && g.distinct == nil && g.starts == nil
}

// words are sorted in, and forgotten.
type words struct {
	keys, spare []uint64
	runs        []wordRun
}

// wordRun is one group: its word, and how many nodes have it.
type wordRun struct {
	key   uint64
	count int
}

var wordRooms = pool[words]{bytes: func(w *words) int { return bytesOf(w.keys) + bytesOf(w.spare) + bytesOf(w.runs) }}

// addSorted adds the nodes from one up to another.
func (g *grouping) addSorted(from, to int) {
	w := wordRooms.get()
	defer wordRooms.put(w)
	n := to - from
	w.keys, w.spare = slices.Grow(w.keys[:0], n)[:n], slices.Grow(w.spare[:0], n)[:n]
	clear(w.keys)
	widths := g.parts[0].bits
	width := uint(0)
	for k, of := range g.keys {
		for i, number := range of.all[from:to] {
			w.keys[i] = w.keys[i]<<widths[k] | uint64(number)
		}
		width += widths[k]
	}
	shift := width // of what all groups have in common that are compared
	if g.leading.each {
		shift -= widths[0]
	}
	keys := sortWords(w.keys, w.spare, width)
	for len(keys) > 0 {
		w.runs = w.runs[:0]
		of := keys[0] >> shift
		for len(keys) > 0 && keys[0]>>shift == of {
			count := 1
			for count < len(keys) && keys[count] == keys[0] {
				count++
			}
			w.runs = append(w.runs, wordRun{keys[0], count})
			keys = keys[count:]
		}
		g.addRuns(w.runs)
	}
}

// addRuns makes groups of the runs that can be among the leading ones.
func (g *grouping) addRuns(runs []wordRun) {
	least := 0
	if n := g.leading.n; n >= 0 && n < len(runs) {
		least = leastLeading(runs, n)
	}
	widths := g.parts[0].bits
	for _, r := range runs {
		if r.count < least {
			continue
		}
		g.groups.all = append(g.groups.all, group{count: r.count})
		at := len(g.groups.keys)
		g.groups.keys = append(g.groups.keys, g.now...)
		for k := len(widths) - 1; k >= 0; k-- {
			g.groups.keys[at+k] = uint32(r.key & (1<<widths[k] - 1))
			r.key >>= widths[k]
		}
	}
}

// manyNodes is from how many nodes of a group on it is not told how many they are.
const manyNodes = 64

// leastLeading returns how many nodes each of the n largest groups has at least.
func leastLeading(runs []wordRun, n int) int {
	var groups [manyNodes + 1]int // by the number of their nodes
	for _, r := range runs {
		groups[min(r.count, manyNodes)]++
	}
	least := manyNodes
	for sum := groups[least]; sum < n && least > 0; sum += groups[least] {
		least--
	}
	return least
}

// digit is how many bits of a word are sorted by at a time.
const digit = 11

// sortWords sorts words of so many bits, and returns them in one of both lists.
func sortWords(list, spare []uint64, width uint) []uint64 {
	if len(list) < 1<<(digit-2) {
		slices.Sort(list)
		return list
	}
	var begins [1 << digit]int
	for shift := uint(0); shift < width; shift += digit {
		clear(begins[:])
		for _, w := range list {
			begins[w>>shift&(1<<digit-1)]++
		}
		sum := 0
		for d, n := range begins {
			begins[d] = sum
			sum += n
		}
		for _, w := range list {
			at := &begins[w>>shift&(1<<digit-1)]
			spare[*at] = w
			*at++
		}
		list, spare = spare, list
	}
	return list
}

// leadingGroups are the groups that are asked for where they are those with most nodes: n of
// all, or n of each value of the first key.
type leadingGroups struct {
	n    int // negative: other groups may be, too
	each bool
}

// leading tells what is asked for.
func (a *groupsArguments) leading() leadingGroups {
	most := len(a.order) > 0 && a.order[0] == "COUNT_DESC"
	switch {
	case most && a.firstPer >= 0:
		return leadingGroups{a.firstPer, true}
	case most && a.first >= 0:
		return leadingGroups{a.first, false}
	}
	return leadingGroups{-1, false}
}
