package export

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// said is a value of an entity with the claims that say so.
type said struct {
	object graph.ID
	term   graph.Term
	claims []graph.ID
}

// entity is what a view shows of one entity.
type entity struct {
	id     graph.ID
	name   string // its id as clients see it
	class  *schema.Class
	claims []graph.ID // that say any of it
	values map[string][]said
	spoken bool // an admitted claim speaks of it
}

// entity reads an entity; nil for what the view does not show.
func (s *selection) entity(ctx context.Context, n named) (*entity, error) {
	e := &entity{id: n.id, name: n.name, values: map[string][]said{}}
	var types []graph.Link
	var quads []graph.Quad
	err := s.view.Quads(ctx, graph.Pattern{Subject: n.id}, func(q graph.Quad) bool {
		if s.view.Known().Has(q.Label) {
			if q.Predicate == s.typed {
				types = append(types, graph.Link{To: q.Object, Label: q.Label})
			}
			quads = append(quads, q)
			e.spoken = e.spoken || s.view.Facts().Has(q.Label)
		}
		return true
	})
	var typing graph.ID
	e.class, typing = s.classAmong(ctx, types)
	if err != nil || e.class == nil {
		return nil, err
	}
	for _, q := range quads {
		if q.Predicate != s.merged && (s.naming[q.Predicate] || s.view.Facts().Has(q.Label)) {
			e.add(s.view, q)
		}
	}
	// A required relation that no admitted claim gives comes from the claim of the class.
	for _, f := range e.class.Fields {
		if f.Kind == schema.Relation && f.Required && !f.Inverse && e.values[f.Predicates[0].IRI] == nil {
			for _, q := range quads {
				if q.Label == typing && s.view.Name(q.Predicate) == f.Predicates[0].IRI {
					e.add(s.view, q)
				}
			}
		}
	}
	slices.Sort(e.claims)
	e.claims = slices.Compact(e.claims)
	for _, values := range e.values {
		slices.SortFunc(values, func(a, b said) int { return compareTerms(&a.term, &b.term) })
	}
	return e, ctx.Err()
}

func (e *entity) add(v *graph.View, q graph.Quad) {
	predicate := v.Name(q.Predicate)
	e.claims = append(e.claims, q.Label)
	values := e.values[predicate]
	i := slices.IndexFunc(values, func(s said) bool { return s.object == q.Object })
	if i < 0 {
		i = len(values)
		term, _ := v.Term(q.Object)
		values = append(values, said{object: q.Object, term: term})
	}
	values[i].claims = append(values[i].claims, q.Label)
	e.values[predicate] = values
}

func compareTerms(a, b *graph.Term) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Text, b.Text), strings.Compare(a.Datatype, b.Datatype), strings.Compare(a.Language, b.Language))
}

// prefer orders values by their preferred claims, then by their texts.
func (r *reading) prefer(ctx context.Context, a, b *said) int {
	best := func(s *said) graph.ID {
		return slices.MinFunc(s.claims, func(a, b graph.ID) int { return r.view.Prefer(ctx, a, b) })
	}
	return cmp.Or(r.view.Prefer(ctx, best(a), best(b)), compareTerms(&a.term, &b.term))
}

// best is the preferred of some values; nil for none.
func (r *reading) best(ctx context.Context, values []said) *said {
	var best *said
	for i := range values {
		if best == nil || r.prefer(ctx, &values[i], best) < 0 {
			best = &values[i]
		}
	}
	return best
}

// of returns what a field shows: one value at most of a single one. Objects are
// entities of the field's range.
func (s *selection) of(ctx context.Context, e *entity, f *schema.Field) ([]said, error) {
	var all []said
	for _, p := range f.Predicates {
		values := e.values[p.IRI]
		if p.Single && len(values) > 1 {
			values = []said{*s.best(ctx, values)}
		}
		for i := range values {
			v := &values[i]
			if f.Kind == schema.Relation {
				class, err := s.class(ctx, v.object)
				if err != nil {
					return nil, err
				}
				if v.object.Space() != graph.Nodes || class == nil || !class.Is(f.Range) {
					continue
				}
			}
			if !slices.ContainsFunc(all, func(had said) bool { return had.object == v.object }) {
				all = append(all, *v)
			}
		}
	}
	if len(f.Predicates) > 1 {
		slices.SortFunc(all, func(a, b said) int { return compareTerms(&a.term, &b.term) })
	}
	if f.Shape == schema.Single && len(all) > 1 {
		all = []said{*s.best(ctx, all)}
	}
	return all, nil
}

// identifiers are those of a scheme, the preferred one first.
func (s *selection) identifier(ctx context.Context, e *entity, scheme string) string {
	var of []said
	for _, v := range e.values[graph.Notation] {
		if v.term.Datatype == graph.Scheme+scheme {
			of = append(of, v)
		}
	}
	if best := s.best(ctx, of); best != nil {
		return best.term.Text
	}
	return ""
}

// named is what the entity is called in English, else in its own language, else in any.
func (s *selection) label(ctx context.Context, e *entity) string {
	type candidate struct {
		said
		step, kind int
	}
	var best *candidate
	for kind, k := range nameKinds {
		for _, v := range e.values[k.predicate] {
			c := &candidate{v, 3, kind}
			switch base, _, _ := strings.Cut(strings.ToLower(v.term.Language), "-"); {
			case strings.EqualFold(v.term.Language, "en"):
				c.step = 0
			case base == "en":
				c.step = 1
			case k.predicate == graph.NativeName:
				c.step = 2
			}
			if best == nil || cmp.Or(cmp.Compare(c.step, best.step), cmp.Compare(c.kind, best.kind),
				strings.Compare(c.term.Language, best.term.Language), s.prefer(ctx, &c.said, &best.said)) < 0 {
				best = c
			}
		}
	}
	if best != nil {
		return best.term.Text
	}
	return e.name[strings.LastIndexByte(e.name, '/')+1:]
}

// description is the English one, else any.
func (s *selection) description(ctx context.Context, e *entity) string {
	var english []said
	for _, v := range e.values[graph.Description] {
		if strings.EqualFold(v.term.Language, "en") {
			english = append(english, v)
		}
	}
	best := s.best(ctx, english)
	if best == nil {
		best = s.best(ctx, e.values[graph.Description])
	}
	if best == nil {
		return ""
	}
	return best.term.Text
}

// isTold reports whether a predicate is told by a column of its own.
func (e *entity) isTold(predicate string) bool {
	switch predicate {
	case graph.Type, graph.Notation, graph.Description:
		return true
	}
	return e.class.FieldOf(predicate) != nil || slices.ContainsFunc(nameKinds, func(k struct{ kind, predicate string }) bool { return k.predicate == predicate })
}
