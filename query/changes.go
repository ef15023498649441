package query

import (
	"slices"
	"time"

	"chancery/graph"
)

// rootChanges answers with what was recorded and retracted after since, up to and
// with until.
func (r *run) rootChanges(c *collected, args map[string]any) (column, error) {
	since, bad := parseMoment(args["since"].(string))
	if bad != nil {
		return nil, bad.at("since")
	}
	until := time.Unix(1<<40, 0)
	if text, ok := args["until"].(string); ok {
		if until, bad = parseMoment(text); bad != nil {
			return nil, bad.at("until")
		}
	}
	return r.connection(c, args, pageSource{
		rows: []row{{}}, class: r.op.engine.changeClass, where: r.whereChange,
		read: func([]graph.ID) (*items, error) {
			found := r.changesBetween(since.UnixMicro(), until.UnixMicro())
			return found, r.view.Spend(len(found.all))
		},
	})
}

// changesBetween reads the changes of all claims that the perspective admits,
// whatever has become of them since; in their order.
func (r *run) changesBetween(since, until int64) *items {
	found := &items{}
	add := func(c change) {
		if c.at > since && c.at <= until {
			found.all = append(found.all, item{to: r.addChange(c)})
		}
	}
	for id := range r.listedClaims(true).All {
		add(change{at: r.view.Record(id).RecordedAt, claim: id})
		if at, ok := r.view.RetractedAt(id); ok {
			add(change{at: at.UnixMicro(), retracted: true, claim: id})
		}
	}
	slices.SortFunc(found.all, func(a, b item) int { return r.compareIDs(a.to, b.to) })
	found.ends = []int{len(found.all)}
	return found
}

// whereChange compiles a coerced ChangeWhere.
func (r *run) whereChange(given map[string]any) (filter, *Error) {
	f, bad := r.connectives(given, r.whereChange)
	if bad != nil {
		return nil, bad
	}
	if kinds, ok := given["kind"].([]any); ok {
		among := enumSet(kinds)
		f = append(f, test{name: "kind in " + setName(among), begin: func(r *run, rows []row) (func(int) bool, error) {
			return func(i int) bool { return among[r.change(rows[i].id).kind()] }, nil
		}})
	}
	if where, ok := given["claim"].(map[string]any); ok {
		nested, bad := r.where(r.ontology.Class("Claim"), where)
		if bad != nil {
			return nil, bad.at("claim")
		}
		f = append(f, related{name: "claim", class: r.op.engine.changeClass, one: nested, read: func(r *run, of []graph.ID) (*items, error) {
			return eachOne(of, func(id graph.ID) graph.ID { return r.change(id).claim }), nil
		}})
	}
	return f, nil
}

// eachOne relates each id to one other; 0 is none.
func eachOne(of []graph.ID, to func(graph.ID) graph.ID) *items {
	out := &items{ends: make([]int, 0, len(of))}
	for _, id := range of {
		if other := to(id); other != 0 {
			out.all = append(out.all, item{to: other})
		}
		out.ends = append(out.ends, len(out.all))
	}
	return out
}

// changeFields makes the columns of a selection on changes.
func (r *run) changeFields(rows []row, c *collected) (*fields, error) {
	return r.fields("Change", c, func(f *collected) (column, error) {
		switch f.field.Name {
		case "at":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool {
				w.string(time.UnixMicro(r.change(rows[i].id).at).UTC().Format(time.RFC3339Nano))
				return true
			}}, nil
		case "kind":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.string(r.change(rows[i].id).kind()); return true }}, nil
		case "claim":
			claims := make([]row, len(rows))
			for i, at := range rows {
				claims[i] = row{id: r.change(at.id).claim, around: at.around, more: at.more}
			}
			return r.nodeColumn(f, claims)
		}
		panic("query: Change." + f.field.Name + " is derived by no rule")
	})
}
