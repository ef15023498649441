package intake

// waiting are claims that name entities without a class, until a claim gives them
// one.
type waiting struct {
	by    map[string][]*entry // by the first entity that each waits for
	ids   map[string]*entry   // by the claims' ids the first of each
	count int
	bytes int
}

// Most of what waits at once.
const (
	mostWaiting      = 50_000   // claims
	mostWaitingBytes = 32 << 20 // of them
)

func newWaiting() waiting { return waiting{by: map[string][]*entry{}, ids: map[string]*entry{}} }

// full reports whether no more can wait.
func (w *waiting) full() bool { return w.count >= mostWaiting || w.bytes >= mostWaitingBytes }

func (w *waiting) add(e *entry) {
	w.by[e.lacks] = append(w.by[e.lacks], e)
	if w.ids[e.Claim.ID] == nil {
		w.ids[e.Claim.ID] = e
	}
	w.count++
	w.bytes += size(&e.Entry)
}

// wake takes out the claims that wait for an entity.
func (w *waiting) wake(id string) []*entry {
	if len(w.by) == 0 {
		return nil
	}
	woken := w.by[id]
	delete(w.by, id)
	for _, e := range woken {
		delete(w.ids, e.Claim.ID)
		w.count--
		e.state, e.woken = accepted, true
		e.looked = false // the graph may have another version by now
		w.bytes -= size(&e.Entry)
	}
	return woken
}
