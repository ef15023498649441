package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// shown holds, for each of a list of subjects, the links of the claims that say the
// one value of a single-valued predicate that is shown; none where there is none.
type shown struct{ each [][]graph.Link }

// value returns the value shown for subject i; 0 for none.
func (s *shown) value(i int) graph.ID {
	if len(s.each[i]) == 0 {
		return 0
	}
	return s.each[i][0].To
}

// claims returns the links that say the value of subject i: read-only.
func (s *shown) claims(i int) []graph.Link { return s.each[i] }

// show reads the values of a single-valued predicate that the perspective shows.
// A required relation that no admitted claim gives is read from the claim that
// gives the subject its class.
func (r *run) show(subjects []graph.ID, p *schema.Predicate, claims *graph.Set) (*shown, error) {
	column, ok, err := r.columnOf(p.IRI, subjects)
	if err != nil {
		return nil, err
	}
	s := &shown{make([][]graph.Link, len(subjects))}
	var unsure []int
	var room graph.Room
	for i, id := range subjects {
		told := false
		if ok {
			s.each[i], told = column.Shown(r.ctx, &room, id, claims)
		}
		if !told {
			unsure = append(unsure, i)
		}
	}
	if err := r.read(s.each, subjects, unsure, p.IRI, claims); err != nil {
		return nil, err
	}
	for _, i := range unsure {
		s.each[i] = r.view.Preferred(r.ctx, s.each[i])
	}
	if !r.hides(p) {
		return s, nil
	}
	return s, r.showRequired(s, subjects, p)
}

// showRequired fills in the subjects that have no admitted value, from the claim
// that gives each its class.
func (r *run) showRequired(s *shown, subjects []graph.ID, p *schema.Predicate) error {
	var missing []int
	var lacking []graph.ID
	for i, id := range subjects {
		if len(s.each[i]) == 0 {
			missing, lacking = append(missing, i), append(lacking, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	values, err := r.said(lacking, p.IRI, r.view.Known())
	if err != nil {
		return err
	}
	types, err := r.said(lacking, graph.Type, r.view.Known())
	if err != nil {
		return err
	}
	for i, at := range missing {
		if len(values[i]) == 0 {
			continue
		}
		_, claims := r.classAmong(types[i])
		if len(claims) == 0 {
			continue
		}
		claim := r.view.Foremost(r.ctx, claims)
		if k := slices.IndexFunc(values[i], func(l graph.Link) bool { return l.Label == claim }); k >= 0 {
			s.each[at] = values[i][k : k+1 : k+1]
		}
	}
	return nil
}

// said reads the links of each subject by a predicate, ascending by object: from
// its column where that tells them, and they are read-only, else from the store.
func (r *run) said(subjects []graph.ID, predicate string, claims *graph.Set) ([][]graph.Link, error) {
	column, ok, err := r.columnOf(predicate, subjects)
	if err != nil {
		return nil, err
	}
	each := make([][]graph.Link, len(subjects))
	var unsure []int
	var room graph.Room
	for i, id := range subjects {
		told := false
		if ok {
			each[i], told = column.Links(&room, id, claims)
		}
		if !told {
			unsure = append(unsure, i)
		}
	}
	return each, r.read(each, subjects, unsure, predicate, claims)
}

// read sets the links of some of the subjects, given by index, to what the store has.
func (r *run) read(each [][]graph.Link, subjects []graph.ID, some []int, predicate string, claims *graph.Set) error {
	if len(some) == 0 {
		return nil
	}
	of := make([]graph.ID, len(some))
	for i, at := range some {
		of[i] = subjects[at]
	}
	var links graph.Links
	if err := r.view.Follow(r.ctx, &links, of, predicate, false, claims); err != nil {
		return err
	}
	for i, at := range some {
		each[at] = links.Of(i)
	}
	return nil
}
