package naive

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// setDefaults fills in the operation's variables that have a default and no value.
func (r *run) setDefaults(op *ast.OperationDefinition) {
	given := r.variables
	r.variables = map[string]any{}
	for _, d := range op.VariableDefinitions {
		if v, ok := given[d.Variable]; ok {
			r.variables[d.Variable] = v
		} else if d.DefaultValue != nil {
			r.variables[d.Variable], _ = r.literal(d.DefaultValue)
		}
	}
}

// arguments are the coerced arguments; those neither given nor with a default
// are absent.
func (r *run) arguments(definitions ast.ArgumentDefinitionList, given ast.ArgumentList) (map[string]any, fault) {
	args := map[string]any{}
	for _, d := range definitions {
		var value any
		present := false
		if a := given.ForName(d.Name); a != nil {
			value, present = r.literal(a.Value)
		}
		if !present && d.DefaultValue != nil {
			value, present = r.literal(d.DefaultValue)
		}
		if !present {
			continue
		}
		coerced, bad := r.coerce(d.Type, value)
		if bad != "" {
			return nil, bad
		}
		args[d.Name] = coerced
	}
	return args, ""
}

// literal is the value as written, variables put in; false for a variable
// without a value. What holds such a variable in an object leaves the key out,
// in a list has null.
func (r *run) literal(v *ast.Value) (any, bool) {
	switch v.Kind {
	case ast.Variable:
		value, ok := r.variables[v.Raw]
		return value, ok
	case ast.NullValue:
		return nil, true
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw), true
	case ast.BooleanValue:
		return v.Raw == "true", true
	case ast.ListValue:
		list := []any{}
		for _, c := range v.Children {
			each, _ := r.literal(c.Value)
			list = append(list, each)
		}
		return list, true
	case ast.ObjectValue:
		object := map[string]any{}
		for _, c := range v.Children {
			if each, ok := r.literal(c.Value); ok {
				object[c.Name] = each
			}
		}
		return object, true
	}
	return v.Raw, true // strings and enum values
}

// coerce makes a value one of the type: single values into lists, defaults into
// input objects, numbers into int64 and float64.
func (r *run) coerce(t *ast.Type, v any) (any, fault) {
	if v == nil {
		if t.NonNull {
			return nil, badUserInput
		}
		return nil, ""
	}
	if t.Elem != nil {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		out := make([]any, 0, len(list))
		for _, each := range list {
			coerced, bad := r.coerce(t.Elem, each)
			if bad != "" {
				return nil, bad
			}
			out = append(out, coerced)
		}
		return out, ""
	}
	if def := r.o.Schema.Types[t.NamedType]; def.Kind == ast.InputObject {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, badUserInput
		}
		return r.coerceObject(def, object)
	}
	return coerceLeaf(t.NamedType, v)
}

func (r *run) coerceObject(def *ast.Definition, object map[string]any) (any, fault) {
	out := map[string]any{}
	for _, field := range def.Fields {
		v, present := object[field.Name]
		if !present && field.DefaultValue != nil {
			v, present = r.literal(field.DefaultValue)
		}
		if !present {
			if field.Type.NonNull {
				return nil, badUserInput
			}
			continue
		}
		coerced, bad := r.coerce(field.Type, v)
		if bad != "" {
			return nil, bad
		}
		out[field.Name] = coerced
	}
	if def.Directives.ForName("oneOf") != nil {
		if len(out) != 1 {
			return nil, badUserInput
		}
		for _, v := range out {
			if v == nil {
				return nil, badUserInput
			}
		}
	}
	return out, ""
}

func coerceLeaf(name string, v any) (any, fault) {
	text := fmt.Sprint(v)
	switch name {
	case "Int":
		if n, err := strconv.ParseFloat(text, 64); err == nil && n == float64(int64(n)) {
			return int64(n), ""
		}
		return nil, badUserInput
	case "Float":
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n, ""
		}
		return nil, badUserInput
	case "Boolean":
		if b, ok := v.(bool); ok {
			return b, ""
		}
		return nil, badUserInput
	}
	return text, "" // strings, ids, enum values and our own scalars
}
