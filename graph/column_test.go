package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"chancery/graph"
)

// TestColumns makes random histories and holds what columns tell, after each commit
// and in views of earlier ones, to what Expand finds and Prefer orders.
func TestColumns(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			h := &history{Rand: rng, g: newGraph(t)}
			var views []*graph.View
			for range 40 {
				h.commit(t)
				now := view(t, h.g, graph.Perspective{})
				views = append(views, now)
				if rng.IntN(4) == 0 {
					then := views[rng.IntN(len(views))].KnownAt
					views = append(views, view(t, h.g, [...]graph.Perspective{
						{KnownAt: then}, {Sources: []string{"source/a"}}, {MinConfidence: 0.5}, {Statuses: []graph.Status{graph.Confirmed}},
					}[rng.IntN(4)]))
				}
				checkColumn(t, now)
				checkColumn(t, views[rng.IntN(len(views))])
			}
			for _, v := range views {
				checkColumn(t, v)
			}
		})
	}
}

// history makes random commits: entities that many claims say the same of, others
// that they differ about; retractions, merges, erasures.
type history struct {
	*rand.Rand
	g      *graph.Graph
	claims []string // neither retracted nor erased
	made   int
}

func (h *history) entity() string {
	if h.IntN(3) == 0 {
		return fmt.Sprint("person/", h.IntN(3)) // many claims are about these
	}
	return fmt.Sprint("person/", h.IntN(40))
}

// claims' names are no order of their ids.
func (h *history) claim() graph.Claim {
	h.made++
	return said(fmt.Sprintf("%d-%d", h.IntN(1000), h.made), func(c *graph.Claim) {
		c.Source = [...]string{"source/a", "source/b", "source/c"}[h.IntN(3)]
		if h.IntN(3) == 0 {
			c.Status = [...]graph.Status{graph.Confirmed, graph.Assessed, graph.Denied}[h.IntN(3)]
		}
		if h.IntN(4) == 0 {
			confidence := float64(h.IntN(3)) / 2
			c.Confidence = &confidence
		}
		if h.IntN(6) == 0 {
			c.ValidTime = "2010/2015"
		}
		for range 1 + h.IntN(4) {
			s := h.entity()
			o := "person/4" + s[len("person/"):] // what most say
			if h.IntN(3) == 0 && s != "person/0" {
				o = h.entity()
			}
			c.Facts = append(c.Facts, graph.Fact{Subject: s, Predicate: "kg:ally", Object: graph.Ref(o)})
		}
	})
}

func (h *history) commit(t *testing.T) {
	t.Helper()
	var c graph.Changes
	for range 1 + h.IntN(8) {
		c.Record = append(c.Record, h.claim())
	}
	switch h.IntN(8) {
	case 0:
		if a, b := h.entity(), h.entity(); a > b {
			c.Record[0].Facts = append(c.Record[0].Facts, graph.Fact{Subject: a, Predicate: graph.MergedInto, Object: graph.Ref(b)})
		}
	case 1:
		c.Record[0].Facts = append(c.Record[0].Facts,
			graph.Fact{Subject: c.Record[0].Source, Predicate: graph.Published, Object: graph.Date(fmt.Sprint(2000 + h.IntN(20)))})
	case 2:
		c.Record[0].Supersedes = h.take()
	case 3:
		if gone := h.take(); gone != "" {
			c.Retract = append(c.Retract, graph.Retraction{Claim: gone})
		}
	case 4:
		if gone := h.take(); gone != "" {
			if _, err := h.g.Erase(t.Context(), graph.Erasure{Claims: []string{gone}, Reason: "x", At: day(1)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	apply(t, h.g, day(1), c)
	for _, claim := range c.Record {
		h.claims = append(h.claims, claim.ID)
	}
}

// take returns a claim that nothing else will be done with; empty where there is none.
func (h *history) take() string {
	if len(h.claims) == 0 {
		return ""
	}
	at := h.IntN(len(h.claims))
	id := h.claims[at]
	h.claims = slices.Delete(h.claims, at, at+1)
	return id
}

func checkColumn(t *testing.T, v *graph.View) {
	t.Helper()
	column, ok, err := v.Column(t.Context(), "kg:ally", 1<<30)
	if err != nil || !ok {
		t.Fatalf("commit %d: no column: %v", v.Commit(), err)
	}
	expand := func(id graph.ID, claims *graph.Set) []graph.Link {
		var links graph.Links
		if err := v.Follow(t.Context(), &links, []graph.ID{id}, "kg:ally", false, claims); err != nil {
			t.Fatal(err)
		}
		return links.All
	}
	checkSubjects(t, v, column)
	checkNumbers(t, v, column, 40)
	var room graph.Room
	for i := range 40 {
		id, known := v.Node(fmt.Sprintf("person/%d", i))
		if !known {
			continue
		}
		all := expand(id, nil)
		merged := v.MergedFrom(id) != nil
		for set, claims := range []*graph.Set{v.Facts(), v.Known(), v.Recorded(), v.Listed(true)} {
			want := expand(id, claims)
			for range 2 { // the second time from what was kept
				links, ok := column.Links(&room, id, claims)
				if ok == merged || ok && !slices.Equal(links, want) {
					t.Fatalf("commit %d, set %d: person/%d: Links gives %v, %t; Expand %v", v.Commit(), set, i, links, ok, want)
				}
				shown, ok := column.Shown(t.Context(), &room, id, claims)
				if ok == merged || ok && !slices.Equal(shown, preferred(t, v, want)) {
					t.Fatalf("commit %d, set %d: person/%d: Shown gives %v, %t of %v", v.Commit(), set, i, shown, ok, want)
				}
			}
			switch to, ok := column.Only(id, claims); {
			case !ok && !merged && sameObject(all) && v.MergedFrom(objectOf(all)) == nil,
				ok && merged, ok && to == 0 && len(want) > 0, ok && to != 0 && (len(want) == 0 || !sameObject(all) || to != all[0].To):
				t.Fatalf("commit %d, set %d: person/%d: Only gives %v, %t of %v, admitted %v", v.Commit(), set, i, to, ok, all, want)
			}
		}
	}
}

// checkSubjects holds the nodes that a column gives for objects to what Expand finds.
func checkSubjects(t *testing.T, v *graph.View, column graph.Column) {
	t.Helper()
	for i := range 10 {
		var objects []graph.ID
		for _, n := range []int{i, 40 + i, 2 * i} {
			if id, ok := v.Node(fmt.Sprint("person/", n)); ok {
				objects = append(objects, id)
			}
		}
		var links graph.Links
		if err := v.Follow(t.Context(), &links, objects, "kg:ally", true, nil); err != nil {
			t.Fatal(err)
		}
		var want []graph.ID
		for _, l := range links.All {
			want = append(want, l.To)
		}
		slices.Sort(want)
		got, ok, err := column.Subjects(objects)
		if want = slices.Compact(want); err != nil || !ok || !slices.Equal(got, want) {
			t.Fatalf("commit %d: the subjects of %v: %v, %t, %v; Expand %v", v.Commit(), objects, got, ok, err, want)
		}
	}
}

// checkNumbers holds what a column tells of many people together, and of a text among
// them, to what it tells of each.
func checkNumbers(t *testing.T, v *graph.View, column graph.Column, people int) {
	t.Helper()
	var nodes []graph.ID
	for i := range people {
		if id, ok := v.Node(fmt.Sprint("person/", i)); ok {
			nodes = append(nodes, id)
		}
	}
	slices.Sort(nodes)
	nodes = append(slices.Compact(nodes), graph.InSpace(graph.Texts, 3))
	for i := range column.Objects() {
		for k := range i {
			if v.MergedFrom(column.Object(uint32(i))) == nil && column.Object(uint32(i)) == column.Object(uint32(k)) {
				t.Fatalf("commit %d: objects %d and %d are both %v", v.Commit(), i, k, column.Object(uint32(i)))
			}
		}
	}
	numbers, places := make([]uint32, len(nodes)), make([]graph.Place, len(nodes))
	for set, claims := range []*graph.Set{v.Facts(), v.Known(), v.Recorded(), v.Listed(true)} {
		column.Numbers(numbers, nodes, claims)
		column.Places(places, nodes, claims)
		for i, id := range nodes {
			to, ok := column.Only(id, claims)
			if places[i] != (graph.Place{To: to, Sole: ok}) || ok != (numbers[i] != graph.Unsure) || ok && column.Object(numbers[i]) != to {
				t.Fatalf("commit %d, set %d: node %d of %d: number %d, place %v; Only gives %v, %t", v.Commit(), set, i, len(nodes), numbers[i], places[i], to, ok)
			}
		}
	}
	// The columns of a view know of what was said later, too.
	lone, others := column.Lone(nil, nil, nodes)
	isLone := map[graph.ID]bool{}
	for _, id := range lone {
		isLone[id] = true
	}
	for _, id := range nodes {
		var links graph.Links
		if err := v.Follow(t.Context(), &links, []graph.ID{id}, "kg:ally", false, nil); err != nil {
			t.Fatal(err)
		}
		several := len(links.All) > 1 || v.MergedFrom(id) != nil
		if isLone[id] && several {
			t.Fatalf("commit %d: node %v with the links %v is lone", v.Commit(), id, links.All)
		}
	}
	if len(lone)+len(others) != len(nodes) {
		t.Fatalf("commit %d: of %d nodes, %d are lone and %d are others", v.Commit(), len(nodes), len(lone), len(others))
	}
}

// TestColumnsOfPages asks about so many people that their pages are alike, or nearly.
func TestColumnsOfPages(t *testing.T) {
	const people = 2000
	g := newGraph(t)
	var c graph.Changes
	for i := range people {
		ally := fmt.Sprint("person/", people)
		if i > 1400 {
			ally = fmt.Sprint("person/", i%7)
		}
		c.Record = append(c.Record, said(fmt.Sprint(i), func(c *graph.Claim) {
			c.Facts = []graph.Fact{{Subject: fmt.Sprint("person/", i), Predicate: "kg:ally", Object: graph.Ref(ally)}}
			if i%1000 == 999 {
				c.Source = "source/b"
			}
		}))
	}
	apply(t, g, day(1), c)
	views := []*graph.View{view(t, g, graph.Perspective{})}
	check := func() {
		t.Helper()
		views = append(views, view(t, g, graph.Perspective{}), view(t, g, graph.Perspective{Sources: []string{"source/b"}}))
		for _, v := range views {
			column, ok, err := v.Column(t.Context(), "kg:ally", 1<<30)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			checkNumbers(t, v, column, people)
		}
	}
	check()
	another := func(id, person, ally string) graph.Claim {
		return said(id, func(c *graph.Claim) {
			c.Facts = []graph.Fact{{Subject: person, Predicate: "kg:ally", Object: graph.Ref(ally)}}
		})
	}
	apply(t, g, day(2), graph.Changes{Record: []graph.Claim{another("differs", "person/300", "person/1"), another("again", "person/1900", "person/1")}})
	check()
	apply(t, g, day(3), graph.Changes{Retract: []graph.Retraction{{Claim: "claim/700"}, {Claim: "claim/differs"}}})
	check()
	apply(t, g, day(4), graph.Changes{Record: []graph.Claim{said("merge", func(c *graph.Claim) {
		c.Facts = []graph.Fact{{Subject: "person/1200", Predicate: graph.MergedInto, Object: graph.Ref("person/1201")}}
	})}})
	check()
}

func objectOf(links []graph.Link) graph.ID {
	if len(links) == 0 {
		return 0
	}
	return links[0].To
}

func sameObject(links []graph.Link) bool {
	return !slices.ContainsFunc(links, func(l graph.Link) bool { return l.To != links[0].To })
}

// preferred are the links with the object of the one whose claim Prefer puts first.
func preferred(t *testing.T, v *graph.View, links []graph.Link) []graph.Link {
	if len(links) == 0 {
		return nil
	}
	first := slices.MinFunc(links, func(a, b graph.Link) int { return v.Prefer(t.Context(), a.Label, b.Label) })
	var out []graph.Link
	for _, l := range links {
		if l.To == first.To {
			out = append(out, l)
		}
	}
	return out
}

// TestColumnsOfAPreview asks the view of a commit that was never made.
func TestColumnsOfAPreview(t *testing.T) {
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{said("a", nil)}})
	v, _, err := g.Preview(t.Context(), graph.Changes{Record: []graph.Claim{said("b", nil)}, At: day(2)})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := v.Column(t.Context(), graph.PreferredName, 1<<30); ok || err != nil {
		t.Errorf("a preview has columns: %v", err)
	}
}

// TestColumnOfNothing asks for the column of a predicate whose quads are all erased.
func TestColumnOfNothing(t *testing.T) {
	g := newGraph(t)
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{
		said("word", func(c *graph.Claim) { // the predicate stays known
			c.Facts = append(c.Facts, graph.Fact{Subject: "person/x", Predicate: "kg:about", Object: graph.Ref("kg:ally")})
		}),
		said("ally", func(c *graph.Claim) {
			c.Facts = []graph.Fact{{Subject: "person/x", Predicate: "kg:ally", Object: graph.Ref("person/y")}}
		}),
	}})
	ask := func() (column graph.Column, to graph.ID) {
		v := view(t, g, graph.Perspective{})
		x, known := v.Node("person/x")
		column, made, err := v.Column(t.Context(), "kg:ally", 1<<30)
		if !known || !made || err != nil {
			t.Fatalf("a column of %t is made %t: %v", known, made, err)
		}
		to, sure := column.Only(x, v.Facts())
		if !sure {
			t.Error("the column does not tell")
		}
		return column, to
	}
	if column, to := ask(); to == 0 || column.Objects() != 2 {
		t.Errorf("%d objects, the ally is %v", column.Objects()-1, to)
	}
	if _, err := g.Erase(t.Context(), graph.Erasure{Claims: []string{"claim/ally"}, Reason: "x", At: day(2)}); err != nil {
		t.Fatal(err)
	}
	if column, to := ask(); to != 0 || column.Object(0) != 0 || column.Objects() != 1 {
		t.Errorf("%d objects, the ally is %v", column.Objects()-1, to)
	}
}
