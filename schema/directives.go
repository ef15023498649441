package schema

import "github.com/vektah/gqlparser/v2/ast"

// text returns a directive's argument as text, or "" when it isn't given.
func text(d *ast.Directive, name string) string {
	if a := d.Arguments.ForName(name); a != nil && a.Value.Kind != ast.NullValue {
		return a.Value.Raw
	}
	return ""
}

// texts returns a directive's list argument; one value counts as a list of it.
func texts(d *ast.Directive, name string) []string {
	a := d.Arguments.ForName(name)
	if a == nil {
		return nil
	}
	if a.Value.Kind != ast.ListValue {
		return []string{a.Value.Raw}
	}
	var all []string
	for _, child := range a.Value.Children {
		all = append(all, child.Value.Raw)
	}
	return all
}
