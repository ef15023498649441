package graph

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Freshness tells how long ago each source said something new. Any number of
// goroutines may use it. It remembers what it has read, so asking often is cheap.
type Freshness struct {
	graph *Graph

	mu     sync.Mutex // guards all below
	read   *state     // that all below is of; nil: nothing was read
	newest map[ID]int64
	sorted []Fresh
}

// Fresh is when the newest claim of a source was recorded.
type Fresh struct {
	Source string // as claims name it: merges do not show
	Newest time.Time
}

// NewFreshness returns the freshness of a graph. Cost: none until it is asked.
func NewFreshness(g *Graph) *Freshness { return &Freshness{graph: g} }

// Newest returns when the newest claim of each source was recorded, the newest
// first and sources of one commit by id. Claims that were retracted since count:
// the source was heard. Erased ones do not. at is the newest commit's record time;
// zero: there is none. The slice is shared and read-only.
// Cost: none until there is a commit, then its claims and O(s·log s) for s sources;
// at first, and after an erasure, all claims.
func (f *Freshness) Newest() (at time.Time, all []Fresh) {
	now := f.graph.now.Load()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.read == nil || f.read.snap.Commit() < now.snap.Commit() {
		f.readTo(now)
	}
	if n := len(f.read.times); n > 0 {
		at = time.UnixMicro(f.read.times[n-1]).UTC()
	}
	return at, f.sorted
}

// readTo reads the claims that are not those of the state before. Commits copy the
// chunks of the ledger that they touch, so all others need no look.
func (f *Freshness) readTo(now *state) {
	var before []*chunk
	if f.read != nil {
		before = f.read.ledger.chunks
	}
	if f.read == nil || !f.readChunks(before, now.ledger.chunks) {
		f.newest = map[ID]int64{}
		f.readChunks(nil, now.ledger.chunks)
	}
	f.read = now
	sorted := make([]Fresh, 0, len(f.newest))
	for source, newest := range f.newest {
		sorted = append(sorted, Fresh{Source: termText(now.snap, source), Newest: time.UnixMicro(newest).UTC()})
	}
	slices.SortFunc(sorted, func(a, b Fresh) int {
		return cmp.Or(b.Newest.Compare(a.Newest), cmp.Compare(a.Source, b.Source))
	})
	f.sorted = sorted
}

// readChunks reads those that changed; false: a claim is gone.
func (f *Freshness) readChunks(before, chunks []*chunk) bool {
	for i, c := range chunks {
		old := noClaims
		if i < len(before) {
			old = before[i]
		}
		if c == old {
			continue
		}
		for j := range chunkSize {
			if old.at(j).Exists && !c.at(j).Exists {
				return false
			}
		}
		for j := range c.records {
			if r := &c.records[j]; r.Exists {
				f.newest[r.Source] = max(f.newest[r.Source], r.RecordedAt)
			}
		}
	}
	return true
}
