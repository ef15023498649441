package query_test

import (
	"flag"
	"testing"

	"chancery/query/randomdoc"
	"chancery/schema"
)

var crowded = flag.Int("crowd", 0, "how many events the crowds of TestCompareCrowd have; 0: some dozens, hundreds or more than a thousand")

// TestCompareCrowd does as TestCompare with graphs of many events around few parties:
// there the engine has something to choose. Columns are there before most commits, and
// have several pages.
//
//	go test ./query -run TestCompareCrowd -seed 17 -documents 1
func TestCompareCrowd(t *testing.T) {
	compareRandom(t, load(t), max(*documents/crowdedPart, 1), newCrowdByTurns, randomdoc.Crowded)
}

// crowdedPart is the part of all documents that is asked of crowds: each takes as long
// as some of the others.
const crowdedPart = 8

// newCrowdByTurns holds random crowd n: one of four in memory, one in a store that has
// indexes to scan, read from its index of dates wherever that can be, and two in such a
// store, read as the engine chooses.
func newCrowdByTurns(t testing.TB, o *schema.Ontology, n uint64) *both {
	t.Helper()
	sample := randomdoc.Crowd(numbers(n), o, *crowded)
	if n%4 < 2 {
		return newBothOfKind(t, o, sample, n)
	}
	w := newBothOver(t, o, sample, openLocal(t))
	w.explain = n%8 > 3
	return w
}
