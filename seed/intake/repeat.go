package intake

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"

	"chancery/graph"
)

// lookUp finds the newest version of an entry's claim.
func (p *plan) lookUp(e *entry) {
	e.looked = true
	if e.edition == nil {
		e.reject("its id is none of a data set's: write claim/DATASET/KEY")
		return
	}
	e.version = p.world.version(e.Claim.ID, e.edition.before)
	v := &e.version
	e.again = v.claim != 0 && (p.taken.Has(v.claim) || v.at > p.began)
	if v.claim != 0 && !e.again && p.world.recordedBy(v) != e.edition.by {
		e.reject("the graph has a claim of this id that is from no import of " + e.edition.dataset + "; give the data set another id")
	}
}

// follows makes an entry whose claim's id an earlier one has depend on what becomes
// of that: it waits with it, or repeats it. One that was rejected holds no id.
func (p *plan) follows(e *entry) bool {
	id := e.Claim.ID
	first := p.ids[id]
	if first == nil {
		first = p.waiting.ids[id]
	}
	switch {
	case first == nil || first == e:
		p.ids[id] = e
		return false
	case first.state == waits:
		e.state, e.lacks = waits, first.lacks
	default:
		p.resolve(e)
		e.state, e.first = repeated, first
	}
	first.relied = true
	return true
}

// had compares an entry with what the graph, or the import, has of its claim, and
// reports whether that settles it.
func (p *plan) had(e *entry) bool {
	v := &e.version
	if sum, wrote := p.world.wrote(e.Claim.ID); wrote {
		if e.state = unchanged; sum != p.world.sum(&e.claim) {
			e.state = differs
		}
		return true
	}
	if v.claim == 0 {
		return false
	}
	same := p.world.same(v, &e.claim)
	switch {
	case same && v.standing:
		e.state = unchanged
	case same && v.byHand:
		e.state = withheld
	case e.again:
		e.state = differs
	default:
		return false
	}
	return true
}

// repeats settles what repeats another entry of the batch, once that is settled.
func (p *plan) repeats() {
	for _, e := range p.entries {
		if e.state != repeated {
			continue
		}
		switch e.first.state {
		case unchanged, withheld:
			e.state = e.first.state
		case accepted:
			e.state = unchanged
		default: // it is looked at again without the first
			continue
		}
		if p.world.sum(&e.claim) != p.world.sum(&e.first.claim) {
			e.state = differs
		}
	}
}

// difference is the reason for rejecting a claim that differs from an earlier one of
// the import.
func (p *plan) difference(e *entry) string {
	before := "somewhere before"
	switch {
	case e.first != nil:
		before = "at " + e.first.Place.String()
	default:
		if place, ok := p.places.of(e.Claim.ID); ok {
			before = "at " + place.String()
		}
	}
	return fmt.Sprintf("the import has had a claim of this id already, %s, and this one, at %s, says something else; give one of them another id",
		before, e.Place)
}

// places remember where the first claims of an import stood.
type places struct {
	files []string
	at    map[uint64]spot // by the hash of the claim's id
}

type spot struct{ file, line, row int32 }

// mostPlaces bounds them: some 10 MB.
const mostPlaces = 200_000

func (p *places) note(e *entry) {
	if len(p.at) >= mostPlaces {
		return
	}
	if n := len(p.files); n == 0 || p.files[n-1] != e.Place.File {
		p.files = append(p.files, e.Place.File)
	}
	p.at[hashOf(e.Claim.ID)] = spot{int32(len(p.files) - 1), int32(e.Place.Line), int32(e.Place.Row)}
}

func (p *places) of(claim string) (Place, bool) {
	s, ok := p.at[hashOf(claim)]
	if !ok {
		return Place{}, false
	}
	return Place{File: p.files[s.file], Line: int(s.line), Row: int(s.row)}, true
}

// sum is a number that claims have in common which say the same, own fields and
// facts, in whatever order; entities that were merged are taken for one.
func (w *world) sum(c *graph.Claim) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	number := func(texts ...string) uint64 {
		h.Reset()
		for _, text := range texts {
			maphash.WriteComparable(&h, text)
		}
		return h.Sum64()
	}
	all := make([]uint64, 0, len(c.Facts)+len(c.AttributedTo)+1)
	confidence := ""
	if c.Confidence != nil {
		confidence = strconv.FormatFloat(*c.Confidence, 'g', -1, 64)
	}
	all = append(all, number(w.stays(c.Source), c.Status.String(), c.Locator, confidence, c.ValidTime))
	for _, agent := range c.AttributedTo {
		all = append(all, number("", w.stays(agent)))
	}
	for i := range c.Facts {
		f := &c.Facts[i]
		object := f.Object.Text
		if f.Object.Kind == graph.IRI {
			object = w.stays(object)
		}
		all = append(all, number(w.stays(f.Subject), f.Predicate, strconv.Itoa(int(f.Object.Kind)), object, f.Object.Datatype, f.Object.Language))
	}
	slices.Sort(all)
	h.Reset()
	for _, n := range slices.Compact(all) {
		maphash.WriteComparable(&h, n)
	}
	return h.Sum64()
}
