package naive

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
)

var statusOrder = []string{"CONFIRMED", "REPORTED", "ASSESSED", denied}

// prefer is negative when a's value is shown rather than b's: valid on the day
// first, then by status, higher confidence, later published, later recorded,
// smaller id.
func (r *run) prefer(a, b *claim) int {
	return cmp.Or(
		yesFirst(a.validOn(r.validDay), b.validOn(r.validDay)),
		cmp.Compare(slices.Index(statusOrder, a.status), slices.Index(statusOrder, b.status)),
		cmp.Compare(b.sureness(), a.sureness()),
		r.laterPublished(a.source, b.source),
		cmp.Compare(b.recorded, a.recorded),
		cmp.Compare(a.name, b.name),
	)
}

func yesFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// laterPublished orders sources by the latest of all publication dates that
// known claims give them; one without any comes last.
func (r *run) laterPublished(a, b graph.ID) int {
	published := func(source graph.ID) (latest [2]edtf.Day, found bool) {
		for _, f := range r.of[source] {
			if f.predicate != graph.Published || !f.claim.isKnown {
				continue
			}
			d, err := edtf.Parse(f.term.Text)
			if err != nil {
				continue
			}
			first, last := d.Bounds()
			if day := [2]edtf.Day{first, last}; !found || slices.Compare(day[:], latest[:]) > 0 {
				latest, found = day, true
			}
		}
		return latest, found
	}
	if a == b {
		return 0
	}
	pa, foundA := published(a)
	pb, foundB := published(b)
	return cmp.Or(yesFirst(foundA, foundB), slices.Compare(pb[:], pa[:]))
}
