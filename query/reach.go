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
	columns, ok, err := r.columnsOf(f, of)
	if err != nil {
		return nil, err
	}
	claims := r.claimsFor(f.Class)
	unsure := of
	out := make([]graph.ID, 0, len(of))
	if ok {
		unsure = nil
		for _, id := range of {
			for _, column := range columns {
				if l, sole := column.At(id); !sole || l.To != 0 && !claims.Has(l.Label) {
					unsure = append(unsure, id)
					break
				} else if l.To != 0 {
					out = append(out, l.To)
				}
			}
		}
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

// reachBack follows a relation from objects to subjects: all that name one of
// them, of which those are kept that are shown to.
func (r *run) reachBack(of []graph.ID, f *schema.Field) ([]graph.ID, error) {
	links := scratch.Get().(*graph.Links)
	defer scratch.Put(links)
	var subjects []graph.ID
	for _, p := range f.Predicates {
		known := r.claimsFor(f.Class)
		if r.op.engine.required[p.IRI] {
			known = r.view.Known()
		}
		links.Reset()
		if err := r.view.Follow(r.ctx, links, of, p.IRI, true, known); err != nil {
			return nil, err
		}
		subjects = slices.Grow(subjects, len(links.All))
		for _, l := range links.All {
			subjects = append(subjects, l.To)
		}
	}
	out, err := r.through(ascending(subjects), mirrored(f), of)
	if err != nil || !r.requires(f) {
		return out, err
	}
	return r.spoken(out)
}

// requires reports whether the subjects of a relation are required to have it:
// then it is read from claims that are not admitted too, for subjects that an
// admitted claim speaks of.
func (r *run) requires(f *schema.Field) bool {
	return slices.ContainsFunc(f.Predicates, func(p *schema.Predicate) bool { return r.op.engine.required[p.IRI] })
}

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
	columns, ok, err := r.columnsOf(f, of)
	if err != nil {
		return nil, err
	}
	claims, wanted := r.claimsFor(f.Class), newIDSet(objects)
	kept, unsure := make([]graph.ID, 0, len(of)), of
	if ok {
		unsure = nil
		for _, id := range of {
			met, told := false, true
			for _, column := range columns {
				l, sole := column.At(id)
				told = told && sole && (l.To == 0 || claims.Has(l.Label))
				met = met || sole && l.To != 0 && claims.Has(l.Label) && wanted.has(l.To)
			}
			if met {
				kept = append(kept, id)
			} else if !told {
				unsure = append(unsure, id)
			}
		}
	}
	if len(unsure) == 0 {
		return kept, nil
	}
	found, err := r.relate(unsure, f)
	if err != nil {
		return nil, err
	}
	for i, id := range unsure {
		if slices.ContainsFunc(found.of(i), func(it item) bool { return wanted.has(it.to) }) {
			kept = append(kept, id)
		}
	}
	if len(kept) > 0 && ok {
		slices.Sort(kept)
	}
	return kept, nil
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
	_, found := slices.BinarySearch(s.ids, id)
	return found
}
