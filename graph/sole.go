package graph

import (
	"context"
	"slices"
)

// Sole tells where what leads to an object can be counted without a look at each: both
// lists are ascending, and all nodes are in one of them.
type Sole struct {
	// Counted are stretches where each node has one quad at most, which the claims give,
	// and is of a class where it has one.
	Counted []Stretch
	// Others are the rest: nothing is told of them.
	Others []Stretch
}

// soleOf is what they are kept by.
type soleOf struct {
	predicate ID
	known     bool
	class     string
}

// Sole returns where each node has one quad at most by the predicate, as the claims see
// it: the view's Facts or Known; of others it is nil. Those that have one are of the
// class that is named, by what types tells as the view's Known see it: is says of the
// number of a type whether it makes a node one of the class. The error is ctx.Err(): then
// nothing is kept.
// Cost: once a view, a look at the 512 nodes of each page whose types differ; O(1) then.
func (c Column) Sole(ctx context.Context, claims *Set, types Column, class string, is func(number uint32) bool) (*Sole, error) {
	plain, typed := c.Plain(claims), types.Plain(c.view.known)
	if plain == nil || typed == nil {
		return nil, nil
	}
	key := soleOf{c.predicate, claims == c.view.known, class}
	if s, ok := c.view.settled.soles.Load(key); ok {
		return s.(*Sole), nil
	}
	var alike []bool // by number of a type
	for number := range types.Objects() {
		alike = append(alike, number > 0 && is(uint32(number)))
	}
	s := &Sole{}
	for i := range plain.stretches {
		if i%pagesAtOnce == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		to := &s.Others
		if soleIn(&plain.stretches[i], typed, i, alike) {
			to = &s.Counted
		}
		*to = appendStretch(*to, Stretch{InSpace(Nodes, uint64(i*columnPage)), InSpace(Nodes, uint64((i+1)*columnPage))})
	}
	// Beyond, there are no quads, but those that a merge brings there.
	beyond := Stretch{InSpace(Nodes, uint64(len(plain.stretches)*columnPage)), InSpace(Nodes+1, 0)}
	if plain.beyond == Unsure {
		s.Others = appendStretch(s.Others, beyond)
	} else {
		s.Counted = appendStretch(s.Counted, beyond)
	}
	kept, _ := c.view.settled.soles.LoadOrStore(key, s)
	return kept.(*Sole), nil
}

// soleIn reports whether a page of which a plain tells has quads of nodes alone whose
// types are alike.
func soleIn(page *plainStretch, typed *Plain, at int, alike []bool) bool {
	if page.numbers == nil || page.numbers == &noNumbers {
		return page.numbers != nil
	}
	if at >= len(typed.stretches) || typed.stretches[at].numbers == nil {
		return false
	}
	of := &typed.stretches[at]
	if of.number != various {
		return alike[of.number]
	}
	for i, number := range page.numbers {
		if number != 0 && !alike[of.numbers[i]] {
			return false
		}
	}
	return true
}

func appendStretch(to []Stretch, s Stretch) []Stretch {
	if n := len(to); n > 0 && to[n-1].To == s.From {
		to[n-1].To = s.To
		return to
	}
	return append(to, s)
}

// CountWithin returns how many quads lead to a node by a predicate, given by its compact
// IRI, from subjects in the stretches, whatever claims say them: just as many. ok is
// false where the store cannot tell. Cost: O(log n) for each stretch; the view's meter
// counts one for each.
func (v *View) CountWithin(predicate string, object ID, subjects []Stretch) (n int, ok bool, err error) {
	ranger, ok := v.Snapshot.(Ranger)
	if !ok {
		return 0, false, nil
	}
	p, known := v.predicate(predicate)
	if !known {
		return 0, true, nil
	}
	for _, object := range v.merges.group(object) {
		if err := v.meter.Add(len(subjects)); err != nil {
			return 0, false, err
		}
		for _, s := range subjects {
			some, exact, err := ranger.CountWithin(p, object, s)
			if err != nil || !exact {
				return 0, false, err
			}
			n += some
		}
	}
	return n, true, nil
}

// FollowWithin appends to dst the links from a node to the subjects in the stretches by a
// predicate, as Follow does from objects to subjects. ok is false where the store reads
// no stretches: nothing is appended. Cost: O(log n) for each stretch, and the links.
func (v *View) FollowWithin(ctx context.Context, dst *Links, object ID, predicate string, claims *Set, subjects []Stretch) (ok bool, err error) {
	ranger, ok := v.Snapshot.(Ranger)
	if !ok {
		return false, nil
	}
	if p, known := v.predicate(predicate); known {
		group, begin, read := v.merges.group(object), len(dst.All), len(subjects)
		for _, object := range group {
			for _, s := range subjects {
				err := ranger.ScanWithin(ctx, p, object, s, func(run *Run) bool {
					read += len(run.Subjects)
					for i, subject := range run.Subjects {
						if label := run.Labels[i]; claims == nil || claims.Has(label) {
							dst.All = append(dst.All, Link{To: v.merges.stays(subject), Label: label})
						}
					}
					return true
				})
				if err != nil {
					return false, err
				}
			}
		}
		if v.merges != nil {
			of := dst.All[begin:]
			slices.SortFunc(of, compareLinks)
			dst.All = dst.All[:begin+len(slices.Compact(of))]
		}
		if err := v.meter.Add(read); err != nil {
			return false, err
		}
	}
	dst.Ends = append(dst.Ends, len(dst.All))
	return true, nil
}
