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

// newCrowdByTurns is newBothByTurns with a crowd.
func newCrowdByTurns(t testing.TB, o *schema.Ontology, n uint64) *both {
	t.Helper()
	return newBothOfKind(t, o, randomdoc.Crowd(numbers(n), o, *crowded), n)
}
