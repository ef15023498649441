package query

import (
	"slices"
	"testing"

	"chancery/graph"
	"chancery/schema"
)

func TestFewestFirst(t *testing.T) {
	if got := fewestFirst([]int{-1, 7, 3, -1, 7}); !slices.Equal(got, []int{2, 1, 4, 0, 3}) {
		t.Error(got)
	}
}

func TestNextOf(t *testing.T) {
	for _, test := range []struct {
		have, bound int
		want        next
	}{
		{-1, -1, beginWith},
		{-1, 1 << 30, beginWith},
		{0, 5, lookAt},
		{fewCandidates, 5, lookAt},
		{fewCandidates + 1, 5, narrowBy},
		{fewCandidates + 1, -1, narrowBy},
		{1000, 4000, narrowBy},
		{1000, 4004, lookAt},
	} {
		if got := nextOf(test.have, test.bound, fewCandidates); got != test.want {
			t.Errorf("with %d left and at most %d: %v, want %v", test.have, test.bound, got, test.want)
		}
	}
}

func TestFromRows(t *testing.T) {
	for _, test := range []struct {
		links, rows int
		want        bool
	}{{-1, 10, true}, {6, 10, true}, {5, 10, false}} {
		if got := fromRows(test.links, test.rows); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

func TestEntrances(t *testing.T) {
	class := &schema.Class{Name: "Visit"}
	condition := all{test{name: "one"}, test{name: "two"}}
	start := func(*schema.Class, []graph.ID) (*items, error) { return nil, nil }
	for _, test := range []struct {
		what      string
		source    pageSource
		condition filter
		dates     *byDates
		want      []string
	}{
		{"all", pageSource{class: class, start: start}, nil, nil, []string{"read every Visit"}},
		{"a condition", pageSource{class: class, start: start}, condition, nil, []string{"start from what meets one and two", "read every Visit"}},
		{"a relation", pageSource{class: class, field: &schema.Field{Name: "visits"}}, condition, nil, []string{"read all along visits"}},
		{"dates", pageSource{class: class, start: start}, condition, &byDates{wanted: wanted{source: pageSource{class: class}, first: orderKey{name: "start"}}}, []string{"read by start, the earliest first, each Visit", "start from what meets one and two", "read every Visit"}},
	} {
		var got []string
		for _, e := range entrances(test.source, test.condition, test.dates) {
			got = append(got, e.String())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.what, got, test.want)
		}
	}
}
