package naive

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/schema"
)

// rootFacts lists what admitted claims say of entities, each fact once.
func (r *run) rootFacts(def *ast.FieldDefinition, args map[string]any) (any, fault) {
	f := &filter{run: r}
	where := f.where(def.Arguments.ForName("where").Type, args, nil)
	var facts []statement
	for _, each := range r.facts {
		s := each.statement
		if !each.claim.isAdmitted || s.subject.Space() == graph.Claims || slices.ContainsFunc(facts, func(before statement) bool { return before.same(&s) }) {
			continue
		}
		if f.bad == "" && f.factMeets(s, where) {
			facts = append(facts, s)
		}
	}
	if f.bad != "" {
		return nil, f.bad
	}
	slices.SortFunc(facts, compareStatements)
	var all []edge
	for _, s := range facts {
		all = append(all, edge{node: factValue{s, nil}})
	}
	return order(all, args, nil, func(key string, a, b edge) (int, bool, bool) {
		return r.compareFacts(key, a.node.(factValue).statement, b.node.(factValue).statement), true, true
	})
}

func (r *run) compareFacts(key string, a, b statement) int {
	switch key {
	case "claims":
		return cmp.Compare(len(r.claimsOf(a, nil)), len(r.claimsOf(b, nil)))
	case "publishers":
		return cmp.Compare(len(r.publishers(a)), len(r.publishers(b)))
	}
	panic(noRuleError{"FactOrder", key})
}

// factMeets answers a FactWhere.
func (f *filter) factMeets(s statement, where map[string]any) bool {
	for key, v := range where {
		if v != nil && !f.factKey(s, key, v) {
			return false
		}
	}
	return true
}

func (f *filter) factKey(s statement, key string, v any) bool {
	entity := f.o.Class("Entity")
	text := func(text any) bool {
		if text == nil {
			return textMeets(nil, v.(map[string]any))
		}
		return textMeets([]string{text.(string)}, v.(map[string]any))
	}
	switch key {
	case "and", "or", "not":
		return connective(key, v, func(w any) bool { return f.factMeets(s, w.(map[string]any)) })
	case "subject":
		return f.is(s.subject, entity) && f.entityMeets(s.subject, entity, v.(map[string]any), nil)
	case "object":
		return f.is(s.object, entity) && f.entityMeets(s.object, entity, v.(map[string]any), nil)
	case "field":
		return text(orNil(f.fieldName(s)))
	case "predicate":
		return text(schema.Expand(s.predicate))
	case "value":
		return text(f.value(s))
	case "claims":
		return f.claimsMeet(f.claimsOf(s, v.(map[string]any)), v.(map[string]any), nil)
	case "publishers":
		return f.entitiesMeet(f.publishers(s), f.o.Class("Organization"), v.(map[string]any), nil)
	}
	panic(noRuleError{"FactWhere", key})
}
