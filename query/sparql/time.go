package sparql

import (
	"fmt"
	"slices"
	"strings"

	"chancery/schema"
)

// Times are said where one condition compares with one day: all that our rules of
// readings say of several, or of two rough dates, is not said here.

// dateOf is the pattern of the days that a shown date can mean.
func dateOf(literal, from, to, date string) string {
	return "GRAPH " + boundsGraph + " { " + date + " " + textOf + " " + literal + " ; " + earliest + " " + from + " ; " + latest + " " + to + " }"
}

// happens reports whether all of a class are events.
func happens(c *schema.Class) bool {
	return !slices.ContainsFunc(c.Members, func(m *schema.Class) bool { return m.Time != schema.Happens })
}

// time says a TimeFilter.
func (t *Translator) time(class *schema.Class, f *schema.Field, x string, given map[string]any, shown func(v string) string) (string, error) {
	relation, err := onlyRelation(given, "exists")
	if err != nil {
		return "", err
	}
	pair := f.Name == "start" || f.Name == "end"
	if pair && !happens(class) {
		return "", &UnsaidError{"a start or an end of what may have an open one"}
	}
	if relation == "" && given["exists"] == nil {
		return "", &UnsaidError{"a filter on a time that asks for nothing"}
	}
	v, from, to, date := t.variable(), t.variable(), t.variable(), t.variable()
	switch {
	case relation != "":
	case given["exists"] == true:
		return "EXISTS { " + shown(v) + " }", nil
	default:
		return "!EXISTS { " + shown(v) + " }", nil
	}
	value := shown(v) + " " + dateOf(v, from, to, date)
	first, last := from, to
	if pair {
		if value, first, last, err = t.ends(class, x, f.Name); err != nil {
			return "", err
		}
	}
	return t.compare(value, first, last, relation, given)
}

// when says an IntervalFilter.
func (t *Translator) when(class *schema.Class, x string, given map[string]any) (string, error) {
	relation, err := onlyRelation(given)
	if err != nil {
		return "", err
	}
	if relation != "before" && relation != "after" {
		return "", &UnsaidError{"how two stretches of time lie to each other"}
	}
	if !happens(class) {
		return "", &UnsaidError{"a start or an end of what may have an open one"}
	}
	end := "start"
	if relation == "before" {
		end = "end or start"
	}
	value, first, last, err := t.ends(class, x, end)
	if err != nil {
		return "", err
	}
	// Between a stretch and one before or after it lies a day: else the two meet.
	between := " - 1"
	if relation == "before" {
		between = " + 1"
	}
	return t.compare(value, first+between, last+between, relation, given)
}

// onlyRelation is the one key that relates to a reference; "" for none.
func onlyRelation(given map[string]any, others ...string) (string, error) {
	relation := ""
	for key, value := range given {
		switch {
		case value == nil || key == "certainty" || slices.Contains(others, key):
		case key == "precision":
			return "", &UnsaidError{"how precise a time is"}
		case key == "in":
			return "", &UnsaidError{"that a time lies in another"}
		case relation != "":
			return "", &UnsaidError{"several conditions on one time"}
		default:
			relation = key
		}
	}
	if relation != "" {
		for _, key := range others {
			if given[key] != nil {
				return "", &UnsaidError{"several conditions on one time"}
			}
		}
	}
	return relation, nil
}

// compare says that a day between first and last lies before or after one day: surely,
// or possibly.
func (t *Translator) compare(value, first, last, relation string, given map[string]any) (string, error) {
	at, err := day(given[relation])
	if err != nil {
		return "", err
	}
	possible := given["certainty"] == "POSSIBLE"
	var test string
	switch {
	case relation == "before" && possible:
		test = fmt.Sprintf("%s < %d", first, at)
	case relation == "before":
		test = fmt.Sprintf("%s < %d", last, at)
	case possible:
		test = fmt.Sprintf("%s > %d", last, at)
	default:
		test = fmt.Sprintf("%s > %d", first, at)
	}
	return "EXISTS { " + value + " FILTER(" + test + ") }", nil
}

// ends is the pattern of an event's start, its end, or its end as far as it has one
// and else its start: the days that it can be in readings where it starts no later
// than it ends.
func (t *Translator) ends(class *schema.Class, x, which string) (pattern, first, last string, err error) {
	property := func(name string) (string, string, string) {
		v, p, from, to, date := t.variable(), t.variable(), t.variable(), t.variable(), t.variable()
		return "GRAPH " + shownGraph + " { " + x + " " + p + " " + v + " } VALUES " + p + " { " + predicates(class.Field(name)) + " } " + dateOf(v, from, to, date), from, to
	}
	if class.Field("start") == nil || class.Field("end") == nil {
		return "", "", "", &UnsaidError{"a time of what has no start and end"}
	}
	start, startFrom, startTo := property("start")
	end, endFrom, endTo := property("end")
	first, last = t.variable(), t.variable()
	bind := func(a, b string) string { return " BIND(" + a + " AS " + first + ") BIND(" + b + " AS " + last + ")" }
	later, earlier := "IF("+startFrom+" > "+endFrom+", "+startFrom+", "+endFrom+")", "IF("+startTo+" < "+endTo+", "+startTo+", "+endTo+")"
	noEnd := "FILTER NOT EXISTS { " + strings.NewReplacer(endFrom, t.variable(), endTo, t.variable()).Replace(end) + " }"
	noStart := "FILTER NOT EXISTS { " + strings.NewReplacer(startFrom, t.variable(), startTo, t.variable()).Replace(start) + " }"
	both := start + " " + end + " FILTER(" + startFrom + " <= " + endTo + ")"
	switch which {
	case "start":
		pattern = "{ " + both + bind(startFrom, earlier) + " } UNION { " + start + " " + noEnd + bind(startFrom, startTo) + " }"
	case "end":
		pattern = "{ " + both + bind(later, endTo) + " } UNION { " + end + " " + noStart + bind(endFrom, endTo) + " }"
	default:
		pattern = "{ " + both + bind(later, endTo) + " } UNION { " + start + " " + noEnd + bind(startFrom, startTo) + " }"
	}
	return pattern, first, last, nil
}
