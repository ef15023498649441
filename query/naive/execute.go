package naive

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// The functions here are those of section 6 of the GraphQL specification, under
// its names. Where a null is not allowed, the others of its selection set are
// executed nonetheless, so that every error is met that some order meets.

// selectionSet is ExecuteSelectionSet. It returns nil for the null of an object
// with a null in a place that allows none.
func (r *run) selectionSet(set ast.SelectionSet, objectType string, value any, path []any) *Object {
	out := &Object{}
	whole := true
	for _, group := range r.collectFields(objectType, set, map[string]bool{}) {
		field := group[0]
		at := append(slices.Clone(path), field.Alias)
		completed, ok := r.field(objectType, value, group, at)
		whole = whole && ok
		out.Keys = append(out.Keys, field.Alias)
		out.Values = append(out.Values, completed)
	}
	if !whole {
		return nil
	}
	return out
}

// collectFields is CollectFields: the fields of each response key, keys in the
// order in which they come first.
func (r *run) collectFields(objectType string, set ast.SelectionSet, visited map[string]bool) [][]*ast.Field {
	var groups [][]*ast.Field
	add := func(fields ...*ast.Field) {
		for _, f := range fields {
			i := slices.IndexFunc(groups, func(g []*ast.Field) bool { return g[0].Alias == f.Alias })
			if i < 0 {
				groups = append(groups, []*ast.Field{f})
			} else {
				groups[i] = append(groups[i], f)
			}
		}
	}
	fragment := func(condition string, inner ast.SelectionSet) {
		if condition == "" || r.applies(objectType, condition) {
			for _, group := range r.collectFields(objectType, inner, visited) {
				add(group...)
			}
		}
	}
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if r.included(s.Directives) {
				add(s)
			}
		case *ast.InlineFragment:
			if r.included(s.Directives) {
				fragment(s.TypeCondition, s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if !r.included(s.Directives) || visited[s.Name] {
				continue
			}
			visited[s.Name] = true
			definition := r.fragments.ForName(s.Name)
			fragment(definition.TypeCondition, definition.SelectionSet)
		}
	}
	return groups
}

func (r *run) included(directives ast.DirectiveList) bool {
	condition := func(name string) (value, given bool) {
		d := directives.ForName(name)
		if d == nil {
			return false, false
		}
		v, _ := r.literal(d.Arguments.ForName("if").Value)
		b, _ := v.(bool)
		return b, true
	}
	if skip, given := condition("skip"); given && skip {
		return false
	}
	include, given := condition("include")
	return !given || include
}

// applies is DoesFragmentTypeApply.
func (r *run) applies(objectType, condition string) bool {
	return objectType == condition || slices.ContainsFunc(r.o.Schema.PossibleTypes[condition],
		func(d *ast.Definition) bool { return d.Name == objectType })
}

// field is ExecuteField. ok is false when the value is null and may not be.
func (r *run) field(objectType string, value any, group []*ast.Field, path []any) (completed any, ok bool) {
	field := group[0]
	if field.Name == "__typename" {
		return objectType, true
	}
	definition := r.o.Schema.Types[objectType].Fields.ForName(field.Name)
	args, bad := r.arguments(definition.Arguments, field.Arguments)
	var result any
	if bad == "" {
		result, bad = r.resolve(objectType, value, field.Name, definition, args)
	}
	if bad != "" {
		r.errors = append(r.errors, Error{Path: path, Code: string(bad)})
		return nil, !definition.Type.NonNull
	}
	return r.complete(definition.Type, group, result, path)
}

// complete is CompleteValue.
func (r *run) complete(t *ast.Type, group []*ast.Field, result any, path []any) (completed any, ok bool) {
	if t.NonNull {
		nullable := *t
		nullable.NonNull = false
		before := len(r.errors)
		completed, _ = r.complete(&nullable, group, result, path)
		if completed != nil {
			return completed, true
		}
		if len(r.errors) == before {
			r.errors = append(r.errors, Error{Path: path, Code: internal})
		}
		return nil, false
	}
	if c, is := result.(cited); is {
		if result = c.value; result != nil {
			r.cite(path, c.claims)
		}
	}
	if bad, is := result.(fault); is {
		r.errors = append(r.errors, Error{Path: path, Code: string(bad)})
		return nil, true
	}
	if result == nil {
		return nil, true
	}
	if t.Elem != nil {
		list := []any{}
		whole := true
		for i, each := range result.([]any) {
			item, ok := r.complete(t.Elem, group, each, append(slices.Clone(path), i))
			whole = whole && ok
			list = append(list, item)
		}
		if !whole {
			return nil, true
		}
		return list, true
	}
	switch r.o.Schema.Types[t.NamedType].Kind {
	case ast.Object, ast.Interface:
		var merged ast.SelectionSet
		for _, f := range group {
			merged = append(merged, f.SelectionSet...)
		}
		if object := r.selectionSet(merged, r.typeOf(t.NamedType, result), result, path); object != nil {
			return object, true
		}
		return nil, true
	}
	return result, true
}
