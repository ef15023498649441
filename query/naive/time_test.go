package naive

import (
	"math/rand/v2"
	"slices"
	"testing"

	"chancery/graph/edtf"
)

// The few days that a question tries stand for all days: within a short time,
// where every day can be tried, the answers are the same.
func TestQuestionHolds(t *testing.T) {
	const first, days = 19_800, 90 // the days of some spring and summer
	keys := make([]string, 0, len(relations))
	for key := range relations {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for seed := range uint64(8000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		within := func() edtf.Range {
			a := edtf.Day(first + 30 + rng.IntN(30))
			return edtf.Range{Min: a, Max: a + edtf.Day(rng.IntN(18)*rng.IntN(2))}
		}
		q := &question{self: stretch{start: within(), end: within()}}
		for range 1 + rng.IntN(2) {
			q.references = append(q.references, stretch{start: within(), end: within()})
		}
		for range 1 + rng.IntN(4) {
			c := condition{about: rng.IntN(len(q.references)+1) - 1}
			key := keys[rng.IntN(len(keys))]
			if rng.IntN(2) == 0 { // these can be met together
				key = []string{"before", "after", "meets", "intersects"}[rng.IntN(4)]
			}
			c.holds = relations[key]
			if (key == "before" || key == "after") && rng.IntN(2) == 0 {
				length := edtf.Duration{Months: rng.IntN(2), Days: 1 + rng.IntN(9)}
				q.lengths = append(q.lengths, length)
				c.holds = near(key, length, c.holds)
			}
			c.point = []string{"", "", "START", "END"}[rng.IntN(4)]
			q.conditions = append(q.conditions, c)
		}
		for _, possible := range []bool{false, true} {
			if got, want := q.holds(possible), q.holdsOnAll(first, days, possible); got != want {
				t.Fatalf("seed %d, possible %v: %v on the days tried, %v on all: %+v", seed, possible, got, want, q)
			}
		}
	}
}

// holdsOnAll is holds with every day tried.
func (q *question) holdsOnAll(first edtf.Day, n int, possible bool) bool {
	var all []edtf.Day
	for i := range n {
		all = append(all, first+edtf.Day(i))
	}
	read := false
	for _, self := range q.self.readings(all) {
		some, every := true, true
		for i := -1; i < len(q.references); i++ {
			readings := [][2]edtf.Day{self}
			if i >= 0 {
				readings = q.references[i].readings(all)
			}
			if len(readings) == 0 {
				return false
			}
			one := false
			for _, reading := range readings {
				met := true
				for _, c := range q.conditions {
					met = met && (c.about != i || c.met(self[0], self[1], reading[0], reading[1]))
				}
				one, every = one || met, every && met
			}
			some = some && one
		}
		read = true
		if possible && some {
			return true
		}
		if !possible && !every {
			return false
		}
	}
	return read && !possible
}
