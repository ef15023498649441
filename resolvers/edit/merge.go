package edit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"chancery/graph"
	"chancery/query"
)

// merge is a MergeInput: entities to be made one.
type merge struct {
	Keep   string   `json:"keep"`
	Merge  []string `json:"merge"`
	Reason string   `json:"reason"`
}

const byName = "look its id up by its name"

func (in *merge) changes(d *draft) (c graph.Changes, err error) {
	d.reason(in.Reason)
	if len(in.Merge) == 0 {
		d.fail(query.BadUserInput, "input.merge", "there are none: name at least one entity")
	}
	keep, ok := d.classified("input.keep", in.Keep)
	class, _ := d.classOf(keep) // of all that is one so far
	from := map[string]bool{}
	for i, given := range in.Merge {
		place := "input.merge[" + strconv.Itoa(i) + "]"
		id, found := d.classified(place, given)
		switch {
		case !found || !ok || from[id]:
			continue
		case id == keep:
			d.fail(query.BadUserInput, place, "%s is %s already: an entity cannot be merged into itself", given, keep)
			continue
		}
		other, _ := d.classOf(id)
		if other != class && !other.Yields && !class.Yields {
			d.fail(query.Conflict, place, "%s is of the class %s, and %s would be of the class %s: only entities of one class can be one", id, other.Name, keep, class.Name)
			continue
		}
		if class.Yields {
			class = other
		}
		from[id] = true
		c.Record = append(c.Record, graph.Claim{
			Source: d.resolved(graph.EditSource), Locator: in.Reason, Status: graph.Confirmed,
			Facts: []graph.Fact{{Subject: id, Predicate: graph.MergedInto, Object: graph.Ref(keep)}},
		})
	}
	if _, there := d.classOf(graph.EditSource); !there {
		made := graph.EditSourceClaim()
		if id, seen := d.view.Node(made.ID); seen && d.view.Record(id).Exists {
			made.ID = "" // it was retracted, so this is another
		}
		c.Record = append(c.Record, made)
	}
	return c, nil
}

// classified returns what stands for an entity that has a class.
func (d *draft) classified(place, given string) (string, bool) {
	id, ok := d.entity(place, given, byName)
	if !ok {
		return "", false
	}
	if _, ok = d.classOf(id); !ok {
		d.fail(query.Conflict, place, "%s has no class any more, since the claims that gave it one were retracted: give it one first", id)
	}
	return id, ok
}

func (in *merge) told(_ context.Context, _ *graph.View, r graph.Receipt) (claims, entities []string, err error) {
	return r.Recorded, []string{in.Keep}, nil
}

// split is a SplitInput: a merge to be undone.
type split struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

func (in *split) changes(d *draft) (c graph.Changes, err error) {
	d.reason(in.Reason)
	if _, ok := d.entity("input.id", in.ID, byName); !ok {
		return c, nil
	}
	merges, err := d.merges()
	if err != nil {
		return c, err
	}
	id, _ := d.view.Lookup(graph.Ref(in.ID))
	undone := merges[id]
	if undone == nil {
		// It was merged into nothing: all that it stands for is given back.
		for _, from := range d.view.MergedFrom(id) {
			undone = append(undone, merges[from]...)
		}
	}
	for _, claim := range ascending(undone) {
		c.Retract = append(c.Retract, graph.Retraction{Claim: d.view.Name(claim), Reason: in.Reason})
	}
	if len(undone) == 0 {
		d.fail(query.Conflict, "input.id", "%s was merged into nothing, and nothing into it: there is nothing to split", in.ID)
	}
	return c, nil
}

// merges returns the claims that merge each entity.
func (d *draft) merges() (map[graph.ID][]graph.ID, error) {
	p, ok := d.view.Lookup(graph.Ref(graph.MergedInto))
	if !ok {
		return nil, nil
	}
	by := map[graph.ID][]graph.ID{}
	err := d.view.Snapshot.Quads(d.ctx, graph.Pattern{Predicate: p}, func(q graph.Quad) bool {
		if d.view.Known().Has(q.Label) {
			by[q.Subject] = append(by[q.Subject], q.Label)
		}
		return true
	})
	return by, err
}

// told tells of those given back, then of what they were merged into.
func (in *split) told(ctx context.Context, v *graph.View, r graph.Receipt) (claims, entities []string, err error) {
	claims = slices.Clone(r.Retracted)
	slices.SortFunc(claims, func(a, b string) int {
		ida, _ := v.Lookup(graph.Ref(a))
		idb, _ := v.Lookup(graph.Ref(b))
		return cmp.Compare(ida, idb)
	})
	back, err := subjects(ctx, v.Snapshot, claims)
	if err != nil {
		return nil, nil, err
	}
	into := map[string]bool{}
	for _, claim := range claims {
		label, _ := v.Lookup(graph.Ref(claim))
		p, _ := v.Lookup(graph.Ref(graph.MergedInto))
		err := v.Snapshot.Quads(ctx, graph.Pattern{Predicate: p, Label: label}, func(q graph.Quad) bool {
			into[v.Name(q.Object)] = true
			return true
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return claims, append(back, slices.Sorted(maps.Keys(into))...), nil
}
