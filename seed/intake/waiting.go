package intake

// waiting are claims that name entities without a class, until a claim gives them
// one.
type waiting struct {
	by    map[string][]*entry // by the first entity that each waits for
	ids   map[string]bool     // of the claims
	bytes int
}

// Most of what waits at once.
const (
	mostWaiting      = 50_000   // claims
	mostWaitingBytes = 32 << 20 // of them
)

func newWaiting() waiting { return waiting{by: map[string][]*entry{}, ids: map[string]bool{}} }

// full reports whether no more can wait.
func (w *waiting) full() bool { return len(w.ids) >= mostWaiting || w.bytes >= mostWaitingBytes }

func (w *waiting) add(e *entry) {
	w.by[e.lacks] = append(w.by[e.lacks], e)
	w.ids[e.Claim.ID] = true
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
		w.bytes -= size(&e.Entry)
	}
	return woken
}
