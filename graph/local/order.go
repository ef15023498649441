package local

import (
	"unsafe"

	"chancery/graph"
)

// order is one of the sequences that quads are kept in.
type order uint8

const (
	spol order = iota // subject, predicate, object, label
	posl
	ospl
	lspo
	orderCount
)

var orderNames = [orderCount]string{"spol", "posl", "ospl", "lspo"}

func (o order) String() string { return orderNames[o] }

// row is a quad's parts in the sequence of some order: rows compare part by part.
type row [4]uint64

func (o order) row(q graph.Quad) row {
	s, p, ob, l := uint64(q.Subject), uint64(q.Predicate), uint64(q.Object), uint64(q.Label)
	switch o {
	case posl:
		return row{p, ob, s, l}
	case ospl:
		return row{ob, s, p, l}
	case lspo:
		return row{l, s, p, ob}
	}
	return row{s, p, ob, l}
}

func (o order) quad(r *row) graph.Quad {
	a, b, c, d := graph.ID(r[0]), graph.ID(r[1]), graph.ID(r[2]), graph.ID(r[3])
	switch o {
	case posl:
		return graph.Quad{Predicate: a, Object: b, Subject: c, Label: d}
	case ospl:
		return graph.Quad{Object: a, Subject: b, Predicate: c, Label: d}
	case lspo:
		return graph.Quad{Label: a, Subject: b, Predicate: c, Object: d}
	}
	return graph.Quad{Subject: a, Predicate: b, Object: c, Label: d}
}

// partsBefore is how many leading parts of the order are to be sorted by when rows
// come in the order spol: among those that agree in them, the others are ascending.
func (o order) partsBefore() int {
	if o == posl {
		return 2
	}
	return 1
}

// quads gives rows, read as quads.
func (o order) quads(rows *columns) graph.Run {
	part := [4][]graph.ID{}
	for j, column := range rows {
		// An ID is a number of 64 bits and nothing else.
		part[j] = unsafe.Slice((*graph.ID)(unsafe.Pointer(unsafe.SliceData(column))), len(column))
	}
	a, b, c, d := part[0], part[1], part[2], part[3]
	switch o {
	case posl:
		return graph.Run{Predicates: a, Objects: b, Subjects: c, Labels: d}
	case ospl:
		return graph.Run{Objects: a, Subjects: b, Predicates: c, Labels: d}
	case lspo:
		return graph.Run{Labels: a, Subjects: b, Predicates: c, Objects: d}
	}
	return graph.Run{Subjects: a, Predicates: b, Objects: c, Labels: d}
}

// orderOf returns the order that keeps a pattern's matches together, and how
// many of its leading parts the pattern fixes.
func orderOf(p graph.Pattern) (o order, fixed int) {
	switch {
	case p.Subject != 0 && (p.Predicate != 0 || p.Object == 0):
		o = spol
	case p.Predicate != 0:
		o = posl
	case p.Object != 0:
		o = ospl
	case p.Label != 0:
		o = lspo
	}
	r := o.row(p)
	for fixed < 4 && r[fixed] != 0 {
		fixed++
	}
	return o, fixed
}

func (r *row) less(than *row) bool {
	for i := range r {
		if r[i] != than[i] {
			return r[i] < than[i]
		}
	}
	return false
}

func compareRows(a, b row) int {
	for i := range a {
		if a[i] != b[i] {
			if a[i] < b[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// hasPrefix reports whether the rows agree in their first n parts.
func (r *row) hasPrefix(of *row, n int) bool {
	for i := range n {
		if r[i] != of[i] {
			return false
		}
	}
	return true
}
