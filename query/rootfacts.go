package query

import (
	"fmt"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// rootFacts answers with the facts of all admitted claims, each once.
func (r *run) rootFacts(c *collected, args map[string]any) (column, error) {
	where, _ := args["where"].(map[string]any)
	return r.connection(c, args, pageSource{
		rows: []row{{}}, class: r.op.engine.factClass, where: r.whereFact,
		read: func([]graph.ID) (*items, error) { return r.factsMatching(where) },
	})
}

// factsMatching reads the facts that can meet a FactWhere, narrowed by the ids of
// subject and object that it names, in the graph's own order.
func (r *run) factsMatching(where map[string]any) (*items, error) {
	subjects, bad := r.idsNamed(where, "subject")
	if bad != nil {
		return nil, bad
	}
	objects, bad := r.idsNamed(where, "object")
	if bad != nil {
		return nil, bad
	}
	if r.straight() {
		subjects, objects = []graph.ID{0}, []graph.ID{0}
	}
	if err := r.refuse(func() (int, error) { return r.leastOf(subjects, objects) }); err != nil {
		return nil, err
	}
	var all []fact
	for _, s := range subjects {
		for _, o := range objects {
			err := r.view.Quads(r.ctx, graph.Pattern{Subject: s, Object: o}, func(q graph.Quad) bool {
				if r.view.Facts().Has(q.Label) && q.Subject.Space() == graph.Nodes {
					all = append(all, fact{q.Subject, q.Predicate, q.Object})
				}
				return true
			})
			if err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(all, compareFacts)
	all = slices.Compact(all)
	found := &items{all: make([]item, len(all)), ends: []int{len(all)}}
	for i, f := range all {
		found.all[i] = item{to: r.addFact(f)}
	}
	return found, nil
}

// idsNamed returns the ids that an end of a FactWhere must be among; a single 0
// where any will do.
func (r *run) idsNamed(where map[string]any, end string) ([]graph.ID, *Error) {
	nested, _ := where[end].(map[string]any)
	byID, _ := nested["id"].(map[string]any)
	given, ok := byID["in"].([]any)
	if eq, one := byID["eq"]; one && eq != nil {
		given, ok = []any{eq}, true
	}
	if !ok {
		return []graph.ID{0}, nil
	}
	out := make([]graph.ID, len(given))
	for i, text := range given {
		var bad *Error
		if out[i], bad = r.id(text.(string)); bad != nil {
			return nil, bad.at("id").at(end).at("where")
		}
	}
	return out, nil
}

// connectives compiles and, or and not of a filter that where compiles.
func (r *run) connectives(given map[string]any, where func(map[string]any) (filter, *Error)) (all, *Error) {
	var out all
	for _, key := range []string{"and", "or"} {
		list, ok := given[key].([]any)
		if !ok {
			continue
		}
		parts := make([]filter, len(list))
		for i, item := range list {
			f, bad := where(item.(map[string]any))
			if bad != nil {
				return nil, bad.at(fmt.Sprintf("%s[%d]", key, i))
			}
			parts[i] = f
		}
		if key == "and" {
			out = append(out, all(parts))
		} else {
			out = append(out, anyOf(parts))
		}
	}
	if nested, ok := given["not"].(map[string]any); ok {
		f, bad := where(nested)
		if bad != nil {
			return nil, bad.at("not")
		}
		out = append(out, not{f})
	}
	return out, nil
}

// whereFact compiles a coerced FactWhere.
func (r *run) whereFact(given map[string]any) (filter, *Error) {
	f, bad := r.connectives(given, r.whereFact)
	if bad != nil {
		return nil, bad
	}
	for _, end := range []struct {
		key string
		of  func(fact) graph.ID
	}{
		{"subject", func(f fact) graph.ID { return f.subject }},
		{"object", func(f fact) graph.ID { return f.object }},
	} {
		nested, ok := given[end.key].(map[string]any)
		if !ok {
			continue
		}
		one, bad := r.where(r.ontology.Class("Entity"), nested)
		if bad != nil {
			return nil, bad.at(end.key)
		}
		f = append(f, related{name: end.key, class: r.op.engine.factClass, one: one, read: func(r *run, of []graph.ID) (*items, error) {
			found := eachOne(of, func(id graph.ID) graph.ID { return end.of(r.fact(id)) })
			return found, r.keepRange(found, r.ontology.Class("Entity"))
		}})
	}
	for _, text := range []struct {
		key string
		of  func(r *run, f fact) (string, bool)
	}{
		{"field", func(r *run, f fact) (string, bool) { name := r.fieldOf(f); return name, name != "" }},
		{"predicate", func(r *run, f fact) (string, bool) { return schema.Expand(r.view.Name(f.predicate)), true }},
		{"value", func(r *run, f fact) (string, bool) { return r.factValue(f) }},
	} {
		if where, ok := given[text.key].(map[string]any); ok {
			f = append(f, factTextFilter(text.key, readTextTest(where), text.of))
		}
	}
	return r.whereFactSaid(f, given)
}

// factTextFilter is a condition on a text that a fact has or not.
func factTextFilter(name string, t textTest, of func(*run, fact) (string, bool)) filter {
	return test{name: name, begin: func(r *run, rows []row) (func(int) bool, error) {
		ends := make([]graph.ID, 0, 2*len(rows))
		for _, row := range rows {
			f := r.fact(row.id)
			ends = append(ends, f.subject)
			if name == "value" {
				ends = append(ends, f.object)
			}
		}
		err := r.classify(ends)
		if err == nil {
			err = r.classifyFormer(ends)
		}
		return func(i int) bool {
			text, ok := of(r, r.fact(rows[i].id))
			if !ok {
				return t.holds(nil)
			}
			return t.holds([]string{text})
		}, err
	}}
}

// whereFactSaid adds the conditions on who says a fact.
func (r *run) whereFactSaid(f all, given map[string]any) (filter, *Error) {
	of := func(r *run, ids []graph.ID) []fact {
		out := make([]fact, len(ids))
		for i, id := range ids {
			out[i] = r.fact(id)
		}
		return out
	}
	if where, ok := given["claims"].(map[string]any); ok {
		retracted := namesKey(where, "retractedAt")
		rel := related{name: "claims", class: r.op.engine.factClass, read: func(r *run, ids []graph.ID) (*items, error) {
			return r.claimsSaying(of(r, ids), r.listedClaims(retracted))
		}}
		condition, bad := r.listFilter(rel, r.ontology.Class("Claim"), where)
		if bad != nil {
			return nil, bad.at("claims")
		}
		f = append(f, condition)
	}
	if where, ok := given["publishers"].(map[string]any); ok {
		organization := r.ontology.Class("Organization")
		rel := related{name: "publishers", class: r.op.engine.factClass, read: func(r *run, ids []graph.ID) (*items, error) {
			return r.publisherItems(of(r, ids))
		}}
		condition, bad := r.listFilter(rel, organization, where)
		if bad != nil {
			return nil, bad.at("publishers")
		}
		f = append(f, condition)
	}
	return f, nil
}

// publisherItems relates facts to the independent publishers behind them.
func (r *run) publisherItems(of []fact) (*items, error) {
	publishers, err := r.publishersOf(of)
	if err != nil {
		return nil, err
	}
	found := &items{}
	for _, each := range publishers {
		for _, id := range each {
			found.all = append(found.all, item{to: id})
		}
		found.ends = append(found.ends, len(found.all))
	}
	return found, r.keepRange(found, r.ontology.Class("Organization"))
}

// orderFacts orders facts by how many claims or publishers are behind them.
func (r *run) orderFacts(of []graph.ID, by string) ([]sortKey, error) {
	facts := make([]fact, len(of))
	for i, id := range of {
		facts[i] = r.fact(id)
	}
	var found *items
	var err error
	if by == "publishers" {
		found, err = r.publisherItems(facts)
	} else {
		found, err = r.claimsSaying(facts, r.listedClaims(false))
	}
	if err != nil {
		return nil, err
	}
	out := make([]sortKey, len(of))
	for i := range of {
		out[i] = sortKey{Known: true, A: int64(len(found.of(i)))}
	}
	return out, nil
}
