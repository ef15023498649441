package query

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// Arguments coerces a root field's arguments for those who answer it without an
// engine. Absent arguments are not in the map; null is nil. Input objects are
// map[string]any, lists []any, enums and scalars of text string, Int int, Float
// float64, Boolean bool. The error is an *Error with its place in the arguments.
func Arguments(s *ast.Schema, variables map[string]any, field *ast.Field) (map[string]any, error) {
	args, bad := coerceArguments(s, variables, field.Definition.Arguments, field.Arguments)
	if bad != nil {
		return nil, bad
	}
	return args, nil
}

// arguments coerces a field's or directive's arguments by the rules of the
// GraphQL specification, sections 6.4.1 and 3.10, also where a parser leaves
// them: defaults inside input objects, single values for lists, @oneOf in
// variables. Absent arguments are not in the map; null is nil. Input objects
// are map[string]any, lists []any, enums and scalars of text string, Int int,
// Float float64, Boolean bool.
func (r *run) arguments(definitions ast.ArgumentDefinitionList, given ast.ArgumentList) (map[string]any, *Error) {
	return coerceArguments(r.ontology.Schema, r.vars, definitions, given)
}

func coerceArguments(s *ast.Schema, vars map[string]any, definitions ast.ArgumentDefinitionList, given ast.ArgumentList) (map[string]any, *Error) {
	out := make(map[string]any, len(definitions))
	c := coercion{schema: s, vars: vars}
	for _, def := range definitions {
		var value *ast.Value
		if arg := given.ForName(def.Name); arg != nil {
			value = arg.Value
		}
		v, present, err := c.optional(value, def.DefaultValue, def.Type)
		if err != nil {
			return nil, err.at(def.Name)
		}
		if present {
			out[def.Name] = v
		}
	}
	return out, nil
}

type coercion struct {
	schema *ast.Schema
	vars   map[string]any
}

// optional coerces a value that may be missing, as an argument's or an input field's.
func (c coercion) optional(value, otherwise *ast.Value, t *ast.Type) (v any, present bool, err *Error) {
	if value != nil && value.Kind == ast.Variable {
		if _, set := c.vars[value.Raw]; !set {
			value = nil
		}
	}
	if value == nil {
		value = otherwise
	}
	if value == nil {
		if t.NonNull {
			return nil, false, errorf(BadUserInput, "a value of type %s is required", t)
		}
		return nil, false, nil
	}
	v, err = c.literal(value, t)
	return v, err == nil, err
}

// literal coerces a value of the document.
func (c coercion) literal(v *ast.Value, t *ast.Type) (any, *Error) {
	switch {
	case v.Kind == ast.Variable:
		return c.raw(c.vars[v.Raw], t)
	case v.Kind == ast.NullValue:
		return c.raw(nil, t)
	case t.Elem != nil:
		if v.Kind != ast.ListValue {
			one, err := c.literal(v, t.Elem)
			return []any{one}, err
		}
		out := make([]any, len(v.Children))
		for i, child := range v.Children {
			var err *Error
			if out[i], err = c.literal(child.Value, t.Elem); err != nil {
				return nil, err.at(fmt.Sprintf("[%d]", i))
			}
		}
		return out, nil
	}
	def := c.schema.Types[t.NamedType]
	if def.Kind == ast.InputObject {
		if v.Kind != ast.ObjectValue {
			return nil, errorf(BadUserInput, "%s must be an object, not %s", t.NamedType, v)
		}
		return c.object(def, len(v.Children), func(f *ast.FieldDefinition) (any, bool, *Error) {
			for _, child := range v.Children {
				if child.Name != f.Name {
					continue
				}
				if child.Value.Kind == ast.Variable {
					if _, set := c.vars[child.Value.Raw]; !set {
						break
					}
				}
				coerced, err := c.literal(child.Value, f.Type)
				return coerced, true, err
			}
			return nil, false, nil
		})
	}
	var raw any
	var err error
	switch v.Kind {
	case ast.IntValue:
		raw = json.Number(v.Raw)
	case ast.FloatValue:
		raw, err = strconv.ParseFloat(v.Raw, 64)
	case ast.BooleanValue:
		raw = v.Raw == "true"
	default:
		raw = v.Raw
	}
	if err != nil {
		return nil, errorf(BadUserInput, "%s is too large a number", v.Raw)
	}
	return c.scalar(raw, def)
}

// raw coerces a variable's value, as JSON gives it.
func (c coercion) raw(v any, t *ast.Type) (any, *Error) {
	if v == nil {
		if t.NonNull {
			return nil, errorf(BadUserInput, "null is not allowed for %s", t)
		}
		return nil, nil
	}
	if t.Elem != nil {
		// Validation turns a single value into a list of its own type.
		list := reflect.ValueOf(v)
		if list.Kind() != reflect.Slice {
			one, err := c.raw(v, t.Elem)
			return []any{one}, err
		}
		out := make([]any, list.Len())
		for i := range out {
			var err *Error
			if out[i], err = c.raw(list.Index(i).Interface(), t.Elem); err != nil {
				return nil, err.at(fmt.Sprintf("[%d]", i))
			}
		}
		return out, nil
	}
	def := c.schema.Types[t.NamedType]
	if def.Kind != ast.InputObject {
		return c.scalar(v, def)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, errorf(BadUserInput, "%s must be an object, not %v", t.NamedType, v)
	}
	for name := range object {
		if def.Fields.ForName(name) == nil {
			return nil, errorf(BadUserInput, "%s has no field %q", t.NamedType, name)
		}
	}
	return c.object(def, len(object), func(f *ast.FieldDefinition) (any, bool, *Error) {
		value, ok := object[f.Name]
		if !ok {
			return nil, false, nil
		}
		coerced, err := c.raw(value, f.Type)
		return coerced, true, err
	})
}

// object coerces an input object whose given fields get returns.
func (c coercion) object(def *ast.Definition, given int, get func(*ast.FieldDefinition) (any, bool, *Error)) (any, *Error) {
	out := make(map[string]any, given)
	for _, f := range def.Fields {
		v, ok, err := get(f)
		if err == nil && !ok && (f.DefaultValue != nil || f.Type.NonNull) {
			v, ok, err = c.optional(nil, f.DefaultValue, f.Type)
		}
		if err != nil {
			return nil, err.at(f.Name)
		}
		if ok {
			out[f.Name] = v
		}
	}
	if def.Directives.ForName("oneOf") != nil {
		for name, v := range out {
			if v == nil {
				return nil, errorf(BadUserInput, "null is not allowed: %s takes exactly one key with a value", def.Name).at(name)
			}
		}
		if len(out) != 1 {
			return nil, errorf(BadUserInput, "%s takes exactly one key, not %d", def.Name, len(out))
		}
	}
	return out, nil
}

func (c coercion) scalar(v any, def *ast.Definition) (any, *Error) {
	bad := func() *Error { return errorf(BadUserInput, "%v is no %s", v, def.Name) }
	if def.Kind == ast.Enum {
		s, ok := v.(string)
		if !ok || def.EnumValues.ForName(s) == nil {
			return nil, bad()
		}
		return s, nil
	}
	switch def.Name {
	case "Int":
		f, ok := number(v)
		if !ok || f != math.Trunc(f) || f < math.MinInt32 || f > math.MaxInt32 {
			return nil, bad()
		}
		return int(f), nil
	case "Float":
		f, ok := number(v)
		if !ok || math.IsInf(f, 0) {
			return nil, bad()
		}
		return f, nil
	case "Boolean":
		if _, ok := v.(bool); !ok {
			return nil, bad()
		}
		return v, nil
	case "ID":
		if f, ok := number(v); ok && f == math.Trunc(f) {
			return fmt.Sprintf("%.0f", f), nil
		}
	}
	s, ok := v.(string)
	if !ok {
		return nil, bad()
	}
	return s, nil
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case int32:
		return float64(n), true
	}
	return 0, false
}

// integer returns an Int argument that is there and not null.
func integer(args map[string]any, name string) (n int, ok bool) {
	n, ok = args[name].(int)
	return n, ok
}
