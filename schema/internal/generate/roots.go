package generate

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// roots adds to Query, for every class, one by id and the list of all. A root
// that the sources declare themselves stays as it is. The error names two
// classes that would share one.
func (m *model) roots() error {
	query := m.types["Query"]
	if query == nil {
		return errors.New("the type Query is not declared")
	}
	taken := map[string]*list{}
	for _, c := range m.classes {
		for _, name := range []string{c.key, c.plural} {
			if other := taken[name]; other != nil {
				return fmt.Errorf("%s: its root %s is one of %s already: give it another plural", c.def.Name, name, other.def.Name)
			}
			taken[name] = c
		}
		add := func(f *ast.FieldDefinition) {
			if query.Fields.ForName(f.Name) == nil {
				query.Fields = append(query.Fields, f)
			}
		}
		add(field(c.key, named(c.def.Name),
			fmt.Sprintf("One %s by its id. Null when the perspective hides it; an id that was never seen is an error.", c.one),
			arg("id", required("ID"), fmt.Sprintf("The id of the %s, or one that was merged into it.", c.one))))
		all := field(c.plural, allOf(c.def.Name),
			fmt.Sprintf("All %s that the perspective shows, in pages.", c.many))
		all.Directives = ast.DirectiveList{{Name: "connection"}}
		add(all)
	}
	return nil
}
