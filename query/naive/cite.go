package naive

import (
	"cmp"
	"fmt"
	"slices"

	"chancery/graph"
)

// cited is a value of an answer with the claims behind it.
type cited struct {
	value  any
	claims []*claim
}

// Citation is one entry of extensions.citations.
type Citation struct {
	Path   []any    `json:"path"`
	Claims []string `json:"claims"` // ids, in the graph's own order
}

// CitedClaim is one entry of extensions.claims; nil is null.
type CitedClaim struct {
	Source    any `json:"source"`
	Publisher any `json:"publisher"`
	URL       any `json:"url"`
	Locator   any `json:"locator"`
	Status    any `json:"status"`
}

// cite notes the claims behind the value at a place.
func (r *run) cite(path []any, claims []*claim) {
	if len(claims) > 0 {
		r.citations = append(r.citations, Citation{path, claimNames(claims)})
	}
}

func claimNames(claims []*claim) []string {
	claims = slices.Clone(claims)
	slices.SortFunc(claims, func(a, b *claim) int { return cmp.Compare(a.id, b.id) })
	var names []string
	for _, c := range slices.Compact(claims) {
		names = append(names, c.name)
	}
	return names
}

// citationsOf are those of values that are not lost to a null above them, and
// what is told of their claims.
func (r *run) citationsOf(data *Object) ([]Citation, map[string]CitedClaim) {
	kept := slices.DeleteFunc(r.citations, func(c Citation) bool { return valueAt(data, c.Path) == nil })
	claims := map[string]CitedClaim{}
	for _, citation := range kept {
		for _, name := range citation.Claims {
			claims[name] = r.citedClaim(r.claimWith(func(c *claim) bool { return c.name == name }))
		}
	}
	return kept, claims
}

func (r *run) citedClaim(c *claim) CitedClaim {
	out := CitedClaim{Locator: orNil(c.locator), Status: c.status}
	source := r.o.Class("Source")
	if !r.is(c.source, source) {
		return out
	}
	out.Source = r.names[c.source]
	if publisher := r.one(c.source, source.Field("publisher")); publisher != 0 {
		out.Publisher = r.names[publisher]
	}
	for _, url := range r.literals(c.source, source.Field("url")) {
		out.URL = url.term.Text
	}
	return out
}

// valueAt is what stands at a place of an answer.
func valueAt(data *Object, path []any) any {
	if data == nil {
		return nil
	}
	var at any = data
	for _, element := range path {
		switch v := at.(type) {
		case *Object:
			at = v.Values[slices.Index(v.Keys, fmt.Sprint(element))]
		case []any:
			at = v[element.(int)]
		default:
			return nil
		}
	}
	return at
}

// claimsOfFacts are the claims of the facts that are so.
func (r *run) claimsOfFacts(is func(fact) bool) []*claim {
	var claims []*claim
	for _, f := range r.facts {
		if is(f) {
			claims = append(claims, f.claim)
		}
	}
	return claims
}

// sayingName are the known claims that give the entity the name.
func (r *run) sayingName(id graph.ID, n naming) []*claim {
	return r.claimsOfFacts(func(f fact) bool {
		return f.claim.isKnown && f.subject == id && f.predicate == nameKinds[n.rank].predicate && n.isOf(f.term)
	})
}

// sayingDescription are the admitted claims that give the entity the description.
func (r *run) sayingDescription(id graph.ID, n naming) []*claim {
	return r.claimsOfFacts(func(f fact) bool {
		return f.claim.isAdmitted && f.subject == id && f.predicate == graph.Description && n.isOf(f.term)
	})
}

func (n naming) isOf(t graph.Term) bool { return t.Text == n.text && t.Language == n.language }

// sayingIdentifier are the known claims that give the entity the identifier.
func (r *run) sayingIdentifier(id graph.ID, i identifierOf) []*claim {
	return r.claimsOfFacts(func(f fact) bool {
		return f.claim.isKnown && f.subject == id && f.predicate == graph.Notation &&
			f.term.Text == i.value && f.term.Datatype == graph.Scheme+i.scheme
	})
}
