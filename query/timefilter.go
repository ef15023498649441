package query

import (
	"maps"
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// reference is the other side of a comparison of times.
type reference struct {
	date      edtf.Date // when it is one
	text      string    // of the date; empty: an event
	event     graph.ID  // 0: a date, or what is around
	enclosing bool
	point     *edtf.Point
	within    edtf.Duration
}

// comparison is one condition of a TimeFilter or an IntervalFilter.
type comparison struct {
	day      edtf.DayRelation // of a TimeFilter
	relation edtf.Relation    // of an IntervalFilter
	to       reference
}

// reference compiles a TimeReference. ranged tells whether within makes sense.
func (r *run) reference(given map[string]any, ranged bool) (ref reference, bad *Error) {
	named := 0
	if text, ok := given["date"].(string); ok {
		named++
		date, err := edtf.Parse(text)
		if err != nil {
			return ref, errorf(BadTime, "%v", err).at("date")
		}
		ref.date, ref.text = date, text
	}
	if text, ok := given["event"].(string); ok {
		named++
		id, bad := r.id(text)
		if bad != nil {
			return ref, bad.at("event")
		}
		ref.event = id
	}
	if on, _ := given["enclosing"].(bool); on {
		named++
		ref.enclosing = true
	}
	if named != 1 {
		return ref, errorf(BadUserInput, "a time reference names exactly one of date, event and enclosing: true; here are %d", named)
	}
	if p, ok := given["point"].(string); ok {
		point := edtf.StartPoint
		if p == "END" {
			point = edtf.EndPoint
		}
		ref.point = &point
	}
	if text, ok := given["within"].(string); ok {
		d, err := edtf.ParseDuration(text)
		if err != nil {
			return ref, errorf(BadTime, "%v", err).at("within")
		}
		if !ranged {
			return ref, errorf(BadUserInput, "within goes with before and after only").at("within")
		}
		ref.within = d
	}
	return ref, nil
}

// checkEvent refuses a reference to something that has no time by its class.
func (r *run) checkEvent(ref reference, text string) (*Error, error) {
	if ref.event == 0 {
		return nil, nil
	}
	if err := r.classify([]graph.ID{ref.event}); err != nil {
		return nil, err
	}
	if c := r.class(ref.event); c != nil && c.Time == schema.Timeless {
		return errorf(BadUserInput, "%s is a %s: a time reference takes an event, a tenure or a membership", text, c.Name).at("event"), nil
	}
	return nil, nil
}

// asked is the question whether a row's time meets comparisons, all on one reading.
type asked struct {
	comparisons []comparison
	certainty   edtf.Certainty
}

func (a *asked) open() bool {
	for _, c := range a.comparisons {
		if c.to.enclosing {
			return true
		}
	}
	return false
}

// answerer answers the question for one row after the other.
type answerer struct {
	*asked
	run      *run
	own      bool // the time asked about is that of the row itself
	readings edtf.Readings
	vars     []namedVar
	// known are the answers so far by the number of the row's time, where nothing else
	// of the row counts.
	known []verdict
}

// verdict is an answer that is given once.
type verdict uint8

const (
	untold verdict = iota
	yes
	no
)

// namedVar is a variable and what it stands for: the same event, or the same text
// of a date, is one variable.
type namedVar struct {
	id   graph.ID
	text string
	v    edtf.Var
}

// holds answers for a row whose time is s; rows of the same number have the same.
// compare adds one comparison of the row's variable with another.
func (a *answerer) holds(at row, number uint32, s edtf.Stretch, compare func(q *edtf.Readings, subject edtf.Var, c comparison, to edtf.Var)) bool {
	if !a.alike(at) {
		return a.work(at, s, compare)
	}
	if n := int(number) + 1; n > len(a.known) {
		a.known = append(a.known, make([]verdict, n-len(a.known))...)
	}
	known := &a.known[number]
	if *known == untold {
		*known = no
		if a.work(at, s, compare) {
			*known = yes
		}
	}
	return *known == yes
}

// alike reports whether rows of the same time have the same answer: unless a
// comparison is with what is around the row, or with the row itself.
func (a *answerer) alike(at row) bool {
	for i := range a.comparisons {
		c := &a.comparisons[i]
		if c.to.enclosing || c.to.event == at.id {
			return false
		}
	}
	return true
}

func (a *answerer) work(at row, s edtf.Stretch, compare func(q *edtf.Readings, subject edtf.Var, c comparison, to edtf.Var)) bool {
	a.readings.Reset()
	subject := a.readings.Stretch(s)
	a.vars = a.vars[:0]
	if a.own {
		a.vars = append(a.vars, namedVar{id: at.id, v: subject})
	}
	for _, c := range a.comparisons {
		v, ok := a.variable(c.to, at)
		if !ok {
			return false
		}
		if c.to.point != nil {
			v = a.readings.Point(v, *c.to.point)
		}
		compare(&a.readings, subject, c, v)
	}
	return a.readings.Holds(a.certainty)
}

// variable returns the variable of a reference; false if it has no time.
func (a *answerer) variable(ref reference, at row) (edtf.Var, bool) {
	name := namedVar{id: ref.event, text: ref.text}
	if ref.enclosing {
		name.id = at.around
	}
	if name.id != 0 && !a.run.stretches[name.id].known {
		return 0, false
	}
	for _, v := range a.vars {
		if v.id == name.id && v.text == name.text {
			return v.v, true
		}
	}
	if name.id == 0 && ref.text == "" {
		return 0, false // nothing is around
	}
	s := a.run.stretches[name.id].Stretch
	if name.id == 0 {
		s = ref.date.Stretch()
	}
	name.v = a.readings.Stretch(s)
	a.vars = append(a.vars, name)
	return name.v, true
}

// prepare reads the stretches of all events that the rows are compared with.
func (a *asked) prepare(r *run, rows []row) error {
	var events []graph.ID
	for _, c := range a.comparisons {
		if c.to.event != 0 {
			events = append(events, c.to.event)
		}
		if c.to.enclosing {
			for _, row := range rows {
				if row.around != 0 {
					events = append(events, row.around)
				}
			}
		}
	}
	return r.stretchOf(events)
}

func (r *run) asked(given map[string]any, read func(key string) (comparison, bool)) (*asked, *Error) {
	a := &asked{}
	if given["certainty"] == "POSSIBLE" {
		a.certainty = edtf.Possible
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		ref, ok := given[key].(map[string]any)
		if !ok {
			continue
		}
		c, ok := read(key)
		if !ok {
			continue
		}
		var bad *Error
		if c.to, bad = r.reference(ref, key == "before" || key == "after"); bad != nil {
			return nil, bad.at(key)
		}
		text, _ := ref["event"].(string)
		bad, err := r.checkEvent(c.to, text)
		if err != nil {
			r.failed = err
		}
		if bad != nil {
			return nil, bad.at(key)
		}
		a.comparisons = append(a.comparisons, c)
	}
	return a, nil
}

var dayRelations = map[string]edtf.DayRelation{"before": edtf.DayBefore, "after": edtf.DayAfter, "in": edtf.DayIn}

// timeFilter compiles a TimeFilter on a date field.
func (r *run) timeFilter(f *schema.Field, given map[string]any) (filter, *Error) {
	a, bad := r.asked(given, func(key string) (comparison, bool) {
		rel, ok := dayRelations[key]
		return comparison{day: rel}, ok
	})
	if bad != nil {
		return nil, bad
	}
	exists, existsAsked := given["exists"].(bool)
	var precisions map[string]bool
	if list, ok := given["precision"].([]any); ok {
		precisions = enumSet(list)
	}
	p := f.Predicates[0].IRI
	point := edtf.StartPoint
	if p == endDate {
		point = edtf.EndPoint
	}
	paired := p == startDate || p == endDate
	return test{name: f.Name, given: given, looks: a.open(), when: a.whenOfDate(f, paired), begin: func(r *run, rows []row) (func(int) bool, error) {
		if err := a.prepare(r, rows); err != nil {
			return nil, err
		}
		var shown shownTimes
		var whole *times
		var err error
		if paired {
			if whole, err = r.readTimes(ids(rows)); err != nil {
				return nil, err
			}
			if shown = whole.starts; p == endDate {
				shown = whole.ends
			}
		} else if shown.numbers, err = r.shownNumbers(&shown.values, ids(rows), f.Predicates[0], r.claimsFor(f.Class)); err != nil {
			return nil, err
		}
		answer, alone := answerer{asked: a, run: r, own: paired}, answerer{asked: a, run: r, own: paired}
		compare := func(q *edtf.Readings, subject edtf.Var, c comparison, to edtf.Var) {
			q.RelateDay(subject, point, c.day, to, c.to.within)
		}
		return func(i int) bool {
			id := shown.of(i)
			if existsAsked && exists != (id != 0) {
				return false
			}
			if precisions != nil {
				if id == 0 {
					return false
				}
				if d, ok := r.date(id); !ok || !precisions[d.Precision().String()] {
					return false
				}
			}
			if len(a.comparisons) == 0 {
				return true
			}
			if paired && whole.numbers[i] != 0 {
				if id == 0 && r.class(rows[i].id).Time == schema.Happens {
					return false
				}
				return answer.holds(rows[i], whole.numbers[i], whole.of(i).Stretch, compare)
			}
			d, ok := r.days(id, edtf.Past, edtf.Future)
			if !ok {
				return false
			}
			return alone.holds(rows[i], shown.numbers[i], edtf.Stretch{Start: d, End: d}, compare)
		}, nil
	}}, nil
}

var intervalRelations = map[string]edtf.Relation{
	"before": edtf.Before, "after": edtf.After, "meets": edtf.Meets, "metBy": edtf.MetBy,
	"overlaps": edtf.Overlaps, "overlappedBy": edtf.OverlappedBy, "starts": edtf.Starts,
	"startedBy": edtf.StartedBy, "during": edtf.During, "contains": edtf.Contains,
	"finishes": edtf.Finishes, "finishedBy": edtf.FinishedBy, "equals": edtf.Equals,
	"intersects": edtf.Intersects,
}

// whenFilter compiles an IntervalFilter on an event, tenure or membership.
func (r *run) whenFilter(given map[string]any) (filter, *Error) {
	a, bad := r.asked(given, func(key string) (comparison, bool) {
		rel, ok := intervalRelations[key]
		return comparison{relation: rel}, ok
	})
	if bad != nil {
		return nil, bad
	}
	return test{name: "when", given: given, looks: a.open(), begin: func(r *run, rows []row) (func(int) bool, error) {
		if err := a.prepare(r, rows); err != nil {
			return nil, err
		}
		times, err := r.readTimes(ids(rows))
		if err != nil {
			return nil, err
		}
		answer := answerer{asked: a, run: r, own: true}
		return func(i int) bool {
			if len(a.comparisons) == 0 {
				return true
			}
			s := times.of(i)
			if !s.known {
				return false
			}
			return answer.holds(rows[i], times.numbers[i], s.Stretch, func(q *edtf.Readings, subject edtf.Var, c comparison, to edtf.Var) {
				q.Relate(subject, c.relation, to, c.to.within)
			})
		}, nil
	}}, nil
}
