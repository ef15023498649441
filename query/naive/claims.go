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
	term        graph.Term // the object's
}

func (s *statement) same(as *statement) bool {
	return s.subject == as.subject && s.predicateID == as.predicateID && s.object == as.object
}

// compareStatements is the graph's own order of facts.
func compareStatements(a, b statement) int {
	return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.predicateID, b.predicateID), cmp.Compare(a.object, b.object))
}

// statements are the facts of the claim, by subject, predicate and object as the
// store first saw them.
func (r *run) statements(c *claim) []statement {
	var all []statement
	for _, f := range c.says {
		all = append(all, f.statement)
	}
	slices.SortFunc(all, compareStatements)
	return all
}

// fieldName is the schema's name of the statement's predicate, or "".
func (r *run) fieldName(s statement) string {
	var fields []*schema.Field
	class := r.classes[s.subject]
	if class == nil {
		class = r.former[s.subject]
	}
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

// value is what the statement states as text, or nil. A class is stated by its name,
// what is no node by its IRI.
func (r *run) value(s statement) any {
	if s.term.Kind == graph.Literal {
		return s.term.Text
	}
	if class := r.o.ClassByIRI(s.term.Text); s.predicate == graph.Type && class != nil {
		return class.Enum
	}
	if r.told(s.object, nil) == nil {
		return schema.Expand(s.term.Text)
	}
	return nil
}

// claimsSaying are those of the claims with a fact that is so.
func (r *run) claimsSaying(list []*claim, is func(fact) bool) []*claim {
	return slices.DeleteFunc(list, func(c *claim) bool {
		return !slices.ContainsFunc(c.says, is)
	})
}

// claimsAbout are the listed claims with the entity as a fact's subject.
func (r *run) claimsAbout(id graph.ID, where map[string]any) []*claim {
	return r.claimsSaying(r.listed(where), func(f fact) bool { return f.subject == id })
}

// claimsOf are the listed claims that state the fact.
func (r *run) claimsOf(s statement, where map[string]any) []*claim {
	return r.claimsSaying(r.listed(where), func(f fact) bool { return s.same(&f.statement) })
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
		if !f.claim.isAdmitted || !s.same(&f.statement) {
			continue
		}
		quotes := false
		for _, a := range f.claim.attributed {
			if !r.is(a, organization) {
				continue
			}
			kinds := r.literals(a, organization.Field("kind"))
			if len(kinds) > 0 && kinds[0].term.Text == "MEDIA_OUTLET" {
				quotes = true
				add(a)
			}
		}
		if quotes || !r.is(f.claim.source, source) {
			continue
		}
		from := f.claim.source
		for passed := []graph.ID{}; !slices.Contains(passed, from); {
			passed = append(passed, from)
			if next := r.one(from, source.Field("republishes")); next != 0 {
				from = next
			}
		}
		add(r.one(from, source.Field("publisher")))
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
