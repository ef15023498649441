package tables

import (
	"fmt"

	"github.com/tidwall/gjson"

	"chancery/resolvers"
)

// Column is a column of a table: to-one objects of the selection are columns of
// their leaves, named destination.name; lists are one column.
type Column struct {
	Name  string
	Shape resolvers.Shape // Key is the last part of the name
}

// layout says where in a row's JSON its columns are.
type layout struct {
	columns []Column
	root    place
}

// place is an object of a row: what its keys lead to.
type place struct {
	keys []string
	to   []target
}

type target struct {
	column int    // if below is nil
	below  *place // of a to-one object
}

// newLayout lays out the columns. Fields of an edge's node are columns as they
// would be of the node alone; others of the edge, edge.claims.
func newLayout(shapes []resolvers.Shape, cited bool) (*layout, error) {
	l := &layout{}
	edges := false
	for _, s := range shapes {
		edges = edges || s.Node
	}
	prefix := ""
	if edges {
		prefix = "edge."
	}
	l.root = l.add(shapes, prefix)
	if cited {
		l.columns = append(l.columns, Column{resolvers.CitationShape.Key, resolvers.CitationShape})
	}
	named := map[string]bool{}
	for _, c := range l.columns {
		if named[c.Name] {
			return nil, &UnfitError{fmt.Sprintf("two columns are called %q: give one of the fields an alias", c.Name)}
		}
		named[c.Name] = true
	}
	return l, nil
}

func (l *layout) add(shapes []resolvers.Shape, prefix string) place {
	var p place
	for _, s := range shapes {
		var to target
		switch {
		case s.Node:
			below := l.add(s.Fields, "")
			to.below = &below
		case s.Type == "" && s.Lists == 0:
			below := l.add(s.Fields, prefix+s.Key+".")
			to.below = &below
		default:
			to.column = len(l.columns)
			l.columns = append(l.columns, Column{prefix + s.Key, s})
		}
		p.keys, p.to = append(p.keys, s.Key), append(p.to, to)
	}
	return p
}

// fill puts the values of a row's object into the cells of its columns.
func (p *place) fill(object gjson.Result, cells []gjson.Result) {
	next := 0
	object.ForEach(func(key, value gjson.Result) bool {
		at := next // keys come in the order of the selection, some left out
		for ; at < len(p.keys) && p.keys[at] != key.Str; at++ {
		}
		if at == len(p.keys) {
			for at = 0; p.keys[at] != key.Str; at++ {
			}
		}
		next = at + 1
		if to := p.to[at]; to.below != nil {
			if value.IsObject() {
				to.below.fill(value, cells)
			}
		} else {
			cells[to.column] = value
		}
		return true
	})
}
