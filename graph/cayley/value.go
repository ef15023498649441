package cayley

import (
	"strconv"
	"time"

	"github.com/cayleygraph/quad"

	"chancery/graph"
)

// Double is the datatype of Cayley's Float, as a compact IRI.
const Double = "xsd:double"

// TermOf returns the term of a value: ValueOf(TermOf(v)) equals v. Three values
// have a twin that comes back in their place: a LangString without a language and
// a TypedString without a type are plain Strings, and a TypedString that spells a
// native value as the package comment has it is that value, as it is to Cayley.
// A Time whose year has not four digits comes back as a TypedString.
// The error is a *ValueError.
func TermOf(v quad.Value) (graph.Term, error) {
	switch v := v.(type) {
	case quad.IRI:
		return graph.Ref(string(v)), nil
	case quad.BNode:
		return graph.Term{Kind: graph.Blank, Text: string(v)}, nil
	case quad.String:
		return graph.Text(string(v)), nil
	case quad.LangString:
		return graph.TextIn(string(v.Value), v.Lang), nil
	case quad.TypedString:
		return graph.Typed(string(v.Value), string(v.Type)), nil
	case quad.Int:
		return graph.Typed(strconv.FormatInt(int64(v), 10), graph.Integer), nil
	case quad.Float:
		return graph.Typed(strconv.FormatFloat(float64(v), 'E', -1, 64), Double), nil
	case quad.Bool:
		return graph.Typed(strconv.FormatBool(bool(v)), graph.Boolean), nil
	case quad.Time:
		return graph.Typed(time.Time(v).UTC().Format(time.RFC3339Nano), graph.DateTime), nil
	}
	return graph.Term{}, &ValueError{Value: v}
}

// ValueOf returns the value of a term: TermOf(ValueOf(t)) is t, to the letter,
// for every term of a kind. The zero term, which is no label, is nil. A literal
// with both a language and a datatype, which RDF has not, loses the datatype.
func ValueOf(t graph.Term) quad.Value {
	switch {
	case t.Kind == graph.IRI:
		return quad.IRI(t.Text)
	case t.Kind == graph.Blank:
		return quad.BNode(t.Text)
	case t.Kind != graph.Literal:
		return nil
	case t.Language != "":
		return quad.LangString{Value: quad.String(t.Text), Lang: t.Language}
	case t.Datatype == "":
		return quad.String(t.Text)
	}
	if v := native(t); v != nil {
		if back, err := TermOf(v); err == nil && back == t {
			return v
		}
	}
	return quad.TypedString{Value: quad.String(t.Text), Type: quad.IRI(t.Datatype)}
}

// native reads a typed literal as a native value; nil is none. The literal may be
// in another form than the value's own.
func native(t graph.Term) quad.Value {
	switch t.Datatype {
	case graph.Integer:
		if n, err := strconv.ParseInt(t.Text, 10, 64); err == nil {
			return quad.Int(n)
		}
	case Double:
		if f, err := strconv.ParseFloat(t.Text, 64); err == nil {
			return quad.Float(f)
		}
	case graph.Boolean:
		switch t.Text {
		case "true":
			return quad.Bool(true)
		case "false":
			return quad.Bool(false)
		}
	case graph.DateTime:
		if at, err := time.Parse(time.RFC3339Nano, t.Text); err == nil {
			return quad.Time(at)
		}
	}
	return nil
}
