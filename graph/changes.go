package graph

import (
	"cmp"
	"slices"
)

// Change is a claim that a commit recorded or retracted.
type Change struct {
	At        int64 // the commit's record time, in microseconds since 1970
	Retracted bool
	Claim     ID
}

// Compare orders changes: by commit, recorded before retracted, by claim.
func (c Change) Compare(other Change) int {
	return cmp.Or(cmp.Compare(c.At, other.At), compareBool(c.Retracted, other.Retracted), cmp.Compare(c.Claim, other.Claim))
}

// EndOf is the place after all changes of the commit with the record time.
func EndOf(at int64) Change { return Change{At: at, Retracted: true, Claim: ^ID(0)} }

// Superseded returns a channel that is closed once there is a newer commit.
// Waiting for it costs no more than the waiting goroutine.
func (l Latest) Superseded() <-chan struct{} { return l.superseded }

// Changes returns the first changes after one, in order, at most so many: those of
// claims that [View.Listed] has, retracted ones too. Changes of one commit become
// known together, so whoever goes on from the last one misses none.
// Cost: O(changes returned) where they are among the newest few thousand, else
// O(claims).
func (v *View) Changes(after Change, most int) []Change {
	if v.recent.covers(after) {
		return v.recent.following(v, after, most)
	}
	var found []Change
	cut := func() {
		slices.SortFunc(found, Change.Compare)
		found = found[:min(len(found), most)]
	}
	add := func(c Change) {
		if c.At <= v.at && c.Compare(after) > 0 {
			found = append(found, c)
		}
		if len(found) >= 2*most+chunkSize {
			cut()
		}
	}
	v.ledger.all(func(claim ID, r *Record) bool {
		if r.RecordedAt < after.At && r.RetractedAt < after.At || !v.lists(r) {
			return true
		}
		add(Change{At: r.RecordedAt, Claim: claim})
		if r.RetractedAt != 0 {
			add(Change{At: r.RetractedAt, Retracted: true, Claim: claim})
		}
		return true
	})
	cut()
	return found
}

// lists reports whether the claim is among Listed(true).
func (v *View) lists(r *Record) bool {
	statuses := v.Perspective.Statuses
	return v.admits(r) && (statuses == nil || slices.Contains(statuses, r.Status))
}

// recentChanges are all changes after a record time, in order. They never change;
// a successor may share the memory. nil has none and covers nothing.
type recentChanges struct {
	after int64
	all   []Change
}

// mostRecent bounds what recentChanges hold, 24 bytes each, between one and two
// times so many.
const mostRecent = 4096

func (c *recentChanges) covers(after Change) bool {
	return c != nil && after.Compare(EndOf(c.after)) >= 0
}

// following returns those that the view lists, up to its record time.
func (c *recentChanges) following(v *View, after Change, most int) []Change {
	from, found := slices.BinarySearchFunc(c.all, after, Change.Compare)
	if found {
		from++
	}
	var out []Change
	for _, change := range c.all[from:] {
		if change.At > v.at || len(out) == most {
			break
		}
		if r := v.ledger.at(change.Claim); r.Exists && v.lists(r) {
			out = append(out, change)
		}
	}
	return out
}

// recentAfter are the recent changes once a plan is in a snapshot.
func (s *state) recentAfter(snap Snapshot, p *plan) *recentChanges {
	if len(p.record)+len(p.retract) > mostRecent {
		return nil
	}
	next := recentChanges{}
	switch {
	case s.recent != nil:
		next = *s.recent
	case len(s.times) > 0:
		next.after = s.times[len(s.times)-1]
	}
	begin := len(next.all)
	for i := range p.claims {
		next.all = append(next.all, Change{At: p.at.UnixMicro(), Retracted: i >= len(p.record), Claim: p.claim(snap, i)})
	}
	slices.SortFunc(next.all[begin:], Change.Compare)
	if len(next.all) > 2*mostRecent {
		last := len(next.all) - mostRecent
		for last < begin && next.all[last].At == next.all[last-1].At {
			last++ // only whole commits are let go
		}
		next.after = next.all[last-1].At
		next.all = slices.Clone(next.all[last:])
	}
	return &next
}

// publish makes a state the newest, and tells those who wait for it. The caller
// holds write, or is the commit ahead that whoever takes write by hold waits for, or
// the only one who knows the graph.
func (g *Graph) publish(next *state) {
	next.superseded = make(chan struct{})
	if before := g.now.Swap(next); before != nil {
		close(before.superseded)
	}
}
