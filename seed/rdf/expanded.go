package rdf

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"chancery/graph"
)

// expandedReader makes statements of expanded JSON-LD, after section 8 of
// JSON-LD 1.1 Processing Algorithms and API. It walks the document instead of
// making a map of nodes, so statements come in the document's order, keys
// sorted, and one that is made twice comes twice.
type expandedReader struct {
	yield     func(Statement) error
	leftOut   func(string)
	languages *languages
	blanks    blankLabels
	illegal   map[string]string // blank node labels that only JSON-LD allows → names
}

func (x *expandedReader) read(expanded []any) error { return x.nodes(expanded, graph.Term{}) }

func (x *expandedReader) leave(format string, args ...any) {
	if x.leftOut != nil {
		x.leftOut(fmt.Sprintf(format, args...))
	}
}

// nodes reads nodes that stand for themselves.
func (x *expandedReader) nodes(all any, in graph.Term) error {
	for _, item := range asList(all) {
		node, ok := item.(map[string]any)
		if !ok || node["@value"] != nil {
			continue
		}
		if list, ok := node["@list"]; ok {
			if _, err := x.list(list, in); err != nil {
				return err
			}
			continue
		}
		if err := x.node(node, x.name(node), in); err != nil {
			return err
		}
	}
	return nil
}

// name is the term of a node; zero if it can be none.
func (x *expandedReader) name(node map[string]any) graph.Term {
	id, ok := node["@id"].(string)
	if !ok {
		return x.fresh()
	}
	return x.term(id)
}

func (x *expandedReader) fresh() graph.Term {
	return graph.Term{Kind: graph.Blank, Text: x.blanks.generate()}
}

// term is an IRI or a labelled blank node; zero if it can be none.
func (x *expandedReader) term(id string) graph.Term {
	if label, ok := strings.CutPrefix(id, "_:"); ok {
		return graph.Term{Kind: graph.Blank, Text: x.label(label)}
	}
	if reason := checkIRI(id); reason != "" {
		x.leave("%s", reason)
		return graph.Term{}
	}
	return graph.Ref(id)
}

func (x *expandedReader) label(label string) string {
	if isBlankLabel(label) {
		return x.blanks.written(label)
	}
	name, ok := x.illegal[label]
	if !ok {
		if x.illegal == nil {
			x.illegal = map[string]string{}
		}
		name = x.blanks.generate()
		x.illegal[label] = name
	}
	return name
}

// node reads what a node object says. What it says of a subject that is no term
// is left out; what it says of others is not.
func (x *expandedReader) node(node map[string]any, subject, in graph.Term) error {
	for _, key := range slices.Sorted(maps.Keys(node)) {
		value := node[key]
		var err error
		switch key {
		case "@id", "@index":
		case "@type":
			for _, class := range asList(value) {
				if id, ok := class.(string); ok && err == nil {
					err = x.emit(subject, graph.Ref(rdfType), x.term(id), in)
				}
			}
		case "@graph":
			if subject.Kind != 0 {
				err = x.nodes(value, subject)
			}
		case "@included":
			err = x.nodes(value, in)
		case "@reverse":
			err = x.reverse(value, subject, in)
		default:
			err = x.property(key, value, subject, in)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// predicate is the term of a property; zero if it can be none.
func (x *expandedReader) predicate(property string) graph.Term {
	if strings.HasPrefix(property, "_:") {
		x.leave("property %s: a predicate cannot be a blank node", property)
		return graph.Term{}
	}
	if strings.HasPrefix(property, "@") {
		return graph.Term{}
	}
	return x.term(property)
}

func (x *expandedReader) property(property string, values any, subject, in graph.Term) error {
	predicate := x.predicate(property)
	for _, value := range asList(values) {
		object, rest, err := x.object(value, in)
		if err != nil {
			return err
		}
		if err := x.emit(subject, predicate, object, in); err != nil {
			return err
		}
		if rest != nil {
			if err := rest(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *expandedReader) reverse(properties any, object, in graph.Term) error {
	all, _ := properties.(map[string]any)
	for _, property := range slices.Sorted(maps.Keys(all)) {
		predicate := x.predicate(property)
		for _, value := range asList(all[property]) {
			node, ok := value.(map[string]any)
			if !ok {
				continue
			}
			subject := x.name(node)
			if err := x.emit(subject, predicate, object, in); err != nil {
				return err
			}
			if err := x.node(node, subject, in); err != nil {
				return err
			}
		}
	}
	return nil
}

// object gives the term of a value; zero if it can be none. rest, if not nil,
// reads what the value says itself, to be called when its term has been used.
func (x *expandedReader) object(value any, in graph.Term) (t graph.Term, rest func() error, err error) {
	node, ok := value.(map[string]any)
	if !ok {
		return t, nil, nil
	}
	if v, ok := node["@value"]; ok {
		t, err = x.literal(node, v)
		return t, nil, err
	}
	if list, ok := node["@list"]; ok {
		t, err = x.list(list, in)
		return t, nil, err
	}
	t = x.name(node)
	return t, func() error { return x.node(node, t, in) }, nil
}

// list reads the items of a list and gives its head.
func (x *expandedReader) list(items any, in graph.Term) (graph.Term, error) {
	all := asList(items)
	cells := make([]graph.Term, len(all)+1)
	for i := range all {
		cells[i] = x.fresh()
	}
	cells[len(all)] = graph.Ref(rdfNil)
	for i, item := range all {
		object, rest, err := x.object(item, in)
		if err == nil {
			err = x.emit(cells[i], graph.Ref(rdfFirst), object, in)
		}
		if err == nil && rest != nil {
			err = rest()
		}
		if err == nil {
			err = x.emit(cells[i], graph.Ref(rdfRest), cells[i+1], in)
		}
		if err != nil {
			return graph.Term{}, err
		}
	}
	return cells[0], nil
}

// literal gives the term of a value object; zero if it can be none.
func (x *expandedReader) literal(object map[string]any, value any) (graph.Term, error) {
	datatype, typed := object["@type"].(string)
	if datatype == "@json" {
		text, err := canonicalJSON(value)
		return graph.Typed(text, rdfJSON), err
	}
	if object["@type"] != nil {
		if reason := checkIRI(datatype); reason != "" {
			return graph.Term{}, &documentError{fmt.Sprintf("the datatype of %v: %s", value, reason)}
		}
	}
	if direction, ok := object["@direction"].(string); ok {
		x.leave("direction %s of a literal", direction)
	}
	switch v := value.(type) {
	case string:
		if language, ok := object["@language"].(string); ok {
			if language = x.languages.restore(language); !isLanguage(language) {
				x.leave("a literal in %q, which is no language tag", language)
				return graph.Term{}, nil
			}
			return graph.TextIn(v, language), nil
		}
		if datatype == xsdString {
			datatype = ""
		}
		return graph.Typed(v, datatype), nil
	case bool:
		if !typed {
			datatype = xsdBoolean
		}
		return graph.Typed(fmt.Sprint(v), datatype), nil
	case json.Number:
		text, natural, err := numberLiteral(v, datatype)
		if !typed {
			datatype = natural
		}
		return graph.Typed(text, datatype), err
	}
	x.leave("value %v", value)
	return graph.Term{}, nil
}

func (x *expandedReader) emit(subject, predicate, object, in graph.Term) error {
	if subject.Kind == 0 || predicate.Kind == 0 || object.Kind == 0 {
		return nil
	}
	return x.yield(Statement{Subject: subject, Predicate: predicate, Object: object, Graph: in})
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	if v == nil {
		return nil
	}
	return []any{v}
}

// documentError is a fault of a JSON-LD document, its place not known.
type documentError struct{ reason string }

func (e *documentError) Error() string { return e.reason }
