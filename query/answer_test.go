package query_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"chancery/query"
	"chancery/query/naive"
	"chancery/schema"
)

// baseIRI is what the ids of all these tests are relative to.
const baseIRI = "https://test.example/"

// request is one request as a client sends it.
type request struct {
	Document    string
	Variables   map[string]any
	Perspective map[string]any // of the extensions
}

// parse parses and validates the request, and coerces its variables as a server does.
func (r request) parse(o *schema.Ontology) (*ast.QueryDocument, map[string]any, error) {
	doc, errs := gqlparser.LoadQueryWithRules(o.Schema, r.Document, nil)
	if errs != nil {
		return nil, nil, errs
	}
	variables, err := validator.VariableValues(o.Schema, doc.Operations[0], copied(r.Variables).(map[string]any))
	return doc, variables, err
}

// copied is a copy of JSON: coercing variables writes into them.
func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for key, inner := range v {
			m[key] = copied(inner)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, inner := range v {
			list[i] = copied(inner)
		}
		return list
	}
	return v
}

// wholeAnswer is the engine's answer to the whole request: each root field is asked
// for by itself, as a server does, and put together here.
func wholeAnswer(ctx context.Context, e *query.Engine, doc *ast.QueryDocument, variables, perspective map[string]any) (naive.Result, error) {
	operation := doc.Operations[0]
	op, err := e.Begin(ctx, query.Request{Operation: operation, Variables: variables, Perspective: perspective})
	var wrong *query.Error
	if errors.As(err, &wrong) {
		return naive.Result{Errors: []naive.Error{{Code: string(wrong.Code)}}}, nil
	}
	if err != nil {
		return naive.Result{}, err
	}
	result := naive.Result{Data: &naive.Object{}}
	whole := true
	for _, fields := range rootFields(operation.SelectionSet, variables, map[string]bool{}) {
		field := fields[0]
		value := any("Query")
		if field.Name != "__typename" {
			var merged ast.SelectionSet
			for _, f := range fields {
				merged = append(merged, f.SelectionSet...)
			}
			a, err := op.Answer(ctx, field, merged)
			if err != nil {
				return naive.Result{}, err
			}
			if value, err = decode(a.JSON); err != nil {
				return naive.Result{}, fmt.Errorf("%s: the answer is no JSON: %w: %s", field.Alias, err, a.JSON)
			}
			for _, e := range a.Errors {
				result.Errors = append(result.Errors, naive.Error{Path: pathOf(e.Path), Code: string(e.Code)})
			}
			whole = whole && (value != nil || !field.Definition.Type.NonNull)
		}
		result.Data.Keys = append(result.Data.Keys, field.Alias)
		result.Data.Values = append(result.Data.Values, value)
	}
	if !whole {
		result.Data = nil
	}
	return result, readCitations(ctx, op, &result)
}

// readCitations takes over what the extensions say of citations.
func readCitations(ctx context.Context, op *query.Operation, result *naive.Result) error {
	extensions, err := op.Extensions(ctx)
	if err != nil {
		return err
	}
	for _, e := range extensions {
		switch e.Key {
		case "citations":
			err = json.Unmarshal(e.JSON, &result.Citations)
		case "claims":
			err = json.Unmarshal(e.JSON, &result.Claims)
		}
		if err != nil {
			return fmt.Errorf("%s: %w: %s", e.Key, err, e.JSON)
		}
	}
	return nil
}

// rootFields are the root fields by response key, in the order in which keys come.
func rootFields(set ast.SelectionSet, variables map[string]any, visited map[string]bool) [][]*ast.Field {
	var groups [][]*ast.Field
	add := func(fields []*ast.Field) {
		i := slices.IndexFunc(groups, func(g []*ast.Field) bool { return g[0].Alias == fields[0].Alias })
		if i < 0 {
			groups = append(groups, fields)
			return
		}
		groups[i] = append(groups[i], fields...)
	}
	included := func(directives ast.DirectiveList) bool {
		skip, include := directives.ForName("skip"), directives.ForName("include")
		return (skip == nil || skip.ArgumentMap(variables)["if"] != true) &&
			(include == nil || include.ArgumentMap(variables)["if"] == true)
	}
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if included(s.Directives) {
				add([]*ast.Field{s})
			}
		case *ast.InlineFragment:
			if included(s.Directives) {
				for _, g := range rootFields(s.SelectionSet, variables, visited) {
					add(g)
				}
			}
		case *ast.FragmentSpread:
			if included(s.Directives) && !visited[s.Name] {
				visited[s.Name] = true
				for _, g := range rootFields(s.Definition.SelectionSet, variables, visited) {
					add(g)
				}
			}
		}
	}
	return groups
}

func pathOf(p ast.Path) []any {
	var path []any
	for _, element := range p {
		switch e := element.(type) {
		case ast.PathName:
			path = append(path, string(e))
		case ast.PathIndex:
			path = append(path, int(e))
		}
	}
	return path
}

// decode reads JSON with the order of its keys.
func decode(text []byte) (any, error) {
	if text == nil {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	v, err := decodeValue(d)
	if err == nil && d.More() {
		err = errors.New("more than one value")
	}
	return v, err
}

func decodeValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := &naive.Object{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			o.Keys, o.Values = append(o.Keys, key.(string)), append(o.Values, value)
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = d.Token()
		return list, err
	}
	return token, nil
}

// compare says where two answers differ, or "". The wanted one has every error
// that any order of execution can meet.
//
// Of errors that end in the same null only one needs to be reported: once a
// place is null for one of them, GraphQL lets a server give up the rest beneath
// it (6.4.4, "Handling Execution Errors"). So for each null of the wanted data
// that errors lead to, some of these errors must be there, and no others. In
// data order counts, of lists and of keys.
func compare(want, got naive.Result) string {
	if (want.Data == nil) != (got.Data == nil) {
		return fmt.Sprintf("data: want %s, got %s", show(want.Data), show(got.Data))
	}
	if want.Data != nil {
		if d := compareValues("data", want.Data, got.Data); d != "" {
			return d
		}
	}
	ends := map[string][]string{} // by the place of the null, the errors wanted there
	for _, e := range want.Errors {
		end := nullAbove(want.Data, e.Path)
		ends[end] = append(ends[end], errorKey(e))
	}
	found := map[string]bool{}
	for _, e := range got.Errors {
		end := nullAbove(want.Data, e.Path)
		if !slices.Contains(ends[end], errorKey(e)) {
			return fmt.Sprintf("errors: %s is not wanted", errorKey(e))
		}
		found[end] = true
	}
	for end, keys := range ends {
		if !found[end] {
			return fmt.Sprintf("errors: missing %s", strings.Join(keys, " or "))
		}
	}
	return compareCitations(want, got)
}

// compareCitations says where the citations differ, or "". Only a root field that
// is not null may cite.
func compareCitations(want, got naive.Result) string {
	if want.Data == nil {
		return "" // the roots that cite are lost only when the answer is put together
	}
	byPlace := func(of []naive.Citation) map[string]string {
		places := map[string]string{}
		for _, c := range of {
			places[show(c.Path)] += show(c.Claims)
		}
		return places
	}
	w, g := byPlace(want.Citations), byPlace(got.Citations)
	for place, claims := range w {
		if g[place] != claims {
			return fmt.Sprintf("citation of %s: want %s, got %s", place, claims, g[place])
		}
	}
	for place, claims := range g {
		if w[place] != claims {
			return fmt.Sprintf("citation of %s: want %s, got %s", place, w[place], claims)
		}
	}
	if !maps.Equal(want.Claims, got.Claims) {
		return fmt.Sprintf("claims cited: want %s, got %s", show(want.Claims), show(got.Claims))
	}
	return ""
}

// nullAbove is the shortest beginning of the path at which the data is null.
func nullAbove(data *naive.Object, path []any) string {
	var at any = data
	if data == nil {
		return "data"
	}
	for i, element := range path {
		switch v := at.(type) {
		case *naive.Object:
			j := slices.Index(v.Keys, fmt.Sprint(element))
			if j < 0 {
				return fmt.Sprint("no place ", path)
			}
			at = v.Values[j]
		case []any:
			n, ok := element.(int)
			if !ok || n >= len(v) {
				return fmt.Sprint("no place ", path)
			}
			at = v[n]
		}
		if at == nil {
			return fmt.Sprint("data ", path[:i+1])
		}
	}
	return fmt.Sprint("no null at ", path)
}

func errorKey(e naive.Error) string { return fmt.Sprintf("%q at %v", e.Code, e.Path) }

func compareValues(at string, want, got any) string {
	differ := func() string { return fmt.Sprintf("%s: want %s, got %s", at, show(want), show(got)) }
	switch w := want.(type) {
	case *naive.Object:
		g, ok := got.(*naive.Object)
		if !ok || w == nil || g == nil {
			return differ()
		}
		if !slices.Equal(w.Keys, g.Keys) {
			return fmt.Sprintf("%s: want keys %q, got %q", at, w.Keys, g.Keys)
		}
		for i, key := range w.Keys {
			if d := compareValues(at+"."+key, w.Values[i], g.Values[i]); d != "" {
				return d
			}
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) != len(g) {
			return differ()
		}
		for i := range w {
			if d := compareValues(fmt.Sprintf("%s[%d]", at, i), w[i], g[i]); d != "" {
				return d
			}
		}
		return ""
	case int64:
		want = float64(w)
	case string:
		if text, ok := got.(string); ok && w == naive.Opaque && text != "" {
			return ""
		}
	}
	if f, ok := want.(float64); ok {
		if g, ok := got.(float64); ok && math.Abs(f-g) < 1e-12 {
			return ""
		}
	}
	if want != got {
		return differ()
	}
	return ""
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	if len(text) > 1500 {
		text = append(text[:1500], "..."...)
	}
	return string(text)
}
