package query

import "sync/atomic"

// Stats are what an engine has done since it was made. They only grow.
type Stats struct {
	Quads   int64 // read, by all operations
	Stopped int64 // operations' root fields that went over the limit while they ran
	Refused int64 // fields that would have gone over it for certain
	// Names are looks for the index of names of one time; at most 4 are kept.
	Names CacheStats
	// Texts are looks for the index of a predicate's texts. There is one at most for
	// each predicate that the ontology has texts of; it goes with the graph.
	Texts CacheStats
}

// CacheStats count the looks into a cache.
type CacheStats struct {
	Hits   int64 // found as it was wanted
	Misses int64 // made, or made longer by what was committed since
}

// stats are counted by any number of goroutines.
type stats struct{ quads, stopped, refused, nameHits, nameMisses, textHits, textMisses atomic.Int64 }

// Stats returns what the engine has done so far. Any number of goroutines may ask.
// Cost: O(1).
func (e *Engine) Stats() Stats {
	s := &e.stats
	return Stats{
		Quads: s.quads.Load(), Stopped: s.stopped.Load(), Refused: s.refused.Load(),
		Names: CacheStats{s.nameHits.Load(), s.nameMisses.Load()},
		Texts: CacheStats{s.textHits.Load(), s.textMisses.Load()},
	}
}
