package naive

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// statement is one fact of a claim.
type statement struct {
	subject     graph.ID
	predicate   string
	predicateID graph.ID
	object      graph.ID
	term        graph.Term
}

// statements are the facts of the claim, by subject, predicate and object as the
// store first saw them.
func (r *run) statements(c *claim) []statement {
	var all []statement
	for _, f := range r.facts {
		if f.claim == c {
			all = append(all, statement{f.subject, f.predicate, f.predicateID, f.object, f.term})
		}
	}
	slices.SortFunc(all, func(a, b statement) int {
		return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.predicateID, b.predicateID), cmp.Compare(a.object, b.object))
	})
	return all
}

// fieldName is the schema's name of the statement's predicate, or "".
func (r *run) fieldName(s statement) string {
	var fields []*schema.Field
	class := r.classes[s.subject]
	if class != nil {
		fields = class.Fields
	}
	switch s.predicate {
	case graph.Type:
		return "class"
	case graph.PreferredName:
		return "name"
	case graph.NativeName, graph.AliasName, graph.Abbreviation, graph.FormerName:
		return "names"
	case graph.Description:
		return "description"
	case graph.Notation:
		for _, field := range fields {
			if field.Kind == schema.Identifier && graph.Scheme+field.Scheme == s.term.Datatype {
				return field.Name
			}
		}
		return "identifiers"
	}
	for _, field := range fields {
		if !field.Inverse && len(field.Predicates) > 0 && field.Predicates[0].IRI == s.predicate {
			return field.Name
		}
	}
	return ""
}

// value is what the statement states as text, or nil. A class is stated by its name.
func (r *run) value(s statement) any {
	if s.term.Kind == graph.Literal {
		return s.term.Text
	}
	if class := r.o.ClassByIRI(s.term.Text); s.predicate == graph.Type && class != nil {
		return class.Enum
	}
	return nil
}

// claimsSaying are those of the claims with a fact that is so.
func (r *run) claimsSaying(list []*claim, is func(fact) bool) []*claim {
	return slices.DeleteFunc(list, func(c *claim) bool {
		return !slices.ContainsFunc(r.facts, func(f fact) bool { return f.claim == c && is(f) })
	})
}

// claimsAbout are the listed claims with the entity as a fact's subject.
func (r *run) claimsAbout(id graph.ID, where map[string]any) []*claim {
	return r.claimsSaying(r.listed(where), func(f fact) bool { return f.subject == id })
}

// claimsOf are the listed claims that state the fact.
func (r *run) claimsOf(s statement, where map[string]any) []*claim {
	return r.claimsSaying(r.listed(where), func(f fact) bool {
		return f.subject == s.subject && f.predicate == s.predicate && f.object == s.object
	})
}

// claimsFrom are the listed claims of the source.
func (r *run) claimsFrom(source graph.ID, where map[string]any) []*claim {
	return slices.DeleteFunc(r.listed(where), func(c *claim) bool { return c.source != source })
}

// publishers are those that say the fact each on their own account: the media
// outlets that an admitted claim quotes; without any, the publisher of the
// source whose content its source passes on in the end.
func (r *run) publishers(s statement) []graph.ID {
	source, organization := r.o.Class("Source"), r.o.Class("Organization")
	var found []graph.ID
	add := func(id graph.ID) {
		if id != 0 && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	for _, f := range r.facts {
		if !f.claim.isAdmitted || f.subject != s.subject || f.predicate != s.predicate || f.object != s.object {
			continue
		}
		quotes := false
		for _, a := range f.claim.attributed {
			if !r.is(a, organization) {
				continue
			}
			kinds := r.literals(a, organization.Field("kind"))
			if len(kinds) > 0 && kinds[0].Text == "MEDIA_OUTLET" {
				quotes = true
				add(a)
			}
		}
		if quotes || !r.is(f.claim.source, source) {
			continue
		}
		from := []graph.ID{f.claim.source}
		for next := from[0]; next != 0 && len(from) <= len(r.classes); {
			if next = r.one(next, source.Field("republishes")); next != 0 {
				from = append(from, next)
			}
		}
		add(r.one(from[len(from)-1], source.Field("publisher")))
	}
	slices.Sort(found)
	return found
}

// attributedTo are the agents whom the claim's source quotes.
func (r *run) attributedTo(c *claim) []graph.ID {
	var agents []graph.ID
	for _, id := range c.attributed {
		if r.is(id, r.o.Class("Agent")) {
			agents = append(agents, id)
		}
	}
	slices.Sort(agents)
	return agents
}

// claimWith finds a recorded claim.
func (r *run) claimWith(is func(*claim) bool) *claim {
	for _, c := range r.claims {
		if c.isRecorded && is(c) {
			return c
		}
	}
	return nil
}

// claimsMeet answers a ClaimList.
func (f *filter) claimsMeet(claims []*claim, list map[string]any, around *surrounding) bool {
	return listMeets(len(claims), list, func(i int, where map[string]any) bool {
		return f.claimMeets(claims[i], where, around)
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
		return idMeets(c.name, v.(map[string]any))
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
	}
	return true // about, field and object: see statementMeets
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
