package generate

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

var periods = map[string]struct{ word, example string }{
	"YEAR":    {"year", "2018"},
	"QUARTER": {"quarter", "2018-Q2"},
	"MONTH":   {"month", "2018-05"},
	"DAY":     {"day", "2018-05-13"},
}

// groupEnum is VisitGroup, or nil when nothing can be grouped by.
func (m *model) groupEnum(l *list) *ast.Definition {
	values := m.groupValues(l)
	if len(values) == 0 {
		return nil
	}
	return &ast.Definition{
		Kind: ast.Enum, Name: l.def.Name + "Group", EnumValues: values,
		Description: fmt.Sprintf("What %s can be grouped by. What has several values of a key counts once under each of them.", l.many),
	}
}

// grouped reports whether there is an enum of what the lists can be grouped by.
func (m *model) grouped(l *list) bool {
	return l.generated && len(m.groupValues(l)) > 0 || m.types[l.def.Name+"Group"] != nil
}

func (m *model) groupValues(l *list) ast.EnumValueList {
	var values ast.EnumValueList
	if l.def.Kind == ast.Interface {
		values = append(values, &ast.EnumValueDefinition{
			Name: "CLASS", Description: "By class, written as in the enum `Class`.",
			Directives: ast.DirectiveList{{Name: "key"}},
		})
	}
	for _, f := range l.def.Fields {
		group := f.Directives.ForName("group")
		if group == nil {
			continue
		}
		name, about := upperSnake(f.Name), firstSentence(f.Description)
		periodNames := arguments(group, "periods")
		for _, p := range periodNames {
			values = append(values, &ast.EnumValueDefinition{
				Name:        name + "_" + p,
				Description: sentences(fmt.Sprintf("By the %s of `%s`, written `%s`.", periods[p].word, f.Name, periods[p].example), about),
				Directives:  ast.DirectiveList{key(f.Name, nil, p)},
			})
		}
		if len(periodNames) == 0 {
			values = append(values, &ast.EnumValueDefinition{
				Name: name, Description: sentences(fmt.Sprintf("By `%s`.", f.Name), about),
				Directives: ast.DirectiveList{key(f.Name, nil, "")},
			})
		}
		for _, through := range arguments(group, "through") {
			values = append(values, m.throughValue(f, strings.Split(through, ".")))
		}
	}
	return values
}

// throughValue is VISITORS_NATIONALITY.
func (m *model) throughValue(f *ast.FieldDefinition, path []string) *ast.EnumValueDefinition {
	name, of, about := upperSnake(f.Name), "`"+f.Name+"`", ""
	at := m.types[f.Type.Name()]
	for _, step := range path {
		name += "_" + upperSnake(step)
		of = "`" + step + "` of " + of
		if at == nil {
			break // unless schema.Compile gets to see it: the key then leads nowhere
		}
		if next := at.Fields.ForName(step); next != nil {
			about = firstSentence(next.Description)
			at = m.types[next.Type.Name()]
		}
	}
	return &ast.EnumValueDefinition{
		Name: name, Description: sentences("By "+of+".", about),
		Directives: ast.DirectiveList{key(f.Name, path, "")},
	}
}

func key(field string, through []string, period string) *ast.Directive {
	text := func(s string) *ast.Value { return &ast.Value{Kind: ast.StringValue, Raw: s} }
	d := &ast.Directive{Name: "key", Arguments: ast.ArgumentList{{Name: "field", Value: text(field)}}}
	if through != nil {
		list := &ast.Value{Kind: ast.ListValue}
		for _, s := range through {
			list.Children = append(list.Children, &ast.ChildValue{Value: text(s)})
		}
		d.Arguments = append(d.Arguments, &ast.Argument{Name: "through", Value: list})
	}
	if period != "" {
		d.Arguments = append(d.Arguments, &ast.Argument{Name: "period", Value: &ast.Value{Kind: ast.EnumValue, Raw: period}})
	}
	return d
}

// classEnum is the enum Class.
func (m *model) classEnum() *ast.Definition {
	def := &ast.Definition{
		Kind: ast.Enum, Name: "Class",
		Description: "The classes that an entity can be of. More may be added: treat one that you don't know as any other entity.",
	}
	for _, c := range m.classes {
		if c.entity && c.def.Kind == ast.Object {
			def.EnumValues = append(def.EnumValues, &ast.EnumValueDefinition{
				Name: upperSnake(c.key), Description: firstSentence(c.def.Description),
			})
		}
	}
	return def
}
