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
	found, err := r.readStretches(unseen)
	for i, id := range unseen {
		r.stretches[id] = found[i]
	}
	return err
}

// readStretches reads when each of the entities is. What is no event, tenure or
// membership has no time.
func (r *run) readStretches(of []graph.ID) ([]stretch, error) {
	out := make([]stretch, len(of))
	if len(of) == 0 {
		return out, nil
	}
	if err := r.classify(of); err != nil {
		return out, err
	}
	starts, err := r.show(of, r.ontology.Predicate(startDate), r.view.Facts())
	if err != nil {
		return out, err
	}
	ends, err := r.show(of, r.ontology.Predicate(endDate), r.view.Facts())
	if err != nil {
		return out, err
	}
	for i, id := range of {
		c := r.class(id)
		if c == nil || c.Time == schema.Timeless {
			continue
		}
		start, hasStart := r.days(starts.value(i), edtf.Past, edtf.Past)
		end, hasEnd := r.days(ends.value(i), edtf.Future, edtf.Future)
		out[i] = stretchFrom(c.Time, start, hasStart, end, hasEnd)
	}
	return out, nil
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
