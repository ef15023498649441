package api

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// size is how large a document is, in the units that Limits bounds. Of its
// operations and fragments, each expanded, the largest counts.
type size struct {
	depth         int
	roots         int
	fields        int
	repeats       count
	aliases       count
	directives    count
	introspection count
	schema        *ast.Position // where the schema is asked for, or nil
	nestedTypes   *ast.Position // a list of types deeper inside a list of types than is allowed, or nil
	cut           bool          // fields were no longer counted
}

// count is a number of things, and where the last one stands.
type count struct {
	n    int
	name string
	at   *ast.Position
}

func (c *count) add(name string, at *ast.Position) { c.n, c.name, c.at = c.n+1, name, at }

// mostSteps is how many selections are looked at before a document is taken to
// be too large: fragments that spread others twice double it with each one.
const mostSteps = 50_000

// meter measures a document. It follows fields as execution and validation do:
// fields that share a response name in one place are taken together, and so are
// their selections. Recursion ends because fragments spread no cycle and the
// document's tokens are bounded.
type meter struct {
	size
	fragments fragments
	steps     int
	root      size // of the operation or fragment being measured
}

// measure returns the size of a document in which no fragment spreads itself.
// Cost: O(mostSteps + tokens).
func measure(doc *ast.QueryDocument, named fragments) size {
	m := &meter{fragments: named}
	for _, op := range doc.Operations {
		m.directivesOf(op.Directives)
		for _, v := range op.VariableDefinitions {
			m.directivesOf(v.Directives)
		}
		m.plain(op.SelectionSet)
		m.expand(op.SelectionSet)
		m.roots = max(m.roots, m.root.roots)
	}
	for _, f := range doc.Fragments {
		m.directivesOf(f.Directives)
		m.plain(f.SelectionSet)
		m.expand(f.SelectionSet)
	}
	return m.size
}

// plain counts what counts once, however often a fragment is spread.
func (m *meter) plain(selections ast.SelectionSet) {
	for _, s := range selections {
		switch s := s.(type) {
		case *ast.Field:
			if s.Alias != s.Name {
				m.aliases.add(s.Alias, s.Position)
			}
			m.directivesOf(s.Directives)
			m.plain(s.SelectionSet)
		case *ast.InlineFragment:
			m.directivesOf(s.Directives)
			m.plain(s.SelectionSet)
		case *ast.FragmentSpread:
			m.directivesOf(s.Directives)
		}
	}
}

func (m *meter) directivesOf(list ast.DirectiveList) {
	for _, d := range list {
		m.directives.add(d.Name, d.Position)
	}
}

// expand measures an operation's or a fragment's fields with fragments expanded.
func (m *meter) expand(selections ast.SelectionSet) {
	m.root = size{}
	m.level([]ast.SelectionSet{selections}, 1, schemaLists{})
	m.depth = max(m.depth, m.root.depth)
	m.fields = max(m.fields, m.root.fields)
	if m.root.repeats.n > m.repeats.n {
		m.repeats = m.root.repeats
	}
	if m.root.introspection.n > m.introspection.n {
		m.introspection = m.root.introspection
	}
	if m.schema == nil {
		m.schema = m.root.schema
	}
	if m.nestedTypes == nil {
		m.nestedTypes = m.root.nestedTypes
	}
}

// together are the fields that share a response name in one place.
type together struct {
	count
	field string // the name of the last one's field
	sets  []ast.SelectionSet
}

// level measures the fields selected in one place, and what lies below.
func (m *meter) level(sets []ast.SelectionSet, depth int, lists schemaLists) {
	l := level{meter: m, byName: map[string]*together{}, spread: map[string]bool{}}
	for _, set := range sets {
		l.collect(set)
	}
	if depth == 1 {
		m.root.roots = len(l.fields)
	}
	m.root.depth = max(m.root.depth, depth)
	for _, t := range l.fields {
		m.root.fields += t.n
		if t.n > m.root.repeats.n {
			m.root.repeats = t.count
		}
		inside := lists.enter(t, &m.root)
		if len(t.sets) > 0 && !m.cut {
			m.level(t.sets, depth+1, inside)
		}
	}
}

// level collects the fields of one place, in their order.
type level struct {
	*meter
	fields []*together
	byName map[string]*together // the same by response name
	spread map[string]bool      // fragments taken in
}

func (l *level) collect(set ast.SelectionSet) {
	for _, s := range set {
		if l.steps++; l.steps > mostSteps {
			l.cut = true
			return
		}
		switch s := s.(type) {
		case *ast.Field:
			t := l.byName[s.Alias]
			if t == nil {
				t = &together{}
				l.byName[s.Alias] = t
				l.fields = append(l.fields, t)
			}
			t.add(s.Alias, s.Position)
			t.field = s.Name
			if len(s.SelectionSet) > 0 {
				t.sets = append(t.sets, s.SelectionSet)
			}
		case *ast.InlineFragment:
			l.collect(s.SelectionSet)
		case *ast.FragmentSpread:
			if f := l.fragments[s.Name]; f != nil && !l.spread[s.Name] {
				l.spread[s.Name] = true
				l.collect(f.SelectionSet)
			}
		}
	}
}

// schemaLists says how far inside introspection's lists a field lies.
type schemaLists struct {
	introspecting bool
	nested        int // lists of types and fields around it
}

// mostNestedLists lets types list their fields and a type's fields list their
// types' fields. Each level more multiplies the answer by dozens.
const mostNestedLists = 2

// enter counts a field and returns where the fields below it lie.
func (l schemaLists) enter(t *together, size *size) schemaLists {
	switch t.field {
	case "__schema", "__type":
		l.introspecting = true
		size.schema = t.at
	case "types", "fields", "inputFields", "interfaces", "possibleTypes":
		if l.introspecting {
			size.introspection.add(t.name, t.at)
			if l.nested++; l.nested > mostNestedLists && size.nestedTypes == nil {
				size.nestedTypes = t.at
			}
		}
	case "directives", "args", "enumValues":
		if l.introspecting {
			size.introspection.add(t.name, t.at)
		}
	}
	return l
}

// fragments are a document's fragments by name; of two with one name, the first.
type fragments map[string]*ast.FragmentDefinition

func fragmentsOf(doc *ast.QueryDocument) fragments {
	named := make(fragments, len(doc.Fragments))
	for _, f := range doc.Fragments {
		if named[f.Name] == nil {
			named[f.Name] = f
		}
	}
	return named
}

// cycle returns a spread with which a fragment ends up spreading itself, or nil.
func (named fragments) cycle() *ast.FragmentSpread {
	const open, done = 1, 2
	state := map[string]int{}
	var within func(set ast.SelectionSet) *ast.FragmentSpread
	within = func(set ast.SelectionSet) *ast.FragmentSpread {
		for _, s := range set {
			var found *ast.FragmentSpread
			switch s := s.(type) {
			case *ast.Field:
				found = within(s.SelectionSet)
			case *ast.InlineFragment:
				found = within(s.SelectionSet)
			case *ast.FragmentSpread:
				f := named[s.Name]
				switch {
				case f == nil || state[s.Name] == done:
				case state[s.Name] == open:
					return s
				default:
					state[s.Name] = open
					found = within(f.SelectionSet)
					state[s.Name] = done
				}
			}
			if found != nil {
				return found
			}
		}
		return nil
	}
	for name, f := range named {
		if state[name] == done {
			continue
		}
		state[name] = open
		if found := within(f.SelectionSet); found != nil {
			return found
		}
		state[name] = done
	}
	return nil
}
