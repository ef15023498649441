package randomdoc

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// write writes the value into the document; some of it becomes variables.
func (g *generator) write(b *strings.Builder, t *ast.Type, v any, oneOf bool) {
	if v != nil && !g.literal && g.chance(6) {
		b.WriteString("$" + g.variable(t, v, oneOf))
		return
	}
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int:
		b.WriteString(strconv.Itoa(v))
	case float64:
		b.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
	case string:
		b.WriteString(quoted(v))
	case enum:
		b.WriteString(string(v))
	case []any:
		b.WriteByte('[')
		for i, each := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			g.write(b, t.Elem, each, false)
		}
		b.WriteByte(']')
	case object:
		b.WriteByte('{')
		for i, p := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(p.key + ": ")
			g.write(b, p.t, p.value, p.oneOf)
		}
		b.WriteByte('}')
	default:
		panic(fmt.Sprintf("randomdoc: no way to write %T", v))
	}
}

// quoted is a text as GraphQL writes it.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // unreachable: any string can be written
	}
	return string(b)
}

// variable declares a variable of the type with the value and returns its name.
// A key of which there is exactly one takes only variables that are never null.
func (g *generator) variable(t *ast.Type, v any, oneOf bool) string {
	name := fmt.Sprintf("v%d", len(g.variables))
	declared := t.String()
	if oneOf && !t.NonNull {
		declared += "!"
	}
	g.declared = append(g.declared, "$"+name+": "+declared)
	g.variables[name] = plain(v)
	return name
}

// plain is the value as JSON.
func plain(v any) any {
	switch v := v.(type) {
	case enum:
		return string(v)
	case []any:
		list := []any{}
		for _, each := range v {
			list = append(list, plain(each))
		}
		return list
	case object:
		m := map[string]any{}
		for _, p := range v {
			m[p.key] = plain(p.value)
		}
		return m
	}
	return v
}
