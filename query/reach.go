package query

import (
	"slices"
	"sync"

	"chancery/graph"
	"chancery/schema"
)

// Sets of ids are followed along relations without the claims that relate them:
// conditions need no more. What has only one value of a predicate is told by its
// column, and only the others are read.

// scratch are links that are read through and forgotten.
var scratch = sync.Pool{New: func() any { return new(graph.Links) }}

// reach returns what a relation leads to from any of the ids, ascending.
func (r *run) reach(of []graph.ID, f *schema.Field) ([]graph.ID, error) {
	var out []graph.ID
	var err error
	switch {
	case f.Class.Name == "Claim" || f.Range.Name == "Claim":
		found, err := r.relate(of, f)
		if err != nil {
			return nil, err
		}
		return ascending(found.objects()), nil
	case f.Inverse:
		out, err = r.reachBack(of, f)
	default:
		out, err = r.reachOn(of, f)
	}
	if err != nil {
		return nil, err
	}
	return r.within(out, f.Range)
}

// reachOn follows a relation forwards.
func (r *run) reachOn(of []graph.ID, f *schema.Field) ([]graph.ID, error) {
	out := make([]graph.ID, 0, len(of))
	unsure, err := r.eachObject(of, f, func(_, to graph.ID) { out = append(out, to) })
	if err != nil {
		return nil, err
	}
	if len(unsure) > 0 {
		found, err := r.relate(unsure, f)
		if err != nil {
			return nil, err
		}
		out = append(out, found.objects()...)
	}
	return ascending(out), nil
}

// eachObject tells what the columns of a relation have at each of the ids, of each
// predicate the only object. It returns the ids, in their order, of which they do not
// tell all.
func (r *run) eachObject(of []graph.ID, f *schema.Field, tell func(id, to graph.ID)) (unsure []graph.ID, err error) {
	columns, ok, err := r.columnsOf(f, of)
	if err != nil || !ok {
		return of, err
	}
	claims, hides := r.claimsFor(f.Class), r.hidesAny(f)
	var places [placesAtOnce]graph.Place
	var told [placesAtOnce]bool
	for left := of; len(left) > 0; {
		part := left[:min(len(left), placesAtOnce)]
		left = left[len(part):]
		for k, column := range columns {
			column.Places(places[:], part, claims)
			for i, id := range part {
				p := &places[i]
				told[i] = (k == 0 || told[i]) && p.Sole && (p.To != 0 || !hides)
				if p.Sole && p.To != 0 {
					tell(id, p.To)
				}
			}
		}
		for i, id := range part {
			if !told[i] {
				unsure = append(unsure, id)
			}
		}
	}
	return unsure, nil
}

// reachBack follows a relation from objects to subjects: all that name one of
// them, of which those are kept that are shown to.
func (r *run) reachBack(of []graph.ID, f *schema.Field) ([]graph.ID, error) {
	links := scratch.Get().(*graph.Links)
	defer scratch.Put(links)
	// Those that an admitted claim names are spoken of by it.
	var admitted, hidden []graph.ID
	claims := r.claimsFor(f.Class)
	for _, p := range f.Predicates {
		known := claims
		if r.hides(p) {
			known = r.view.Known()
		}
		links.Reset()
		if err := r.view.Follow(r.ctx, links, of, p.IRI, true, known); err != nil {
			return nil, err
		}
		admitted = slices.Grow(admitted, len(links.All))
		for _, l := range links.All {
			if known == claims || claims.Has(l.Label) {
				admitted = append(admitted, l.To)
			} else {
				hidden = append(hidden, l.To)
			}
		}
	}
	out, err := r.through(ascending(admitted), mirrored(f), of)
	if err != nil || len(hidden) == 0 {
		return out, err
	}
	more, err := r.through(ascending(hidden), mirrored(f), of)
	if err != nil {
		return nil, err
	}
	if more, err = r.spoken(more); err != nil {
		return nil, err
	}
	return ascending(append(out, more...)), nil
}

// hidesAny reports whether one of a relation's predicates may be shown of claims that
// are not admitted: then subjects count that an admitted claim speaks of.
func (r *run) hidesAny(f *schema.Field) bool { return slices.ContainsFunc(f.Predicates, r.hides) }

// spoken keeps the ids that some admitted claim speaks of.
func (r *run) spoken(of []graph.ID) ([]graph.ID, error) {
	spoken, err := r.spokenOf(of)
	if err != nil {
		return nil, err
	}
	kept := of[:0]
	for i, id := range of {
		if spoken[i] {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

// through keeps the ids that a relation leads from to one of the objects, both
// ascending.
func (r *run) through(of []graph.ID, f *schema.Field, objects []graph.ID) ([]graph.ID, error) {
	wanted, kept := newIDSet(objects), make([]graph.ID, 0, len(of))
	unsure, err := r.eachObject(of, f, func(id, to graph.ID) {
		if wanted.has(to) {
			kept = append(kept, id)
		}
	})
	if err != nil {
		return nil, err
	}
	if len(unsure) > 0 {
		found, err := r.relate(unsure, f)
		if err != nil {
			return nil, err
		}
		for i, id := range unsure {
			if slices.ContainsFunc(found.of(i), func(it item) bool { return wanted.has(it.to) }) {
				kept = append(kept, id)
			}
		}
	}
	return ascending(kept), nil
}

// columnsOf returns the columns of a relation's predicates; ok is false where one
// is not there, or the relation is inverse.
func (r *run) columnsOf(f *schema.Field, subjects []graph.ID) (columns []graph.Column, ok bool, err error) {
	if f.Inverse {
		return nil, false, nil
	}
	for _, p := range f.Predicates {
		column, ok, err := r.columnOf(p.IRI, subjects)
		if err != nil || !ok {
			return nil, false, err
		}
		columns = append(columns, column)
	}
	return columns, true, nil
}

// manyIDs is from how many ids a set of nodes sorts them faster.
const manyIDs = 1024

// ascending sorts ids and drops what comes twice.
func ascending(ids []graph.ID) []graph.ID {
	if slices.IsSorted(ids) {
		return slices.Compact(ids)
	}
	if len(ids) < manyIDs || slices.ContainsFunc(ids, notNode) {
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	var set nodeSet
	for _, id := range ids {
		set.add(id)
	}
	return set.appendTo(ids[:0])
}

func notNode(id graph.ID) bool { return id.Space() != graph.Nodes }

// idSet tells quickly what is among some ascending ids.
type idSet struct {
	ids   []graph.ID
	nodes *nodeSet // the ids, if they are several nodes
}

func newIDSet(ids []graph.ID) idSet {
	s := idSet{ids: ids}
	if len(ids) > 4 && !slices.ContainsFunc(ids, notNode) {
		s.nodes = new(nodeSet)
		for _, id := range ids {
			s.nodes.add(id)
		}
	}
	return s
}

func (s idSet) has(id graph.ID) bool {
	if s.nodes != nil {
		return id.Space() == graph.Nodes && s.nodes.has(id)
	}
	if len(s.ids) <= 4 {
		return slices.Contains(s.ids, id)
	}
	_, found := slices.BinarySearch(s.ids, id)
	return found
}
