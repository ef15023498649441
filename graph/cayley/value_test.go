package cayley_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"chancery/graph"
	"chancery/graph/cayley"
)

func TestValuesAndTerms(t *testing.T) {
	at := time.Date(2025, 11, 6, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		value quad.Value
		term  graph.Term
	}{
		{quad.IRI("person/x"), graph.Ref("person/x")},
		{quad.IRI("http://example.org/x y"), graph.Ref("http://example.org/x y")},
		{quad.BNode("x"), graph.Term{Kind: graph.Blank, Text: "x"}},
		{quad.String("x"), graph.Text("x")},
		{quad.String(""), graph.Text("")},
		{quad.String("\"^^<\n\\ \x00 \xff"), graph.Text("\"^^<\n\\ \x00 \xff")},
		{quad.LangString{Value: "x", Lang: "kk-Cyrl"}, graph.TextIn("x", "kk-Cyrl")},
		{quad.TypedString{Value: "10", Type: "int"}, graph.Typed("10", "int")},
		{quad.TypedString{Value: "AG", Type: "scheme:gec"}, graph.Typed("AG", "scheme:gec")},
		{quad.TypedString{Value: "2025-11", Type: graph.EDTF}, graph.Date("2025-11")},
		{quad.TypedString{Value: "0.5", Type: graph.Decimal}, graph.Number(0.5)},
		{quad.TypedString{Value: "10", Type: "http://www.w3.org/2001/XMLSchema#integer"}, graph.Typed("10", "http://www.w3.org/2001/XMLSchema#integer")},
		{quad.Int(0), graph.Typed("0", graph.Integer)},
		{quad.Int(math.MinInt64), graph.Typed("-9223372036854775808", graph.Integer)},
		{quad.Int(math.MaxInt64), graph.Typed("9223372036854775807", graph.Integer)},
		{quad.TypedString{Value: "01", Type: graph.Integer}, graph.Typed("01", graph.Integer)},
		{quad.TypedString{Value: "+1", Type: graph.Integer}, graph.Typed("+1", graph.Integer)},
		{quad.Float(42), graph.Typed("4.2E+01", cayley.Double)},
		{quad.Float(math.Inf(-1)), graph.Typed("-Inf", cayley.Double)},
		{quad.Float(math.SmallestNonzeroFloat64), graph.Typed("5E-324", cayley.Double)},
		{quad.TypedString{Value: "42", Type: cayley.Double}, graph.Typed("42", cayley.Double)},
		{quad.Bool(true), graph.Typed("true", graph.Boolean)},
		{quad.Bool(false), graph.Typed("false", graph.Boolean)},
		{quad.TypedString{Value: "1", Type: graph.Boolean}, graph.Typed("1", graph.Boolean)},
		{quad.Time(at), graph.Moment(at)},
		{quad.Time(at.Add(123456789)), graph.Typed("2025-11-06T12:00:00.123456789Z", graph.DateTime)},
		{quad.TypedString{Value: "2025-11-06T17:00:00+05:00", Type: graph.DateTime}, graph.Typed("2025-11-06T17:00:00+05:00", graph.DateTime)},
		{quad.TypedString{Value: "2025-11-06T12:00:00.000Z", Type: graph.DateTime}, graph.Typed("2025-11-06T12:00:00.000Z", graph.DateTime)},
		{quad.TypedString{Value: "soon", Type: graph.DateTime}, graph.Typed("soon", graph.DateTime)},
	} {
		term, err := cayley.TermOf(test.value)
		if err != nil || term != test.term {
			t.Errorf("the term of %#v is %v, %v; want %v", test.value, term, err, test.term)
		}
		if value := cayley.ValueOf(test.term); value != test.value {
			t.Errorf("the value of %v is %#v, want %#v", test.term, value, test.value)
		}
	}
	// An instant is one whatever the zone it was written in.
	zoned := quad.Time(at.In(time.FixedZone("", 5*3600)))
	if term, err := cayley.TermOf(zoned); err != nil || term != graph.Moment(at) || !zoned.Equal(cayley.ValueOf(term)) {
		t.Errorf("%v became %v, %v", zoned, term, err)
	}
	if v := cayley.ValueOf(graph.Term{}); v != nil {
		t.Errorf("no term has the value %v", v)
	}
}

type strange struct{ quad.IRI }

func TestValuesThatAreNone(t *testing.T) {
	for _, v := range []quad.Value{nil, strange{"x"}} {
		_, err := cayley.TermOf(v)
		if wrong, ok := errors.AsType[*cayley.ValueError](err); !ok || wrong.Value != v {
			t.Errorf("%#v gave %v", v, err)
		}
	}
}

func TestRandomValues(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 20_000 {
		v := randomValue(r)
		term, err := cayley.TermOf(v)
		if err != nil {
			t.Fatal(err)
		}
		back := cayley.ValueOf(term)
		same := back == v
		switch v := v.(type) {
		case quad.Time:
			same = v.Equal(back)
		case quad.Float:
			f, ok := back.(quad.Float)
			same = ok && (v == f || v != v && f != f) //nolint:gocritic // NaN
		case quad.TypedString:
			// One that spells a native value is it, as it is to Cayley.
			if native, ok := back.(quad.TypedStringer); ok {
				same = v.Value == quad.String(term.Text) && native.TypedString().Type == v.Type
			}
		}
		if !same {
			t.Fatalf("%#v became %v and came back as %#v", v, term, back)
		}
		if again, err := cayley.TermOf(back); err != nil || again != term {
			t.Fatalf("%v became %#v and came back as %v, %v", term, back, again, err)
		}
	}
}

// randomValue draws from all kinds of values, and texts that look like other kinds.
func randomValue(r *rand.Rand) quad.Value {
	texts := []string{"", "1", "01", "-0", "1E+00", "0x1p4", "NaN", "Inf", "true", "True", "2025-11-06", "2025-11-06T12:00:00Z", "2025-11-06t12:00:00z", "<x>", "_:x", `"x"@en`}
	text := texts[r.IntN(len(texts))]
	if r.IntN(2) == 0 {
		b := make([]byte, r.IntN(9))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		text = string(b)
	}
	types := []quad.IRI{graph.Integer, graph.Decimal, cayley.Double, graph.Boolean, graph.DateTime, graph.EDTF, "scheme:gec", "x"}
	switch r.IntN(9) {
	case 0:
		return quad.IRI(text)
	case 1:
		return quad.BNode(text)
	case 2:
		return quad.String(text)
	case 3:
		return quad.LangString{Value: quad.String(text), Lang: "en"}
	case 4:
		return quad.Int(r.Uint64() >> r.UintN(64))
	case 5:
		return quad.Float(math.Float64frombits(r.Uint64()))
	case 6:
		return quad.Bool(r.IntN(2) == 0)
	case 7: // in the years 1 to 9999
		return quad.Time(time.Unix(r.Int64N(315537897599)-62135596800, r.Int64N(1e9)).In(time.FixedZone("", r.IntN(86400)-43200)))
	}
	return quad.TypedString{Value: quad.String(text), Type: types[r.IntN(len(types))]}
}
