package query_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/query/randomdoc"
)

// led has visits to nation/a of which those that are written down as the earliest and as
// the latest are not what is shown first.
func led() []graph.Changes {
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var first, second graph.Changes
	first.At, second.At = at, at.AddDate(0, 0, 1)
	fact := func(s, p string, o graph.Term) graph.Fact { return graph.Fact{Subject: s, Predicate: p, Object: o} }
	n := 0
	say := func(into *graph.Changes, status graph.Status, facts ...graph.Fact) string {
		n++
		id := fmt.Sprint("claim/", n)
		into.Record = append(into.Record, graph.Claim{ID: id, Source: "source/table", Status: status, Facts: facts})
		return id
	}
	visit := func(id, to string, more ...graph.Fact) []graph.Fact {
		return append([]graph.Fact{
			fact(id, graph.Type, graph.Ref("kg:Visit")),
			fact(id, "kg:visitor", graph.Ref("person/1")),
			fact(id, "kg:destination", graph.Ref(to)),
		}, more...)
	}
	dated := func(id, date string) graph.Fact { return fact(id, "schema:startDate", graph.Date(date)) }
	say(&first, graph.Reported, fact("source/table", graph.Type, graph.Ref("schema:CreativeWork")))
	for _, id := range []string{"nation/a", "nation/b"} {
		say(&first, graph.Reported, fact(id, graph.Type, graph.Ref("kg:Nation")))
	}
	for _, id := range []string{"person/1", "person/2", "person/3"} {
		say(&first, graph.Reported, fact(id, graph.Type, graph.Ref("schema:Person")))
	}
	// Three on each of 134 days. Those in the middle have another visitor.
	for i := range 400 {
		id, day := fmt.Sprint("event/", i), at.AddDate(-10, 0, i/3).Format(time.DateOnly)
		status := graph.Reported
		if i%40 == 20 {
			status = graph.Confirmed
		}
		facts := visit(id, "nation/a", dated(id, day))
		if i == 198 || i == 201 || i == 202 {
			facts[1].Object = graph.Ref("person/2")
		}
		say(&first, status, facts...)
	}
	// One of a few looks, and those without a date.
	for i := range 3 {
		id := fmt.Sprint("event/b", i)
		say(&first, graph.Reported, visit(id, "nation/b", dated(id, "2001"))...)
		id = fmt.Sprint("event/undated", i)
		say(&first, graph.Reported, visit(id, []string{"nation/a", "nation/b"}[i%2])...)
	}
	// Dates that are no day, month or year.
	for i, date := range []string{"1990/2019", "2009-21", "2030/..", "../1980", "2009-12-31/2010-01-01", "2010-03-XX"} {
		id := fmt.Sprint("event/rough", i)
		say(&first, graph.Reported, visit(id, "nation/a", dated(id, date))...)
	}
	for i, date := range []string{"1950", "2040"} {
		id := func(what string) string { return fmt.Sprint("event/", what, i) }
		// Dates that are denied, of a claim taken back, and of one of two that differ; that
		// are qualified, and as rough as others are not.
		say(&first, graph.Reported, visit(id("denied"), "nation/a")...)
		say(&first, graph.Denied, dated(id("denied"), date))
		say(&first, graph.Reported, visit(id("corrected"), "nation/a")...)
		wrong := say(&first, graph.Reported, dated(id("corrected"), date))
		say(&second, graph.Reported, dated(id("corrected"), "2010-02-02"))
		second.Retract = append(second.Retract, graph.Retraction{Claim: wrong, Reason: "a slip"})
		say(&first, graph.Reported, visit(id("two"), "nation/a", dated(id("two"), date))...)
		say(&first, graph.Confirmed, dated(id("two"), "2010-02-03"))
		say(&first, graph.Reported, visit(id("confirmed"), "nation/a")...)
		say(&first, graph.Confirmed, dated(id("confirmed"), date))
		say(&first, graph.Reported, visit(id("doubtful"), "nation/a", dated(id("doubtful"), date+"?"))...)
		// Visits to elsewhere, that are denied, and of what is no visit.
		say(&first, graph.Reported, visit(id("elsewhere"), "nation/a", dated(id("elsewhere"), date))...)
		say(&second, graph.Confirmed, fact(id("elsewhere"), "kg:destination", graph.Ref("nation/b")))
		say(&first, graph.Denied, visit(id("never"), "nation/a", dated(id("never"), date))...)
		traveller := id("person")
		say(&first, graph.Reported, fact(traveller, graph.Type, graph.Ref("schema:Person")),
			fact(traveller, "kg:destination", graph.Ref("nation/a")), dated(traveller, date))
		// One that has its date from another, and one that has its destination from another.
		say(&first, graph.Reported, visit(id("dates"), "nation/b", dated(id("dates"), date))...)
		say(&first, graph.Reported, visit(id("goes"), "nation/a", dated(id("goes"), "2010-02-04"))...)
		say(&second, graph.Reported, fact(id("dates"), graph.MergedInto, graph.Ref(id("goes"))))
		// One whose date is said later, and one that is.
		say(&first, graph.Reported, visit(id("later"), "nation/a")...)
		say(&second, graph.Reported, dated(id("later"), date))
		say(&second, graph.Reported, visit(id("new"), "nation/a", dated(id("new"), date))...)
	}
	return []graph.Changes{first, second}
}

// TestLeading holds the first few by a date to the naive evaluator where much that is
// written down is not shown, or not as it is written down. Each is asked before the last
// commit, for the timelines to be there then, and after it.
func TestLeading(t *testing.T) {
	o := load(t)
	commits := led()
	w := newBoth(t, o, &randomdoc.Sample{Commits: commits[:1]})
	w.engine.AlwaysLead()
	var documents []string
	for _, perspective := range []string{"", "(statuses: [CONFIRMED])", "(statuses: [REPORTED])", `(knownAt: "2020-01-01T12:00:00Z")`, `(exceptSources: ["source/table"])`} {
		if perspective != "" {
			perspective = "query @perspective" + perspective
		}
		for _, order := range []string{"{start: DESC}", "{start: ASC}", "{start: DESC}, {id: DESC}", "{start: ASC}, {id: DESC}"} {
			for _, n := range []int{1, 2, 7, 30, 300} {
				page := fmt.Sprintf("orderBy: [%s], first: %d", order, n)
				const of = "{ nodes { id start { edtf } } edges { cursor claims { id } } pageInfo { hasNextPage endCursor } }"
				documents = append(documents,
					fmt.Sprintf("%s { nations { nodes { id visitsReceived(%s) %s } } }", perspective, page, of),
					fmt.Sprintf("%s { nations { nodes { id visitsReceived(where: {visitors: {some: {id: {eq: \"person/2\"}}}}, %s) %s } } }", perspective, page, of),
					fmt.Sprintf("%s { visits(%s) %s }", perspective, page, of),
					fmt.Sprintf("%s { visits(where: {start: {after: {date: \"2010-03-01\"}}}, %s) %s }", perspective, page, of),
					fmt.Sprintf("%s { visits(where: {destination: {id: {eq: \"nation/a\"}}}, %s) %s }", perspective, page, of),
					fmt.Sprintf("%s { visits(where: {destination: {id: {in: [\"nation/a\", \"nation/b\"]}}, visitors: {some: {id: {in: [\"person/2\", \"person/3\"]}}}}, %s) %s }", perspective, page, of),
					fmt.Sprintf("%s { events(where: {participants: {some: {id: {eq: \"nation/a\"}}}}, %s) { nodes { id } } }", perspective, page))
			}
		}
	}
	ask := func(when string) {
		t.Helper()
		failures := 0
		for _, d := range documents {
			if diff := w.differ(request{Document: d}); diff != "" {
				t.Errorf("%s: %s\n%s", when, d, diff)
				if failures++; failures == 5 {
					t.Fatal("and more")
				}
			}
		}
	}
	ask("before the last commit")
	if _, err := w.graph.Apply(t.Context(), commits[1]); err != nil {
		t.Fatal(err)
	}
	w.reread()
	ask("after it")
}

// TestLeadingPlans: what is read is bounded, and where it was in vain another way is taken.
func TestLeadingPlans(t *testing.T) {
	w := newBoth(t, load(t), &randomdoc.Sample{Commits: led()})
	w.engine.AlwaysLead()
	b := &bench{ontology: w.o, graph: w.graph, engine: w.engine}
	for _, test := range []struct{ document, want string }{
		{
			`{ nation(id: "nation/a") { visitsReceived(orderBy: [{start: DESC}], first: 2) { nodes { id } } } }`,
			"read by start, the latest first, along visitsReceived: about 12 quads expected",
		},
		{
			`{ visits(orderBy: [{start: ASC}], first: 2) { nodes { id } } }`,
			"read by start, the earliest first, each Visit: about 12 quads expected",
		},
		{
			`{ visits(where: {destination: {id: {eq: "nation/a"}}}, orderBy: [{start: DESC}], first: 2) { nodes { id } } }`,
			"read by start, the latest first, what meets destination{id is nation/a}",
		},
		// The named with the fewest.
		{
			`{ visits(where: {destination: {id: {eq: "nation/a"}}, visitors: {some: {id: {eq: "person/2"}}}}, orderBy: [{start: DESC}], first: 2) { nodes { id } } }`,
			"read by start, the latest first, what meets visitors{some id is person/2}",
		},
		{
			`{ nation(id: "nation/a") { visitsReceived(where: {visitors: {some: {id: {eq: "person/2"}}}}, orderBy: [{start: DESC}], first: 1) { nodes { id } } } }`,
			"read by start, the latest first, along visitsReceived (in vain)",
		},
		{`{ nation(id: "nation/a") { visitsReceived(orderBy: [{start: DESC}], last: 2) { nodes { id } } } }`, "read all along visitsReceived"},
		{`{ visits(orderBy: [{id: ASC}], first: 2) { nodes { id } } }`, "read every Visit"},
		{`{ visits(orderBy: [{start: ASC}], first: 2) { totalCount nodes { id } } }`, "read every Visit"},
	} {
		if got := planOf(t, b.ask(t, explained(test.document), nil)); !strings.Contains(got, test.want) {
			t.Errorf("%s: no %q in\n%s", test.document, test.want, got)
		}
	}
}
