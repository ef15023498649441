package graph

import "context"

// Latest is the graph as its newest commit left it, for those who work changes
// out. It has no perspective, so having it costs nothing: its quads are those of
// all claims, and merges do not show. It never changes.
type Latest struct {
	Snapshot
	ledger *ledger
	times  []int64

	superseded <-chan struct{}
}

// Latest returns the newest state. Cost: O(1).
func (g *Graph) Latest() Latest {
	now := g.now.Load()
	return Latest{Snapshot: now.snap, ledger: now.ledger, times: now.times, superseded: now.superseded}
}

// At returns the record time of the newest commit, in microseconds since 1970; 0
// where there is none.
func (l Latest) At() int64 {
	if len(l.times) == 0 {
		return 0
	}
	return l.times[len(l.times)-1]
}

// Times returns the record times of all commits, ascending, in microseconds since
// 1970. The slice is the graph's own: read-only.
func (l Latest) Times() []int64 { return l.times }

// Record returns what perspectives know of a claim; all zero for what is none.
func (l Latest) Record(claim ID) Record { return *l.ledger.at(claim) }

// Known reports whether the claim stands and does not deny its facts: then it
// gives classes, names and identifiers.
func (l Latest) Known(claim ID) bool {
	r := l.ledger.at(claim)
	return r.Exists && r.RetractedAt == 0 && r.Status != Denied
}

// Claim appends the quads of a claim to dst: its own fields, whose subject is the
// claim, and its facts. The error is ctx.Err() or the store's.
// Cost: one look into the store, and the claim's quads.
func (l Latest) Claim(ctx context.Context, dst []Quad, claim ID) ([]Quad, error) {
	err := l.Quads(ctx, Pattern{Label: claim}, func(q Quad) bool {
		dst = append(dst, q)
		return true
	})
	return dst, err
}

// Update is Apply for changes that depend on what the graph holds: work is given
// the newest state, and no other commit comes between it and its changes. Where
// they are empty, no commit is made and the receipt is zero.
// The error is work's, or one of Apply.
func (g *Graph) Update(ctx context.Context, work func(Latest) (Changes, error)) (Receipt, error) {
	if err := g.hold(ctx); err != nil {
		return Receipt{}, err
	}
	defer g.write.giveBack()
	c, err := work(g.Latest())
	if err != nil || len(c.Record)+len(c.Retract) == 0 {
		return Receipt{}, err
	}
	return g.apply(ctx, c)
}
