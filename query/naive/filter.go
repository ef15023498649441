package naive

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// filter is the conditions of one field being checked. bad is what is wrong with
// them; once it is set, what is met means nothing.
type filter struct {
	*run
	bad fault
}

func (f *filter) fail(bad fault) {
	if f.bad == "" {
		f.bad = bad
	}
}

// surrounding is the chain of entities around what a condition is asked of, the
// nearest first. Claims are not in it.
type surrounding struct {
	id    graph.ID
	outer *surrounding
}

// entityMeets answers a <Class>Where on an entity of the class.
func (f *filter) entityMeets(id graph.ID, class *schema.Class, where map[string]any, around *surrounding) bool {
	for key, v := range where {
		if v != nil && !f.entityKey(id, class, key, v, around) {
			return false
		}
	}
	return true
}

func (f *filter) entityKey(id graph.ID, class *schema.Class, key string, v any, around *surrounding) bool {
	meets := func(where any) bool { return f.entityMeets(id, class, where.(map[string]any), around) }
	switch key {
	case "and", "or", "not":
		return connective(key, v, meets)
	case "id":
		return f.idMeets(id, v.(map[string]any))
	case "name":
		var texts []string
		for _, n := range f.namesOf(id) {
			texts = append(texts, n.text)
		}
		return textMeets(texts, v.(map[string]any))
	case "identifier":
		return f.identifierMeets(id, v.(map[string]any))
	case "claims":
		return f.claimsMeet(f.claimsAbout(id, v.(map[string]any)), v.(map[string]any), &surrounding{id, around})
	case "class":
		return slices.Contains(v.([]any), any(f.classes[id].Enum))
	case "when":
		return f.intervalMeets(id, v.(map[string]any), around)
	case "within":
		wide, _ := f.id(v.(string))
		return f.within(id, wide, class.Field("broader"))
	}
	if field := class.Field(key); field != nil {
		return f.fieldMeets(id, field, v, around)
	}
	for _, narrower := range f.o.Classes {
		if narrower.Key == key {
			return f.is(id, narrower) && f.entityMeets(id, narrower, v.(map[string]any), around)
		}
	}
	panic(noRuleError{class.Name + "Where", key})
}

// connective answers and, or, not.
func connective(key string, v any, meets func(any) bool) bool {
	switch key {
	case "and":
		return !slices.ContainsFunc(v.([]any), func(each any) bool { return !meets(each) })
	case "or":
		return slices.ContainsFunc(v.([]any), meets)
	}
	return !meets(v)
}

// fieldMeets answers a condition on a relation or a property.
func (f *filter) fieldMeets(id graph.ID, field *schema.Field, v any, around *surrounding) bool {
	near := &surrounding{id, around}
	switch {
	case field.Kind == schema.Identifier:
		return textMeets(f.identifierTexts(id, field.Scheme), v.(map[string]any))
	case field.Kind == schema.Property:
		return f.propertyMeets(id, field, v, around)
	case field.Range.Name == "Claim": // Source.asserts
		return f.claimsMeet(f.claimsFrom(id, v.(map[string]any)), v.(map[string]any), near)
	case field.Shape == schema.Single:
		to := f.one(id, field)
		return to != 0 && f.entityMeets(to, field.Range, v.(map[string]any), near)
	}
	var related []graph.ID
	for _, l := range f.related(id, field) {
		related = append(related, l.to)
	}
	return f.entitiesMeet(related, field.Range, v.(map[string]any), near)
}

func (f *filter) propertyMeets(id graph.ID, field *schema.Field, v any, around *surrounding) bool {
	if field.Value == schema.Time {
		return f.timeMeets(id, field.Name, v.(map[string]any), around)
	}
	shown := f.literals(id, field)
	switch field.Value {
	case schema.Enum:
		return slices.ContainsFunc(shown, func(s shownFact) bool { return slices.Contains(v.([]any), any(s.term.Text)) })
	case schema.Boolean:
		return slices.ContainsFunc(shown, func(s shownFact) bool { return (s.term.Text == "true") == v.(bool) })
	case schema.Float, schema.Int:
		var n *float64
		if len(shown) > 0 {
			n = number(shown[0].term.Text)
		}
		return numberMeets(n, n != nil, v.(map[string]any))
	}
	var texts []string
	if len(shown) > 0 {
		texts = append(texts, shown[0].term.Text)
	}
	return textMeets(texts, v.(map[string]any))
}

// entitiesMeet answers a <Class>List on the related entities.
func (f *filter) entitiesMeet(related []graph.ID, class *schema.Class, list map[string]any, around *surrounding) bool {
	return listMeets(len(related), list, func(i int, where map[string]any) bool {
		return f.entityMeets(related[i], class, where, around)
	}, func(i int, key string) []any {
		return f.groupValues(f.entity(related[i], class, around), class.Name, key)
	})
}

// listMeets answers some, every, none, atLeast and atMost on n related things;
// values are what distinct counts.
func listMeets(n int, list map[string]any, meets func(i int, where map[string]any) bool, values func(i int, key string) []any) bool {
	met := func(where any) (found []int) {
		for i := range n {
			if where == nil || meets(i, where.(map[string]any)) {
				found = append(found, i)
			}
		}
		return found
	}
	some := met(list["some"])
	counted := len(some)
	if list["distinct"] != nil {
		different := map[any]bool{}
		for _, i := range some {
			for _, v := range values(i, list["distinct"].(string)) {
				different[v] = true
			}
		}
		delete(different, nil)
		counted = len(different)
	}
	return (list["some"] == nil || len(some) > 0) &&
		(list["every"] == nil || len(met(list["every"])) == n) &&
		(list["none"] == nil || len(met(list["none"])) == 0) &&
		(list["atLeast"] == nil || counted >= int(list["atLeast"].(int64))) &&
		(list["atMost"] == nil || counted <= int(list["atMost"].(int64)))
}

// within reports whether the id is the given one or a chain of broader ones leads to it.
func (f *filter) within(id, wide graph.ID, broader *schema.Field) bool {
	reached := []graph.ID{id}
	for i := 0; i < len(reached); i++ {
		for _, l := range f.related(reached[i], broader) {
			if !slices.Contains(reached, l.to) {
				reached = append(reached, l.to)
			}
		}
	}
	return slices.Contains(reached, wide)
}

func (f *filter) identifierMeets(id graph.ID, where map[string]any) bool {
	values, some := where["in"].([]any)
	return slices.ContainsFunc(f.identifiersOf(id), func(i identifierOf) bool {
		return i.scheme == where["scheme"] && (!some || slices.Contains(values, any(i.value)))
	})
}

// identifierTexts holds the identifier that the field of a scheme shows, if any.
func (r *run) identifierTexts(id graph.ID, scheme string) []string {
	for _, i := range r.identifiersOf(id) {
		if i.scheme == scheme {
			return []string{i.value}
		}
	}
	return nil
}
