package naive

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

// check finds what is wrong with a filter whatever it is asked of: ids never
// seen, references that name not exactly one thing or have within in the wrong
// place, and enclosing where nothing around can be an event, tenure or
// membership. around are the classes of what is around, the nearest first.
func (f *filter) check(typeName string, v any, around []*schema.Class) {
	of := func(suffix string) *schema.Class {
		name, _ := strings.CutSuffix(typeName, suffix)
		return f.o.Class(name)
	}
	if list, ok := v.([]any); ok {
		for _, each := range list {
			f.check(typeName, each, around)
		}
		return
	}
	where, ok := v.(map[string]any)
	if !ok {
		return
	}
	if strings.HasSuffix(typeName, "Where") && of("Where") != nil {
		f.checkWhere(typeName, of("Where"), where, around)
		return
	}
	fields := f.o.Schema.Types[typeName].Fields
	for key, inner := range where {
		switch t := fields.ForName(key).Type; {
		case inner == nil:
		case t.Name() == "ID":
			f.checkIDs(inner)
		case t.Name() == "TimeReference":
			f.checkReference(key, inner.(map[string]any), around)
		default:
			f.check(t.Name(), inner, around)
		}
	}
}

// checkWhere checks the keys of a filter on entities or claims of a class.
func (f *filter) checkWhere(typeName string, class *schema.Class, where map[string]any, around []*schema.Class) {
	for key, inner := range where {
		t := f.o.Schema.Types[typeName].Fields.ForName(key).Type
		field := class.Field(key)
		switch {
		case inner == nil:
		case t.Name() == "ID":
			f.checkIDs(inner)
		case key == "claims", field != nil && field.Kind == schema.Relation && class.Name != "Claim":
			f.check(t.Name(), inner, append([]*schema.Class{class}, around...))
		default: // what is asked of the same entity, or passes through a claim
			f.check(t.Name(), inner, around)
		}
	}
}

func (f *filter) checkIDs(v any) {
	ids, many := v.([]any)
	if !many {
		ids = []any{v}
	}
	for _, id := range ids {
		if _, ok := f.id(id.(string)); !ok {
			f.fail(unknownID)
		}
	}
}

func (f *filter) checkReference(key string, ref map[string]any, around []*schema.Class) {
	named := 0
	for _, one := range []string{"date", "event", "enclosing"} {
		if ref[one] != nil && ref[one] != false {
			named++
		}
	}
	if named != 1 || ref["within"] != nil && key != "before" && key != "after" {
		f.fail(badUserInput)
	}
	if ref["event"] != nil {
		f.checkIDs(ref["event"])
		id, _ := f.id(ref["event"].(string))
		if class := f.classes[id]; class != nil && class.Time == schema.Timeless {
			f.fail(badUserInput)
		}
	}
	canBeTimed := func(c *schema.Class) bool {
		return slices.ContainsFunc(c.Members, func(m *schema.Class) bool { return m.Time != schema.Timeless })
	}
	if ref["enclosing"] == true && !slices.ContainsFunc(around, canBeTimed) {
		f.fail(badUserInput)
	}
}

// where gives the coerced where argument of a field, checked.
func (f *filter) where(t *ast.Type, args map[string]any, around *surrounding) map[string]any {
	return f.checked(t, args["where"], around)
}

// checked gives a coerced filter, checked.
func (f *filter) checked(t *ast.Type, v any, around *surrounding) map[string]any {
	where, _ := v.(map[string]any)
	var classes []*schema.Class
	for s := around; s != nil; s = s.outer {
		if c := f.classes[s.id]; c != nil {
			classes = append(classes, c)
		}
	}
	f.check(t.Name(), where, classes)
	return where
}
