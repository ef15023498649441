package export

import (
	"context"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// reading reads a view as the API shows it; see docs/decisions/0002.
type reading struct {
	view     *graph.View
	ontology *schema.Ontology

	typed, merged, preferred graph.ID          // predicates; 0 where the graph has none
	atOnce                   int               // how many nodes are sorted at once
	naming                   map[graph.ID]bool // those that known claims give, admitted or not
	required                 map[graph.ID]bool // relations that some class requires
	classes                  [1 << 10]struct {
		id    graph.ID
		class *schema.Class
	}
}

// nameKinds are the predicates of names, in the order in which they are preferred.
var nameKinds = []struct{ kind, predicate string }{
	{"PREFERRED", graph.PreferredName},
	{"NATIVE", graph.NativeName},
	{"ALIAS", graph.AliasName},
	{"ABBREVIATION", graph.Abbreviation},
	{"FORMER", graph.FormerName},
}

func newReading(v *graph.View, ontology *schema.Ontology) reading {
	r := reading{view: v, ontology: ontology, atOnce: sortedAtOnce, naming: map[graph.ID]bool{}, required: map[graph.ID]bool{}}
	find := func(iri string) graph.ID {
		id, ok := v.Lookup(graph.Ref(iri))
		if ok {
			return id
		}
		return 0
	}
	r.typed, r.merged, r.preferred = find(graph.Type), find(graph.MergedInto), find(graph.PreferredName)
	all := []string{graph.Type, graph.Description, graph.Notation}
	for _, k := range nameKinds {
		all = append(all, k.predicate)
	}
	for _, iri := range all {
		if id := find(iri); id != 0 {
			r.naming[id] = true
		}
	}
	for _, class := range ontology.Classes {
		for _, f := range class.Fields {
			if f.Kind == schema.Relation && f.Required && !f.Inverse {
				if id := find(f.Predicates[0].IRI); id != 0 {
					r.required[id] = true
				}
			}
		}
	}
	return r
}

// ofType calls yield for each entity that a known claim gives the class, perhaps more
// than once.
func (r *reading) ofType(ctx context.Context, class *schema.Class, yield func(graph.ID) error) error {
	object, ok := r.view.Lookup(graph.Ref(class.IRI))
	if !ok || r.typed == 0 {
		return nil
	}
	return r.typedBy(ctx, graph.Pattern{Predicate: r.typed, Object: object}, yield)
}

// typedBy calls yield for the subjects of known quads: the view would remember each.
func (r *reading) typedBy(ctx context.Context, p graph.Pattern, yield func(graph.ID) error) error {
	var bad error
	err := r.view.Snapshot.Quads(ctx, p, func(q graph.Quad) bool {
		if r.view.Known().Has(q.Label) && q.Subject.Space() == graph.Nodes {
			bad = yield(r.view.Stays(q.Subject))
		}
		return bad == nil
	})
	if bad != nil {
		return bad
	}
	return err
}

// class is the class of an entity, nil for what has none.
func (r *reading) class(ctx context.Context, id graph.ID) (*schema.Class, error) {
	slot := &r.classes[id.Sequence()%uint64(len(r.classes))]
	if slot.id == id {
		return slot.class, nil
	}
	var links graph.Links
	if err := r.view.Follow(ctx, &links, []graph.ID{id}, graph.Type, false, r.view.Known()); err != nil {
		return nil, err
	}
	class, _ := r.classAmong(ctx, links.All)
	slot.id, slot.class = id, class
	return class, nil
}

// classAmong returns the class that links give and the preferred claim that does.
func (r *reading) classAmong(ctx context.Context, links []graph.Link) (class *schema.Class, claim graph.ID) {
	for _, l := range links {
		c := r.ontology.ClassByIRI(r.view.Name(l.To))
		switch {
		case c == nil || c.Enum == "":
		case class == nil, class.Yields && !c.Yields,
			class.Yields == c.Yields && r.view.Prefer(ctx, l.Label, claim) < 0:
			class, claim = c, l.Label
		}
	}
	return class, claim
}

// named is a node with its name.
type named struct {
	id   graph.ID
	name string
}

// sortedAtOnce is how many nodes are sorted at once.
const sortedAtOnce = 1 << 16

// sorted calls yield for the nodes that each yields, in the order of their names, each
// once. It reads them several times when there are many.
// Memory: sortedAtOnce names, twice.
func (r *reading) sorted(ctx context.Context, each func(yield func(graph.ID) error) error, yield func(named) error) error {
	byName := func(a, b named) int { return strings.Compare(a.name, b.name) }
	last, begun := "", false
	held := make([]named, 0, 64)
	for {
		held = held[:0]
		full := false
		keep := func() {
			slices.SortFunc(held, byName)
			held = slices.CompactFunc(held, func(a, b named) bool { return a.name == b.name })
			if len(held) > r.atOnce {
				held, full = held[:r.atOnce], true
			}
		}
		err := each(func(id graph.ID) error {
			name := r.view.Name(id)
			if begun && name <= last || full && name > held[r.atOnce-1].name {
				return nil
			}
			if held = append(held, named{id, name}); len(held) == 2*r.atOnce {
				keep()
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		keep()
		for _, n := range held {
			if err := yield(n); err != nil {
				return err
			}
		}
		if !full {
			return nil
		}
		last, begun = held[len(held)-1].name, true
	}
}
