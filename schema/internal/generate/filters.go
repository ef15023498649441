package generate

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// where is VisitWhere. The error names a key that would be there twice.
func (m *model) where(l *list) (*ast.Definition, error) {
	name := l.def.Name + "Where"
	only := func(format string, args ...any) string { return "Only " + l.many + " " + fmt.Sprintf(format, args...) }
	def := &ast.Definition{
		Kind: ast.InputObject, Name: name,
		Description: fmt.Sprintf("A condition on %s. All keys that are given hold together.", article(l.one)),
	}
	add := func(key string, t *ast.Type, description string) {
		def.Fields = append(def.Fields, field(key, t, description))
	}
	add("and", listOf(name), only("%s meet all of these.", l.that))
	add("or", listOf(name), only("%s meet at least one of these.", l.that))
	add("not", named(name), only("%s don't definitely meet this. To rule out what possibly meets it, ask for `POSSIBLE` inside.", l.that))
	add("id", named("IDFilter"), only("with such an id."))
	add("name", named("TextFilter"), only("with a name that meets this, in whatever language; with `not`, those without that name."))
	add("identifier", named("IdentifierFilter"), only("with such an entry in a catalogue or code list."))
	add("claims", named("ClaimList"), only("about which there are claims that meet this: some, every or none of them."))
	if l.def.Kind == ast.Interface {
		add("class", listOf("Class"), only("of one of these classes."))
	}
	if l.timed {
		add("when", named("IntervalFilter"), only("whose time, from `start` to `end`, lies so to another one."))
	}
	if m.hierarchical(l) {
		add("within", named("ID"), fmt.Sprintf("Only the %s with this id and all that are narrower than it, however many steps down.", l.one))
	}
	for _, f := range l.def.Fields {
		if t, condition := m.filter(f); t != nil {
			add(f.Name, t, sentences(only("%s", condition), firstSentence(f.Description)))
		}
	}
	for _, c := range m.narrower(l) {
		if other := def.Fields.ForName(c.key); other != nil {
			return nil, fmt.Errorf("%s.%s: a filter on %s can't have this field's key, which narrows it to the class %s",
				l.def.Name, c.key, l.many, c.def.Name)
		}
		add(c.key, named(c.def.Name+"Where"), only("%s are %s and meet this.", l.that, c.many))
	}
	for i, f := range def.Fields {
		if def.Fields.ForName(f.Name) != def.Fields[i] {
			return nil, fmt.Errorf("%s.%s: a filter on %s can't have this field's key, which has a meaning of its own there",
				l.def.Name, f.Name, l.many)
		}
	}
	return def, nil
}

// hierarchical reports whether the entities of a class are narrower and broader
// than each other.
func (m *model) hierarchical(l *list) bool {
	for _, f := range l.def.Fields {
		edge := f.Directives.ForName("edge")
		if edge != nil && argument(edge, "iri") == "skos:broader" && f.Type.Name() == l.def.Name {
			return true
		}
	}
	return false
}

// filter returns the type of a field's own condition and what it says, or nil
// for a field that filters don't see or that has a key by another rule.
func (m *model) filter(f *ast.FieldDefinition) (*ast.Type, string) {
	single := f.Type.Elem == nil
	to := f.Type.Name()
	if f.Directives.ForName("edge") != nil {
		if m.listed[to] == nil {
			return nil, ""
		}
		if single {
			return named(to + "Where"), fmt.Sprintf("whose `%s` meets this.", f.Name)
		}
		return named(to + "List"), fmt.Sprintf("whose `%s` meet this: some, every or none of them.", f.Name)
	}
	if f.Directives.ForName("literal") == nil && f.Directives.ForName("identifier") == nil {
		return nil, ""
	}
	if def := m.types[to]; def != nil && def.Kind == ast.Enum {
		if single {
			return listOf(to), fmt.Sprintf("whose `%s` is one of these.", f.Name)
		}
		return listOf(to), fmt.Sprintf("with one of these among their `%s`.", f.Name)
	}
	condition := fmt.Sprintf("whose `%s` meets this.", f.Name)
	switch to {
	case "String":
		return named("TextFilter"), condition
	case "TimeSpan":
		return named("TimeFilter"), condition
	case "Int", "Float":
		return named("NumberFilter"), condition
	case "DateTime":
		return named("MomentFilter"), condition
	case "Boolean":
		return named("Boolean"), fmt.Sprintf("whose `%s` is this.", f.Name)
	}
	return nil, ""
}

// listInput is VisitList.
func (m *model) listInput(l *list) *ast.Definition {
	where := named(l.def.Name + "Where")
	def := &ast.Definition{
		Kind: ast.InputObject, Name: l.def.Name + "List",
		Description: fmt.Sprintf("A condition on a list of %s. All keys that are given hold together.", l.many),
		Fields: ast.FieldList{
			field("some", where, fmt.Sprintf("At least one %s of the list meets this.", l.one)),
			field("every", where, fmt.Sprintf("Every %s of the list meets this. So it is when the list is empty.", l.one)),
			field("none", where, fmt.Sprintf("No %s of the list definitely meets this. To rule out what possibly meets it, ask for `POSSIBLE` inside.", l.one)),
			field("atLeast", named("Int"), fmt.Sprintf("At least so many %s of the list meet `some`. Without `some`, all are counted.", l.many)),
			field("atMost", named("Int"), fmt.Sprintf("At most so many %s of the list meet `some`. Without `some`, all are counted.", l.many)),
		},
	}
	if m.grouped(l) {
		def.Fields = append(def.Fields, field("distinct", named(l.def.Name+"Group"), fmt.Sprintf(
			"Let `atLeast` and `atMost` count the different values of this key among the %s, instead of the %s.", l.many, l.many)))
	}
	return def
}

// order is VisitOrder.
func (m *model) order(l *list) *ast.Definition {
	def := &ast.Definition{
		Kind: ast.InputObject, Name: l.def.Name + "Order",
		Description: fmt.Sprintf("An order of %s. Each element of an order names exactly one key; the next element decides between equals.", l.many),
		Directives:  ast.DirectiveList{{Name: "oneOf"}},
		Fields: ast.FieldList{
			field("id", named("Direction"), "By id, character by character."),
			field("name", named("Direction"), "By the English name, or the one that stands in for it, character by character."),
		},
	}
	for _, f := range l.def.Fields {
		by, ordered := "", f.Type.Elem == nil && f.Directives.ForName("literal") != nil
		switch to := f.Type.Name(); {
		case ordered && to == "TimeSpan":
			by = ": by its earliest day, then by its latest"
		case !ordered || to != "Int" && to != "Float":
			continue
		}
		def.Fields = append(def.Fields, field(f.Name, named("Direction"), sentences(
			fmt.Sprintf("By `%s`%s. Unknown comes last in both directions.", f.Name, by), firstSentence(f.Description))))
	}
	return def
}
