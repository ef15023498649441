package graph

import "time"

// Sizes tell how large a graph is at one commit.
type Sizes struct {
	Commit uint64    // its number
	At     time.Time // its record time; zero: there is none
	Quads  int
	Claims int // ever recorded, retracted and erased ones too
}

// Sizes returns those of the newest state. Cost: O(1).
func (g *Graph) Sizes() Sizes {
	now := g.now.Load()
	sizes := Sizes{Commit: now.snap.Commit(), Quads: now.snap.Size(), Claims: now.ledger.count}
	if n := len(now.times); n > 0 {
		sizes.At = time.UnixMicro(now.times[n-1]).UTC()
	}
	return sizes
}
