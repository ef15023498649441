package tables

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Read reads a document's variables from the parameters of an address, and the
// perspective: any argument of @perspective, unless the document has a variable of
// that name. A value is written as its type has it, without quotes; a list, by its
// parameter given several times; an input object, as JSON. An empty value is none,
// except of a String. The error names the parameter.
func (s *Saved) Read(d *Document, params url.Values) (variables, perspective map[string]any, err error) {
	variables = map[string]any{}
	known := slices.Clone(reserved)
	for _, v := range d.Variables {
		known = append(known, v.Name)
		given := params[v.Name]
		if v.typ.Name() != "String" {
			given = slices.DeleteFunc(slices.Clone(given), func(text string) bool { return text == "" })
		}
		if len(given) == 0 {
			if v.Required() {
				return nil, nil, fmt.Errorf("the variable %q is missing: add %s= and %s to the address", v.Name, v.Name, v.Help)
			}
			continue
		}
		if variables[v.Name], err = s.value(v.typ, given); err != nil {
			return nil, nil, fmt.Errorf("the variable %q: %w", v.Name, err)
		}
	}
	for _, arg := range s.schema.Directives["perspective"].Arguments {
		if slices.Contains(known, arg.Name) {
			continue
		}
		known = append(known, arg.Name)
		given := slices.DeleteFunc(slices.Clone(params[arg.Name]), func(text string) bool { return text == "" })
		if len(given) == 0 {
			continue
		}
		if d.Fixed {
			return nil, nil, fmt.Errorf("%q cannot be chosen: the document %s has a perspective of its own", arg.Name, d.ID)
		}
		if perspective == nil {
			perspective = map[string]any{}
		}
		if perspective[arg.Name], err = s.value(arg.Type, given); err != nil {
			return nil, nil, fmt.Errorf("%q of the perspective: %w", arg.Name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if !slices.Contains(known, name) {
			return nil, nil, fmt.Errorf("there is no variable %.60q in the document %s: it takes %s", name, d.ID, strings.Join(known, ", "))
		}
	}
	return variables, perspective, nil
}

func (s *Saved) value(t *ast.Type, given []string) (any, error) {
	if t.Elem != nil {
		list := make([]any, len(given))
		for i, text := range given {
			var err error
			if list[i], err = s.value(t.Elem, []string{text}); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
	if len(given) > 1 {
		return nil, fmt.Errorf("it is given %d times, and takes one value", len(given))
	}
	text := given[0]
	wrong := fmt.Errorf("%.60q is not %s", text, s.help(t))
	switch def := s.schema.Types[t.NamedType]; {
	case def.Kind == ast.Enum:
		if def.EnumValues.ForName(text) == nil {
			return nil, wrong
		}
	case def.Kind == ast.InputObject:
		var object map[string]any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&object); err != nil || object == nil {
			return nil, wrong
		}
		if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
			return nil, wrong
		}
		return object, nil
	case t.NamedType == "Int":
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return nil, wrong
		}
		return json.Number(strconv.FormatInt(n, 10)), nil
	case t.NamedType == "Float":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, wrong
		}
		number, err := json.Marshal(n)
		if err != nil {
			return nil, wrong // infinite
		}
		return json.Number(number), nil
	case t.NamedType == "Boolean":
		if text != "true" && text != "false" {
			return nil, wrong
		}
		return text == "true", nil
	}
	return text, nil
}

// help says what a value of a type is written like.
func (s *Saved) help(t *ast.Type) string {
	if t.Elem != nil {
		return s.help(t.Elem) + ", once for each"
	}
	switch def := s.schema.Types[t.NamedType]; {
	case def.Kind == ast.Enum:
		var names []string
		for _, v := range def.EnumValues {
			names = append(names, v.Name)
		}
		if len(names) > 12 {
			return "a " + t.NamedType
		}
		return "one of " + strings.Join(names, ", ")
	case def.Kind == ast.InputObject:
		return "a " + t.NamedType + " as JSON"
	}
	switch t.NamedType {
	case "ID":
		return "an id, such as nation/kz"
	case "Int":
		return "a whole number"
	case "Float":
		return "a number"
	case "Boolean":
		return "true or false"
	case "Date":
		return "a day, such as 2025-11-06"
	case "DateTime":
		return "a moment, such as 2025-11-06T00:00:00Z"
	case "EDTF":
		return "a date of EDTF, such as 2025-11-06 or 2025-11"
	case "Duration":
		return "a length of time, such as P30D"
	}
	return "a text"
}
