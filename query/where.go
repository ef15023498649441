package query

import (
	"fmt"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// where compiles a coerced <Class>Where. A nil map is no condition.
func (r *run) where(c *schema.Class, given map[string]any) (filter, *Error) {
	conditions, err := r.connectives(given, func(given map[string]any) (filter, *Error) { return r.where(c, given) })
	if err != nil {
		return nil, err
	}
	left := len(given)
	for _, def := range r.ontology.Schema.Types[c.Name+"Where"].Fields {
		if left == 0 {
			break
		}
		value, is := given[def.Name]
		if is {
			left--
		}
		if value == nil {
			continue // absent and null alike
		}
		condition, err := r.condition(c, def.Name, value)
		if err != nil {
			return nil, err.at(def.Name)
		}
		if condition != nil {
			conditions = append(conditions, condition)
		}
	}
	if c.Name == "Claim" {
		condition, err := r.claimFacts(given)
		if err != nil {
			return nil, err
		}
		if condition != nil {
			conditions = append(conditions, condition)
		}
	}
	return conditions, nil
}

// condition compiles one key of a <Class>Where; nil for one that another takes.
func (r *run) condition(c *schema.Class, key string, value any) (filter, *Error) {
	switch key {
	case "and", "or", "not":
		return nil, nil // connectives has compiled them
	case "id":
		return r.idFilter(value.(map[string]any))
	}
	if c.Name == "Claim" {
		switch key {
		case "about", "field", "object":
			return nil, nil // claimFacts compiles them together
		case "publisher":
			return r.publisherFilter(value.(map[string]any))
		}
	}
	if f := c.Field(key); f != nil && f.Kind != schema.Derived {
		return r.fieldFilter(f, value)
	}
	switch key {
	case "name":
		return r.nameFilter(value.(map[string]any)), nil
	case "identifier":
		return r.identifierFilter(value.(map[string]any)), nil
	case "claims":
		return r.listFilter(related{name: key, class: c, read: r.claimsReader(value)}, r.ontology.Class("Claim"), value.(map[string]any))
	case "class":
		return classFilter(enumSet(value)), nil
	case "when":
		return r.whenFilter(value.(map[string]any))
	case "within":
		return r.withinFilter(c, value.(string))
	}
	for _, class := range r.ontology.Classes {
		if class.Key == key {
			f, err := r.where(class, value.(map[string]any))
			return narrowed{class, f}, err
		}
	}
	panic("query: a filter on " + c.Name + " that nothing reads: " + key)
}

// fieldFilter compiles the condition on a stored field.
func (r *run) fieldFilter(f *schema.Field, value any) (filter, *Error) {
	switch {
	case f.Kind == schema.Identifier:
		return r.textFilter(f, value.(map[string]any)), nil
	case f.Kind == schema.Relation:
		rel := related{name: f.Name, class: f.Class, field: f, found: new(foundObjects), read: func(r *run, of []graph.ID) (*items, error) { return r.relate(of, f) }}
		if f.Range.Name == "Claim" && f.Shape == schema.Connection {
			rel.read, rel.field = r.listedReader(f, value), nil
		}
		given := value.(map[string]any)
		if f.Shape != schema.Single {
			return r.listFilter(rel, f.Range, given)
		}
		var err *Error
		rel.one, err = r.where(f.Range, given)
		return rel, err
	}
	switch f.Value {
	case schema.Enum:
		return r.enumFilter(f, enumSet(value)), nil
	case schema.Time:
		return r.timeFilter(f, value.(map[string]any))
	case schema.Moment:
		return r.momentFilter(f, value.(map[string]any))
	case schema.Float, schema.Int:
		return r.numberFilter(f, value.(map[string]any)), nil
	case schema.Boolean:
		want := value.(bool)
		return r.valueFilter(f, fmt.Sprintf("%s is %t", f.Name, want), false, func(t graph.Term) bool { return (t.Text == "true") == want }), nil
	}
	return r.textFilter(f, value.(map[string]any)), nil
}

// listFilter compiles a <Class>List into the quantifiers of a relation.
func (r *run) listFilter(rel related, c *schema.Class, given map[string]any) (filter, *Error) {
	for _, q := range []struct {
		key string
		to  *filter
	}{{"some", &rel.some}, {"every", &rel.every}, {"none", &rel.none}} {
		if nested, ok := given[q.key].(map[string]any); ok {
			f, err := r.where(c, nested)
			if err != nil {
				return nil, err.at(q.key)
			}
			*q.to = f
		}
	}
	if n, ok := integer(given, "atLeast"); ok {
		rel.atLeast = &n
	}
	if n, ok := integer(given, "atMost"); ok {
		rel.atMost = &n
	}
	if key, ok := given["distinct"].(string); ok {
		rel.distinct = r.ontology.GroupKey(c.Name+"Group", key)
	}
	return rel, nil
}

// id looks up an id that the request names.
func (r *run) id(text string) (graph.ID, *Error) {
	id, ok := r.view.Node(text)
	if !ok {
		return 0, r.unknown(text)
	}
	return id, nil
}

func (r *run) idFilter(given map[string]any) (filter, *Error) {
	var conditions all
	if text, ok := given["eq"].(string); ok {
		id, err := r.id(text)
		if err != nil {
			return nil, err.at("eq")
		}
		conditions = append(conditions, idIn("id is "+text, false, id))
	}
	if list, ok := given["in"].([]any); ok {
		among := make([]graph.ID, len(list))
		for i, text := range list {
			var err *Error
			if among[i], err = r.id(text.(string)); err != nil {
				return nil, err.at(fmt.Sprintf("in[%d]", i))
			}
		}
		conditions = append(conditions, idIn(fmt.Sprint("id in ", list), false, among...))
	}
	if text, ok := given["not"].(string); ok {
		id, err := r.id(text)
		if err != nil {
			return nil, err.at("not")
		}
		conditions = append(conditions, idIn("id is not "+text, true, id))
	}
	return conditions, nil
}

func idIn(name string, negate bool, among ...graph.ID) test {
	among = slices.Compact(slices.Sorted(slices.Values(among)))
	return test{name: name, ids: among, only: !negate, begin: func(_ *run, rows []row) (func(int) bool, error) {
		return func(i int) bool {
			_, found := slices.BinarySearch(among, rows[i].id)
			return found != negate
		}, nil
	}}
}

func enumSet(v any) map[string]bool {
	set := map[string]bool{}
	for _, value := range v.([]any) {
		set[value.(string)] = true
	}
	return set
}

func setName(set map[string]bool) string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return "[" + strings.Join(names, " ") + "]"
}

func classFilter(among map[string]bool) filter {
	return test{name: "class in " + setName(among), begin: func(r *run, rows []row) (func(int) bool, error) {
		err := r.classify(ids(rows))
		return func(i int) bool {
			c := r.class(rows[i].id)
			return c != nil && among[c.Enum]
		}, err
	}}
}

// withinFilter is met by a topic or action and all narrower ones.
func (r *run) withinFilter(c *schema.Class, text string) (filter, *Error) {
	top, bad := r.id(text)
	if bad != nil {
		return nil, bad
	}
	narrower := c.Field("narrower")
	return test{name: "within " + text, begin: func(r *run, rows []row) (func(int) bool, error) {
		if err := r.classify([]graph.ID{top}); err != nil {
			return nil, err
		}
		if of := r.class(top); of == nil || !of.Is(c) {
			return func(int) bool { return false }, nil
		}
		under := map[graph.ID]bool{top: true}
		for next := []graph.ID{top}; len(next) > 0; {
			found, err := r.relate(next, narrower)
			if err != nil {
				return nil, err
			}
			next = next[:0]
			for _, it := range found.all {
				if !under[it.to] {
					under[it.to] = true
					next = append(next, it.to)
				}
			}
			slices.Sort(next)
		}
		return func(i int) bool { return under[rows[i].id] }, nil
	}}, nil
}
