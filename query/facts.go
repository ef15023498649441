package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// fact is one thing said: a quad without its label.
type fact struct{ subject, predicate, object graph.ID }

// facts are the facts of a list of claims.
type facts struct {
	all  []fact
	ends []int
}

func (f *facts) of(i int) []fact {
	from := 0
	if i > 0 {
		from = f.ends[i-1]
	}
	return f.all[from:f.ends[i]]
}

// factsOf reads what each claim says, in the graph's own order; its own fields
// are not among them.
func (r *run) factsOf(claims []graph.ID) (*facts, error) {
	out := &facts{ends: make([]int, 0, len(claims))}
	for _, claim := range claims {
		begin := len(out.all)
		if claim.Space() == graph.Claims {
			err := r.view.Quads(r.ctx, graph.Pattern{Label: claim}, func(q graph.Quad) bool {
				if q.Subject != claim {
					out.all = append(out.all, fact{q.Subject, q.Predicate, q.Object})
				}
				return true
			})
			if err != nil {
				return nil, err
			}
		}
		slices.SortFunc(out.all[begin:], compareFacts)
		out.ends = append(out.ends, len(out.all))
	}
	return out, nil
}

// fieldOf names the field of the subject's class that the fact gives a value of:
// "class" for its class, "name" for its preferred name and "names" for others;
// empty where the schema has none. The subject must be classified, as what it was
// if it is nothing any more.
func (r *run) fieldOf(f fact) string {
	predicate := r.view.Name(f.predicate)
	switch predicate {
	case graph.Type:
		return "class"
	case graph.PreferredName:
		return "name"
	case graph.NativeName, graph.AliasName, graph.Abbreviation, graph.FormerName:
		return "names"
	case graph.Description:
		return "description"
	}
	c := r.classOf(row{id: f.subject, former: true})
	if predicate == graph.Notation {
		t, _ := r.view.Term(f.object)
		if c != nil {
			for _, field := range c.Fields {
				if field.Scheme != "" && graph.Scheme+field.Scheme == t.Datatype {
					return field.Name
				}
			}
		}
		return "identifiers"
	}
	if c != nil {
		if field := c.FieldOf(predicate); field != nil {
			return field.Name
		}
	}
	return ""
}

// factValue is the text of a fact's object where that is no entity: a literal's
// text, a class's name in the enum Class, else the full IRI. The object must be
// classified, as what it was if it is nothing any more.
func (r *run) factValue(f fact) (string, bool) {
	t, _ := r.view.Term(f.object)
	if t.Kind == graph.Literal {
		return t.Text, true
	}
	if r.view.Name(f.predicate) == graph.Type {
		if c := r.ontology.ClassByIRI(t.Text); c != nil {
			return c.Enum, true
		}
	}
	if r.classOf(row{id: f.object, former: true}) != nil {
		return "", false
	}
	return schema.Expand(t.Text), true
}

// publishersOf returns, for each fact, the independent publishers behind it: the
// media that the claims quote, else the publisher of the source, of the first
// one where it republishes others.
func (r *run) publishersOf(of []fact) ([][]graph.ID, error) {
	claimClass := r.ontology.Class("Claim")
	source := claimClass.Field("source")
	out := make([][]graph.ID, len(of))
	for i, f := range of {
		var claims []graph.ID
		err := r.view.Quads(r.ctx, graph.Pattern{Subject: f.subject, Predicate: f.predicate, Object: f.object}, func(q graph.Quad) bool {
			if r.view.Facts().Has(q.Label) {
				claims = append(claims, q.Label)
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		quoted, err := r.relate(claims, claimClass.Field("attributedTo"))
		if err != nil {
			return nil, err
		}
		media, err := r.mediaAmong(quoted)
		if err != nil {
			return nil, err
		}
		var publishers, sources []graph.ID
		for k, claim := range claims {
			if len(media[k]) > 0 {
				publishers = append(publishers, media[k]...)
				continue
			}
			found, err := r.relate([]graph.ID{claim}, source)
			if err != nil {
				return nil, err
			}
			for _, it := range found.all {
				sources = append(sources, it.to)
			}
		}
		published, err := r.publishedBy(sources)
		if err != nil {
			return nil, err
		}
		publishers = append(publishers, published...)
		slices.Sort(publishers)
		out[i] = slices.Compact(publishers)
	}
	return out, nil
}

// mediaAmong returns, for each list of those quoted, the media outlets among them;
// it drops from the list who is no organization.
func (r *run) mediaAmong(quoted *items) ([][]graph.ID, error) {
	organization := r.ontology.Class("Organization")
	if err := r.keepRange(quoted, organization); err != nil {
		return nil, err
	}
	all := make([]graph.ID, len(quoted.all))
	for i, it := range quoted.all {
		all[i] = it.to
	}
	kinds, err := r.values(all, organization.Field("kind"))
	if err != nil {
		return nil, err
	}
	out := make([][]graph.ID, len(quoted.ends))
	begin := 0
	for i, end := range quoted.ends {
		for k := begin; k < end; k++ {
			if kinds.first(k).term.Text == "MEDIA_OUTLET" {
				out[i] = append(out[i], all[k])
			}
		}
		begin = end
	}
	return out, nil
}

// publishedBy returns the publishers of sources, followed to what they republish.
func (r *run) publishedBy(sources []graph.ID) ([]graph.ID, error) {
	class := r.ontology.Class("Source")
	var out []graph.ID
	for _, source := range sources {
		seen := map[graph.ID]bool{}
		for !seen[source] {
			seen[source] = true
			original, err := r.relate([]graph.ID{source}, class.Field("republishes"))
			if err != nil {
				return nil, err
			}
			if len(original.all) > 0 {
				source = original.all[0].to
			}
		}
		publisher, err := r.relate([]graph.ID{source}, class.Field("publisher"))
		if err != nil {
			return nil, err
		}
		for _, it := range publisher.all {
			out = append(out, it.to)
		}
	}
	return out, nil
}
