package cayley

import (
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"

	"chancery/graph"
)

// node is Cayley's reference to a term: its id.
type node graph.ID

// Key implements refs.Ref.
func (n node) Key() any { return n }

// link is Cayley's reference to a quad: its four ids.
type link graph.Quad

// Key implements refs.Ref.
func (l link) Key() any { return l }

var (
	_ refs.Ref = node(0)
	_ refs.Ref = link{}
)

// part returns the id at one end of a quad; 0 is no label.
func part(q graph.Quad, d quad.Direction) graph.ID {
	switch d {
	case quad.Subject:
		return q.Subject
	case quad.Predicate:
		return q.Predicate
	case quad.Object:
		return q.Object
	case quad.Label:
		return q.Label
	}
	panic("cayley: a quad has no direction " + d.String())
}

// pattern selects the quads that have the id in the direction.
func pattern(d quad.Direction, id graph.ID) graph.Pattern {
	switch d {
	case quad.Subject:
		return graph.Pattern{Subject: id}
	case quad.Predicate:
		return graph.Pattern{Predicate: id}
	case quad.Object:
		return graph.Pattern{Object: id}
	case quad.Label:
		return graph.Pattern{Label: id}
	}
	panic("cayley: a quad has no direction " + d.String())
}
