package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// shown holds, for each of a list of subjects, the one value of a single-valued
// predicate that is shown and the claims that say it.
type shown struct {
	links    graph.Links
	from, to []int // the shown value's links are links.All[from[i]:to[i]]; none: empty
}

// value returns the value shown for subject i; 0 for none.
func (s *shown) value(i int) graph.ID {
	if s.from[i] == s.to[i] {
		return 0
	}
	return s.links.All[s.from[i]].To
}

// claims returns the links that say the value of subject i.
func (s *shown) claims(i int) []graph.Link { return s.links.All[s.from[i]:s.to[i]] }

// show reads the values of a single-valued predicate that the perspective shows.
// A required relation that no admitted claim gives is read from the claim that
// gives the subject its class.
func (r *run) show(subjects []graph.ID, p *schema.Predicate, claims *graph.Set) (*shown, error) {
	s := &shown{from: make([]int, len(subjects)), to: make([]int, len(subjects))}
	unsure, missing, err := r.showSole(s, subjects, p, claims)
	if err != nil {
		return nil, err
	}
	if len(unsure) > 0 {
		of := make([]graph.ID, len(unsure))
		for i, at := range unsure {
			of[i] = subjects[at]
		}
		var links graph.Links
		if err := r.view.Follow(r.ctx, &links, of, p.IRI, false, claims); err != nil {
			return nil, err
		}
		base := len(s.links.All)
		s.links.All = append(s.links.All, links.All...)
		for i, at := range unsure {
			from, to := r.preferred(&links, i)
			s.from[at], s.to[at] = base+from, base+to
			if from == to {
				missing = append(missing, at)
			}
		}
	}
	if len(missing) > 0 && r.op.engine.required[p.IRI] {
		return s, r.showRequired(s, subjects, missing, p)
	}
	return s, nil
}

// showSole shows the values of subjects that have only one, where there is a column
// of the predicate. It returns the indexes of those that it cannot tell, and of
// those whose only value the claims do not give.
func (r *run) showSole(s *shown, subjects []graph.ID, p *schema.Predicate, claims *graph.Set) (unsure, missing []int, err error) {
	column, ok, err := r.columnOf(p.IRI, subjects)
	if err != nil {
		return nil, nil, err
	}
	if ok {
		s.links.All = make([]graph.Link, 0, len(subjects))
	}
	for i, id := range subjects {
		var l graph.Link
		sole := false
		if ok {
			l, sole = column.At(id)
		}
		switch {
		case !sole:
			unsure = append(unsure, i)
		case l.To == 0:
		case claims.Has(l.Label):
			s.from[i] = len(s.links.All)
			s.links.All = append(s.links.All, l)
			s.to[i] = len(s.links.All)
		default:
			missing = append(missing, i)
		}
	}
	return unsure, missing, nil
}

// preferred returns the range of node i's links that say the value to show.
func (r *run) preferred(links *graph.Links, i int) (from, to int) {
	of := links.Of(i)
	begin := links.Ends[i] - len(of)
	best := -1
	for at, l := range of {
		if best < 0 || r.view.Prefer(r.ctx, l.Label, of[best].Label) < 0 {
			best = at
		}
	}
	if best < 0 {
		return begin, begin
	}
	// Links ascend by value: all that say the same lie around the best.
	from, to = best, best+1
	for from > 0 && of[from-1].To == of[best].To {
		from--
	}
	for to < len(of) && of[to].To == of[best].To {
		to++
	}
	return begin + from, begin + to
}

// preferAmong is negative when the first of two lists of claims has one that is
// preferred to all of the other.
func (r *run) preferAmong(a, b []graph.Link) int {
	best := func(of []graph.Link) graph.ID {
		return slices.MinFunc(of, func(a, b graph.Link) int { return r.view.Prefer(r.ctx, a.Label, b.Label) }).Label
	}
	return r.view.Prefer(r.ctx, best(a), best(b))
}

// showRequired fills in the subjects that have no admitted value, from the claim
// that gives each its class.
func (r *run) showRequired(s *shown, subjects []graph.ID, missing []int, p *schema.Predicate) error {
	lacking := make([]graph.ID, len(missing))
	for i, at := range missing {
		lacking[i] = subjects[at]
	}
	var types, values graph.Links
	if err := r.view.Follow(r.ctx, &types, lacking, graph.Type, false, r.view.Known()); err != nil {
		return err
	}
	if err := r.view.Follow(r.ctx, &values, lacking, p.IRI, false, r.view.Known()); err != nil {
		return err
	}
	for i, at := range missing {
		_, claim := r.classAmong(types.Of(i))
		for _, l := range values.Of(i) {
			if l.Label == claim {
				s.from[at] = len(s.links.All)
				s.links.All = append(s.links.All, l)
				s.to[at] = len(s.links.All)
				break
			}
		}
	}
	return nil
}
