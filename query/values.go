package query

import (
	"cmp"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// value is one literal shown, and the claims that say it.
type value struct {
	id     graph.ID
	term   graph.Term
	claims []graph.Link
}

// values are the literals shown of a list of subjects.
type values struct {
	all  []value
	ends []int
}

func (v *values) of(i int) []value {
	from := 0
	if i > 0 {
		from = v.ends[i-1]
	}
	return v.all[from:v.ends[i]]
}

// first returns the only value of subject i; its id is 0 where there is none.
func (v *values) first(i int) value {
	if of := v.of(i); len(of) > 0 {
		return of[0]
	}
	return value{}
}

// values reads what a property or an identifier shows of each subject. Where nobody
// asks for claims, they may have none.
func (r *run) values(of []graph.ID, f *schema.Field) (*values, error) {
	out := &values{ends: make([]int, 0, len(of))}
	if f.Kind == schema.Identifier {
		found, err := r.identifiers(of)
		if err != nil {
			return nil, err
		}
		for _, each := range found {
			for _, id := range each {
				if id.scheme == f.Scheme {
					out.all = append(out.all, value{id: id.id, term: graph.Text(id.value), claims: id.claims})
					break // the preferred one comes first
				}
			}
			out.ends = append(out.ends, len(out.all))
		}
		return out, nil
	}
	p := f.Predicates[0]
	claims := r.claimsFor(f.Class)
	out.all = make([]value, 0, len(of))
	var different numbering
	terms := []graph.Term{{}} // by number: many have the same
	term := func(id graph.ID) graph.Term {
		n := int(different.number(id))
		if n == len(terms) {
			t, _ := r.view.Term(id)
			terms = append(terms, t)
		}
		return terms[n]
	}
	add := func(links []graph.Link) {
		for same, rest := graph.NextObject(links); len(same) > 0; same, rest = graph.NextObject(rest) {
			it := item{to: same[0].To, claims: same}
			if t := term(it.to); t.Kind == graph.Literal && r.foreseen(p.IRI, it) {
				out.all = append(out.all, value{id: it.to, term: t, claims: it.claims})
			}
		}
		out.ends = append(out.ends, len(out.all))
	}
	if p.Single && !r.op.cite && f.Class.Name != "Claim" {
		shown, err := r.shownIDs(of, p, claims)
		if err != nil {
			return nil, err
		}
		for _, id := range shown {
			if t := term(id); t.Kind == graph.Literal {
				out.all = append(out.all, value{id: id, term: t})
			}
			out.ends = append(out.ends, len(out.all))
		}
		return out, nil
	}
	if p.Single {
		s, err := r.show(of, p, claims)
		if err != nil {
			return nil, err
		}
		for i := range of {
			add(s.claims(i))
		}
		return out, nil
	}
	links, err := r.said(of, p.IRI, claims)
	if err != nil {
		return nil, err
	}
	for i := range of {
		add(links[i])
	}
	return out, nil
}

// foreseen hides a claim's retraction where it lies after the time that the
// perspective knows of.
func (r *run) foreseen(predicate string, it item) bool {
	if predicate != graph.RetractedAt && predicate != graph.RetractionReason {
		return true
	}
	_, known := r.view.RetractedAt(it.claims[0].Label)
	return known
}

// identifier is a code of an entity in a scheme.
type identifier struct {
	scheme, value string
	id            graph.ID
	claims        []graph.Link
}

// identifiers reads all of each entity, ordered by scheme, then by preference.
func (r *run) identifiers(of []graph.ID) ([][]identifier, error) {
	out := make([][]identifier, len(of))
	links, err := r.said(of, graph.Notation, r.view.Known())
	if err != nil {
		return nil, err
	}
	for i := range of {
		for _, it := range appendItems(nil, links[i]) {
			t, _ := r.view.Term(it.to)
			if scheme, ok := strings.CutPrefix(t.Datatype, graph.Scheme); ok {
				out[i] = append(out[i], identifier{scheme: scheme, value: t.Text, id: it.to, claims: it.claims})
			}
		}
		slices.SortFunc(out[i], func(a, b identifier) int {
			if c := cmp.Compare(a.scheme, b.scheme); c != 0 {
				return c
			}
			return cmp.Or(r.view.PreferAmong(r.ctx, a.claims, b.claims), cmp.Compare(a.value, b.value))
		})
	}
	return out, nil
}

// descriptions reads the descriptions of each entity, in no order.
func (r *run) descriptions(of []graph.ID) ([][]name, error) {
	out := make([][]name, len(of))
	links, err := r.said(of, graph.Description, r.view.Facts())
	if err != nil {
		return nil, err
	}
	for i := range of {
		for _, it := range appendItems(nil, links[i]) {
			if t, _ := r.view.Term(it.to); t.Kind == graph.Literal {
				out[i] = append(out[i], name{text: t.Text, language: t.Language, claims: it.claims})
			}
		}
	}
	return out, nil
}
