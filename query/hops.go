package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// compareHops orders the hops of one node by neighbour; those to the same one
// forwards before backwards, then by predicate.
func compareHops(a, b hop) int {
	if c := cmp.Compare(a.to, b.to); c != 0 {
		return c
	}
	if a.inverse != b.inverse {
		if b.inverse {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.predicate, b.predicate)
}

// hopsFrom reads, for each node in turn, the relations that fields show: from it,
// or with inverse to it. Relations that the ontology does not know count too.
func (r *run) hopsFrom(nodes []graph.ID, inverse bool, fields map[string]bool) ([][]hop, error) {
	out := make([][]hop, len(nodes))
	predicates := map[graph.ID]bool{}
	for i, node := range nodes {
		if err := r.readHops(&out[i], node, inverse, predicates); err != nil {
			return nil, err
		}
	}
	if err := r.showHops(out, nodes, inverse, predicates); err != nil {
		return nil, err
	}
	return out, r.keepHops(out, nodes, inverse, fields)
}

// readHops reads the hops of many-valued and of unknown predicates, and notes
// which predicates there are.
func (r *run) readHops(out *[]hop, node graph.ID, inverse bool, predicates map[graph.ID]bool) error {
	pattern := graph.Pattern{Subject: node}
	if inverse {
		pattern = graph.Pattern{Object: node}
	}
	err := r.view.Quads(r.ctx, pattern, func(q graph.Quad) bool {
		if q.Subject.Space() != graph.Nodes || q.Object.Space() != graph.Nodes || !r.view.Known().Has(q.Label) {
			return true
		}
		predicates[q.Predicate] = true
		if p := r.ontology.Predicate(r.view.Name(q.Predicate)); p != nil && (p.Single || p.Literal || p.IRI == graph.Type) ||
			r.view.Name(q.Predicate) == graph.MergedInto || !r.view.Facts().Has(q.Label) {
			return true
		}
		h := hop{to: q.Object, predicate: q.Predicate, inverse: inverse, claims: []graph.ID{q.Label}}
		if inverse {
			h.to = q.Subject
		}
		*out = append(*out, h)
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
func (r *run) showHops(out [][]hop, nodes []graph.ID, inverse bool, predicates map[graph.ID]bool) error {
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
		f := &schema.Field{Class: entity, Range: entity, Inverse: inverse, Predicates: []*schema.Predicate{p}}
		found, err := r.relateOne(nodes, f, p)
		if err != nil {
			return err
		}
		var spoken []bool
		if !inverse && r.op.engine.required[p.IRI] { // it may be shown of what the perspective hides
			if spoken, err = r.spokenOf(nodes); err != nil {
				return err
			}
		}
		for i := range nodes {
			if spoken != nil && !spoken[i] {
				continue
			}
			for _, it := range found.of(i) {
				h := hop{to: it.to, predicate: id, inverse: inverse}
				for _, l := range it.claims {
					h.claims = append(h.claims, l.Label)
				}
				out[i] = append(out[i], h)
			}
		}
	}
	return nil
}

// keepHops drops what no field of the subject's class shows.
func (r *run) keepHops(out [][]hop, nodes []graph.ID, inverse bool, fields map[string]bool) error {
	all := slices.Clone(nodes)
	for _, hops := range out {
		for _, h := range hops {
			all = append(all, h.to)
		}
	}
	if err := r.classify(all); err != nil {
		return err
	}
	for i, node := range nodes {
		out[i] = slices.DeleteFunc(out[i], func(h hop) bool {
			subject, object := node, h.to
			if inverse {
				subject, object = object, subject
			}
			return !r.shows(subject, h.predicate, object, fields)
		})
	}
	return nil
}

// shows reports whether a relation is one that a field of the subject shows, its
// own or a kind of it, among the given names; nil: of any name and of none.
func (r *run) shows(subject, predicate, object graph.ID, fields map[string]bool) bool {
	from, to := r.class(subject), r.class(object)
	if from == nil || to == nil {
		return false
	}
	name := r.view.Name(predicate)
	if r.ontology.Predicate(name) == nil {
		return fields == nil
	}
	return slices.ContainsFunc(from.Fields, func(f *schema.Field) bool {
		return f.Kind == schema.Relation && !f.Inverse && (fields == nil || fields[f.Name]) && to.Is(f.Range) &&
			slices.ContainsFunc(f.Predicates, func(p *schema.Predicate) bool { return p.IRI == name })
	})
}
