package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// hop is a relation between two neighbours on a path, as a step shows it.
type hop struct {
	to        graph.ID
	predicate graph.ID
	inverse   bool // walked from object to subject
	claims    []graph.ID
}

// compareHops orders the hops of one node by neighbour, then by predicate.
func compareHops(a, b hop) int {
	return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.predicate, b.predicate))
}

// joining returns the hop that a step from one node to another shows: forwards
// before backwards, then by the predicate's place in the graph. forwards has the
// hops from each of the two, in the order of compareHops.
func joining(from, to graph.ID, forwards map[graph.ID][]hop) hop {
	if h, ok := leading(forwards[from], to); ok {
		return h
	}
	h, ok := leading(forwards[to], from)
	if !ok {
		panic("query: neighbours on a path that no relation joins")
	}
	h.to, h.inverse = to, true
	return h
}

func leading(hops []hop, to graph.ID) (hop, bool) {
	at, ok := slices.BinarySearchFunc(hops, to, func(h hop, to graph.ID) int { return cmp.Compare(h.to, to) })
	if !ok {
		return hop{}, false
	}
	return hops[at], true
}

// hopsFrom reads, for each node in turn, the relations from it that fields show,
// with the claims that say them. Relations that the ontology does not know count too.
func (r *run) hopsFrom(nodes []graph.ID, fields map[string]bool) ([][]hop, error) {
	out := make([][]hop, len(nodes))
	predicates := map[graph.ID]bool{}
	for i, node := range nodes {
		if err := r.readHops(&out[i], node, predicates); err != nil {
			return nil, err
		}
	}
	if err := r.showHops(out, nodes, predicates); err != nil {
		return nil, err
	}
	return out, r.keepHops(out, nodes, fields)
}

// readHops reads the hops of many-valued and of unknown predicates, and notes
// which predicates there are.
func (r *run) readHops(out *[]hop, node graph.ID, predicates map[graph.ID]bool) error {
	err := r.view.Quads(r.ctx, graph.Pattern{Subject: node}, func(q graph.Quad) bool {
		if q.Object.Space() != graph.Nodes || !r.view.Known().Has(q.Label) {
			return true
		}
		predicates[q.Predicate] = true
		if p := r.ontology.Predicate(r.view.Name(q.Predicate)); p != nil && (p.Single || p.Literal || p.IRI == graph.Type) ||
			r.view.Name(q.Predicate) == graph.MergedInto || !r.view.Facts().Has(q.Label) {
			return true
		}
		*out = append(*out, hop{to: q.Object, predicate: q.Predicate, claims: []graph.ID{q.Label}})
		return true
	})
	slices.SortFunc(*out, func(a, b hop) int { return cmp.Or(compareHops(a, b), cmp.Compare(a.claims[0], b.claims[0])) })
	merged := (*out)[:0]
	for _, h := range *out {
		if n := len(merged); n > 0 && compareHops(merged[n-1], h) == 0 {
			merged[n-1].claims = append(merged[n-1].claims, h.claims...)
			continue
		}
		merged = append(merged, h)
	}
	*out = merged
	return err
}

// showHops adds the hops of single-valued predicates: only pairs that are shown.
func (r *run) showHops(out [][]hop, nodes []graph.ID, predicates map[graph.ID]bool) error {
	ordered := make([]graph.ID, 0, len(predicates))
	for id := range predicates {
		ordered = append(ordered, id)
	}
	slices.Sort(ordered)
	entity := r.ontology.Class("Entity")
	for _, id := range ordered {
		p := r.ontology.Predicate(r.view.Name(id))
		if p == nil || !p.Single || p.Literal {
			continue
		}
		found, err := r.relateOne(nodes, &schema.Field{Class: entity, Range: entity, Predicates: []*schema.Predicate{p}}, p)
		if err != nil {
			return err
		}
		var spoken []bool
		if r.op.engine.required[p.IRI] { // it may be shown of what the perspective hides
			if spoken, err = r.spokenOf(nodes); err != nil {
				return err
			}
		}
		for i := range nodes {
			if spoken != nil && !spoken[i] {
				continue
			}
			for _, it := range found.of(i) {
				h := hop{to: it.to, predicate: id}
				for _, l := range it.claims {
					h.claims = append(h.claims, l.Label)
				}
				out[i] = append(out[i], h)
			}
		}
	}
	return nil
}

// keepHops drops what no field of the subject's class shows, and orders the rest.
func (r *run) keepHops(out [][]hop, nodes []graph.ID, fields map[string]bool) error {
	all := slices.Clone(nodes)
	for _, hops := range out {
		for _, h := range hops {
			all = append(all, h.to)
		}
	}
	if err := r.classify(all); err != nil {
		return err
	}
	ways := map[graph.ID]*way{}
	for i, node := range nodes {
		from := r.class(node)
		out[i] = slices.DeleteFunc(out[i], func(h hop) bool {
			w, seen := ways[h.predicate]
			if !seen {
				w = r.way(r.view.Name(h.predicate), fields)
				ways[h.predicate] = w
			}
			return w == nil || !w.shows(from, r.class(h.to))
		})
		slices.SortFunc(out[i], compareHops)
	}
	return nil
}
