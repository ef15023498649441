package query

import (
	"cmp"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// Facts and changes are no entities, yet connections page through them. Within a
// run they have ids in spaces of their own: indexes into its tables.
const (
	factSpace   graph.Space = 15
	changeSpace graph.Space = 14
)

// change is a claim that was recorded or retracted.
type change struct {
	at        int64 // microseconds since 1970
	retracted bool
	claim     graph.ID
}

func (c change) kind() string {
	if c.retracted {
		return "RETRACTED"
	}
	return "RECORDED"
}

func (r *run) addFact(f fact) graph.ID {
	r.facts = append(r.facts, f)
	id := graph.InSpace(factSpace, uint64(len(r.facts)-1))
	r.classes[id] = r.op.engine.factClass
	return id
}

func (r *run) addChange(c change) graph.ID {
	r.changes = append(r.changes, c)
	id := graph.InSpace(changeSpace, uint64(len(r.changes)-1))
	r.classes[id] = r.op.engine.changeClass
	return id
}

func (r *run) fact(id graph.ID) fact     { return r.facts[id.Sequence()] }
func (r *run) change(id graph.ID) change { return r.changes[id.Sequence()] }

// compareIDs is the graph's own order: facts by their parts, changes by time.
func (r *run) compareIDs(a, b graph.ID) int {
	switch a.Space() {
	case factSpace:
		return compareFacts(r.fact(a), r.fact(b))
	case changeSpace:
		x, y := r.change(a), r.change(b)
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.kind(), y.kind()), cmp.Compare(x.claim, y.claim))
	}
	return cmp.Compare(a, b)
}

func compareFacts(a, b fact) int {
	return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.predicate, b.predicate), cmp.Compare(a.object, b.object))
}

// nameID gives an id as cursors hold it.
func (r *run) nameID(id graph.ID) string {
	switch id.Space() {
	case factSpace:
		f := r.fact(id)
		parts := make([]string, 0, 3)
		for _, part := range []graph.ID{f.subject, f.predicate, f.object} {
			parts = append(parts, strconv.FormatUint(uint64(part), 36))
		}
		return strings.Join(parts, " ")
	case changeSpace:
		c := r.change(id)
		return strconv.FormatInt(c.at, 36) + " " + c.kind() + " " + r.view.Name(c.claim)
	}
	return r.view.Name(id)
}

// readID reads what nameID gives for an object of the class.
func (r *run) readID(text string, class *schema.Class) (graph.ID, bool) {
	switch class {
	case r.op.engine.factClass:
		parts := strings.Split(text, " ")
		var ids [3]graph.ID
		for i := range ids {
			if len(parts) != len(ids) {
				return 0, false
			}
			n, err := strconv.ParseUint(parts[i], 36, 64)
			if err != nil {
				return 0, false
			}
			ids[i] = graph.ID(n)
		}
		return r.addFact(fact{ids[0], ids[1], ids[2]}), true
	case r.op.engine.changeClass:
		parts := strings.SplitN(text, " ", 3)
		if len(parts) != 3 {
			return 0, false
		}
		at, err := strconv.ParseInt(parts[0], 36, 64)
		claim, ok := r.view.Node(parts[2])
		if err != nil || !ok {
			return 0, false
		}
		return r.addChange(change{at: at, retracted: parts[1] == "RETRACTED", claim: claim}), true
	}
	// The node itself: the place of one that was merged since stays where it was.
	return r.view.Lookup(graph.Ref(text))
}
