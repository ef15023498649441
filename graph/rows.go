package graph

import (
	"context"
	"maps"
	"sync"
)

// Row is one quad of a predicate.
type Row struct{ Subject, Object, Label ID }

// Rows are the quads of one predicate, whatever claims say them and before anything
// is merged, those of later commits behind those of earlier ones. What is derived
// from them can so be carried on: see [Rows.Continues].
type Rows struct {
	All  []Row // read-only
	list *rowList
}

// Continues reports whether the shorter of both is the beginning of the longer.
// Where it is not, one of them was read anew: some were erased in between.
func (r Rows) Continues(other Rows) bool { return r.list == other.list }

// rowList is what the rows of one predicate have in common from commit to commit.
type rowList struct{ predicate ID }

// rowLists are the rows of one state that were worth reading.
type rowLists struct {
	mu    sync.Mutex
	built map[ID]Rows // by predicate
	asked map[ID]int  // nodes that were looked for of each predicate
}

func newRowLists() *rowLists { return &rowLists{built: map[ID]Rows{}, asked: map[ID]int{}} }

// A predicate's rows are read when a 16th as many nodes have been looked for, each
// look counting as 4096 at least: at once where there are few.
const (
	rowsWorth = 16
	leastLook = 4096
)

// of returns a predicate's rows, and reads them if it is worth it; ok is false if not.
func (l *rowLists) of(ctx context.Context, snap Snapshot, predicate ID, nodes int) (r Rows, ok bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.built[predicate]; ok {
		return r, true, nil
	}
	quads := snap.Size()
	if c, counts := snap.(Counter); counts {
		if quads, _, err = c.Count(Pattern{Predicate: predicate}); err != nil {
			return r, false, err
		}
	}
	if l.asked[predicate] += max(nodes, leastLook); l.asked[predicate] < quads/rowsWorth {
		return r, false, nil
	}
	r.list = &rowList{predicate}
	err = snap.Quads(ctx, Pattern{Predicate: predicate}, func(q Quad) bool {
		r.All = append(r.All, Row{q.Subject, q.Object, q.Label})
		return true
	})
	if err != nil {
		return Rows{}, false, err
	}
	l.built[predicate] = r
	return r, true, nil
}

// after returns the lists as a commit leaves them: it takes the rows' spare room, so
// only one state may follow another. Those that lose a row are forgotten.
// Cost: the batch, where there are rows of its predicates.
func (l *rowLists) after(snap Snapshot, b *Batch) *rowLists {
	l.mu.Lock()
	next := &rowLists{built: maps.Clone(l.built), asked: maps.Clone(l.asked)}
	l.mu.Unlock()
	if len(next.built) == 0 {
		return next
	}
	id := func(t TermRef) ID {
		if t == 0 {
			return 0
		}
		id, _ := snap.Lookup(b.Terms[t-1])
		return id
	}
	listed := map[TermRef]ID{}
	for i, t := range b.Terms {
		if t.Kind != IRI {
			continue
		}
		if p := id(TermRef(i + 1)); next.built[p].list != nil {
			listed[TermRef(i+1)] = p
		}
	}
	for _, q := range b.Add {
		if p, ok := listed[q.Predicate]; ok {
			r := next.built[p]
			r.All = append(r.All, Row{id(q.Subject), id(q.Object), id(q.Label)})
			next.built[p] = r
		}
	}
	for _, q := range b.Remove {
		if p, ok := listed[q.Predicate]; ok {
			delete(next.built, p)
		}
	}
	return next
}

// Rows returns the rows of a predicate, given by its compact IRI. ok is false while
// it is not worth having them: nodes says how many are about to be looked for.
// Cost: nothing, or once every quad of the predicate; 24 bytes of memory a quad.
func (v *View) Rows(ctx context.Context, predicate string, nodes int) (r Rows, ok bool, err error) {
	if v.rows == nil {
		return r, false, nil
	}
	p, known := v.Lookup(Ref(predicate))
	if !known {
		return Rows{}, true, nil
	}
	return v.rows.of(ctx, v.Snapshot, p, nodes)
}
