package naive

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// pathValue is different entities, each joined to the next by a step.
type pathValue struct {
	from  graph.ID
	steps []step
}

// step is a relation between neighbours, from one to the other.
type step struct {
	from, to graph.ID
	said     statement
	inverse  bool // from is the object
	claims   []*claim
}

func (p pathValue) entities() []graph.ID {
	all := []graph.ID{p.from}
	for _, s := range p.steps {
		all = append(all, s.to)
	}
	return all
}

func (p pathValue) end() graph.ID { return p.entities()[len(p.steps)] }

const (
	longestPath = 12
	mostPaths   = 1000
)

// rootPaths walks every path there is, and keeps those that are asked for.
func (r *run) rootPaths(def *ast.FieldDefinition, args map[string]any) (any, fault) {
	f := &filter{run: r}
	via := f.checked(def.Arguments.ForName("via").Type, args["via"], nil)
	ends := f.checked(def.Arguments.ForName("ends").Type, args["ends"], nil)
	from, seen := r.id(args["from"].(string))
	var to graph.ID
	if args["to"] != nil && seen {
		to, seen = r.id(args["to"].(string))
	}
	most, length := int64(1), int64(4)
	if args["first"] != nil {
		most = args["first"].(int64)
	}
	if args["maxLength"] != nil {
		length = args["maxLength"].(int64)
	}
	during := &question{}
	switch d, err := edtf.Parse(textOr(args["during"], "2000")); {
	case !seen:
		return nil, unknownID
	case err != nil:
		return nil, badTime
	case most < 0, length < 0, args["mode"] == "K_SHORTEST" && args["to"] == nil, !r.areRelations(args["fields"]):
		return nil, badUserInput
	case most > mostPaths, length > longestPath:
		return nil, tooLarge
	case f.bad != "":
		return nil, f.bad
	default:
		s := d.Stretch()
		during.references = []stretch{{start: s.Start, end: s.End}}
		during.conditions = []condition{{holds: relations["intersects"]}}
	}

	timely := func(id graph.ID) bool {
		if args["during"] == nil || r.classes[id].Time == schema.Timeless {
			return true
		}
		x, timed := r.timeOf(id)
		during.self = x
		return timed && during.holds(false)
	}
	between := func(id graph.ID) bool {
		return timely(id) && f.entityMeets(id, r.o.Class("Entity"), via, nil)
	}
	wanted := func(p pathValue) bool {
		ids := p.entities()
		if to == 0 && (len(p.steps) == 0 || !timely(p.end())) || to != 0 && p.end() != to {
			return false
		}
		if !f.entityMeets(p.end(), r.o.Class("Entity"), ends, nil) {
			return false
		}
		return args["inTimeOrder"] != true || len(p.steps) == 0 || r.inTimeOrder(ids)
	}
	all := r.allPaths(from, int(length), func(s step) bool {
		return (args["directed"] != true || !s.inverse) && r.isHop(s.said, args["fields"])
	}, between)
	all = slices.DeleteFunc(all, func(p pathValue) bool { return !wanted(p) })
	if f.bad != "" {
		return nil, f.bad
	}
	list := []any{}
	for _, p := range shortest(all, args["mode"]) {
		if int64(len(list)) < most {
			list = append(list, p)
		}
	}
	return list, ""
}

func textOr(v any, other string) string {
	if v == nil {
		return other
	}
	return v.(string)
}

// areRelations reports whether each of the names is of a relation that some class
// states.
func (r *run) areRelations(names any) bool {
	list, _ := names.([]any)
	return !slices.ContainsFunc(list, func(name any) bool {
		return !slices.ContainsFunc(r.o.Classes, func(c *schema.Class) bool {
			f := c.Field(name.(string))
			return f != nil && f.Kind == schema.Relation && !f.Inverse
		})
	})
}

// allPaths walks every path of up to so many steps, those that begin alike one
// after the other: neighbours in the graph's own order.
func (r *run) allPaths(from graph.ID, length int, goes func(step) bool, between func(graph.ID) bool) []pathValue {
	if !r.is(from, r.o.Class("Entity")) {
		return nil
	}
	neighbours := map[graph.ID][]step{}
	var all []pathValue
	var walk func(p pathValue)
	walk = func(p pathValue) {
		all = append(all, p)
		at := p.end()
		if len(p.steps) == length || len(p.steps) > 0 && !between(at) {
			return
		}
		steps, seen := neighbours[at]
		if !seen {
			steps = r.stepsFrom(at, goes)
			neighbours[at] = steps
		}
		for _, s := range steps {
			if !slices.Contains(p.entities(), s.to) {
				walk(pathValue{from, append(slices.Clone(p.steps), s)})
			}
		}
	}
	walk(pathValue{from: from})
	return all
}

// stepsFrom are the steps from an entity, one to each neighbour: forwards before
// backwards, then by the predicate's internal id.
func (r *run) stepsFrom(id graph.ID, goes func(step) bool) []step {
	var steps []step
	for _, s := range r.shownOf[id] {
		steps = append(steps, step{id, s.object, s.statement, false, s.claims})
	}
	for _, s := range r.shownAt[id] {
		steps = append(steps, step{id, s.subject, s.statement, true, s.claims})
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { return !goes(s) })
	slices.SortStableFunc(steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.to, b.to), yesFirst(!a.inverse, !b.inverse), cmp.Compare(a.said.predicateID, b.said.predicateID))
	})
	return slices.CompactFunc(steps, func(a, b step) bool { return a.to == b.to })
}

// isHop reports whether a relation field of the subject's class, among those of
// the names if there are any, shows the fact, or whether the ontology does not
// know it; and some admitted claim speaks of the subject.
func (r *run) isHop(s statement, names any) bool {
	from, to := r.classes[s.subject], r.classes[s.object]
	if from == nil || to == nil || s.predicate == graph.MergedInto || !r.spokenOf[s.subject] {
		return false
	}
	if r.o.Predicate(s.predicate) == nil {
		return names == nil
	}
	return slices.ContainsFunc(from.Fields, func(f *schema.Field) bool {
		return f.Kind == schema.Relation && !f.Inverse && to.Is(f.Range) && (names == nil || oneOf(f.Name, names)) &&
			slices.ContainsFunc(f.Predicates, func(p *schema.Predicate) bool { return p.IRI == s.predicate })
	})
}

// inTimeOrder reports whether each event, tenure or membership surely has a day on
// or after the surely latest first day of those before it.
func (r *run) inTimeOrder(ids []graph.ID) bool {
	day := edtf.Past
	for _, id := range ids {
		if r.classes[id].Time == schema.Timeless {
			continue
		}
		x, timed := r.timeOf(id)
		if !timed || x.start.Min > x.end.Max { // no time, or no reading of it
			return false
		}
		if surelyLast := max(x.start.Min, x.end.Min); surelyLast < day {
			return false
		}
		day = max(day, min(x.start.Max, x.end.Max))
	}
	return true
}

// shortest keeps what a mode asks for of paths, the shortest first; to different
// ends, nearer ones first, then in the graph's own order.
func shortest(all []pathValue, mode any) []pathValue {
	slices.SortStableFunc(all, func(a, b pathValue) int {
		return cmp.Or(cmp.Compare(len(a.steps), len(b.steps)), cmp.Compare(a.end(), b.end()))
	})
	if mode == "K_SHORTEST" {
		return all
	}
	first := map[graph.ID]pathValue{} // of each end
	var kept []pathValue
	for _, p := range all {
		before, seen := first[p.end()]
		switch {
		case !seen:
			first[p.end()] = p
		case mode != "ALL_SHORTEST" || len(p.steps) > len(before.steps):
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

func (r *run) pathField(p pathValue, name string) any {
	switch name {
	case "length":
		return int64(len(p.steps))
	case "events":
		var n int64
		for _, s := range p.steps {
			if c := r.classes[s.from]; s.from != p.steps[0].from && c != nil && c.Is(r.o.Class("Event")) {
				n++
			}
		}
		return n
	case "steps":
		list := []any{}
		for _, s := range p.steps {
			list = append(list, s)
		}
		return list
	}
	panic(noRuleError{"Path", name})
}

func (r *run) stepField(s step, name string) any {
	switch name {
	case "from":
		return r.node(s.from, nil)
	case "to":
		return r.node(s.to, nil)
	case "field":
		return orNil(r.fieldName(s.said))
	case "predicate":
		return schema.Expand(s.said.predicate)
	case "inverse":
		return s.inverse
	case "claims":
		around := &surrounding{s.from, nil}
		return claimList(s.claims, around)
	}
	panic(noRuleError{"PathStep", name})
}
