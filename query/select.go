package query

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// collected is one response key of a selection set: the field that it stands
// for, and the merged selections of all fields with that key.
type collected struct {
	key        string
	field      *ast.Field // the first with this key
	selections ast.SelectionSet
}

// collect merges a selection set as it applies to objects of a type, in the
// order of the specification, section 6.3.2. Validation has made sure that
// fields of one key agree.
func (r *run) collect(typeName string, selections ast.SelectionSet) []*collected {
	c := collector{run: r, typeName: typeName, out: make([]*collected, 0, len(selections))}
	c.add(selections)
	return c.out
}

// asks reports whether a field's selection on a type has one of the fields.
func (r *run) asks(typeName string, c *collected, names ...string) bool {
	return slices.ContainsFunc(r.collect(typeName, c.selections), func(f *collected) bool { return slices.Contains(names, f.field.Name) })
}

type collector struct {
	run      *run
	typeName string
	out      []*collected
	at       map[string]int  // of the keys, once they are many
	visited  map[string]bool // fragments
}

func (c *collector) add(selections ast.SelectionSet) {
	for _, s := range selections {
		switch s := s.(type) {
		case *ast.Field:
			if !c.included(s.Directives) {
				continue
			}
			i := c.find(s.Alias)
			if i < 0 {
				c.out = append(c.out, &collected{key: s.Alias, field: s, selections: s.SelectionSet[:len(s.SelectionSet):len(s.SelectionSet)]})
				continue
			}
			c.out[i].selections = append(c.out[i].selections, s.SelectionSet...)
		case *ast.InlineFragment:
			if c.included(s.Directives) && c.applies(s.TypeCondition) {
				c.add(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if c.visited[s.Name] || !c.included(s.Directives) {
				continue
			}
			if c.visited == nil {
				c.visited = map[string]bool{}
			}
			c.visited[s.Name] = true
			if c.applies(s.Definition.TypeCondition) {
				c.add(s.Definition.SelectionSet)
			}
		}
	}
}

// manyKeys is from how many keys on they are looked up, and not looked through.
const manyKeys = 16

// find returns which of the fields has a key; -1: none.
func (c *collector) find(key string) int {
	if len(c.out) < manyKeys {
		return slices.IndexFunc(c.out, func(f *collected) bool { return f.key == key })
	}
	if c.at == nil {
		c.at = map[string]int{}
	}
	for i := len(c.at); i < len(c.out); i++ {
		c.at[c.out[i].key] = i
	}
	if i, is := c.at[key]; is {
		return i
	}
	return -1
}

// applies reports whether a type condition holds for objects of the type.
func (c *collector) applies(condition string) bool {
	if condition == "" || condition == c.typeName {
		return true
	}
	for _, def := range c.run.ontology.Schema.GetImplements(c.run.ontology.Schema.Types[c.typeName]) {
		if def.Name == condition {
			return true
		}
	}
	return false
}

func (c *collector) included(directives ast.DirectiveList) bool {
	if d := directives.ForName("skip"); d != nil && c.condition(d) {
		return false
	}
	d := directives.ForName("include")
	return d == nil || c.condition(d)
}

func (c *collector) condition(d *ast.Directive) bool {
	v, err := d.Arguments.ForName("if").Value.Value(c.run.vars)
	if err != nil {
		return false // unreachable: validated as Boolean!
	}
	b, _ := v.(bool)
	return b
}
