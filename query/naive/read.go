package naive

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"chancery/graph"
	"chancery/graph/edtf"
)

// World is the whole graph as plain structs. It is immutable but for the marks
// that a run leaves on its claims: one run at a time.
type World struct {
	facts  []fact   // what claims say as they say it, not what they are
	claims []*claim // ascending by internal id
	ids    map[string]graph.ID
	names  map[graph.ID]string
	newest int64 // record time of the newest commit, in microseconds
}

// fact is one quad.
type fact struct {
	statement
	claim *claim
}

// claim is one claim with its own fields, as they are stored.
type claim struct {
	id         graph.ID
	name       string
	locator    string
	status     string
	confidence *float64
	validTime  string
	recordedAt string
	recorded   int64 // microseconds since 1970
	recordedBy string
	retracted  int64 // 0: not
	reason     string
	supersedes graph.ID

	retractedAt string

	statedSource     graph.ID
	statedAttributed []graph.ID

	// The same as the run's merges make it.
	source     graph.ID
	attributed []graph.ID
	says       []fact // all that it says of entities

	// What the run's perspective makes of it.
	isRecorded, isRetracted, isKnown, isAdmitted bool
	passes                                       bool // source, confidence and valid time
	statusListed                                 bool // a list of claims may show its status
}

// Read reads every quad of the graph's newest commit. The error is ctx.Err() or
// the store's.
func Read(ctx context.Context, g *graph.Graph) (*World, error) {
	snap, err := g.View(ctx, graph.Perspective{}) // only for its snapshot
	if err != nil {
		return nil, err
	}
	w := &World{ids: map[string]graph.ID{}, names: map[graph.ID]string{}}
	var own []fact
	byID := map[graph.ID]*claim{}
	err = snap.Snapshot.Quads(ctx, graph.Pattern{}, func(q graph.Quad) bool {
		subject, _ := snap.Term(q.Subject)
		predicate, _ := snap.Term(q.Predicate)
		object, _ := snap.Term(q.Object)
		label, _ := snap.Term(q.Label)
		w.see(q.Subject, subject)
		w.see(q.Object, object)
		w.see(q.Label, label)
		c := byID[q.Label]
		if c == nil {
			c = &claim{id: q.Label, name: label.Text}
			byID[q.Label] = c
			w.claims = append(w.claims, c)
		}
		f := fact{statement{q.Subject, predicate.Text, q.Predicate, q.Object, object}, c}
		if q.Subject == q.Label {
			own = append(own, f)
		} else {
			w.facts = append(w.facts, f)
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	for _, f := range own {
		f.claim.set(f)
		w.newest = max(w.newest, f.claim.recorded, f.claim.retracted)
	}
	slices.SortFunc(w.claims, func(a, b *claim) int { return cmp.Compare(a.id, b.id) })
	return w, nil
}

// see notes the id of what can be asked for by name.
func (w *World) see(id graph.ID, t graph.Term) {
	if t.Kind == graph.IRI {
		w.ids[t.Text], w.names[id] = id, t.Text
	}
}

// set takes one of the claim's own quads.
func (c *claim) set(f fact) {
	switch f.predicate {
	case graph.Source:
		c.statedSource = f.object
	case graph.Locator:
		c.locator = f.term.Text
	case graph.AttributedTo:
		c.statedAttributed = append(c.statedAttributed, f.object)
	case graph.StatusOf:
		c.status = f.term.Text
	case graph.Confidence:
		if n, err := strconv.ParseFloat(f.term.Text, 64); err == nil {
			c.confidence = &n
		}
	case graph.ValidTime:
		c.validTime = f.term.Text
	case graph.RecordedAt:
		c.recordedAt, c.recorded = f.term.Text, f.object.Moment().UnixMicro()
	case graph.RecordedBy:
		c.recordedBy = f.term.Text
	case graph.RetractedAt:
		c.retractedAt, c.retracted = f.term.Text, f.object.Moment().UnixMicro()
	case graph.RetractionReason:
		c.reason = f.term.Text
	case graph.Supersedes:
		c.supersedes = f.object
	}
}

// sureness is the confidence, 1 where none is stated.
func (c *claim) sureness() float64 {
	if c.confidence == nil {
		return 1
	}
	return *c.confidence
}

// validOn reports whether the day lies within the bounds of the valid time, or
// the claim has none.
func (c *claim) validOn(day edtf.Day) bool {
	if c.validTime == "" {
		return true
	}
	d, err := edtf.Parse(c.validTime)
	if err != nil {
		return true // unreachable: graph.Apply refuses it
	}
	earliest, latest := d.Bounds()
	return earliest <= day && day <= latest
}
