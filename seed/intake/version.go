package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"chancery/graph"
)

// version is the newest version that the graph has of a claim. The versions of
// claim/D/K are itself, claim/D/K~2, claim/D/K~3 and so on.
type version struct {
	claim    graph.ID // 0: there is none
	number   int      // 0: there is none
	standing bool     // it was not retracted
	byHand   bool     // it was, and by no edition of its data set
	at       int64    // when it was recorded, in microseconds since 1970
	quads    []graph.Quad
}

// versionID is the id of a version of a claim.
func versionID(claim string, number int) string {
	if number == 1 {
		return claim
	}
	return claim + "~" + strconv.Itoa(number)
}

// version finds the newest version of a claim, with its quads. Where nothing of
// its data set is in the graph, one look is enough.
func (w *world) version(claim string, more bool) version {
	var v version
	// One that was erased leaves a gap.
	for n, missing := 1, 0; missing < 2; n++ {
		if n == 2 && (!more || v.standing) {
			break // what a later one supersedes does not stand
		}
		id, ok := w.latest.Lookup(graph.Ref(versionID(claim, n)))
		var record graph.Record
		if ok {
			record = w.latest.Record(id)
		}
		if !record.Exists {
			missing++
			continue
		}
		missing = 0
		v.claim, v.number, v.standing, v.at = id, n, record.RetractedAt == 0, record.RecordedAt
	}
	if v.claim != 0 && w.failed == nil {
		v.quads, w.failed = w.latest.Claim(w.ctx, nil, v.claim)
		v.byHand = !v.standing && !strings.HasPrefix(w.own(&v, graph.RetractionReason), goneFrom(w.recordedBy(&v)))
	}
	return v
}

// recordedBy is who recorded the version.
func (w *world) recordedBy(v *version) string { return w.own(v, graph.RecordedBy) }

// own is a text that the version has in an own field, or "".
func (w *world) own(v *version, field string) string {
	p := w.predicate(field)
	for _, q := range v.quads {
		if q.Subject == v.claim && q.Predicate == p {
			return w.text(q.Object)
		}
	}
	return ""
}

// said are the predicates of a claim's own fields that a source states.
var said = [...]string{graph.Source, graph.StatusOf, graph.Locator, graph.AttributedTo, graph.Confidence, graph.ValidTime}

// same reports whether a claim says what the version says, own fields and facts,
// entities that were merged taken for one.
func (w *world) same(v *version, c *graph.Claim) bool {
	self := graph.ID(0) // the subject of own fields, in both
	var own [len(said)]graph.ID
	for i, predicate := range said {
		own[i] = w.predicate(predicate)
	}
	had := w.had[:0]
	for _, q := range v.quads {
		switch {
		case q.Subject != v.claim:
			had = append(had, graph.Quad{Subject: w.staysID(q.Subject), Predicate: q.Predicate, Object: w.staysID(q.Object)})
		case slices.Contains(own[:], q.Predicate):
			had = append(had, graph.Quad{Subject: self, Predicate: q.Predicate, Object: w.staysID(q.Object)})
		}
	}
	has := w.has[:0]
	ok := true
	add := func(subject graph.ID, predicate string, object graph.Term) {
		p := w.predicate(predicate)
		o, found := w.latest.Lookup(object)
		ok = ok && found && p != 0
		has = append(has, graph.Quad{Subject: subject, Predicate: p, Object: w.staysID(o)})
	}
	w.had, w.has = had, has
	if len(c.Facts) > len(had) {
		return false
	}
	add(self, graph.Source, graph.Ref(c.Source))
	add(self, graph.StatusOf, graph.Text(c.Status.String()))
	if c.Locator != "" {
		add(self, graph.Locator, graph.Text(c.Locator))
	}
	for _, a := range c.AttributedTo {
		add(self, graph.AttributedTo, graph.Ref(a))
	}
	if c.Confidence != nil {
		add(self, graph.Confidence, graph.Number(*c.Confidence))
	}
	if c.ValidTime != "" {
		add(self, graph.ValidTime, graph.Date(c.ValidTime))
	}
	for i := 0; i < len(c.Facts) && ok; i++ {
		f := &c.Facts[i]
		subject, found := w.latest.Lookup(graph.Ref(f.Subject))
		ok = ok && found
		add(w.staysID(subject), f.Predicate, f.Object)
	}
	w.has = has
	if !ok {
		return false
	}
	return slices.Equal(distinct(had), distinct(has))
}

// distinct orders quads without labels and leaves each once.
func distinct(quads []graph.Quad) []graph.Quad {
	slices.SortFunc(quads, func(a, b graph.Quad) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Predicate, b.Predicate), cmp.Compare(a.Object, b.Object))
	})
	return slices.Compact(quads)
}

// predicate returns the graph's id of a predicate; 0 where it has none.
func (w *world) predicate(iri string) graph.ID {
	id, cached := w.predicates[iri]
	if !cached {
		if id, cached = w.latest.Lookup(graph.Ref(iri)); cached {
			w.predicates[iri] = id
		}
	}
	return id
}
