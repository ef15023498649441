package intake

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// absorb takes what a batch has said of entities into the caches.
func (w *world) absorb(p *plan) {
	w.absorbClasses(p)
	for code := range p.codesOf {
		delete(w.identifiers, code)
	}
	for n := range p.named {
		delete(w.names, n)
	}
	if !w.dry {
		return
	}
	for _, e := range p.entries {
		if e.state == accepted {
			w.added.add(w.Ontology, &e.claim)
			w.added.claims[hashOf(e.Claim.ID)] = w.sum(&e.claim)
		}
	}
}

// absorbClasses takes in the classes that a batch has given. Those of things that had
// none, which the batch asked for, it tells itself: unless it has merged or superseded
// something, or an entry that gave a class is not taken. Other entities hardly come again.
func (w *world) absorbClasses(p *plan) {
	for id := range p.reclass {
		delete(w.classes, id)
	}
	for id := range p.given {
		if c := w.classes[id]; c != nil && c.Yields {
			delete(w.classes, id)
		}
	}
	if w.dry || len(p.unions) > 0 || len(p.reclass) > 0 || slices.ContainsFunc(p.entries, (*entry).lost) {
		return
	}
	for _, f := range p.looked {
		if class := p.given[f.id]; class != nil && w.classes[f.id] == nil {
			w.classes[f.id] = class
		}
	}
}

// add takes in what a claim would have given the graph.
func (a *added) add(o *schema.Ontology, c *graph.Claim) {
	if c.Status == graph.Denied {
		return
	}
	for i := range c.Facts {
		f := &c.Facts[i]
		switch f.Predicate {
		case graph.Type:
			if had := a.classes[f.Subject]; had == nil || had.Yields {
				a.classes[f.Subject] = o.ClassByIRI(f.Object.Text)
			}
		case graph.Notation:
			if code, ok := identifierOf(&f.Object); ok {
				a.identifiers[code] = append(a.identifiers[code], f.Subject)
				a.codes[f.Subject] = append(a.codes[f.Subject], code)
			}
		case nationOf, nationality:
			a.nations[f.Subject] = append(a.nations[f.Subject], f.Object.Text)
		case graph.PreferredName, graph.AliasName, graph.NativeName, graph.FormerName:
			n := name{f.Object.Text, f.Object.Language}
			a.names[n] = append(a.names[n], f.Subject)
		}
	}
}

var seed = maphash.MakeSeed()

func hashOf(text string) uint64 { return maphash.String(seed, text) }

// wrote reports whether a dry run would have recorded a claim, and its sum.
func (w *world) wrote(claim string) (sum uint64, wrote bool) {
	if !w.dry {
		return 0, false
	}
	sum, wrote = w.added.claims[hashOf(claim)]
	return sum, wrote
}

// nations returns the nations that an entity that stays is of.
func (w *world) nations(id string) []string {
	var all []string
	for _, member := range w.group(id) {
		if node, ok := w.latest.Lookup(graph.Ref(member)); ok {
			for _, predicate := range [...]string{nationOf, nationality} {
				w.follow(node, predicate, false, nil, func(to graph.ID) { all = append(all, w.stays(w.text(to))) })
			}
		}
		if w.dry {
			for _, nation := range w.added.nations[member] {
				all = append(all, w.stays(nation))
			}
		}
	}
	return all
}

// wereSplit reports whether a claim that merged two entities was retracted: someone
// knows that they are two.
func (w *world) wereSplit(a, b string) bool {
	p, ok := w.latest.Lookup(graph.Ref(graph.MergedInto))
	if !ok {
		return false
	}
	split := false
	for _, from := range w.group(a) {
		for _, into := range w.group(b) {
			f, okf := w.latest.Lookup(graph.Ref(from))
			t, okt := w.latest.Lookup(graph.Ref(into))
			if !okf || !okt || w.failed != nil {
				continue
			}
			for _, q := range [...]graph.Pattern{{Subject: f, Predicate: p, Object: t}, {Subject: t, Predicate: p, Object: f}} {
				w.failed = cmp.Or(w.failed, w.latest.Quads(w.ctx, q, func(q graph.Quad) bool {
					split = split || w.latest.Record(q.Label).RetractedAt != 0
					return !split
				}))
			}
		}
	}
	return split
}

// inOrder puts entries back into the order of their files.
func inOrder(entries []*entry) {
	slices.SortFunc(entries, func(a, b *entry) int {
		return cmp.Or(strings.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line),
			cmp.Compare(a.Place.Row, b.Place.Row), strings.Compare(a.Claim.ID, b.Claim.ID))
	})
}
