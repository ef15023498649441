package naive

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/schema"
)

// page is what a connection shows of a list.
type page struct {
	edges         []edge
	before, after bool // something comes before it, after it
	total         int
	around        *surrounding
}

// edge is one element of a page: its node, and the claims of an edge.
type edge struct {
	node   any // entityValue or claimValue
	claims []*claim
}

const usualPage = 20

// cut takes the page that first or last ask for.
func cut(all []edge, args map[string]any, around *surrounding) (*page, fault) {
	if args["after"] != nil || args["before"] != nil {
		panic("naive: only the engine knows its cursors")
	}
	from, to := 0, len(all)
	first, hasFirst := args["first"].(int64)
	last, hasLast := args["last"].(int64)
	switch {
	case hasFirst && hasLast || first < 0 || last < 0:
		return nil, badUserInput
	case hasLast:
		from = max(0, to-int(last))
	case hasFirst:
		to = min(to, int(first))
	default:
		to = min(to, usualPage)
	}
	return &page{edges: all[from:to], before: from > 0, after: to < len(all), total: len(all), around: around}, ""
}

func (r *run) pageField(p *page, name string) any {
	list := []any{}
	switch name {
	case "edges":
		for _, e := range p.edges {
			list = append(list, e)
		}
	case "nodes":
		for _, e := range p.edges {
			list = append(list, e.node)
		}
	case "totalCount":
		return int64(p.total)
	case "pageInfo":
		cursor := any(nil)
		if len(p.edges) > 0 {
			cursor = Opaque
		}
		return map[string]any{
			"hasNextPage": p.after, "hasPreviousPage": p.before, "startCursor": cursor, "endCursor": cursor,
		}
	default:
		panic("naive: " + name + " is left out")
	}
	return list
}

func (r *run) edgeField(e edge, name string) any {
	switch name {
	case "node":
		return e.node
	case "cursor":
		return Opaque
	}
	claims := slices.Clone(e.claims)
	slices.SortFunc(claims, func(a, b *claim) int { return cmp.Compare(a.id, b.id) })
	claims = slices.Compact(claims)
	around := e.node.(entityValue).around.outer
	list := []any{}
	for _, c := range claims {
		list = append(list, claimValue{c, around})
	}
	return list
}

// rootPage lists the entities of a class that an admitted claim speaks of, or
// the claims.
func (r *run) rootPage(class *schema.Class, def *ast.FieldDefinition, args map[string]any) (any, fault) {
	if class.Name == "Claim" {
		return r.claimPage(r.listed, def, args, nil)
	}
	var links []link
	for id := range r.classes {
		if !r.is(id, class) || !r.spokenOf[id] {
			continue
		}
		l := link{to: id}
		for _, f := range r.facts {
			if f.subject == id && f.predicate == graph.Type && f.claim.isKnown && f.term.Text == r.classes[id].IRI {
				l.claims = append(l.claims, f.claim)
			}
		}
		links = append(links, l)
	}
	slices.SortFunc(links, func(a, b link) int { return cmp.Compare(a.to, b.to) })
	return r.entityPage(links, class, def, args, nil)
}

// relationPage lists what a relation shows.
func (r *run) relationPage(v entityValue, field *schema.Field, def *ast.FieldDefinition, args map[string]any) (any, fault) {
	if field.Range.Name == "Claim" { // Source.asserts
		return r.claimPage(func(where map[string]any) []*claim { return r.claimsFrom(v.id, where) }, def, args, v.around)
	}
	return r.entityPage(r.related(v.id, field), field.Range, def, args, v.around)
}

// entityPage filters, orders and cuts a list of entities, which come ascending.
func (r *run) entityPage(links []link, class *schema.Class, def *ast.FieldDefinition, args map[string]any, around *surrounding) (any, fault) {
	f := &filter{run: r}
	where := f.where(def.Arguments.ForName("where").Type, args, around)
	links = slices.DeleteFunc(links, func(l link) bool { return f.bad != "" || !f.entityMeets(l.to, class, where, around) })
	if f.bad != "" {
		return nil, f.bad
	}
	slices.SortStableFunc(links, func(a, b link) int {
		return compareBy(args["orderBy"], func(key string) (int, bool, bool) { return r.compareEntities(key, a.to, b.to) })
	})
	var all []edge
	for _, l := range links {
		all = append(all, edge{r.entity(l.to, class, around), l.claims})
	}
	return cutOrFail(all, args, around)
}

// claimPage filters, orders and cuts a list of claims, which come ascending.
func (r *run) claimPage(list func(where map[string]any) []*claim, def *ast.FieldDefinition, args map[string]any, around *surrounding) (any, fault) {
	f := &filter{run: r}
	where := f.where(def.Arguments.ForName("where").Type, args, around)
	claims := slices.DeleteFunc(list(where), func(c *claim) bool { return f.bad != "" || !f.claimMeets(c, where, around) })
	if f.bad != "" {
		return nil, f.bad
	}
	slices.SortStableFunc(claims, func(a, b *claim) int {
		return compareBy(args["orderBy"], func(key string) (int, bool, bool) { return r.compareClaims(key, a, b) })
	})
	var all []edge
	for _, c := range claims {
		all = append(all, edge{claimValue{c, around}, nil})
	}
	return cutOrFail(all, args, around)
}

func cutOrFail(all []edge, args map[string]any, around *surrounding) (any, fault) {
	p, bad := cut(all, args, around)
	if bad != "" {
		return nil, bad
	}
	return p, ""
}
