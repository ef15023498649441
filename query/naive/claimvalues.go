package naive

import (
	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
)

func (r *run) claimField(v claimValue, name string, def *ast.FieldDefinition, args map[string]any) (any, fault) {
	c := v.claim
	other := func(is func(*claim) bool) (any, fault) {
		if found := r.claimWith(is); found != nil {
			return claimValue{found, v.around}, ""
		}
		return nil, ""
	}
	switch name {
	case "id":
		return c.name, ""
	case "source":
		return r.entity(c.source, r.o.Class("Source"), v.around), ""
	case "locator":
		return orNil(c.locator), ""
	case "attributedTo":
		f := &filter{run: r}
		where := f.where(def.Arguments.ForName("where").Type, args, v.around)
		list := []any{}
		for _, id := range r.attributedTo(c) {
			if f.entityMeets(id, r.o.Class("Agent"), where, v.around) {
				list = append(list, r.entity(id, r.o.Class("Agent"), v.around))
			}
		}
		return list, f.bad
	case "status":
		return c.status, ""
	case "confidence":
		if c.confidence == nil {
			return nil, ""
		}
		return *c.confidence, ""
	case "validTime":
		return span(c.validTime, nil), ""
	case "recordedAt":
		return c.recordedAt, ""
	case "recordedBy":
		return orNil(c.recordedBy), ""
	case "retractedAt":
		if !c.isRetracted {
			return nil, ""
		}
		return c.retractedAt, ""
	case "retractionReason":
		if !c.isRetracted {
			return nil, ""
		}
		return orNil(c.reason), ""
	case "supersedes":
		return other(func(o *claim) bool { return o.id == c.supersedes })
	case "supersededBy":
		return other(func(o *claim) bool { return o.supersedes == c.id })
	case "facts":
		list := []any{}
		for _, s := range r.statements(c) {
			list = append(list, factValue{s, v.around})
		}
		return list, ""
	}
	panic(noRuleError{"Claim", name})
}

func (r *run) factField(v factValue, name string, def *ast.FieldDefinition, args map[string]any) (any, fault) {
	switch name {
	case "subject":
		return r.told(v.subject, v.around), ""
	case "field":
		return orNil(r.fieldName(v.statement)), ""
	case "predicate":
		return schema.Expand(v.predicate), ""
	case "object":
		return r.told(v.object, v.around), ""
	case "value":
		return r.value(v.statement), ""
	case "claims":
		return r.claimPage(func(where map[string]any) []*claim { return r.claimsOf(v.statement, where) }, def, args, v.around)
	case "publishers":
		list := []any{}
		for _, id := range r.publishers(v.statement) {
			list = append(list, r.entity(id, r.o.Class("Organization"), v.around))
		}
		return list, ""
	}
	panic(noRuleError{"Fact", name})
}
