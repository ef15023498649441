// Package compat tells what changed between two versions of a schema, and
// whether the change breaks clients or the stored graph.
package compat

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Change is one difference between two schemas.
type Change struct {
	At       string // Visit.destination, Query.visits(where:), @perspective(knownAt:)
	What     string // removed
	Breaking bool
}

func (c Change) String() string { return c.At + ": " + c.What }

// Compare returns what changed from before to after, sorted by place.
// Descriptions, the order of declarations and deprecations make no change.
//
// Breaking is whatever can make a valid document invalid, or give it another
// answer: what was removed, another type (also a narrower one, since generated
// clients compile against it), another default, a new argument or input field
// that has to be given. So is another source in the graph, which orphans what is
// stored: the arguments iri, inverse, scheme of @class, @edge, @literal and
// @identifier, and @key. What only has a source in one of the two is not
// compared, so before may be a schema without these directives.
func Compare(before, after *ast.Schema) []Change {
	c := &comparison{}
	for _, name := range slices.Sorted(maps.Keys(before.Types)) {
		old := before.Types[name]
		if old.BuiltIn {
			continue
		}
		if now := after.Types[name]; now == nil {
			c.breaks(name, "removed")
		} else {
			c.definition(old, now)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after.Types)) {
		if !after.Types[name].BuiltIn && before.Types[name] == nil {
			c.adds(name, "added")
		}
	}
	c.directives(before, after)
	slices.SortStableFunc(c.changes, func(a, b Change) int { return cmp.Compare(a.At, b.At) })
	return c.changes
}

// Breaking returns those of the changes that break something.
func Breaking(changes []Change) []Change {
	var breaking []Change
	for _, c := range changes {
		if c.Breaking {
			breaking = append(breaking, c)
		}
	}
	return breaking
}

// Allows reports whether the step from one version to another announces a
// breaking change: a higher major number, or before 1.0 a higher minor one. The
// error names a version that isn't three numbers.
func Allows(before, after string) (bool, error) {
	b, err := numbers(before)
	if err != nil {
		return false, err
	}
	a, err := numbers(after)
	if err != nil {
		return false, err
	}
	return a[0] > b[0] || a[0] == 0 && b[0] == 0 && a[1] > b[1], nil
}

func numbers(version string) (ns [3]int, err error) {
	parts := strings.Split(version, ".")
	if len(parts) != len(ns) {
		return ns, fmt.Errorf("version %q: want three numbers, such as 0.1.0", version)
	}
	for i, p := range parts {
		if ns[i], err = strconv.Atoi(p); err != nil || ns[i] < 0 {
			return ns, fmt.Errorf("version %q: %q is no number", version, p)
		}
	}
	return ns, nil
}

type comparison struct{ changes []Change }

func (c *comparison) breaks(at, format string, args ...any) {
	c.changes = append(c.changes, Change{At: at, What: fmt.Sprintf(format, args...), Breaking: true})
}

func (c *comparison) adds(at, format string, args ...any) {
	c.changes = append(c.changes, Change{At: at, What: fmt.Sprintf(format, args...)})
}

func (c *comparison) definition(old, now *ast.Definition) {
	if old.Kind != now.Kind {
		c.breaks(old.Name, "was %s, is %s", old.Kind, now.Kind)
		return
	}
	c.members(old.Name, "interface", old.Interfaces, now.Interfaces)
	c.members(old.Name, "member", old.Types, now.Types)
	c.sources(old.Name, old.Directives, now.Directives)
	if a, b := old.Directives.ForName("oneOf"), now.Directives.ForName("oneOf"); (a == nil) != (b == nil) {
		c.breaks(old.Name, "@oneOf came or went")
	}
	for _, v := range old.EnumValues {
		at := old.Name + "." + v.Name
		if w := now.EnumValues.ForName(v.Name); w == nil {
			c.breaks(at, "removed")
		} else {
			c.sources(at, v.Directives, w.Directives)
		}
	}
	for _, v := range now.EnumValues {
		if old.EnumValues.ForName(v.Name) == nil {
			c.adds(old.Name+"."+v.Name, "added")
		}
	}
	for _, f := range old.Fields {
		at := old.Name + "." + f.Name
		g := now.Fields.ForName(f.Name)
		if g == nil {
			c.breaks(at, "removed")
			continue
		}
		c.typed(at, f.Type, g.Type, f.DefaultValue, g.DefaultValue)
		c.arguments(at, f.Arguments, g.Arguments)
		c.sources(at, f.Directives, g.Directives)
	}
	for _, g := range now.Fields {
		if old.Fields.ForName(g.Name) != nil {
			continue
		}
		if at := old.Name + "." + g.Name; now.Kind == ast.InputObject && g.Type.NonNull && g.DefaultValue == nil {
			c.breaks(at, "added, and it has to be given")
		} else {
			c.adds(at, "added")
		}
	}
}

func (c *comparison) members(at, what string, old, now []string) {
	for _, name := range old {
		if !slices.Contains(now, name) {
			c.breaks(at, "%s %s removed", what, name)
		}
	}
	for _, name := range now {
		if !slices.Contains(old, name) {
			c.adds(at, "%s %s added", what, name)
		}
	}
}

func (c *comparison) arguments(at string, old, now ast.ArgumentDefinitionList) {
	for _, a := range old {
		at := at + "(" + a.Name + ":)"
		if b := now.ForName(a.Name); b == nil {
			c.breaks(at, "removed")
		} else {
			c.typed(at, a.Type, b.Type, a.DefaultValue, b.DefaultValue)
		}
	}
	for _, b := range now {
		if old.ForName(b.Name) != nil {
			continue
		}
		if at := at + "(" + b.Name + ":)"; b.Type.NonNull && b.DefaultValue == nil {
			c.breaks(at, "added, and it has to be given")
		} else {
			c.adds(at, "added")
		}
	}
}

func (c *comparison) typed(at string, old, now *ast.Type, oldDefault, nowDefault *ast.Value) {
	if old.String() != now.String() {
		c.breaks(at, "was %s, is %s", old, now)
	}
	if a, b := value(oldDefault), value(nowDefault); a != b {
		c.breaks(at, "the default was %s, is %s", a, b)
	}
}

func value(v *ast.Value) string {
	if v == nil {
		return "none"
	}
	return v.String()
}

// sources compares the directives that tie the schema to the graph.
func (c *comparison) sources(at string, old, now ast.DirectiveList) {
	for _, s := range [...]struct {
		directive string
		arguments []string
	}{
		{"class", []string{"iri"}},
		{"edge", []string{"iri", "inverse"}},
		{"literal", []string{"iri"}},
		{"identifier", []string{"scheme"}},
		{"key", []string{"field", "through", "period"}},
	} {
		a, b := old.ForName(s.directive), now.ForName(s.directive)
		switch {
		case a == nil:
		case b == nil:
			c.breaks(at, "@%s removed", s.directive)
		default:
			for _, name := range s.arguments {
				if x, y := argument(a, name), argument(b, name); x != y {
					c.breaks(at, "@%s(%s:) was %s, is %s", s.directive, name, x, y)
				}
			}
		}
	}
}

// argument returns a directive's argument as text; one not given is its
// default.
func argument(d *ast.Directive, name string) string {
	if a := d.Arguments.ForName(name); a != nil {
		return a.Value.String()
	}
	if d.Definition != nil {
		if a := d.Definition.Arguments.ForName(name); a != nil {
			return value(a.DefaultValue)
		}
	}
	return "none"
}

func (c *comparison) directives(before, after *ast.Schema) {
	own := func(d *ast.DirectiveDefinition) bool {
		return d.Position == nil || d.Position.Src == nil || !d.Position.Src.BuiltIn
	}
	for _, name := range slices.Sorted(maps.Keys(before.Directives)) {
		old := before.Directives[name]
		if !own(old) {
			continue
		}
		at := "@" + name
		now := after.Directives[name]
		if now == nil {
			c.breaks(at, "removed")
			continue
		}
		c.arguments(at, old.Arguments, now.Arguments)
		for _, l := range old.Locations {
			if !slices.Contains(now.Locations, l) {
				c.breaks(at, "no longer on %s", l)
			}
		}
		if old.IsRepeatable && !now.IsRepeatable {
			c.breaks(at, "no longer repeatable")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after.Directives)) {
		if own(after.Directives[name]) && before.Directives[name] == nil {
			c.adds("@"+name, "added")
		}
	}
}
