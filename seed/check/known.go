package check

import (
	"context"

	"chancery/graph"
	"chancery/schema"
)

// Known reads the classes of entities from the graph, for [Claims]. An entity
// with several classes has the first that does not yield to others.
//
// Each call of what it returns reads the quads of one entity's classes. When the
// graph cannot be read, or ctx ends, failed holds the error afterwards, and
// every entity counts as having no class.
func Known(ctx context.Context, v *graph.View, o *schema.Ontology) (classOf func(id string) (*schema.Class, bool), failed func() error) {
	var links graph.Links
	var first error
	classOf = func(id string) (*schema.Class, bool) {
		node, ok := v.Node(id)
		if !ok || first != nil {
			return nil, false
		}
		links.Reset()
		if first = v.Follow(ctx, &links, []graph.ID{node}, graph.Type, false, v.Known()); first != nil {
			return nil, false
		}
		var found *schema.Class
		for _, l := range links.All {
			c := o.ClassByIRI(v.Name(l.To))
			if c != nil && c.Enum != "" && (found == nil || found.Yields && !c.Yields) {
				found = c
			}
		}
		return found, found != nil
	}
	return classOf, func() error { return first }
}
