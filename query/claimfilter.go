package query

import (
	"fmt"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// listedClaims are the claims that lists of claims show.
func (r *run) listedClaims(retracted bool) *graph.Set {
	i := 0
	if retracted {
		i = 1
	}
	if r.listed[i] == nil {
		r.listed[i] = r.view.Listed(retracted)
	}
	return r.listed[i]
}

// namesKey reports whether a coerced filter names a key, at any depth of and, or
// and not, or of the quantifiers of a list.
func namesKey(given any, key string) bool {
	switch given := given.(type) {
	case map[string]any:
		for k, v := range given {
			switch k {
			case key:
				if v != nil {
					return true
				}
			case "and", "or", "not", "some", "every", "none":
				if namesKey(v, key) {
					return true
				}
			}
		}
	case []any:
		for _, v := range given {
			if namesKey(v, key) {
				return true
			}
		}
	}
	return false
}

// claimsReader reads the listed claims that have a fact about each entity.
func (r *run) claimsReader(where any) func(*run, []graph.ID) (*items, error) {
	retracted := namesKey(where, "retractedAt")
	return func(r *run, of []graph.ID) (*items, error) { return r.claimsAbout(of, retracted) }
}

func (r *run) claimsAbout(of []graph.ID, retracted bool) (*items, error) {
	listed := r.listedClaims(retracted)
	out := &items{ends: make([]int, 0, len(of))}
	for _, id := range of {
		var claims []graph.ID
		if id.Space() == graph.Nodes {
			err := r.view.Quads(r.ctx, graph.Pattern{Subject: id}, func(q graph.Quad) bool {
				if listed.Has(q.Label) {
					claims = append(claims, q.Label)
				}
				return true
			})
			if err != nil {
				return nil, err
			}
		}
		slices.Sort(claims)
		for _, c := range slices.Compact(claims) {
			out.all = append(out.all, item{to: c})
		}
		out.ends = append(out.ends, len(out.all))
	}
	return out, nil
}

// listedReader reads a relation to claims and keeps the listed ones.
func (r *run) listedReader(f *schema.Field, where any) func(*run, []graph.ID) (*items, error) {
	retracted := namesKey(where, "retractedAt")
	return func(r *run, of []graph.ID) (*items, error) {
		found, err := r.relate(of, f)
		if err != nil {
			return nil, err
		}
		listed := r.listedClaims(retracted)
		found.keep(func(i int) bool { return listed.Has(found.all[i].to) })
		return found, nil
	}
}

// publisherFilter is a condition on the publisher of a claim's source.
func (r *run) publisherFilter(given map[string]any) (filter, *Error) {
	source := r.ontology.Class("Claim").Field("source")
	publisher := source.Range.Field("publisher")
	nested, bad := r.where(publisher.Range, given)
	return related{
		name: "publisher", class: source.Class, one: nested,
		read: func(r *run, of []graph.ID) (*items, error) {
			sources, err := r.relate(of, source)
			if err != nil {
				return nil, err
			}
			return r.relateAgain(sources, publisher)
		},
	}, bad
}

// relateAgain follows a relation from what another led to.
func (r *run) relateAgain(from *items, f *schema.Field) (*items, error) {
	through := make([]graph.ID, len(from.all))
	for i, it := range from.all {
		through[i] = it.to
	}
	found, err := r.relate(through, f)
	if err != nil {
		return nil, err
	}
	out := &items{ends: make([]int, 0, len(from.ends))}
	begin := 0
	for _, end := range from.ends {
		start := len(out.all)
		for i := begin; i < end; i++ {
			out.all = append(out.all, found.of(i)...)
		}
		out.all = append(out.all[:start], mergeItems(out.all[start:])...)
		out.ends = append(out.ends, len(out.all))
		begin = end
	}
	return out, nil
}

// claimFacts compiles about, field and object of a ClaimWhere: one fact of the
// claim meets all that are given. Nil if none is.
func (r *run) claimFacts(given map[string]any) (filter, *Error) {
	entity := r.ontology.Class("Entity")
	nested := func(key string) (filter, *Error) {
		where, ok := given[key].(map[string]any)
		if !ok {
			return nil, nil
		}
		f, bad := r.where(entity, where)
		return f, bad.at(key)
	}
	about, bad := nested("about")
	if bad != nil {
		return nil, bad
	}
	object, bad := nested("object")
	if bad != nil {
		return nil, bad
	}
	var field *textTest
	if where, ok := given["field"].(map[string]any); ok {
		t := readTextTest(where)
		field = &t
	}
	if about == nil && object == nil && field == nil {
		return nil, nil
	}
	looks := about != nil && about.open() || object != nil && object.open()
	return test{name: fmt.Sprint("fact {", about, field != nil, object, "}"), looks: looks, begin: func(r *run, rows []row) (func(int) bool, error) {
		facts, err := r.factsOf(ids(rows))
		if err != nil {
			return nil, err
		}
		var subjects, objects []row
		for i, row := range rows {
			for _, f := range facts.of(i) {
				subjects = append(subjects, rowAround(f.subject, row))
				objects = append(objects, rowAround(f.object, row))
			}
		}
		met := make([]bool, len(subjects))
		for i := range met {
			met[i] = true
		}
		for _, end := range []struct {
			condition filter
			rows      []row
		}{{about, subjects}, {object, objects}} {
			if end.condition == nil {
				continue
			}
			if err := r.classify(ids(end.rows)); err != nil {
				return nil, err
			}
			ok, err := end.condition.meets(r, end.rows)
			if err != nil {
				return nil, err
			}
			for i := range met {
				c := r.class(end.rows[i].id)
				met[i] = met[i] && ok[i] && c != nil && c.Is(entity)
			}
		}
		if field != nil {
			if err := r.classify(ids(subjects)); err != nil {
				return nil, err
			}
			if err := r.classifyFormer(ids(subjects)); err != nil {
				return nil, err
			}
			for i := range met {
				var names []string
				if name := r.fieldOf(facts.all[i]); name != "" {
					names = []string{name}
				}
				met[i] = met[i] && field.holds(names)
			}
		}
		return func(i int) bool {
			from := 0
			if i > 0 {
				from = facts.ends[i-1]
			}
			return slices.Contains(met[from:facts.ends[i]], true)
		}, nil
	}}, nil
}

func rowAround(id graph.ID, at row) row { return row{id: id, around: at.around} }
