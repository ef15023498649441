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
	starts, ends shownTimes // whatever the entity is
	numbers      []uint32
	each         []stretch // by number
}

// shownTimes are the times of a list of entities by one predicate, as they are shown.
type shownTimes struct {
	numbers []uint32
	values  numbering // number 0 is none
}

func (t *shownTimes) of(i int) graph.ID { return t.values.id(t.numbers[i]) }

func (t *times) of(i int) stretch { return t.each[t.numbers[i]] }

func (r *run) shownTimes(of []graph.ID, predicate string) (t shownTimes, err error) {
	t.numbers, err = r.shownNumbers(&t.values, of, r.ontology.Predicate(predicate), r.view.Facts())
	return t, err
}

// readTimes reads when each of the entities is.
func (r *run) readTimes(of []graph.ID) (*times, error) {
	room := min(len(of), mostRoom)
	t := &times{numbers: make([]uint32, len(of)), each: make([]stretch, 1, room+1)}
	var err error
	if t.starts, err = r.shownTimes(of, startDate); err != nil {
		return nil, err
	}
	if t.ends, err = r.shownTimes(of, endDate); err != nil {
		return nil, err
	}
	var different numbering
	var happens []uint32 // numbers of events without an end by that of their start; 0: none yet
	return t, r.eachClass(of, func(i int, c *schema.Class) {
		if c == nil || c.Time == schema.Timeless {
			return
		}
		start, end := t.starts.numbers[i], t.ends.numbers[i]
		plain := c.Time == schema.Happens && end == 0
		if plain {
			if happens == nil {
				happens = make([]uint32, t.starts.values.len())
			}
			if t.numbers[i] = happens[start]; t.numbers[i] != 0 {
				return
			}
		}
		// A list has less than 2^31 rows, and a time model takes two bits.
		alike := graph.ID(c.Time)<<62 | graph.ID(start)<<31 | graph.ID(end)
		number := different.number(alike)
		if t.numbers[i] = number; plain {
			happens[start] = number
		}
		if int(number) == len(t.each) {
			start, hasStart := r.days(t.starts.of(i), edtf.Past, edtf.Past)
			end, hasEnd := r.days(t.ends.of(i), edtf.Future, edtf.Future)
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
