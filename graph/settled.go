package graph

import (
	"context"
	"slices"
	"sync"
)

// settled is what a view has worked out about claims, so that nobody does so
// again: it is as large as what was asked for. The view's state never changes, so
// neither does this.
type settled struct {
	published  sync.Map    // by source: its publication
	runs       [2]sync.Map // of Facts and of Known, by a long run's first link: its *settledRun
	foremost   sync.Map    // by a long list's first link: its *foremost
	counts     sync.Map    // by what is counted: how many there are
	predicates sync.Map    // by compact IRI: its ID
	plains     sync.Map    // by column and claims: its *Plain
	merged     sync.Map    // by predicate: its merged subjects
	soles      sync.Map    // by column, claims and class: its *Sole
}

// longRun is up to how many links of a node are looked through each time.
const longRun = 16

// settledRun is what a set of claims admits of a long run.
type settledRun struct {
	links   []Link
	showing sync.Once
	shown   []Link
}

// foremost is the claim of a long list that is preferred.
type foremost struct {
	length          int
	ranking, naming sync.Once
	first           ID // see View.firstOf
	smallest        ID // see View.smallest
}

// foremostOf returns what is known of a list; nil if it is short, or no part of a
// long run.
func (s *settled) foremostOf(claims []Link) *foremost {
	if len(claims) <= longRun {
		return nil
	}
	if f, ok := s.foremost.Load(&claims[0]); ok && f.(*foremost).length == len(claims) {
		return f.(*foremost)
	}
	return nil
}

// run returns what the claims admit of a run of a column; nil where it is short or
// the claims are neither Facts nor Known.
func (v *View) run(links []Link, claims *Set) *settledRun {
	if len(links) <= longRun || claims != v.facts && claims != v.known {
		return nil
	}
	runs := &v.settled.runs[0]
	if claims == v.known {
		runs = &v.settled.runs[1]
	}
	if run, ok := runs.Load(&links[0]); ok {
		return run.(*settledRun)
	}
	run := &settledRun{links: v.choices(links, claims)}
	for rest := run.links; len(rest) > 0; {
		var same []Link
		if same, rest = NextObject(rest); len(same) > longRun {
			v.settled.foremost.LoadOrStore(&same[0], &foremost{length: len(same)})
		}
	}
	kept, _ := runs.LoadOrStore(&links[0], run)
	return kept.(*settledRun)
}

// admitted returns what the claims admit of a run of a column.
func (v *View) admitted(links []Link, claims *Set) []Link {
	if run := v.run(links, claims); run != nil {
		return run.links
	}
	return v.choices(links, claims)
}

// shown returns what a run of a column says of a single-valued predicate.
func (v *View) shown(ctx context.Context, links []Link, claims *Set) []Link {
	run := v.run(links, claims)
	if run == nil {
		return v.Preferred(ctx, v.choices(links, claims))
	}
	run.showing.Do(func() { run.shown = v.Preferred(context.WithoutCancel(ctx), run.links) })
	return run.shown
}

// choices returns the links of a run whose claims are in the set, as the view's
// merges make them: a part of the run where they lie together as they are.
func (v *View) choices(run []Link, claims *Set) []Link {
	from := 0
	for from < len(run) && !claims.Has(run[from].Label) {
		from++
	}
	to := from
	for to < len(run) && claims.Has(run[to].Label) {
		to++
	}
	out := run[from:to:to]
	for _, l := range run[to:] {
		if claims.Has(l.Label) {
			out = append(out, l)
		}
	}
	if v.merges == nil || !slices.ContainsFunc(out, func(l Link) bool { return v.merges.stays(l.To) != l.To }) {
		return out
	}
	out = slices.Clone(out)
	for i := range out {
		out[i].To = v.merges.stays(out[i].To)
	}
	slices.SortFunc(out, compareLinks)
	return slices.Compact(out)
}
