package graph

import (
	"cmp"
	"slices"
)

// fewSeveral is up to how many nodes with several quads are counted as if each had the
// object.
const fewSeveral = 16

// CountNaming returns how many nodes Naming yields for an object, at most, whatever the
// claims. ok is false while only the store tells. Cost: O(log n).
func (c Column) CountNaming(object ID) (n int, ok bool) {
	l := c.lists()
	if l == nil || len(l.several) > fewSeveral {
		return 0, false
	}
	for _, member := range c.view.merges.group(object) {
		at, found := slices.BinarySearchFunc(l.order, member, func(number uint32, id ID) int {
			return cmp.Compare(c.rows.objects[number], id)
		})
		if found {
			n += len(l.of(l.order[at]))
		}
	}
	return n + len(l.several), true
}
