package query

import (
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// valueFilter is a condition on the shown value of a property; absent is the
// verdict where there is none. A list's is met if one of its values meets it.
func (r *run) valueFilter(f *schema.Field, name string, absent bool, meets func(graph.Term) bool) filter {
	return test{name: name, begin: func(r *run, rows []row) (func(int) bool, error) {
		values, err := r.values(ids(rows), f)
		if err != nil {
			return nil, err
		}
		return func(i int) bool {
			of := values.of(i)
			for _, v := range of {
				if meets(v.term) {
					return true
				}
			}
			return len(of) == 0 && absent
		}, nil
	}}
}

func (r *run) enumFilter(f *schema.Field, among map[string]bool) filter {
	return r.valueFilter(f, f.Name+" in "+setName(among), false, func(t graph.Term) bool { return among[t.Text] })
}

// textTest is a TextFilter over any number of texts.
type textTest struct {
	exists               *bool
	eq, not              *string
	in                   map[string]bool
	startsWith, contains *string // folded
}

func readTextTest(given map[string]any) textTest {
	text := func(key string) *string {
		if s, ok := given[key].(string); ok {
			return &s
		}
		return nil
	}
	folded := func(key string) *string {
		s := text(key)
		if s != nil {
			*s = fold(*s)
		}
		return s
	}
	t := textTest{eq: text("eq"), not: text("not"), startsWith: folded("startsWith"), contains: folded("contains")}
	if b, ok := given["exists"].(bool); ok {
		t.exists = &b
	}
	if in, ok := given["in"].([]any); ok {
		t.in = enumSet(in)
	}
	return t
}

// seekable reports whether only what has certain texts can meet the condition.
func (t *textTest) seekable() bool {
	return t.eq != nil || t.in != nil || t.startsWith != nil || t.contains != nil
}

// holds reports whether each condition that is given is met by some text; not,
// by all of at least one.
func (t *textTest) holds(texts []string) bool {
	some := func(meets func(string) bool) bool {
		for _, text := range texts {
			if meets(text) {
				return true
			}
		}
		return false
	}
	switch {
	case t.exists != nil && *t.exists != (len(texts) > 0),
		t.eq != nil && !some(func(s string) bool { return s == *t.eq }),
		t.in != nil && !some(func(s string) bool { return t.in[s] }),
		t.not != nil && (len(texts) == 0 || some(func(s string) bool { return s == *t.not })),
		t.startsWith != nil && !some(func(s string) bool { return strings.HasPrefix(fold(s), *t.startsWith) }),
		t.contains != nil && !some(func(s string) bool { return strings.Contains(fold(s), *t.contains) }):
		return false
	}
	return true
}

func (r *run) textFilter(f *schema.Field, given map[string]any) filter {
	t := readTextTest(given)
	begin := func(r *run, rows []row) (func(int) bool, error) {
		values, err := r.values(ids(rows), f)
		if err != nil {
			return nil, err
		}
		return func(i int) bool {
			of := values.of(i)
			texts := make([]string, len(of))
			for k, v := range of {
				texts[k] = v.term.Text
			}
			return t.holds(texts)
		}, nil
	}
	switch {
	case f.Kind == schema.Identifier:
		// Of several in the scheme one is shown: what is found only can be it.
		seek := &textSeek{test: &t, predicates: []string{graph.Notation}, claims: r.view.Known(), counts: inScheme(f.Scheme)}
		return seek.filter(f.Name, given, begin)
	case f.Class.Name == "Claim":
		return test{name: f.Name, given: given, begin: begin} // there are as many texts as claims
	}
	p := f.Predicates[0]
	seek := &textSeek{test: &t, predicates: []string{p.IRI}, claims: r.claimsFor(f.Class), exact: !p.Single}
	return seek.filter(f.Name, given, begin)
}

func (r *run) nameFilter(given map[string]any) filter {
	t := readTextTest(given)
	seek := &textSeek{test: &t, claims: r.view.Known(), exact: true}
	for _, k := range nameKinds {
		seek.predicates = append(seek.predicates, k.predicate)
	}
	return seek.filter("name", given, func(r *run, rows []row) (func(int) bool, error) {
		names, err := r.names(ids(rows))
		if err != nil {
			return nil, err
		}
		return func(i int) bool {
			texts := make([]string, len(names[i]))
			for k, n := range names[i] {
				texts[k] = n.text
			}
			return t.holds(texts)
		}, nil
	})
}

// inScheme tells the identifiers of a scheme.
func inScheme(scheme string) func(graph.Term) bool {
	return func(t graph.Term) bool { return t.Datatype == graph.Scheme+scheme }
}

func (r *run) identifierFilter(given map[string]any) filter {
	scheme := given["scheme"].(string)
	var among map[string]bool
	if list, ok := given["in"].([]any); ok {
		among = enumSet(list)
	}
	seek := &textSeek{
		test: &textTest{in: among}, predicates: []string{graph.Notation},
		claims: r.view.Known(), counts: inScheme(scheme), exact: true,
	}
	return seek.filter("identifier", given, func(r *run, rows []row) (func(int) bool, error) {
		found, err := r.identifiers(ids(rows))
		if err != nil {
			return nil, err
		}
		return func(i int) bool {
			for _, id := range found[i] {
				if id.scheme == scheme && (among == nil || among[id.value]) {
					return true
				}
			}
			return false
		}, nil
	})
}

func (r *run) numberFilter(f *schema.Field, given map[string]any) filter {
	exists, asked := given["exists"].(bool)
	compare := map[string]func(value, given float64) bool{
		"eq":  func(v, g float64) bool { return v == g },
		"lt":  func(v, g float64) bool { return v < g },
		"lte": func(v, g float64) bool { return v <= g },
		"gt":  func(v, g float64) bool { return v > g },
		"gte": func(v, g float64) bool { return v >= g },
	}
	compared := false
	for key := range compare {
		if given[key] != nil {
			compared = true
		}
	}
	return test{name: f.Name, given: given, begin: func(r *run, rows []row) (func(int) bool, error) {
		values, err := r.values(ids(rows), f)
		if err != nil {
			return nil, err
		}
		return func(i int) bool {
			of := values.of(i)
			if asked && exists != (len(of) > 0) {
				return false
			}
			if !compared {
				return true
			}
			value := 1.0 // an unstated confidence
			if len(of) > 0 {
				value, _ = strconv.ParseFloat(of[0].term.Text, 64) // the ontology has checked it
			} else if f.Class.Name != "Claim" {
				return false
			}
			for key, holds := range compare {
				if g, ok := given[key].(float64); ok && !holds(value, g) {
					return false
				}
			}
			return true
		}, nil
	}}
}

func (r *run) momentFilter(f *schema.Field, given map[string]any) (filter, *Error) {
	exists, asked := given["exists"].(bool)
	var bounds [2]int64
	var bounded [2]bool
	for i, key := range []string{"before", "after"} {
		if text, ok := given[key].(string); ok {
			at, err := parseMoment(text)
			if err != nil {
				return nil, err.at(key)
			}
			bounds[i], bounded[i] = at.UnixNano(), true
		}
	}
	return test{name: f.Name, given: given, begin: func(r *run, rows []row) (func(int) bool, error) {
		values, err := r.values(ids(rows), f)
		if err != nil {
			return nil, err
		}
		return func(i int) bool {
			of := values.of(i)
			if asked && exists != (len(of) > 0) {
				return false
			}
			if !bounded[0] && !bounded[1] {
				return true
			}
			if len(of) == 0 {
				return false
			}
			at := of[0].id.Moment().UnixNano()
			return (!bounded[0] || at < bounds[0]) && (!bounded[1] || at > bounds[1])
		}, nil
	}}, nil
}
