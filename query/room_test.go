package query

import (
	"math/rand/v2"
	"testing"

	"chancery/graph"
)

// TestRoom has runs fill lists at random: each keeps what was put into it until the run
// ends, and what has pointers is empty when the next begins.
func TestRoom(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var m room
	for run := range 60 {
		var ids [][]graph.ID
		var all [][]item
		for range rng.IntN(40) {
			n := rng.IntN(1 << rng.IntN(16))
			list, its := m.ids.take(n), m.items.take(n)
			if len(list) != 0 || cap(list) != n || len(its) != 0 || cap(its) != n {
				t.Fatalf("run %d: lists of %d and %d with room for %d and %d, not %d", run, len(list), len(its), cap(list), cap(its), n)
			}
			for _, it := range its[:n] {
				if it.claims != nil {
					t.Fatalf("run %d: there are claims of the run before", run)
				}
			}
			for range rng.IntN(n + 1) {
				list = append(list, graph.ID(len(ids)))
				its = append(its, item{to: graph.ID(len(ids)), claims: []graph.Link{{}}})
			}
			if rng.IntN(2) == 0 {
				list = m.ids.trim(list)
			}
			ids, all = append(ids, list), append(all, its)
		}
		for i := range ids {
			for k, id := range ids[i] {
				if id != graph.ID(i) || all[i][k].to != id {
					t.Fatalf("run %d: list %d holds %d, %d", run, i, id, all[i][k].to)
				}
			}
		}
		m.release()
	}
}
