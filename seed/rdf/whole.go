package rdf

import (
	"bytes"
	"encoding/json"

	"chancery/graph"
)

// wholeEncoder gathers all statements and writes expanded JSON-LD at the end:
// one object for each node of a graph, in order of arrival, and lists as arrays.
type wholeEncoder struct {
	native bool
	all    []Statement
	seen   map[Statement]bool
}

func newWholeEncoder(native bool) *wholeEncoder {
	return &wholeEncoder{native: native, seen: map[Statement]bool{}}
}

func (e *wholeEncoder) begin(dst []byte) []byte { return dst }

func (e *wholeEncoder) append(dst []byte, s *Statement) ([]byte, error) {
	statement := *s
	statement.Line = 0
	if !e.seen[statement] {
		e.seen[statement] = true
		e.all = append(e.all, statement)
	}
	return dst, nil
}

func (e *wholeEncoder) end(dst []byte) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(e.document())
	return append(dst, b.Bytes()...), err
}

// object is a JSON object in the making.
type object = map[string]any

type nodeKey struct{ graph, node graph.Term }

func (e *wholeEncoder) document() []object {
	lists := findLists(e.all)
	document := []object{}
	nodes := map[nodeKey]object{}
	node := func(in, t graph.Term, list *[]object) object {
		key := nodeKey{in, t}
		if nodes[key] == nil {
			nodes[key] = object{"@id": jsonID(&t)}
			*list = append(*list, nodes[key])
		}
		return nodes[key]
	}
	inGraph := map[graph.Term]*[]object{{}: &document}
	var names []graph.Term
	for i := range e.all {
		s := &e.all[i]
		if inGraph[s.Graph] == nil {
			inGraph[s.Graph] = &[]object{}
			names = append(names, s.Graph)
			node(graph.Term{}, s.Graph, &document)
		}
		if lists.isCell(s.Subject) {
			continue
		}
		of := node(s.Graph, s.Subject, inGraph[s.Graph])
		if s.Predicate.Text == rdfType && s.Object.Kind != graph.Literal {
			add(of, "@type", jsonID(&s.Object))
		} else {
			add(of, s.Predicate.Text, e.value(&s.Object, lists))
		}
	}
	for _, name := range names {
		nodes[nodeKey{graph.Term{}, name}]["@graph"] = *inGraph[name]
	}
	return document
}

func add(node object, key string, value any) {
	list, _ := node[key].([]any)
	node[key] = append(list, value)
}

// value is the object of a statement.
func (e *wholeEncoder) value(t *graph.Term, lists *lists) object {
	switch {
	case t.Kind == graph.IRI && t.Text == rdfNil:
		return object{"@list": []any{}}
	case lists.isCell(*t):
		items := []any{}
		for cell := *t; cell.Kind == graph.Blank; cell = lists.cells[cell.Text].rest {
			items = append(items, e.value(&lists.cells[cell.Text].first, lists))
		}
		return object{"@list": items}
	case t.Kind != graph.Literal:
		return object{"@id": jsonID(t)}
	case e.native && isNative(t):
		return object{"@value": json.RawMessage(t.Text)}
	case t.Language != "":
		return object{"@value": t.Text, "@language": t.Language}
	case t.Datatype == rdfJSON:
		// JSON comes back in canonical form, so other spellings stay texts.
		if value, err := decodeJSON([]byte(t.Text)); err == nil {
			if text, err := canonicalJSON(value); err == nil && text == t.Text {
				return object{"@value": json.RawMessage(text), "@type": "@json"}
			}
		}
		return object{"@value": t.Text, "@type": t.Datatype}
	case t.Datatype != "":
		return object{"@value": t.Text, "@type": t.Datatype}
	}
	return object{"@value": t.Text}
}

func jsonID(t *graph.Term) string {
	if t.Kind == graph.Blank {
		return "_:" + t.Text
	}
	return t.Text
}

// lists knows the blank nodes of which nothing is said but that they are cells
// of a list, which therefore need no label.
type lists struct {
	cells map[string]*cell
	sound map[string]bool // cells from which rdf:nil is reached through cells
}

type cell struct {
	graph       graph.Term
	first, rest graph.Term
	references  int
	spoilt      bool
}

func findLists(all []Statement) *lists {
	l := &lists{cells: map[string]*cell{}, sound: map[string]bool{}}
	of := func(t *graph.Term, in graph.Term) *cell {
		if t.Kind != graph.Blank {
			return &cell{}
		}
		c := l.cells[t.Text]
		if c == nil {
			c = &cell{graph: in}
			l.cells[t.Text] = c
		}
		c.spoilt = c.spoilt || c.graph != in
		return c
	}
	for i := range all {
		s := &all[i]
		c := of(&s.Subject, s.Graph)
		switch {
		case s.Predicate.Text == rdfFirst && c.first.Kind == 0:
			c.first = s.Object
		case s.Predicate.Text == rdfRest && c.rest.Kind == 0:
			c.rest = s.Object
		default:
			c.spoilt = true
		}
		referred := of(&s.Object, s.Graph)
		if referred.references++; s.Predicate.Text == rdfType {
			referred.spoilt = true
		}
		of(&s.Graph, graph.Term{Kind: graph.Literal}).spoilt = true
	}
	// From each end backwards: a cell is sound if its rest is.
	before := map[string]string{} // cell → the cell whose rest it is
	var ends []string
	for label, c := range l.cells {
		switch {
		case c.spoilt || c.references != 1 || c.first.Kind == 0:
		case c.rest == graph.Ref(rdfNil):
			ends = append(ends, label)
		case c.rest.Kind == graph.Blank:
			before[c.rest.Text] = label
		}
	}
	for _, label := range ends {
		for ok := true; ok && !l.sound[label]; label, ok = before[label] {
			l.sound[label] = true
		}
	}
	return l
}

func (l *lists) isCell(t graph.Term) bool { return t.Kind == graph.Blank && l.sound[t.Text] }
