package graph

import (
	"context"
	"fmt"
	"slices"
	"time"

	"chancery/graph/edtf"
)

// Perspective decides which claims count. The zero value is the default: not
// retracted now, and CONFIRMED, REPORTED or ASSESSED.
type Perspective struct {
	KnownAt       time.Time // as the graph knew it then; zero: now
	ValidAt       *edtf.Day // only what holds on that day; claims without a valid time always do
	Sources       []string  // only claims of these sources, of what they are part of, or of their publishers; nil: of all
	ExceptSources []string  // none of these
	Statuses      []Status  // nil: all but Denied
	MinConfidence float64   // a claim without one has 1
}

// IsZero reports whether it is the default perspective.
func (p *Perspective) IsZero() bool {
	return p.KnownAt.IsZero() && p.ValidAt == nil && p.Sources == nil && p.ExceptSources == nil &&
		p.Statuses == nil && p.MinConfidence == 0
}

// UnknownIDError is an id that no commit has ever brought in.
type UnknownIDError struct{ ID string }

func (e *UnknownIDError) Error() string { return fmt.Sprintf("no entity %q is known", e.ID) }

// View is the graph at one commit as one perspective sees it. It never changes;
// any number of goroutines may read it.
type View struct {
	Snapshot
	Perspective Perspective
	// KnownAt is the time of the newest commit that the perspective knows of; the
	// time asked for where there is none.
	KnownAt time.Time

	ledger   *ledger
	at       int64    // record time up to which claims are known
	validDay edtf.Day // the day that decides between values
	sources  map[ID]bool
	except   map[ID]bool
	facts    *Set
	known    *Set
	recorded *Set
	merges   *merges
	columns  *columns
	rows     *rowLists
	recent   *recentChanges
	settled  *settled
	meter    *Meter // nil: nobody counts
}

// View reads the newest commit through a perspective. The default perspective's
// view is made once for each commit; any other costs O(claims).
// The error is an *UnknownIDError for a source, ctx.Err() or the store's.
func (g *Graph) View(ctx context.Context, p Perspective) (*View, error) {
	now := g.now.Load()
	if !p.IsZero() {
		return now.view(ctx, p)
	}
	now.whole.Do(func() { now.wholeView, now.wholeErr = now.view(context.WithoutCancel(ctx), p) })
	return now.wholeView, now.wholeErr
}

func (s *state) view(ctx context.Context, p Perspective) (*View, error) {
	v := &View{
		Snapshot: s.snap, Perspective: p, KnownAt: p.KnownAt,
		ledger: s.ledger, columns: s.columns, rows: s.rows, recent: s.recent, settled: &settled{},
	}
	v.at = int64(1)<<62 - 1
	if !p.KnownAt.IsZero() {
		v.at = p.KnownAt.UnixMicro()
	}
	if i, found := slices.BinarySearch(s.times, v.at); found || i > 0 {
		if !found {
			i--
		}
		v.KnownAt = time.UnixMicro(s.times[i]).UTC()
	}
	v.validDay = edtf.DayOf(v.KnownAt)
	switch {
	case p.ValidAt != nil:
		v.validDay = *p.ValidAt
	case !p.KnownAt.IsZero():
		v.validDay = edtf.DayOf(p.KnownAt)
	}
	v.recorded = s.ledger.those(func(r *Record) bool { return r.recordedBy(v.at) })
	v.known = s.ledger.those(func(r *Record) bool {
		return r.recordedBy(v.at) && !r.retractedBy(v.at) && r.Status != Denied
	})
	var err error
	if v.merges, err = v.readMerges(ctx); err != nil {
		return nil, err
	}
	if v.sources, err = v.sourcesUnder(ctx, p.Sources); err != nil {
		return nil, err
	}
	if v.except, err = v.sourcesUnder(ctx, p.ExceptSources); err != nil {
		return nil, err
	}
	v.facts = v.choose(func(r *Record) bool {
		if r.retractedBy(v.at) {
			return false
		}
		if p.Statuses == nil {
			return r.Status != Denied
		}
		return r.Status != Denied && slices.Contains(p.Statuses, r.Status)
	})
	if slices.Equal(v.facts.words, v.known.words) {
		v.facts = v.known
	}
	return v, nil
}

// choose returns the claims known at the time that the perspective admits by
// source, confidence and valid time, and that meet the condition.
func (v *View) choose(meets func(*Record) bool) *Set {
	return v.ledger.those(func(r *Record) bool { return v.admits(r) && meets(r) })
}

// admits reports whether the claim is known at the time and the perspective admits
// it by source, confidence and valid time.
func (v *View) admits(r *Record) bool {
	switch {
	case !r.recordedBy(v.at),
		r.Confidence < v.Perspective.MinConfidence,
		v.Perspective.ValidAt != nil && !r.validOn(v.validDay),
		v.sources != nil && !v.sources[v.merges.stays(r.Source)],
		v.except[v.merges.stays(r.Source)]:
		return false
	}
	return true
}

// validOn reports whether the claim says that it holds on the day, or says nothing of time.
func (r *Record) validOn(day edtf.Day) bool {
	return !r.HasValidTime || r.Valid.First <= day && day <= r.Valid.Last
}

// sourcesUnder returns all sources that are one of the given ids, are part of one
// or are published by one; nil for nil.
func (v *View) sourcesUnder(ctx context.Context, ids []string) (map[ID]bool, error) {
	if ids == nil {
		return nil, nil
	}
	under := map[ID]bool{}
	var next []ID
	for _, name := range ids {
		id, ok := v.Node(name)
		if !ok {
			return nil, &UnknownIDError{ID: name}
		}
		if !under[id] {
			under[id] = true
			next = append(next, id)
		}
	}
	for len(next) > 0 {
		level := next
		next = nil
		for _, predicate := range []string{PartOf, Publisher} {
			var links Links
			if err := v.Follow(ctx, &links, level, predicate, true, v.known); err != nil {
				return nil, err
			}
			for _, l := range links.All {
				if !under[l.To] {
					under[l.To] = true
					next = append(next, l.To)
				}
			}
		}
	}
	return under, nil
}
