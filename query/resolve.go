package query

import (
	"chancery/graph"
)

// rootResolve answers with the entity that has an identifier; null for none.
func (r *run) rootResolve(c *collected, args map[string]any) (column, error) {
	found, err := r.resolve(args["scheme"].(string), []any{args["value"]})
	if err != nil {
		return nil, err
	}
	return r.nodeColumn(c, found)
}

// rootResolveAll answers with an entity for each value, in the same order.
func (r *run) rootResolveAll(c *collected, args map[string]any) (column, error) {
	values := args["values"].([]any)
	if len(values) > mostListed {
		return nil, errorf(ListTooLong, "resolveAll takes at most %d values at once, not %d: ask in several requests", mostListed, len(values))
	}
	found, err := r.resolve(args["scheme"].(string), values)
	if err != nil {
		return nil, err
	}
	objects, err := r.nodeColumn(&collected{key: c.key, field: c.field, selections: c.selections}, found)
	if err != nil {
		return nil, err
	}
	objects.(*pick).nonNull = false // the list's items may be null
	return &list{nonNull: true, ends: []int{len(found)}, items: objects}, nil
}

// resolve looks identifiers up. Of several entities with the same one, the
// first in the graph's own order is meant.
func (r *run) resolve(scheme string, values []any) ([]row, error) {
	ids := make([]graph.ID, len(values))
	for i, value := range values {
		ids[i], _ = r.view.Lookup(graph.Typed(value.(string), graph.Scheme+scheme))
	}
	var links graph.Links
	if err := r.view.Follow(r.ctx, &links, ids, graph.Notation, true, r.view.Known()); err != nil {
		return nil, err
	}
	rows := make([]row, len(values))
	entity := r.ontology.Class("Entity")
	for i := range values {
		for _, l := range links.Of(i) {
			if err := r.classify([]graph.ID{l.To}); err != nil {
				return nil, err
			}
			if c := r.class(l.To); c != nil && c.Is(entity) {
				rows[i] = row{id: l.To}
				break
			}
		}
	}
	return rows, nil
}
