package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"chancery/graph"
	"chancery/graph/edtf"
)

const began = "schema:startDate"

// TestTimelines makes random histories and holds what timelines tell, after each commit
// and in views of earlier ones, to a look at each subject.
func TestTimelines(t *testing.T) {
	leftOut := 0
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 2))
			h := &history{Rand: rng, g: newGraph(t)}
			var views []*graph.View
			for round := range 40 {
				h.commit(t)
				h.date(t)
				now := view(t, h.g, graph.Perspective{})
				if round < int(seed)*4 {
					continue // so much is there when the timeline is made
				}
				views = append(views, now)
				if rng.IntN(4) == 0 {
					then := views[rng.IntN(len(views))].KnownAt
					views = append(views, view(t, h.g, [...]graph.Perspective{
						{KnownAt: then}, {Sources: []string{"source/a"}}, {Statuses: []graph.Status{graph.Confirmed}},
					}[rng.IntN(3)]))
				}
				leftOut += checkTimeline(t, rng, now)
				leftOut += checkTimeline(t, rng, views[rng.IntN(len(views))])
			}
			for _, v := range views {
				leftOut += checkTimeline(t, rng, v)
			}
		})
	}
	if leftOut < 300 {
		t.Errorf("only %d subjects were left out", leftOut)
	}
}

// date commits claims that give some entities dates, some of them several.
func (h *history) date(t *testing.T) {
	t.Helper()
	var c graph.Changes
	for range 1 + h.IntN(4) {
		claim := h.claim()
		claim.Facts = claim.Facts[:0]
		for range 1 + h.IntN(3) {
			claim.Facts = append(claim.Facts, graph.Fact{Subject: h.entity(), Predicate: began, Object: graph.Date(h.day())})
		}
		c.Record = append(c.Record, claim)
		h.claims = append(h.claims, claim.ID)
	}
	apply(t, h.g, day(1), c)
}

func (h *history) day() string {
	month := fmt.Sprintf("20%02d-%02d", 10+h.IntN(3), 1+h.IntN(12))
	switch h.IntN(10) {
	case 0:
		return month[:4]
	case 1:
		return month + "?"
	case 2:
		return month + "/.."
	case 3:
		return [...]string{"..", "2011-21", "2010/2012", "-0004"}[h.IntN(4)]
	}
	return month + fmt.Sprintf("-%02d", 1+h.IntN(28))
}

// checkTimeline returns how many subjects were left out.
func checkTimeline(t *testing.T, rng *rand.Rand, v *graph.View) (leftOut int) {
	t.Helper()
	timeline, ok, err := v.Timeline(t.Context(), "kg:ally", began, 1<<30)
	if _, known := v.Node(began); !known && !ok && err == nil {
		return 0
	}
	if err != nil || !ok {
		t.Fatalf("commit %d: no timeline: %v", v.Commit(), err)
	}
	follow := func(of graph.ID, predicate string, inverse bool, claims *graph.Set) []graph.Link {
		var links graph.Links
		if err := v.Follow(t.Context(), &links, []graph.ID{of}, predicate, inverse, claims); err != nil {
			t.Fatal(err)
		}
		return links.All
	}
	for range 10 {
		object, known := v.Node(fmt.Sprint("person/", rng.IntN(80)))
		if !known {
			continue
		}
		from, err := edtf.Parse(fmt.Sprintf("20%02d-%02d-%02d", 9+rng.IntN(5), 1+rng.IntN(12), 1+rng.IntN(28)))
		if err != nil {
			t.Fatal(err)
		}
		first, _ := from.Bounds()
		last := first + edtf.Day(rng.IntN(500))
		got, err := timeline.Within([]graph.ID{1}, object, first, last)
		if err != nil {
			t.Fatal(err)
		}
		if got[0] != 1 || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("commit %d: subjects are %v", v.Commit(), got)
		}
		got = got[1:]
		if n := timeline.Count(object, first, last); n < len(got) {
			t.Fatalf("commit %d: %d subjects are counted as %d", v.Commit(), len(got), n)
		}
		for _, l := range follow(object, "kg:ally", true, nil) {
			has := false
			for _, d := range follow(l.To, began, false, nil) {
				earliest, latest := d.To.Days()
				has = has || d.To.Space() != graph.Dates || earliest <= last && latest >= first
			}
			_, in := slices.BinarySearch(got, l.To)
			if has && !in {
				t.Fatalf("commit %d: %v, from %v to %v, lacks %v", v.Commit(), object, first, last, l.To)
			}
			if !in {
				leftOut++
			}
		}
		for _, claims := range []*graph.Set{nil, v.Facts(), v.Known(), v.Listed(true)} {
			var want []graph.Link
			for _, l := range follow(object, "kg:ally", true, claims) {
				if _, in := slices.BinarySearch(got, l.To); in {
					want = append(want, l)
				}
			}
			var links graph.Links
			if err := timeline.Links(t.Context(), &links, []graph.ID{object, object}, first, last, claims); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(links.Of(0), want) || !slices.Equal(links.Of(1), want) {
				t.Fatalf("commit %d: Links gives %v and %v, Follow %v", v.Commit(), links.Of(0), links.Of(1), want)
			}
		}
		checkFirst(t, v, timeline, object, 1+rng.IntN(4), rng.IntN(2) == 0, follow)
	}
	return leftOut
}

// checkFirst holds the first subjects of an object by their dates to the order of all of
// those that have one date.
func checkFirst(t *testing.T, v *graph.View, timeline graph.Timeline, object graph.ID, n int, descending bool, follow func(graph.ID, string, bool, *graph.Set) []graph.Link) {
	t.Helper()
	got, until, err := timeline.First(nil, object, n, descending, v.Facts())
	if err != nil {
		t.Fatal(err)
	}
	type dated struct {
		id, date graph.ID
	}
	var all []dated
	in := func(id graph.ID) bool { return slices.Contains(got, id) }
	for _, l := range follow(object, "kg:ally", true, v.Facts()) {
		dates := follow(l.To, began, false, nil)
		switch {
		case until.Whole && !in(l.To):
			t.Fatalf("commit %d: %v is said to be all, without %v", v.Commit(), got, l.To)
		case len(follow(l.To, began, false, v.Facts())) == 0:
		case sameObject(dates) && dates[0].To.Space() == graph.Dates && v.MergedFrom(l.To) == nil:
			all = append(all, dated{l.To, dates[0].To})
		case !in(l.To):
			t.Fatalf("commit %d: %v lacks %v, whose date is not known", v.Commit(), got, l.To)
		}
	}
	compare := func(a, b dated) int {
		firstA, lastA := a.date.Days()
		firstB, lastB := b.date.Days()
		c := int(firstA - firstB)
		if c == 0 {
			c = int(lastA - lastB)
		}
		if descending {
			return -c
		}
		return c
	}
	slices.SortFunc(all, compare)
	all = slices.CompactFunc(all, func(a, b dated) bool { return a.id == b.id })
	for i, d := range all {
		if (i < n || compare(d, all[n-1]) == 0) && !in(d.id) {
			t.Fatalf("commit %d: the first %d of %v (descending %t), %v, lack %v", v.Commit(), n, object, descending, got, d.id)
		}
	}
	if len(got) < min(n, len(all)) {
		t.Fatalf("commit %d: the first %d are %v", v.Commit(), n, got)
	}
}

// TestTimelineOfManyTouched touches so many subjects that the timeline is made anew.
func TestTimelineOfManyTouched(t *testing.T) {
	g := newGraph(t)
	object := func(i int) string { return fmt.Sprint("person/", 10_000+i%3) }
	record := func(from, to int) {
		var c graph.Changes
		for i := from; i < to; i++ {
			c.Record = append(c.Record, said(fmt.Sprint(i), func(c *graph.Claim) {
				c.Facts = []graph.Fact{
					{Subject: fmt.Sprint("person/", i), Predicate: "kg:ally", Object: graph.Ref(object(i))},
					{Subject: fmt.Sprint("person/", i), Predicate: began, Object: graph.Date(fmt.Sprintf("2010-%02d-%02d", 1+i%12, 1+i%28))},
				}
			}))
		}
		apply(t, g, day(1), c)
	}
	want := func(n int) (of int) {
		for i := range n {
			if i%3 == 1 && i%12 == 4 {
				of++
			}
		}
		return of
	}
	may, err := edtf.Parse("2010-05")
	if err != nil {
		t.Fatal(err)
	}
	first, last := may.Bounds()
	n := 0
	for _, more := range []int{2000, 300, 300, 300, 300, 2500, 1} {
		record(n, n+more)
		n += more
		v := view(t, g, graph.Perspective{})
		timeline, ok, err := v.Timeline(t.Context(), "kg:ally", began, 1<<30)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		id, _ := v.Node(object(1))
		got, err := timeline.Within(nil, id, first, last)
		if err != nil {
			t.Fatal(err)
		}
		exact := got[:0]
		for _, id := range got {
			var links graph.Links
			if err := v.Follow(t.Context(), &links, []graph.ID{id}, began, false, nil); err != nil {
				t.Fatal(err)
			}
			if earliest, _ := links.All[0].To.Days(); first <= earliest && earliest <= last {
				exact = append(exact, id)
			}
		}
		if len(exact) != want(n) || len(got) > want(n)+1024 {
			t.Errorf("of %d, %d subjects are among %d; want %d", n, len(exact), len(got), want(n))
		}
	}
}

// TestTimelineCountsLooks: what was touched since a timeline was made, and what was
// merged, is looked at by each who asks, and counted.
func TestTimelineCountsLooks(t *testing.T) {
	g := newGraph(t)
	fact := func(event int, ally string) []graph.Fact {
		subject := fmt.Sprint("person/event", event)
		return []graph.Fact{
			{Subject: subject, Predicate: "kg:ally", Object: graph.Ref(ally)},
			{Subject: subject, Predicate: began, Object: graph.Date("2020-01-01")},
		}
	}
	record := func(from, to int, ally string) {
		var facts []graph.Fact
		for event := from; event < to; event++ {
			facts = append(facts, fact(event, ally)...)
		}
		apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said(fmt.Sprint(from), func(c *graph.Claim) { c.Facts = facts })}})
	}
	read := func() (subjects int, quads int64) {
		t.Helper()
		meter := &graph.Meter{}
		v := view(t, g, graph.Perspective{}).Metered(meter)
		timeline, ok, err := v.Timeline(t.Context(), "kg:ally", began, 1<<30)
		if err != nil || !ok {
			t.Fatalf("no timeline: %v", err)
		}
		of, _ := v.Node("person/a")
		before := meter.Read()
		found, err := timeline.Within(nil, of, edtf.Past, edtf.Future)
		if err != nil {
			t.Fatal(err)
		}
		return len(found), meter.Read() - before
	}
	record(0, 10, "person/a")
	if subjects, quads := read(); subjects != 10 || quads != 10 {
		t.Errorf("%d subjects for %d quads, want 10 for 10", subjects, quads)
	}
	record(10, 810, "person/b")
	if subjects, quads := read(); subjects != 10 || quads != 10+800/8 {
		t.Errorf("beside 800 that were touched: %d subjects for %d quads", subjects, quads)
	}
	var merges []graph.Fact
	for event := range 80 {
		merges = append(merges, graph.Fact{Subject: fmt.Sprint("person/event", 100+event), Predicate: graph.MergedInto, Object: graph.Ref("person/event99")})
	}
	apply(t, g, day(2), graph.Changes{Record: []graph.Claim{said("merge", func(c *graph.Claim) { c.Facts = merges })}})
	if subjects, quads := read(); subjects != 10 || quads < 10+800/8+80/8 || quads > 10+880/8+2 {
		t.Errorf("and 80 that were merged: %d subjects for %d quads", subjects, quads)
	}
}
