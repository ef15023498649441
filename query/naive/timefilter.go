package naive

import (
	"slices"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// timeMeets answers a TimeFilter on a field of the entity.
func (f *filter) timeMeets(id graph.ID, field string, where map[string]any, around *surrounding) bool {
	date, has := f.dateOf(id, field)
	if e := where["exists"]; e != nil && e.(bool) != has {
		return false
	}
	if p := where["precision"]; p != nil && !(has && slices.Contains(p.([]any), any(date.Precision().String()))) {
		return false
	}
	class := f.classes[id]
	isEnd := field == "end"
	q := &question{}
	value := func(s, e edtf.Day) edtf.Day { return s }
	known := has
	switch x, timed := f.timeOf(id); {
	case !isBound(class.Field(field)):
		q.self = stretch{start: days(date, false), single: true}
		q.apart = true
	case !has && class.Time != schema.Lasts:
	case timed:
		q.self, known = x, true
		if isEnd {
			value = func(s, e edtf.Day) edtf.Day { return e }
		}
	default:
		q.self = stretch{start: days(date, isEnd), single: true}
	}
	holds := map[string]func(s, e, a, b edtf.Day) bool{
		"before": func(s, e, a, b edtf.Day) bool { return value(s, e) < a },
		"after":  func(s, e, a, b edtf.Day) bool { return value(s, e) > b },
		"in":     func(s, e, a, b edtf.Day) bool { return a <= value(s, e) && value(s, e) <= b },
	}
	narrow := func(key string, within edtf.Duration) func(s, e, a, b edtf.Day) bool {
		return func(s, e, a, b edtf.Day) bool {
			v := value(s, e)
			return near(key, within, holds[key])(v, v, a, b)
		}
	}
	return f.ask(q, id, known, where, []string{"before", "after", "in"}, holds, narrow, around)
}

// isBound reports whether a field is the start or the end of its entity, under any
// name.
func isBound(f *schema.Field) bool {
	return f.Predicates[0].IRI == "schema:startDate" || f.Predicates[0].IRI == "schema:endDate"
}

// intervalMeets answers an IntervalFilter on the entity's whole stretch.
func (f *filter) intervalMeets(id graph.ID, where map[string]any, around *surrounding) bool {
	x, timed := f.timeOf(id)
	keys := make([]string, 0, len(relations))
	for key := range relations {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	narrow := func(key string, within edtf.Duration) func(s, e, a, b edtf.Day) bool {
		return near(key, within, relations[key])
	}
	return f.ask(&question{self: x}, id, timed, where, keys, relations, narrow, around)
}

// ask completes the question with the references under the keys and answers it.
// Without a reference it is true; where the time asked about is not known at all
// or a reference has no time, it is not.
func (f *filter) ask(q *question, id graph.ID, known bool, where map[string]any, keys []string,
	holds map[string]func(s, e, a, b edtf.Day) bool,
	narrow func(string, edtf.Duration) func(s, e, a, b edtf.Day) bool, around *surrounding,
) bool {
	asked, never := false, !known
	var named []any // what each of the question's references names
	for _, key := range keys {
		ref, ok := where[key].(map[string]any)
		if !ok {
			continue
		}
		asked = true
		c := condition{about: -1, holds: holds[key]}
		c.point, _ = ref["point"].(string)
		if w := ref["within"]; w != nil {
			length, err := edtf.ParseDuration(w.(string))
			if err != nil {
				f.fail(badUserInput)
				return false
			}
			q.lengths = append(q.lengths, length)
			c.holds = narrow(key, length)
		}
		name, x, timed, self := f.reference(ref, id, around)
		switch {
		case !timed:
			never = true
		case !self || q.apart:
			if c.about = slices.Index(named, name); c.about < 0 {
				c.about = len(named)
				named = append(named, name)
				q.references = append(q.references, x)
			}
		}
		q.conditions = append(q.conditions, c)
	}
	if !asked {
		return true
	}
	return !never && f.bad == "" && q.holds(where["certainty"] == "POSSIBLE")
}

// reference gives what a TimeReference names, its stretch, whether it has one,
// and whether it is the entity asked about.
func (f *filter) reference(ref map[string]any, asked graph.ID, around *surrounding) (name any, x stretch, timed, self bool) {
	if ref["date"] != nil {
		text := ref["date"].(string)
		d, err := edtf.Parse(text)
		if err != nil {
			f.fail(badTime)
			return text, x, false, false
		}
		s := d.Stretch()
		return text, stretch{start: s.Start, end: s.End}, true, false
	}
	var id graph.ID
	if ref["event"] != nil {
		id, _ = f.id(ref["event"].(string))
	} else {
		for around != nil && (f.classes[around.id] == nil || f.classes[around.id].Time == schema.Timeless) {
			around = around.outer
		}
		if around == nil {
			f.fail(badUserInput)
			return nil, x, false, false
		}
		id = around.id
	}
	x, timed = f.timeOf(id)
	return id, x, timed, id == asked
}
