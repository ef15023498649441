package naive

import (
	"chancery/graph"
	"chancery/schema"
)

// claimsMeet answers a ClaimList.
func (f *filter) claimsMeet(claims []*claim, list map[string]any, around *surrounding) bool {
	return listMeets(len(claims), list, func(i int, where map[string]any) bool {
		return f.claimMeets(claims[i], where, around)
	}, func(i int, key string) []any {
		return f.groupValues(claimValue{claims[i], around}, "Claim", key)
	})
}

// claimMeets answers a ClaimWhere. around is what is around the claim.
func (f *filter) claimMeets(c *claim, where map[string]any, around *surrounding) bool {
	for key, v := range where {
		if v != nil && !f.claimKey(c, key, v, around) {
			return false
		}
	}
	return f.statementMeets(c, where, around)
}

func (f *filter) claimKey(c *claim, key string, v any, around *surrounding) bool {
	source, organization := f.o.Class("Source"), f.o.Class("Organization")
	entity := func(id graph.ID, class *schema.Class) bool {
		return id != 0 && f.is(id, class) && f.entityMeets(id, class, v.(map[string]any), around)
	}
	switch key {
	case "and", "or", "not":
		return connective(key, v, func(w any) bool { return f.claimMeets(c, w.(map[string]any), around) })
	case "id":
		return f.idMeets(c.id, v.(map[string]any))
	case "source":
		return entity(c.source, source)
	case "publisher":
		return f.is(c.source, source) && entity(f.one(c.source, source.Field("publisher")), organization)
	case "attributedTo":
		return f.entitiesMeet(f.attributedTo(c), f.o.Class("Agent"), v.(map[string]any), around)
	case "status":
		return oneOf(c.status, v)
	case "confidence":
		n := c.sureness()
		return numberMeets(&n, c.confidence != nil, v.(map[string]any))
	case "recordedAt":
		return f.momentMeets(c.recorded, true, v.(map[string]any))
	case "retractedAt":
		return f.momentMeets(c.retracted, c.isRetracted, v.(map[string]any))
	case "about", "field", "object":
		return true // see statementMeets
	}
	panic(noRuleError{"ClaimWhere", key})
}

// statementMeets reports whether one fact of the claim meets about, field and
// object, as far as they are given.
func (f *filter) statementMeets(c *claim, where map[string]any, around *surrounding) bool {
	about, field, object := where["about"], where["field"], where["object"]
	if about == nil && field == nil && object == nil {
		return true
	}
	entity := f.o.Class("Entity")
	for _, s := range f.statements(c) {
		if about != nil && !(f.is(s.subject, entity) && f.entityMeets(s.subject, entity, about.(map[string]any), around)) {
			continue
		}
		if field != nil {
			var name []string
			if n := f.fieldName(s); n != "" {
				name = append(name, n)
			}
			if !textMeets(name, field.(map[string]any)) {
				continue
			}
		}
		if object != nil && !(f.is(s.object, entity) && f.entityMeets(s.object, entity, object.(map[string]any), around)) {
			continue
		}
		return true
	}
	return false
}
