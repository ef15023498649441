package naive

import (
	"cmp"
	"slices"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

func (c changeValue) at() int64 {
	if c.retraction {
		return c.retracted
	}
	return c.recorded
}

func (c changeValue) kind() string {
	if c.retraction {
		return "RETRACTED"
	}
	return "RECORDED"
}

// rootChanges lists what was recorded and retracted after since, up to and with
// until, of the claims that lists show, retracted ones too.
func (r *run) rootChanges(def *ast.FieldDefinition, args map[string]any) (any, fault) {
	f := &filter{run: r}
	where := f.where(def.Arguments.ForName("where").Type, args, nil)
	since, err := time.Parse(time.RFC3339, args["since"].(string))
	if err != nil {
		return nil, badTime
	}
	until := time.UnixMicro(1 << 62)
	if args["until"] != nil {
		if until, err = time.Parse(time.RFC3339, args["until"].(string)); err != nil {
			return nil, badTime
		}
	}
	var changes []changeValue
	for _, c := range r.claims {
		if !c.passes || !c.statusListed {
			continue
		}
		changes = append(changes, changeValue{c, false})
		if c.isRetracted {
			changes = append(changes, changeValue{c, true})
		}
	}
	changes = slices.DeleteFunc(changes, func(c changeValue) bool {
		return c.at() <= since.UnixMicro() || c.at() > until.UnixMicro() || f.bad != "" || !f.changeMeets(c, where)
	})
	if f.bad != "" {
		return nil, f.bad
	}
	slices.SortFunc(changes, func(a, b changeValue) int {
		return cmp.Or(cmp.Compare(a.at(), b.at()), yesFirst(!a.retraction, !b.retraction), cmp.Compare(a.id, b.id))
	})
	var all []edge
	for _, c := range changes {
		all = append(all, edge{node: c})
	}
	return order(all, args, nil, nil) // changes have one order only
}

// changeMeets answers a ChangeWhere.
func (f *filter) changeMeets(c changeValue, where map[string]any) bool {
	for key, v := range where {
		if v != nil && !f.changeKey(c, key, v) {
			return false
		}
	}
	return true
}

func (f *filter) changeKey(c changeValue, key string, v any) bool {
	switch key {
	case "and", "or", "not":
		return connective(key, v, func(w any) bool { return f.changeMeets(c, w.(map[string]any)) })
	case "kind":
		return oneOf(c.kind(), v)
	case "claim":
		return f.claimMeets(c.claim, v.(map[string]any), nil)
	}
	panic(noRuleError{"ChangeWhere", key})
}

func changeField(c changeValue, name string) any {
	switch name {
	case "at":
		if c.retraction {
			return c.retractedAt
		}
		return c.recordedAt
	case "kind":
		return c.kind()
	case "claim":
		return claimValue{c.claim, nil}
	}
	panic(noRuleError{"Change", name})
}
