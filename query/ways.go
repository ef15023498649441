package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// way is a predicate that the hops of a path may follow.
type way struct {
	*schema.Predicate
	id graph.ID
	// fields show it; one of any class shows what the ontology does not know.
	fields  []wayField
	unknown bool

	last struct { // what was asked last
		subject, object *schema.Class
		shown           bool
	}
}

// wayField is a field that shows a predicate: of which class, and what it leads to.
type wayField struct {
	name         string
	class, leads *schema.Class
}

// waysOf returns, by predicate, the relation fields of entities that show it
// forwards, its own or as a kind of theirs.
func waysOf(o *schema.Ontology) map[string][]wayField {
	ways := map[string][]wayField{}
	for _, c := range o.Classes {
		if c.Enum == "" {
			continue
		}
		for _, f := range c.Fields {
			if f.Kind != schema.Relation || f.Inverse {
				continue
			}
			for _, p := range f.Predicates {
				ways[p.IRI] = append(ways[p.IRI], wayField{f.Name, c, f.Range})
			}
		}
	}
	return ways
}

// way returns the predicate as fields of the given names show it, nil for all; or
// nil if none does.
func (r *run) way(name string, names map[string]bool) *way {
	w := &way{Predicate: r.ontology.Predicate(name)}
	switch {
	case name == graph.MergedInto || name == graph.Type:
		return nil
	case w.Predicate == nil:
		w.Predicate, w.unknown = &schema.Predicate{IRI: name}, true
		if names != nil {
			return nil
		}
	default:
		for _, f := range r.op.engine.ways[name] {
			if names == nil || names[f.name] {
				w.fields = append(w.fields, f)
			}
		}
		if len(w.fields) == 0 {
			return nil
		}
	}
	return w
}

// ways returns all predicates of the graph that hops may follow, given the names
// of the fields that may show them; nil for all.
func (r *run) ways(names map[string]bool) ([]*way, error) {
	var out []*way
	if names != nil {
		for name, fields := range r.op.engine.ways {
			if !slices.ContainsFunc(fields, func(f wayField) bool { return names[f.name] }) {
				continue
			}
			if w := r.way(name, names); w != nil {
				if id, ok := r.view.Lookup(graph.Ref(name)); ok {
					w.id = id
					out = append(out, w)
				}
			}
		}
		return out, nil
	}
	predicates, err := r.view.Predicates(r.ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range predicates {
		if w := r.way(r.view.Name(id), nil); w != nil {
			w.id = id
			out = append(out, w)
		}
	}
	return out, nil
}

// from reports whether the way may lead from entities of a class; inverse: to them.
func (w *way) from(c *schema.Class, inverse bool) bool {
	if c == nil || w.unknown {
		return c != nil
	}
	return slices.ContainsFunc(w.fields, func(f wayField) bool {
		if inverse {
			return c.Is(f.leads)
		}
		return c == f.class
	})
}

// shows reports whether a relation between entities of the classes is shown.
func (w *way) shows(subject, object *schema.Class) bool {
	if subject == nil || object == nil || w.unknown {
		return subject != nil && object != nil
	}
	if w.last.subject != subject || w.last.object != object {
		w.last.subject, w.last.object = subject, object
		w.last.shown = slices.ContainsFunc(w.fields, func(f wayField) bool { return subject == f.class && object.Is(f.leads) })
	}
	return w.last.shown
}
