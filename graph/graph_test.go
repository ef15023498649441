package graph_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/graph/memory"
)

// day makes record times that are easy to tell apart.
func day(n int) time.Time { return time.Date(2025, 11, n, 12, 0, 0, 0, time.UTC) }

func newGraph(t *testing.T) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// said is a claim that x's name is what its id ends in.
func said(id string, change func(*graph.Claim)) graph.Claim {
	c := graph.Claim{
		ID: "claim/" + id, Source: "source/a", Status: graph.Reported,
		Facts: []graph.Fact{{Subject: "person/x", Predicate: graph.PreferredName, Object: graph.Text(id)}},
	}
	if change != nil {
		change(&c)
	}
	return c
}

func apply(t *testing.T, g *graph.Graph, at time.Time, c graph.Changes) graph.Receipt {
	t.Helper()
	c.At = at
	r, err := g.Apply(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func view(t *testing.T, g *graph.Graph, p graph.Perspective) *graph.View {
	t.Helper()
	v, err := g.View(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// admitted lists the claims of a set by the last part of their ids.
func admitted(v *graph.View, s *graph.Set) string {
	var out []string
	for id := range s.All {
		out = append(out, strings.TrimPrefix(v.Name(id), "claim/"))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestPerspectives(t *testing.T) {
	half, low := 0.5, 0.2
	g := newGraph(t)
	source := func(id string) func(*graph.Claim) { return func(c *graph.Claim) { c.Source = id } }
	about := func(id, predicate, object string) graph.Claim {
		return graph.Claim{
			ID: "claim/" + id, Source: "source/catalogue", Status: graph.Confirmed,
			Facts: []graph.Fact{{Subject: strings.Replace(id, "-", "/", 1), Predicate: predicate, Object: graph.Ref(object)}},
		}
	}
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{
		about("source-article", graph.PartOf, "source/daily"),
		about("source-daily", graph.Publisher, "organization/press"),
		said("plain", nil),
		said("sure", func(c *graph.Claim) { c.Status = graph.Confirmed }),
		said("guess", func(c *graph.Claim) { c.Status, c.Confidence = graph.Assessed, &half }),
		said("denied", func(c *graph.Claim) { c.Status = graph.Denied }),
		said("weak", func(c *graph.Claim) { c.Confidence = &low }),
		said("part", source("source/article")),
		said("in-2024", func(c *graph.Claim) { c.ValidTime = "2024" }),
		said("in-2025", func(c *graph.Claim) { c.ValidTime = "2025" }),
	}})
	apply(t, g, day(2), graph.Changes{Record: []graph.Claim{said("later", nil)}})
	apply(t, g, day(3), graph.Changes{Retract: []graph.Retraction{{Claim: "claim/plain", Reason: "a slip"}}})
	apply(t, g, day(4), graph.Changes{Record: []graph.Claim{said("newer", func(c *graph.Claim) { c.Supersedes = "claim/later" })}})

	in2024 := edtf.DayOf(time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC))
	catalogue := "source-article source-daily"
	for _, test := range []struct {
		name string
		p    graph.Perspective
		want string
	}{
		{"default", graph.Perspective{}, "guess in-2024 in-2025 newer part " + catalogue + " sure weak"},
		{"before everything", graph.Perspective{KnownAt: day(1).Add(-time.Second)}, ""},
		{"known on the second", graph.Perspective{KnownAt: day(2)}, "guess in-2024 in-2025 later part plain " + catalogue + " sure weak"},
		{"known in time to come", graph.Perspective{KnownAt: day(30)}, "guess in-2024 in-2025 newer part " + catalogue + " sure weak"},
		{"valid in 2024", graph.Perspective{ValidAt: &in2024}, "guess in-2024 newer part " + catalogue + " sure weak"},
		{"confirmed", graph.Perspective{Statuses: []graph.Status{graph.Confirmed}}, catalogue + " sure"},
		{"denials make nothing true", graph.Perspective{Statuses: []graph.Status{graph.Denied}}, ""},
		{"no statuses", graph.Perspective{Statuses: []graph.Status{}}, ""},
		{"at least half sure", graph.Perspective{MinConfidence: 0.5}, "guess in-2024 in-2025 newer part " + catalogue + " sure"},
		{"an article", graph.Perspective{Sources: []string{"source/article"}}, "part"},
		{"the daily that it is part of", graph.Perspective{Sources: []string{"source/daily"}}, "part"},
		{"the daily's publisher", graph.Perspective{Sources: []string{"organization/press"}}, "part"},
		{"all but the publisher", graph.Perspective{ExceptSources: []string{"organization/press"}, Statuses: []graph.Status{graph.Reported}}, "in-2024 in-2025 newer weak"},
		{"no sources", graph.Perspective{Sources: []string{}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := view(t, g, test.p)
			if got := admitted(v, v.Facts()); got != test.want {
				t.Errorf("facts come from\n%s, want\n%s", got, test.want)
			}
		})
	}

	v := view(t, g, graph.Perspective{})
	if want := "denied guess in-2024 in-2025 newer part " + catalogue + " sure weak"; admitted(v, v.Listed(false)) != want {
		t.Errorf("lists show %s, want %s", admitted(v, v.Listed(false)), want)
	}
	if want := "denied guess in-2024 in-2025 later newer part plain " + catalogue + " sure weak"; admitted(v, v.Listed(true)) != want {
		t.Errorf("lists with the retracted show %s, want %s", admitted(v, v.Listed(true)), want)
	}
	id, _ := v.Node("claim/plain")
	if at, ok := v.RetractedAt(id); !ok || !at.Equal(day(3)) {
		t.Errorf("retracted at %v, %t", at, ok)
	}
	if _, ok := view(t, g, graph.Perspective{KnownAt: day(2)}).RetractedAt(id); ok {
		t.Error("a retraction is known before it was made")
	}
	if !v.KnownAt.Equal(day(4)) || !view(t, g, graph.Perspective{KnownAt: day(3).Add(time.Hour)}).KnownAt.Equal(day(3)) {
		t.Error("a view's time is not its commit's")
	}
	if _, err := g.View(t.Context(), graph.Perspective{Sources: []string{"source/nobody"}}); err == nil || !strings.Contains(err.Error(), `"source/nobody"`) {
		t.Errorf("unknown source: %v", err)
	}
}

func TestPrefer(t *testing.T) {
	half := 0.5
	published := func(source, date string) graph.Claim {
		return graph.Claim{
			ID: "claim/published-" + source, Source: "source/catalogue", Status: graph.Confirmed,
			Facts: []graph.Fact{{Subject: "source/" + source, Predicate: graph.Published, Object: graph.Date(date)}},
		}
	}
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{
		published("old", "2025-10"), published("new", "2025-10-20"),
		said("a-past", func(c *graph.Claim) { c.ValidTime, c.Status = "2024", graph.Confirmed }),
		said("a-guess", func(c *graph.Claim) { c.Status = graph.Assessed }),
		said("a-half", func(c *graph.Claim) { c.Confidence = &half }),
		said("b-unpublished", nil), said("a-unpublished", nil),
		said("a-old", func(c *graph.Claim) { c.Source = "source/old" }),
		said("a-new", func(c *graph.Claim) { c.Source = "source/new" }),
		said("sure", func(c *graph.Claim) { c.Status, c.ValidTime = graph.Confirmed, "2025" }),
	}})
	apply(t, g, day(2), graph.Changes{Record: []graph.Claim{said("z-recorded-later", nil)}})
	v := view(t, g, graph.Perspective{})
	want := []string{"sure", "a-new", "a-old", "z-recorded-later", "a-unpublished", "b-unpublished", "a-half", "a-guess", "a-past"}
	got := slices.Clone(want)
	slices.Sort(got)
	slices.SortFunc(got, func(a, b string) int {
		ia, _ := v.Node("claim/" + a)
		ib, _ := v.Node("claim/" + b)
		return v.Prefer(t.Context(), ia, ib)
	})
	if !slices.Equal(got, want) {
		t.Errorf("preferred in the order\n%v, want\n%v", got, want)
	}
}

func TestApplyRefuses(t *testing.T) {
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said("one", nil), said("gone", nil)}})
	apply(t, g, day(2), graph.Changes{Retract: []graph.Retraction{{Claim: "claim/gone"}}})
	above := 1.5
	for _, test := range []struct {
		name string
		c    graph.Changes
		is   error
		says string
	}{
		{"nothing", graph.Changes{}, graph.ErrClaimInvalid, "nothing to record"},
		{"an id in use", graph.Changes{Record: []graph.Claim{said("one", nil)}}, graph.ErrClaimExists, "claim/one"},
		{"one id twice", graph.Changes{Record: []graph.Claim{said("two", nil), said("two", nil)}}, graph.ErrClaimExists, "claim/two"},
		{"no claim's id", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.ID = "person/x" })}}, graph.ErrClaimInvalid, "claim/"},
		{"no source", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.Source = "" })}}, graph.ErrClaimInvalid, "no source"},
		{"no status", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.Status = 0 })}}, graph.ErrClaimInvalid, "CONFIRMED, REPORTED"},
		{"confidence", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.Confidence = &above })}}, graph.ErrClaimInvalid, "between 0 and 1"},
		{"valid time", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.ValidTime = "2025-13" })}}, graph.ErrClaimInvalid, "2025-13"},
		{"no facts", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.Facts = nil })}}, graph.ErrClaimInvalid, "no facts"},
		{"half a fact", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.Facts[0].Object = graph.Term{} })}}, graph.ErrClaimInvalid, "object"},
		{"a fact about a claim", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.Facts[0].Subject = "claim/one" })}}, graph.ErrClaimInvalid, "claim/one"},
		{"retracting the unknown", graph.Changes{Retract: []graph.Retraction{{Claim: "claim/nobody"}}}, graph.ErrClaimUnknown, "claim/nobody"},
		{"retracting twice", graph.Changes{Retract: []graph.Retraction{{Claim: "claim/gone"}}}, graph.ErrClaimRetracted, "claim/gone"},
		{"superseding the retracted", graph.Changes{Record: []graph.Claim{said("x", func(c *graph.Claim) { c.Supersedes = "claim/gone" })}}, graph.ErrClaimRetracted, "claim/gone"},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := view(t, g, graph.Perspective{}).Size()
			_, err := g.Apply(t.Context(), test.c)
			var claim *graph.ClaimError
			if !errors.Is(err, test.is) || !errors.As(err, &claim) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %v saying %q", err, test.is, test.says)
			}
			if after := view(t, g, graph.Perspective{}).Size(); after != before {
				t.Errorf("a refused change went from %d to %d quads", before, after)
			}
		})
	}
}

// TestReopen reads a store again: what perspectives see must be the same.
func TestReopen(t *testing.T) {
	store := memory.New()
	g, err := graph.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	half := 0.5
	for i := range 3000 { // more than one chunk of the ledger
		apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said(fmt.Sprint("n", i), func(c *graph.Claim) {
			c.Status = graph.Status(i%4) + graph.Confirmed
			if i%5 == 0 {
				c.Confidence, c.ValidTime = &half, "2025-09~"
			}
		})}})
		if i%7 == 0 {
			apply(t, g, day(1), graph.Changes{Retract: []graph.Retraction{{Claim: fmt.Sprint("claim/n", i)}}})
		}
	}
	again, err := graph.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []graph.Perspective{{}, {KnownAt: day(1).Add(1500 * time.Microsecond)}, {MinConfidence: 0.7}, {Statuses: []graph.Status{graph.Assessed}}} {
		a, b := view(t, g, p), view(t, again, p)
		if admitted(a, a.Facts()) != admitted(b, b.Facts()) || admitted(a, a.Listed(true)) != admitted(b, b.Listed(true)) {
			t.Errorf("perspective %+v sees other claims after opening again", p)
		}
		if !a.KnownAt.Equal(b.KnownAt) {
			t.Errorf("known at %v, after opening again %v", a.KnownAt, b.KnownAt)
		}
	}
}

// TestRecordTimesAscend: commits at one moment, or with a clock set back, still
// get times in their order.
func TestRecordTimesAscend(t *testing.T) {
	g := newGraph(t)
	var last time.Time
	for i, at := range []time.Time{day(5), day(5), day(3), day(5), day(6)} {
		r := apply(t, g, at, graph.Changes{Record: []graph.Claim{said(fmt.Sprint(i), nil)}})
		if !r.At.After(last) {
			t.Errorf("commit %d at %v is not after %v", i+1, r.At, last)
		}
		last = r.At
	}
}

// TestSwapOfClaims has readers ask for views while a writer swaps two facts by
// superseding one claim by the next: each view has exactly one.
func TestSwapOfClaims(t *testing.T) {
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said("0", nil)}})
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				v, err := g.View(context.Background(), graph.Perspective{})
				if err != nil {
					t.Error(err)
					return
				}
				if n := v.Facts().Len(); n != 1 {
					t.Errorf("a view has %d claims, want 1", n)
					return
				}
			}
		})
	}
	for i := range 500 {
		apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said(fmt.Sprint(i+1), func(c *graph.Claim) { c.Supersedes = fmt.Sprint("claim/", i) })}})
	}
	close(done)
	readers.Wait()
}
