package rdf

import (
	"encoding/json"

	"chancery/graph"
)

// nodeEncoder writes expanded JSON-LD as it comes: statements that follow each
// other and share graph and subject are one object, objects that follow each
// other and share a graph stand within one.
//
// Objects are closed in time, so that a reader need not hold more than
// maxElement statements at once: the next one has the same @id.
type nodeEncoder struct {
	native         bool
	ordered        bool // the keys of an object ascend, as readers take them
	graph, subject graph.Term
	properties     []string
	values         map[string][]byte // by property
	count          int               // statements in values

	written bool // an element
	open    bool // a graph's object, for openFor
	openFor graph.Term
	inOpen  int // statements in it
}

const maxElement = 4096

func newNodeEncoder(native, ordered bool) *nodeEncoder {
	return &nodeEncoder{native: native, ordered: ordered, values: map[string][]byte{}}
}

func (e *nodeEncoder) begin(dst []byte) []byte { return append(dst, '[') }

func (e *nodeEncoder) append(dst []byte, s *Statement) ([]byte, error) {
	property := s.Predicate.Text
	if property == rdfType && s.Object.Kind != graph.Literal {
		property = "@type"
	}
	if e.count > 0 && (s.Subject != e.subject || s.Graph != e.graph || e.count >= maxElement ||
		e.ordered && property < e.properties[len(e.properties)-1]) {
		dst = e.closeNode(dst)
	}
	e.graph, e.subject = s.Graph, s.Subject
	e.count++
	value := e.values[property]
	if len(value) == 0 {
		e.properties = append(e.properties, property)
	} else {
		value = append(value, ',')
	}
	if property == "@type" {
		e.values[property] = appendJSONID(value, &s.Object)
	} else {
		e.values[property] = e.appendValue(value, &s.Object)
	}
	return dst, nil
}

// closeNode writes the object that has been gathered.
func (e *nodeEncoder) closeNode(dst []byte) []byte {
	if e.open && (e.graph != e.openFor || e.inOpen+e.count > maxElement) {
		dst = e.closeGraph(dst)
	}
	if e.written {
		dst = append(dst, ',')
	}
	dst = append(dst, '\n')
	if e.graph.Kind != 0 {
		if !e.open {
			dst = append(dst, `{"@id":`...)
			dst = appendJSONID(dst, &e.graph)
			dst = append(dst, ",\"@graph\":[\n"...)
			e.open, e.openFor = true, e.graph
		}
		e.inOpen += e.count
	}
	e.written = true
	dst = append(dst, `{"@id":`...)
	dst = appendJSONID(dst, &e.subject)
	for _, property := range e.properties {
		dst = append(dst, ',')
		dst = appendJSONString(dst, property)
		dst = append(dst, ":["...)
		dst = append(dst, e.values[property]...)
		dst = append(dst, ']')
	}
	dst = append(dst, '}')
	clear(e.values)
	e.properties, e.count = e.properties[:0], 0
	return dst
}

func (e *nodeEncoder) closeGraph(dst []byte) []byte {
	e.open, e.inOpen = false, 0
	return append(dst, "]}"...)
}

func (e *nodeEncoder) end(dst []byte) ([]byte, error) {
	if e.count > 0 {
		dst = e.closeNode(dst)
	}
	if e.open {
		dst = e.closeGraph(dst)
	}
	return append(dst, "\n]\n"...), nil
}

func appendJSONID(dst []byte, t *graph.Term) []byte {
	if t.Kind == graph.Blank {
		return appendJSONString(dst, "_:"+t.Text)
	}
	return appendJSONString(dst, t.Text)
}

func (e *nodeEncoder) appendValue(dst []byte, t *graph.Term) []byte {
	if t.Kind != graph.Literal {
		dst = append(dst, `{"@id":`...)
		dst = appendJSONID(dst, t)
		return append(dst, '}')
	}
	dst = append(dst, `{"@value":`...)
	if e.native && isNative(t) {
		dst = append(dst, t.Text...)
		return append(dst, '}')
	}
	dst = appendJSONString(dst, t.Text)
	if t.Language != "" {
		dst = append(dst, `,"@language":`...)
		dst = appendJSONString(dst, t.Language)
	} else if t.Datatype != "" {
		dst = append(dst, `,"@type":`...)
		dst = appendJSONString(dst, t.Datatype)
	}
	return append(dst, '}')
}

// isNative reports whether JSON has a value of its own for a literal: reading
// it gives an equal value of the same datatype, perhaps spelt otherwise.
func isNative(t *graph.Term) bool {
	switch t.Datatype {
	case xsdBoolean:
		return t.Text == "true" || t.Text == "false"
	case xsdInteger, xsdDouble:
		text, natural, err := numberLiteral(json.Number(t.Text), "")
		return json.Valid([]byte(t.Text)) && err == nil && natural == t.Datatype && text != ""
	}
	return false
}
