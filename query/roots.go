package query

import (
	"fmt"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// root makes the column of a root field of Query: it has one row.
func (r *run) root(c *collected) (column, error) {
	return r.column("Query", c, func(c *collected) (column, error) {
		args, bad := r.arguments(c.field.Definition.Arguments, c.field.Arguments)
		if bad != nil {
			return nil, bad
		}
		if root := r.ontology.Root(c.field.Name); root != nil {
			if root.Many {
				return r.rootConnection(root.Class, c, args)
			}
			return r.rootByID(root.Class, c, args)
		}
		switch c.field.Name {
		case "node":
			return r.rootByID(nil, c, args)
		case "nodes":
			return r.rootNodes(c, args)
		case "facts":
			return r.rootFacts(c, args)
		case "changes":
			return r.rootChanges(c, args)
		case "conflicts":
			return r.rootConflicts(c, args)
		case "resolve":
			return r.rootResolve(c, args)
		case "resolveAll":
			return r.rootResolveAll(c, args)
		case "search":
			return r.rootSearch(c, args)
		case "paths":
			return r.rootPaths(c, args)
		}
		return nil, notYet(c.field.Name)
	})
}

// rootByID answers with the object of an id if it is of the class; nil: of any.
func (r *run) rootByID(class *schema.Class, c *collected, args map[string]any) (column, error) {
	id, bad := r.id(args["id"].(string))
	if bad != nil {
		return nil, bad.at("id")
	}
	if err := r.classify([]graph.ID{id}); err != nil {
		return nil, err
	}
	p := &pick{at: []int{-1}}
	of := r.class(id)
	if of == nil || class != nil && !of.Is(class) {
		return p, nil
	}
	p.at[0] = 0
	var err error
	p.objects, err = r.differentObjects([]row{{id: id}}, c)
	return p, err
}

// rootNodes answers with the objects of several ids, null for what is none.
func (r *run) rootNodes(c *collected, args map[string]any) (column, error) {
	given := args["ids"].([]any)
	if len(given) > mostListed {
		return nil, errorf(ListTooLong, "nodes takes at most %d ids at once, not %d: ask in several requests", mostListed, len(given))
	}
	rows := make([]row, len(given))
	unknown := map[int]*Error{}
	for i, text := range given {
		id, bad := r.id(text.(string))
		if bad != nil {
			bad.Position = c.field.Position
			unknown[i] = bad.at(fmt.Sprintf("[%d]", i)).at("ids")
		}
		rows[i] = row{id: id}
	}
	found, err := r.objects(rows, c)
	if err != nil {
		return nil, err
	}
	return &list{nonNull: true, ends: []int{len(rows)}, items: &nodeList{found, unknown}}, nil
}

// nodeList are the objects of ids, with an error for each that is not known.
type nodeList struct {
	found   column
	unknown map[int]*Error
}

func (n *nodeList) write(w *writer, i int) bool {
	if bad := n.unknown[i]; bad != nil {
		w.fail(bad)
		return false
	}
	return n.found.write(w, i)
}

// rootConnection answers with all entities of a class that some admitted claim
// speaks of, or with all listed claims.
func (r *run) rootConnection(class *schema.Class, c *collected, args map[string]any) (column, error) {
	source := pageSource{rows: []row{{}}, class: class}
	if class.Name == "Claim" {
		listed := r.listedClaims(namesKey(args["where"], "retractedAt"))
		source.count = claimsCount(listed)
		source.read = func([]graph.ID) (*items, error) {
			found := &items{}
			for id := range listed.All {
				found.all = append(found.all, item{to: id})
			}
			found.ends = []int{len(found.all)}
			return found, r.view.Spend(len(found.all))
		}
		return r.connection(c, args, source)
	}
	source.read = func([]graph.ID) (*items, error) { return r.members(class) }
	source.start = r.membersAmong
	source.edgeClaims = r.classClaims
	source.count = func() (int, error) { return r.countOnce(class) }
	return r.connection(c, args, source)
}

// members reads the entities of a class that some admitted claim speaks of.
func (r *run) members(class *schema.Class) (*items, error) {
	of := make([]graph.ID, 0, len(class.Members))
	for _, m := range class.Members {
		if id, ok := r.view.Node(m.IRI); ok {
			of = append(of, id)
		}
	}
	if types, ok, err := r.columnFor(graph.Type, 0); err != nil {
		return nil, err
	} else if ok {
		if all, ok, err := types.Subjects(of); err != nil {
			return nil, err
		} else if ok {
			if err := r.spendMembers(of, len(all)); err != nil {
				return nil, err
			}
			return r.membersAmong(class, all)
		}
	}
	var links graph.Links
	if err := r.view.Follow(r.ctx, &links, of, graph.Type, true, r.view.Known()); err != nil {
		return nil, err
	}
	all := make([]graph.ID, 0, len(links.All))
	for _, l := range links.All {
		all = append(all, l.To)
	}
	slices.Sort(all)
	return r.membersAmong(class, slices.Compact(all))
}

// membersAmong keeps the ids, ascending, that are entities of a class and that some
// admitted claim speaks of.
func (r *run) membersAmong(class *schema.Class, all []graph.ID) (*items, error) {
	var spoken []bool
	if r.view.Facts() != r.view.Known() { // else what gives them their class speaks of them
		var err error
		if spoken, err = r.spokenOf(all); err != nil {
			return nil, err
		}
	}
	found := &items{all: r.room.items.take(len(all))}
	err := r.eachClass(all, func(i int, c *schema.Class) {
		if (spoken == nil || spoken[i]) && c != nil && c.Is(class) {
			found.all = append(found.all, item{to: all[i]})
		}
	})
	found.ends = []int{len(found.all)}
	return found, err
}

// classClaims reads the known claims that give each node its class.
func (r *run) classClaims(nodes []graph.ID) (*items, error) {
	types, err := r.said(nodes, graph.Type, r.view.Known())
	if err != nil {
		return nil, err
	}
	out := &items{all: make([]item, 0, len(nodes)), ends: make([]int, 0, len(nodes))}
	for i, id := range nodes {
		c := r.class(id)
		for _, l := range types[i] {
			if c != nil && r.classOfType(l.To) == c {
				out.all = append(out.all, item{to: l.Label})
			}
		}
		out.ends = append(out.ends, len(out.all))
	}
	return out, nil
}
