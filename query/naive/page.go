package naive

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/schema"
)

// page is what a connection shows of a list.
type page struct {
	all, edges    []edge // the list, and the page of it
	before, after bool   // something comes before it, after it
	around        *surrounding
}

// edge is one element of a page: its node, and the claims of an edge.
type edge struct {
	node    any // entityValue, claimValue, factValue or changeValue
	claims  []*claim
	relates bool // an entity has the list: the claims relate it to the node
}

// shown is the node, cited where it is reached by a relation.
func (e edge) shown() any {
	if e.relates {
		return cited{e.node, e.claims}
	}
	return e.node
}

const usualPage = 20

// cut takes the page that first or last ask for. compare is by orderBy.
func cut(all []edge, args map[string]any, around *surrounding, compare func(a, b edge) int) (*page, fault) {
	if args["after"] != nil || args["before"] != nil {
		panic("naive: only the engine knows its cursors")
	}
	from, to := 0, len(all)
	first, hasFirst := args["first"].(int64)
	last, hasLast := args["last"].(int64)
	switch {
	case hasFirst && hasLast || first < 0 || last < 0:
		return nil, badUserInput
	case args["withTies"] == true && (hasLast || args["orderBy"] == nil || len(args["orderBy"].([]any)) == 0):
		return nil, badUserInput
	case hasLast:
		from = max(0, to-int(last))
	case hasFirst:
		to = min(to, int(first))
	default:
		to = min(to, usualPage)
	}
	for args["withTies"] == true && to > 0 && to < len(all) && compare(all[to-1], all[to]) == 0 {
		to++
	}
	return &page{all: all, edges: all[from:to], before: from > 0, after: to < len(all), around: around}, ""
}

func (r *run) pageField(p *page, typeName, name string, args map[string]any) (any, fault) {
	list := []any{}
	switch name {
	case "edges":
		for _, e := range p.edges {
			list = append(list, e)
		}
		return list, ""
	case "nodes":
		for _, e := range p.edges {
			list = append(list, e.shown())
		}
		return list, ""
	case "totalCount":
		return int64(len(p.all)), ""
	case "pageInfo":
		cursor := any(nil)
		if len(p.edges) > 0 {
			cursor = Opaque
		}
		return map[string]any{
			"hasNextPage": p.after, "hasPreviousPage": p.before, "startCursor": cursor, "endCursor": cursor,
		}, ""
	case "groups":
		return r.groups(p, strings.TrimSuffix(typeName, "Connection"), args)
	}
	panic(noRuleError{typeName, name})
}

func edgeField(e edge, typeName, name string) any {
	switch name {
	case "node":
		return e.shown()
	case "cursor":
		return Opaque
	case "claims":
		return claimList(e.claims, e.node.(entityValue).around.outer)
	}
	panic(noRuleError{typeName, name})
}

// claimList is a list of claims, ascending by internal id, each once.
func claimList(claims []*claim, around *surrounding) []any {
	claims = slices.Clone(claims)
	slices.SortFunc(claims, func(a, b *claim) int { return cmp.Compare(a.id, b.id) })
	list := []any{}
	for _, c := range slices.Compact(claims) {
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
		for _, f := range r.of[id] {
			if f.predicate == graph.Type && f.claim.isKnown && f.term.Text == r.classes[id].IRI {
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
	p, bad := r.entityPage(r.related(v.id, field), field.Range, def, args, v.around)
	if bad != "" {
		return nil, bad
	}
	for i := range p.(*page).edges {
		p.(*page).edges[i].relates = true
	}
	return p, ""
}

// entityPage filters, orders and cuts a list of entities, which come ascending.
func (r *run) entityPage(links []link, class *schema.Class, def *ast.FieldDefinition, args map[string]any, around *surrounding) (any, fault) {
	f := &filter{run: r}
	where := f.where(def.Arguments.ForName("where").Type, args, around)
	links = slices.DeleteFunc(links, func(l link) bool { return f.bad != "" || !f.entityMeets(l.to, class, where, around) })
	if f.bad != "" {
		return nil, f.bad
	}
	var all []edge
	for _, l := range links {
		all = append(all, edge{node: r.entity(l.to, class, around), claims: l.claims})
	}
	return order(all, args, around, func(key string, a, b edge) (int, bool, bool) {
		return r.compareEntities(key, a.node.(entityValue).id, b.node.(entityValue).id)
	})
}

// claimPage filters, orders and cuts a list of claims, which come ascending.
func (r *run) claimPage(list func(where map[string]any) []*claim, def *ast.FieldDefinition, args map[string]any, around *surrounding) (any, fault) {
	f := &filter{run: r}
	where := f.where(def.Arguments.ForName("where").Type, args, around)
	claims := slices.DeleteFunc(list(where), func(c *claim) bool { return f.bad != "" || !f.claimMeets(c, where, around) })
	if f.bad != "" {
		return nil, f.bad
	}
	var all []edge
	for _, c := range claims {
		all = append(all, edge{node: claimValue{c, around}})
	}
	return order(all, args, around, func(key string, a, b edge) (int, bool, bool) {
		return r.compareClaims(key, a.node.(claimValue).claim, b.node.(claimValue).claim)
	})
}

// order puts a list, which comes in the graph's own order, in that of orderBy, and cuts it.
func order(all []edge, args map[string]any, around *surrounding, by func(key string, a, b edge) (c int, knowsA, knowsB bool)) (any, fault) {
	compare := func(a, b edge) int {
		return compareBy(args["orderBy"], func(key string) (int, bool, bool) { return by(key, a, b) })
	}
	slices.SortStableFunc(all, compare)
	p, bad := cut(all, args, around, compare)
	if bad != "" {
		return nil, bad
	}
	return p, ""
}
