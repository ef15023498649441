package naive

import (
	"slices"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/graph/edtf"
)

// dayOfChoice is the day that decides between values of a single-valued field.
type dayOfChoice = edtf.Day

const denied = "DENIED"

// perspective gives the arguments of the operation's directive; else the
// request's extension; else nothing.
func (r *run) perspective(op *ast.OperationDefinition, extension map[string]any) (map[string]any, fault) {
	definition := r.o.Schema.Directives["perspective"].Arguments
	if d := op.Directives.ForName("perspective"); d != nil {
		return r.arguments(definition, d.Arguments)
	}
	p := map[string]any{}
	for _, arg := range definition {
		if v := extension[arg.Name]; v != nil {
			coerced, bad := r.coerce(arg.Type, v)
			if bad != "" {
				return nil, bad
			}
			p[arg.Name] = coerced
		}
	}
	return p, ""
}

// admit marks every claim with what the perspective makes of it.
func (r *run) admit(p map[string]any) fault {
	at := int64(1)<<62 - 1
	r.validDay = edtf.DayOf(time.UnixMicro(r.newest))
	if p["knownAt"] != nil {
		t, err := time.Parse(time.RFC3339, p["knownAt"].(string))
		if err != nil {
			return badUserInput
		}
		at, r.validDay = t.UnixMicro(), edtf.DayOf(t)
	}
	if p["validAt"] != nil {
		day, err := edtf.ParseDay(p["validAt"].(string))
		if err != nil {
			return badTime
		}
		r.validDay = day
	}
	for _, c := range r.claims {
		c.isRecorded = c.recorded <= at
		c.isRetracted = c.retracted != 0 && c.retracted <= at
		c.isKnown = c.isRecorded && !c.isRetracted && c.status != denied
	}
	r.merge()
	only, bad := r.sourcesUnder(p["sources"])
	if bad != "" {
		return bad
	}
	except, bad := r.sourcesUnder(p["exceptSources"])
	if bad != "" {
		return bad
	}
	statuses, someStatuses := p["statuses"].([]any)
	for _, c := range r.claims {
		c.passes = c.isRecorded
		if p["sources"] != nil && !slices.Contains(only, c.source) {
			c.passes = false
		}
		if slices.Contains(except, c.source) {
			c.passes = false
		}
		if m := p["minConfidence"]; m != nil && c.sureness() < m.(float64) {
			c.passes = false
		}
		if p["validAt"] != nil && !c.validOn(r.validDay) {
			c.passes = false
		}
		c.statusListed = !someStatuses || slices.Contains(statuses, any(c.status))
		c.isAdmitted = c.isKnown && c.passes && c.statusListed
	}
	return ""
}

// sourcesUnder returns the given ids, the sources that are part of one of them
// or published by one, and so on, as far as known claims say so.
func (r *run) sourcesUnder(ids any) ([]graph.ID, fault) {
	if ids == nil {
		return nil, ""
	}
	var under []graph.ID
	for _, name := range ids.([]any) {
		id, ok := r.id(name.(string))
		if !ok {
			return nil, unknownID
		}
		under = append(under, id)
	}
	for again := true; again; {
		again = false
		for _, f := range r.facts {
			if f.claim.isKnown && (f.predicate == graph.PartOf || f.predicate == graph.Publisher) &&
				slices.Contains(under, f.object) && !slices.Contains(under, f.subject) {
				under = append(under, f.subject)
				again = true
			}
		}
	}
	return under, ""
}

// listed are the claims that a list of claims looks at, ascending by internal
// id. Those retracted are looked at when the filter names retractedAt.
func (r *run) listed(where map[string]any) []*claim {
	var list []*claim
	retractedToo := namesRetraction(where)
	for _, c := range r.claims {
		if c.passes && c.statusListed && (retractedToo || !c.isRetracted) {
			list = append(list, c)
		}
	}
	return list
}

// namesRetraction reports whether a condition on retractedAt stands in the value
// itself, or in a part of it that speaks of the same claims.
func namesRetraction(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			same := slices.Contains([]string{"and", "or", "not", "some", "every", "none"}, key)
			if inner != nil && (key == "retractedAt" || same && namesRetraction(inner)) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, namesRetraction)
	}
	return false
}
