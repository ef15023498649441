package graph

import (
	"cmp"
	"context"
	"sort"

	"chancery/graph/edtf"
)

// Prefer orders claims by which value of a single-valued field to show: negative
// when a comes first. Valid on the perspective's day first, then CONFIRMED,
// REPORTED, ASSESSED, then higher confidence, later published, later recorded,
// smaller id.
func (v *View) Prefer(ctx context.Context, a, b ID) int {
	if c := v.rank(ctx, a, b); c != 0 || a == b {
		return c
	}
	return cmp.Compare(v.Name(a), v.Name(b))
}

// rank is Prefer without the ids, which are read from the store.
func (v *View) rank(ctx context.Context, a, b ID) int {
	ra, rb := v.ledger.at(a), v.ledger.at(b)
	if ra.HasValidTime || rb.HasValidTime {
		if c := compareBool(ra.validOn(v.validDay), rb.validOn(v.validDay)); c != 0 {
			return -c
		}
	}
	if ra.Status != rb.Status {
		return cmp.Compare(ra.Status, rb.Status)
	}
	if c := cmp.Compare(ra.Confidence, rb.Confidence); c != 0 {
		return -c
	}
	if ra.Source != rb.Source {
		if c := v.comparePublished(ctx, ra.Source, rb.Source); c != 0 {
			return -c
		}
	}
	return -cmp.Compare(ra.RecordedAt, rb.RecordedAt)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// comparePublished orders sources by when they were published, the unknown first.
func (v *View) comparePublished(ctx context.Context, a, b ID) int {
	pa, pb := v.published(ctx, a), v.published(ctx, b)
	return cmp.Or(compareBool(pa.known, pb.known), cmp.Compare(pa.earliest, pb.earliest), cmp.Compare(pa.latest, pb.latest))
}

// publication is when a source was published: the bounds of its date.
type publication struct {
	earliest, latest edtf.Day
	known            bool
}

// published returns the latest publication date that known claims give the source.
// A claim about a source never waits for its own rank here.
// Cost: one look into the store, once.
func (v *View) published(ctx context.Context, source ID) publication {
	if p, ok := v.settled.published.Load(source); ok {
		return p.(publication)
	}
	var links Links
	var p publication
	// What is found is kept for all readers: nobody's meter stops it.
	if v.Metered(nil).Follow(ctx, &links, []ID{source}, Published, false, v.known) != nil {
		return p // the request was cancelled: its answer is thrown away
	}
	for _, l := range links.All {
		d, err := edtf.Parse(v.Name(l.To))
		if err != nil {
			continue // unreachable unless an unchecked claim was recorded
		}
		if e, t := d.Bounds(); !p.known || e > p.earliest || e == p.earliest && t > p.latest {
			p = publication{e, t, true}
		}
	}
	v.settled.published.Store(source, p)
	return p
}

// Preferred returns those of a node's links, ascending by object, that say the
// object to show: all with the same object as the link whose claim is preferred.
func (v *View) Preferred(ctx context.Context, links []Link) []Link {
	best, rest := NextObject(links)
	for len(rest) > 0 {
		var next []Link
		if next, rest = NextObject(rest); v.PreferAmong(ctx, next, best) < 0 {
			best = next
		}
	}
	return best
}

// NextObject splits links that ascend by object: those with the first one's object,
// and the rest. Cost: O(log n).
func NextObject(links []Link) (same, rest []Link) {
	n := len(links)
	if n == 0 || links[0].To == links[n-1].To {
		return links, nil
	}
	// Most objects have few links: the end is looked for in steps that double.
	step := 1
	for step < n && links[step].To == links[0].To {
		step *= 2
	}
	from := step / 2
	end := from + sort.Search(min(step, n)-from, func(i int) bool { return links[from+i].To != links[0].To })
	return links[:end:end], links[end:]
}

// PreferAmong is negative when the first of two lists of claims, none of them
// empty, has one that is preferred to all of the other: see Prefer.
func (v *View) PreferAmong(ctx context.Context, a, b []Link) int {
	fa, fb := v.firstOf(ctx, a), v.firstOf(ctx, b)
	if c := v.rank(ctx, fa, fb); c != 0 {
		return c
	}
	return cmp.Compare(v.Name(v.smallest(ctx, a, fa)), v.Name(v.smallest(ctx, b, fb)))
}

// Foremost returns the claim of a list, not empty, that is preferred to all others.
func (v *View) Foremost(ctx context.Context, claims []Link) ID {
	return v.smallest(ctx, claims, v.firstOf(ctx, claims))
}

// firstOf returns a claim of the list that none is preferred to but by its id.
func (v *View) firstOf(ctx context.Context, claims []Link) ID {
	if f := v.settled.foremostOf(claims); f != nil {
		f.ranking.Do(func() { f.first = v.findFirst(context.WithoutCancel(ctx), claims) })
		return f.first
	}
	return v.findFirst(ctx, claims)
}

func (v *View) findFirst(ctx context.Context, claims []Link) ID {
	first := claims[0].Label
	for _, l := range claims[1:] {
		if v.rank(ctx, l.Label, first) < 0 {
			first = l.Label
		}
	}
	return first
}

// smallest returns the claim with the smallest id of those that equal the first.
func (v *View) smallest(ctx context.Context, claims []Link, first ID) ID {
	if len(claims) == 1 {
		return first
	}
	if f := v.settled.foremostOf(claims); f != nil {
		f.naming.Do(func() { f.smallest = v.findSmallest(context.WithoutCancel(ctx), claims, first) })
		return f.smallest
	}
	return v.findSmallest(ctx, claims, first)
}

func (v *View) findSmallest(ctx context.Context, claims []Link, first ID) ID {
	smallest, least := first, ""
	for _, l := range claims {
		if l.Label == first || v.rank(ctx, l.Label, first) != 0 {
			continue
		}
		if least == "" {
			least = v.Name(first)
		}
		if name := v.Name(l.Label); name < least {
			smallest, least = l.Label, name
		}
	}
	return smallest
}
