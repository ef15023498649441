package query

import (
	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// stretch is when an event, tenure or membership is, as well as it is known.
type stretch struct {
	edtf.Stretch
	known            bool // it has a time: an event has a start
	hasStart, hasEnd bool // stated, not merely bounded
}

// The properties that a stretch is made of.
const (
	startDate = "schema:startDate"
	endDate   = "schema:endDate"
)

// stretchOf reads when each of the entities is, into r.stretches.
func (r *run) stretchOf(of []graph.ID) error {
	var unseen []graph.ID
	for _, id := range of {
		if _, seen := r.stretches[id]; !seen {
			r.stretches[id] = stretch{}
			unseen = append(unseen, id)
		}
	}
	if len(unseen) == 0 {
		return nil
	}
	found, err := r.readTimes(unseen)
	if err != nil {
		return err
	}
	for i, id := range unseen {
		r.stretches[id] = found.of(i)
	}
	return nil
}

// times are when each of a list of entities is. Those that are alike have one
// number; what is no event, tenure or membership has number 0, which is no time.
type times struct {
	starts, ends []graph.ID // as they are shown, whatever the entity is; 0 for none
	numbers      []uint32
	each         []stretch // by number
}

func (t *times) of(i int) stretch { return t.each[t.numbers[i]] }

// readTimes reads when each of the entities is.
func (r *run) readTimes(of []graph.ID) (*times, error) {
	room := min(len(of), mostRoom)
	t := &times{numbers: make([]uint32, len(of)), each: make([]stretch, 1, room+1)}
	var err error
	if t.starts, err = r.shownIDs(of, r.ontology.Predicate(startDate), r.view.Facts()); err != nil {
		return nil, err
	}
	if t.ends, err = r.shownIDs(of, r.ontology.Predicate(endDate), r.view.Facts()); err != nil {
		return nil, err
	}
	var starts, ends, different numbering
	starts.expect(room)
	different.expect(room)
	return t, r.eachClass(of, func(i int, c *schema.Class) {
		if c == nil || c.Time == schema.Timeless {
			return
		}
		// A list has less than 2^31 rows, and a time model takes two bits.
		alike := graph.ID(c.Time)<<62 | graph.ID(starts.number(t.starts[i]))<<31 | graph.ID(ends.number(t.ends[i]))
		t.numbers[i] = different.number(alike)
		if int(t.numbers[i]) == len(t.each) {
			start, hasStart := r.days(t.starts[i], edtf.Past, edtf.Past)
			end, hasEnd := r.days(t.ends[i], edtf.Future, edtf.Future)
			t.each = append(t.each, stretchFrom(c.Time, start, hasStart, end, hasEnd))
		}
	})
}

// stretchFrom puts a start and an end together. An event without an end ends
// within its start; a missing bound of a tenure or membership is unknown.
func stretchFrom(model schema.TimeModel, start edtf.Range, hasStart bool, end edtf.Range, hasEnd bool) stretch {
	s := stretch{Stretch: edtf.Stretch{Start: start, End: end}, known: true, hasStart: hasStart, hasEnd: hasEnd}
	unknown := edtf.Range{Min: edtf.Past, Max: edtf.Future}
	if model == schema.Lasts {
		if !hasStart {
			s.Start = unknown
		}
		if !hasEnd {
			s.End = unknown
		}
		return s
	}
	switch {
	case !hasStart && !hasEnd:
		return stretch{}
	case !hasStart:
		s.Start, s.known = end, false
	case !hasEnd:
		s.End = start
	}
	return s
}

// mostRoom is for how many times that differ room is made before they are seen.
const mostRoom = 256

// days returns the days that a date can mean as one day; an open one (..) means
// any from openMin to openMax.
func (r *run) days(id graph.ID, openMin, openMax edtf.Day) (edtf.Range, bool) {
	if id == 0 {
		return edtf.Range{}, false
	}
	if id.Space() == graph.Dates {
		earliest, latest := id.Days()
		return edtf.Range{Min: earliest, Max: latest}, true
	}
	d, ok := r.date(id)
	if !ok {
		return edtf.Range{}, false
	}
	if d.IsOpen() {
		return edtf.Range{Min: openMin, Max: openMax}, true
	}
	earliest, latest := d.Bounds()
	return edtf.Range{Min: earliest, Max: latest}, true
}

// date parses the EDTF of a literal.
func (r *run) date(id graph.ID) (edtf.Date, bool) {
	d, err := edtf.Parse(r.view.Name(id))
	return d, err == nil // false is unreachable: the ontology has checked it
}
