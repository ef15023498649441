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
	c := collector{run: r, typeName: typeName, out: make([]*collected, 0, len(selections)), room: make([]collected, len(selections))}
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
	room     []collected     // that out's next are in
	at       map[string]int  // where each key is in out; nil: out is short
	visited  map[string]bool // fragments
}

func (c *collector) add(selections ast.SelectionSet) {
	for _, s := range selections {
		switch s := s.(type) {
		case *ast.Field:
			if !c.included(s.Directives) {
				continue
			}
			if i := c.find(s.Alias); i >= 0 {
				c.out[i].selections = append(c.out[i].selections, s.SelectionSet...)
				continue
			}
			c.append(collected{key: s.Alias, field: s, selections: slices.Clip(s.SelectionSet)})
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

// short is how many keys are compared one by one.
const short = 16

// find returns where a key is; negative: nowhere yet.
func (c *collector) find(key string) int {
	if c.at == nil {
		return slices.IndexFunc(c.out, func(f *collected) bool { return f.key == key })
	}
	if i, seen := c.at[key]; seen {
		return i
	}
	return -1
}

// append adds a key that is nowhere yet.
func (c *collector) append(f collected) {
	if len(c.room) == 0 {
		c.room = make([]collected, short)
	}
	at := &c.room[0]
	*at, c.room = f, c.room[1:]
	c.out = append(c.out, at)
	switch {
	case c.at != nil:
		c.at[f.key] = len(c.out) - 1
	case len(c.out) > short:
		c.at = make(map[string]int, 2*len(c.out))
		for i, f := range c.out {
			c.at[f.key] = i
		}
	}
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
