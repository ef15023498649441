package canon

import (
	"iter"
	"maps"
	"slices"
	"strconv"
)

// issuer gives labels in order: its prefix and 0, 1 and so on.
type issuer struct {
	prefix string
	given  map[string]string // node → label
	order  []string          // nodes
}

func (i *issuer) issue(node string) string {
	if label, ok := i.given[node]; ok {
		return label
	}
	if i.given == nil {
		i.given = map[string]string{}
	}
	label := i.prefix + strconv.Itoa(len(i.order))
	i.given[node] = label
	i.order = append(i.order, node)
	return label
}

func (i *issuer) has(node string) bool { return i.given[node] != "" }

func (i *issuer) clone() issuer {
	return issuer{prefix: i.prefix, given: maps.Clone(i.given), order: slices.Clip(i.order)}
}

// permutations gives each order of the nodes, the given one first. The slice is
// reused.
func permutations(nodes []string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		order := slices.Clone(nodes)
		var next func(from int) bool
		next = func(from int) bool {
			if from >= len(order)-1 {
				return yield(order)
			}
			for i := from; i < len(order); i++ {
				order[from], order[i] = order[i], order[from]
				if !next(from + 1) {
					return false
				}
				order[from], order[i] = order[i], order[from]
			}
			return true
		}
		next(0)
	}
}
