package intake

import (
	"context"
	"fmt"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// world is what an import knows of the entities of the graph: a cache over its
// newest state. In a dry run it also holds what would have been written, and the
// state is that from which the run began.
type world struct {
	Target
	dry    bool
	latest graph.Latest
	ctx    context.Context // of the work under way
	failed error           // the first error of reading the graph in it

	classes     map[string]*schema.Class // of those that have one
	identifiers map[string][]string      // entities by SCHEME:VALUE
	names       map[name][]string        // entities by each of their names
	things      map[string]*found        // by the id that a file gives
	added       *added                   // what a dry run would have written

	into    map[string]string     // entities that were merged: what stays
	intoID  map[graph.ID]graph.ID // the same by their ids in the graph, as far as they have one
	members map[string][]string   // all that were merged into one

	predicates map[string]graph.ID

	links    graph.Links
	nodes    []graph.ID
	had, has []graph.Quad
}

// name is a name as the graph has it.
type name struct{ text, language string }

// added is what a dry run would have written of entities.
type added struct {
	classes     map[string]*schema.Class
	identifiers map[string][]string
	names       map[name][]string
	codes       map[string][]string // identifiers by their entity
	nations     map[string][]string // likewise
	claims      map[uint64]uint64   // sums of claims, by the hashes of their ids
}

// mostCached is how many entries each cache has at most.
const mostCached = 1 << 17

func newWorld(t Target, dry bool) *world {
	w := &world{Target: t, dry: dry}
	if dry {
		w.added = &added{
			classes: map[string]*schema.Class{}, identifiers: map[string][]string{}, names: map[name][]string{},
			codes: map[string][]string{}, nations: map[string][]string{}, claims: map[uint64]uint64{},
		}
	}
	w.forget()
	return w
}

// forget empties the caches.
func (w *world) forget() {
	w.classes = map[string]*schema.Class{}
	w.identifiers = map[string][]string{}
	w.names = map[name][]string{}
	w.things = map[string]*found{}
	w.predicates = map[string]graph.ID{}
}

// trim keeps the caches within bounds. It runs between batches.
func (w *world) trim() {
	if len(w.classes) > mostCached {
		clear(w.classes)
	}
	if len(w.identifiers) > mostCached {
		clear(w.identifiers)
	}
	if len(w.names) > mostCached {
		clear(w.names)
	}
	if len(w.things) > mostCached {
		clear(w.things)
	}
}

// open reads the state that an import begins with.
func (w *world) open(ctx context.Context) error {
	w.latest, w.ctx = w.Graph.Latest(), ctx
	return w.readMerges(ctx)
}

// see makes the newest state the one that is looked at. Others' commits since the
// last one empty the caches.
func (w *world) see(ctx context.Context, latest graph.Latest) error {
	w.ctx, w.failed = ctx, nil
	if w.dry || latest.Commit() == w.latest.Commit() {
		return nil
	}
	w.latest = latest
	w.forget()
	return w.readMerges(ctx)
}

// goOn makes the state after a commit of our own the one that is looked at; the
// caches stay.
func (w *world) goOn(latest graph.Latest, before uint64) {
	if latest.Commit() == before+1 {
		w.latest = latest
	}
}

// readMerges reads which entities stand for others, as perspectives do.
func (w *world) readMerges(ctx context.Context) error {
	w.into, w.intoID, w.members = map[string]string{}, map[graph.ID]graph.ID{}, map[string][]string{}
	p, ok := w.latest.Lookup(graph.Ref(graph.MergedInto))
	if !ok {
		return nil
	}
	into := map[graph.ID]graph.ID{}
	err := w.latest.Quads(ctx, graph.Pattern{Predicate: p}, func(q graph.Quad) bool {
		if w.latest.Known(q.Label) && q.Object.Space() == graph.Nodes {
			into[q.Subject] = q.Object
		}
		return true
	})
	if err != nil {
		return err
	}
	for from := range into {
		stays := from
		for range len(into) + 1 { // no longer: unchecked claims may merge in a circle
			next, merged := into[stays]
			if !merged {
				break
			}
			stays = next
		}
		if stays != from {
			w.intoID[from] = stays
			w.into[w.text(from)] = w.text(stays)
			w.members[w.text(stays)] = append(w.members[w.text(stays)], w.text(from))
		}
	}
	return nil
}

func (w *world) text(id graph.ID) string {
	t, _ := w.latest.Term(id)
	return t.Text
}

// stays returns what stands for an entity.
func (w *world) stays(id string) string {
	if len(w.into) == 0 {
		return id
	}
	for range len(w.into) + 1 {
		next, merged := w.into[id]
		if !merged {
			return id
		}
		id = next
	}
	return id // unreachable unless merges make a circle
}

// staysID is stays by the graph's own ids.
func (w *world) staysID(id graph.ID) graph.ID {
	if len(w.intoID) == 0 {
		return id
	}
	for range len(w.intoID) + 1 {
		next, merged := w.intoID[id]
		if !merged {
			return id
		}
		id = next
	}
	return id // unreachable unless merges make a circle
}

// merge makes an entity stand for another, in a way that unmerge undoes.
func (w *world) merge(from, into string) {
	w.into[from] = into
	w.members[into] = append(append(w.members[into], from), w.members[from]...)
	a, oka := w.latest.Lookup(graph.Ref(from))
	b, okb := w.latest.Lookup(graph.Ref(into))
	if oka && okb {
		w.intoID[a] = b
	}
	delete(w.classes, from)
	delete(w.classes, into)
}

func (w *world) unmerge(from, into string) {
	delete(w.into, from)
	w.members[into] = w.members[into][:len(w.members[into])-1-len(w.members[from])]
	if a, ok := w.latest.Lookup(graph.Ref(from)); ok {
		delete(w.intoID, a)
	}
	delete(w.classes, from)
	delete(w.classes, into)
}

// mergesWritten takes in the ids that merged entities have got in the graph.
func (w *world) mergesWritten(unions []union) {
	for _, u := range unions {
		from, okf := w.latest.Lookup(graph.Ref(u.From))
		into, oki := w.latest.Lookup(graph.Ref(u.Into))
		if okf && oki {
			w.intoID[from] = into
		}
	}
	delete(w.classes, graph.EditSource) // it came with the first of them
}

// group returns all ids that an entity stands for, itself first.
func (w *world) group(id string) []string {
	if len(w.members) == 0 || w.members[id] == nil {
		return []string{id}
	}
	return append([]string{id}, w.members[id]...)
}

// follow reads where a predicate leads from an entity, or to it, by known claims
// that are not in without, and calls yield for each end.
func (w *world) follow(from graph.ID, predicate string, inverse bool, without *graph.Set, yield func(graph.ID)) {
	p, ok := w.latest.Lookup(graph.Ref(predicate))
	if !ok || w.failed != nil {
		return
	}
	w.links.Reset()
	w.nodes = append(w.nodes[:0], from)
	if w.failed = w.latest.Expand(w.ctx, &w.links, w.nodes, p, inverse, nil); w.failed != nil {
		return
	}
	for _, l := range w.links.All {
		if w.latest.Known(l.Label) && (without == nil || !without.Has(l.Label)) {
			yield(l.To)
		}
	}
}

// class returns the class of an entity that stays, or nil.
func (w *world) class(id string) *schema.Class {
	class := w.classes[id]
	if class == nil {
		if class = w.classWithout(id, nil); class != nil {
			w.classes[id] = class
		}
	}
	return class
}

// classWithout is class as if some claims were not there.
func (w *world) classWithout(id string, without *graph.Set) *schema.Class {
	var class *schema.Class
	for _, member := range w.group(id) {
		class = nearer(class, w.classOfOne(member, without))
	}
	return class
}

// classOfOne is classWithout of an entity by itself, whatever was merged.
func (w *world) classOfOne(id string, without *graph.Set) *schema.Class {
	var class *schema.Class
	if node, ok := w.latest.Lookup(graph.Ref(id)); ok {
		w.follow(node, graph.Type, false, without, func(to graph.ID) {
			class = nearer(class, w.Ontology.ClassByIRI(w.text(to)))
		})
	}
	if w.dry {
		class = nearer(class, w.added.classes[id])
	}
	return class
}

// nearer returns the one of two classes that tells more of an entity; nil is none.
func nearer(class, other *schema.Class) *schema.Class {
	if other != nil && other.Enum != "" && (class == nil || class.Yields && !other.Yields) {
		return other
	}
	return class
}

// byIdentifier returns the entities that have an identifier, as claims name them.
func (w *world) byIdentifier(identifier string) []string {
	ids, cached := w.identifiers[identifier]
	if cached {
		return ids
	}
	ids = w.having(notation(identifier), graph.Notation)
	if w.dry {
		ids = append(ids, w.added.identifiers[identifier]...)
	}
	w.identifiers[identifier] = ids
	return ids
}

// byName returns the entities that have a name.
func (w *world) byName(n name) []string {
	ids, cached := w.names[n]
	if cached {
		return ids
	}
	term := graph.TextIn(n.text, n.language)
	for _, predicate := range namePredicates {
		ids = append(ids, w.having(term, predicate)...)
	}
	if w.dry {
		ids = append(ids, w.added.names[n]...)
	}
	w.names[n] = ids
	return ids
}

// namePredicates are those of the names that find an entity. Abbreviations do not:
// they are of many.
var namePredicates = [...]string{graph.PreferredName, graph.AliasName, graph.NativeName, graph.FormerName}

// having returns the entities of which known claims state a literal.
func (w *world) having(t graph.Term, predicate string) []string {
	literal, ok := w.latest.Lookup(t)
	if !ok {
		return nil
	}
	var nodes []graph.ID
	w.follow(literal, predicate, true, nil, func(to graph.ID) { nodes = append(nodes, to) })
	var ids []string
	for _, node := range nodes {
		ids = append(ids, w.text(node))
	}
	return ids
}

// codes calls yield for each identifier of an entity that stays, SCHEME:VALUE.
func (w *world) codes(id string, yield func(identifier string)) {
	for _, member := range w.group(id) {
		if node, ok := w.latest.Lookup(graph.Ref(member)); ok {
			var literals []graph.ID
			w.follow(node, graph.Notation, false, nil, func(to graph.ID) { literals = append(literals, to) })
			for _, l := range literals {
				t, _ := w.latest.Term(l)
				if scheme, ok := strings.CutPrefix(t.Datatype, graph.Scheme); ok {
					yield(scheme + ":" + t.Text)
				}
			}
		}
		if w.dry {
			for _, code := range w.added.codes[member] {
				yield(code)
			}
		}
	}
}

// order tells which of two entities the graph saw first: one that it has not seen
// comes last.
func (w *world) order(id string) graph.ID {
	node, ok := w.latest.Lookup(graph.Ref(id))
	if !ok {
		return ^graph.ID(0)
	}
	return node
}

// err is the error of reading the graph in the work under way.
func (w *world) err() error {
	if w.failed != nil {
		return fmt.Errorf("reading the graph: %w", w.failed)
	}
	return nil
}

// notation is the literal of an identifier SCHEME:VALUE.
func notation(identifier string) graph.Term {
	scheme, value, _ := strings.Cut(identifier, ":")
	return graph.Typed(value, graph.Scheme+scheme)
}
