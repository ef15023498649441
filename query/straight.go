package query

import (
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
)

// An engine that is straight answers without a choice: it reads all that there is,
// puts every condition to every row in the order of writing, looks at no column, no
// timeline, no index of texts and no page but the whole, walks paths from their beginning
// alone, and counts by reading. It is slow, and for tests: what it answers, any choice
// must answer too.

// straight reports whether nothing is to be chosen.
func (r *run) straight() bool { return r.op.engine.straight }

// plainly puts conditions to all rows, whatever the others say: all of them must hold,
// or one.
func (r *run) plainly(conditions []filter, rows []row, every bool) ([]bool, error) {
	out := make([]bool, len(rows))
	for i := range out {
		out[i] = every
	}
	for _, condition := range conditions {
		mark := 0
		if r.trace != nil {
			mark = r.trace.begin(part{lookAt, condition}, noEstimate)
		}
		met, err := condition.meets(r, rows)
		if err != nil {
			return nil, err
		}
		for i := range out {
			if every {
				out[i] = out[i] && met[i]
			} else {
				out[i] = out[i] || met[i]
			}
		}
		r.trace.end(mark)
	}
	return out, nil
}

// readWhole reads all that a connection is of.
func (r *run) readWhole(source pageSource, condition filter) (*items, filter, error) {
	found, _, err := r.enterBy([]entrance{everything{source.class, source.field, nil, noEstimate}}, source)
	return found, condition, err
}

// keepPlainly is keep by sorting all groups.
func (a *groupsArguments) keepPlainly(r *run, of *grouping) []int {
	all := upTo(len(of.groups.all))
	slices.SortFunc(all, func(x, y int) int { return of.compare(r, a.order, x, y) })
	var kept []int
	per := map[uint32]int{} // groups kept, by their first key
	for _, g := range all {
		first := of.keysOf(g)[0]
		if a.first >= 0 && len(kept) == a.first {
			break
		}
		if a.firstPer < 0 || per[first] < a.firstPer {
			per[first]++
			kept = append(kept, g)
		}
	}
	return kept
}

// walked finds paths to an end by walking all of them, the shorter first.
func (s *pathSearch) walked(mode string, most int, day edtf.Day) ([]path, error) {
	s.memory.back.levels = s.memory.back.levels[:0] // nothing is known of how far the end is
	w := &walk{search: s, most: most, near: map[graph.ID][]graph.ID{}, at: path{s.from}}
	for w.length = 1; w.length <= s.maxLength && len(w.found) < most; w.length++ {
		if mode == "ALL_SHORTEST" && len(w.found) > 0 {
			break
		}
		if err := w.step(day); err != nil {
			return nil, err
		}
	}
	return w.found, nil
}
