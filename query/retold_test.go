package query_test

import (
	"fmt"
	"testing"
	"time"

	"chancery/graph"
	"chancery/query/randomdoc"
)

// retold is a small graph, and what is said of it later: claims taken back and corrected,
// names and entities that come to be one, and events that get a date. In the end some
// claims are to be erased.
func retold() (commits []graph.Changes, erased []string) {
	var now graph.Changes
	n := 0
	source, status := "source/a", graph.Reported
	say := func(facts ...graph.Fact) string {
		n++
		id := fmt.Sprint("claim/", n)
		now.Record = append(now.Record, graph.Claim{ID: id, Source: source, Status: status, Facts: facts})
		return id
	}
	take := func(claim string) {
		now.Retract = append(now.Retract, graph.Retraction{Claim: claim, Reason: "a slip"})
	}
	commit := func() {
		now.At = time.Date(2020, 1, 1+len(commits), 0, 0, 0, 0, time.UTC)
		commits, now = append(commits, now), graph.Changes{}
	}
	called := func(id, name string) graph.Fact {
		return graph.Fact{Subject: id, Predicate: graph.PreferredName, Object: graph.TextIn(name, "en")}
	}
	for _, id := range []string{"source/a", "source/b"} {
		say(is(id, graph.Type, "schema:CreativeWork"))
	}
	for _, id := range []string{"party/0", "party/1", "party/2"} {
		say(is(id, graph.Type, "kg:Party"))
	}
	say(is("person/1", graph.Type, "schema:Person"), is("office/1", graph.Type, "kg:Office"), is("summit/early", graph.Type, "kg:Summit"), is("summit/late", graph.Type, "kg:Summit"),
		is("nation/a", graph.Type, "kg:Nation"), starts("summit/early", "2011-01-01"), starts("summit/late", "2014-01-01"),
		is("summit/early", "kg:participatingNation", "nation/a"), is("summit/late", "kg:participatingNation", "nation/a"),
		is("summit/long", graph.Type, "kg:Summit"), starts("summit/long", "2010-05"), graph.Fact{Subject: "summit/long", Predicate: "schema:endDate", Object: graph.Date("2012-03")})
	slip := say(called("party/0", "Wrongly called"))
	erased = append(erased, say(called("party/1", "Rightly called")))
	// Of one event the object is said, and of the other the date.
	say(is("event/40", graph.Type, "kg:Interaction"), is("event/40", "kg:target", "party/1"))
	say(is("event/41", graph.Type, "kg:Interaction"), starts("event/41", "2010-05-05"))
	// Events, each of another kind of date, and one without.
	dates := []string{"2010-05-05", "2010-05-06", "2010", "2011~", "2012-03-01", "../2010", "2013/..", "2012-03-XX", ""}
	event := func(i int, actor, target string) string {
		id := fmt.Sprint("event/", i)
		facts := []graph.Fact{is(id, graph.Type, "kg:Interaction"), is(id, "kg:actor", actor)}
		if target != "" {
			facts = append(facts, is(id, "kg:target", target))
		}
		if date := dates[i%len(dates)]; date != "" {
			facts = append(facts, starts(id, date))
		}
		return say(facts...)
	}
	var events []string
	for i := range 3 * len(dates) {
		source = []string{"source/a", "source/b"}[i%2]
		events = append(events, event(i, fmt.Sprint("party/", i%3), []string{"party/0", "party/1", "party/2", ""}[i%4]))
	}
	// Each summit has an invitation of a nation that has been visited between them.
	for _, summit := range []string{"early", "late"} {
		say(is("invitation/"+summit, graph.Type, "kg:Invitation"), is("invitation/"+summit, "kg:invitationTo", "summit/"+summit), is("invitation/"+summit, "kg:invitee", "nation/a"))
	}
	say(is("visit/1", graph.Type, "kg:Visit"), is("visit/1", "kg:destination", "nation/a"), starts("visit/1", "2012"))
	for i, date := range []string{"2010", "", "2012-02-XX"} {
		id := fmt.Sprint("tenure/", i)
		facts := []graph.Fact{
			is(id, graph.Type, "kg:Tenure"), is(id, "kg:holder", "person/1"), is(id, "kg:office", "office/1"),
			{Subject: id, Predicate: "schema:endDate", Object: graph.Date(fmt.Sprint(2013 + i))},
		}
		if date != "" {
			facts = append(facts, starts(id, date))
		}
		say(facts...)
	}
	commit()
	take(slip)
	status = graph.Confirmed
	say(called("party/0", "Called otherwise"), starts("event/8", "2016-01-01"))
	commit()
	take(events[0])
	say(is("event/3", "kg:target", "party/1"), is("event/4", "kg:target", "party/1"), is("event/30", graph.Type, "kg:Interaction"), is("event/30", "kg:target", "party/1"), starts("event/30", "2009-01-01"))
	commit()
	say(is("party/2", graph.MergedInto, "party/1"))
	commit()
	say(is("event/41", graph.MergedInto, "event/40"), is("event/9", graph.MergedInto, "event/5"), is("event/2", graph.MergedInto, "event/6"), is("source/b", graph.MergedInto, "source/a"))
	commit()
	return commits, append(erased, events[4], events[13])
}

// TestRetold asks the same after each of some commits, as each moment knows it, and as
// some see it: what is kept to answer has to follow each commit, and to be told apart by
// who asks.
func TestRetold(t *testing.T) {
	w := newBothOver(t, load(t), &randomdoc.Sample{}, openLocal(t))
	w.engine.AlwaysLead()
	documents := []string{
		`{ interactions(first: 0) { totalCount groups(by: [TARGET, START_YEAR], distinct: ACTOR, orderBy: [DISTINCT_DESC, KEYS_DESC]) { count distinct earliest latest keys { value entity { id } } } } }`,
		`{ interactions(first: 0) { groups(by: [TARGET], distinct: ACTOR, orderBy: [KEYS_DESC]) { count distinct earliest latest keys { entity { id } } } } }`,
		`{ parties { nodes { id interactionsAsTarget(first: 0) { totalCount groups(by: [START_YEAR], distinct: ACTOR) { count distinct earliest latest keys { value } } } } } }`,
		`{ summits { nodes { invitations { groups(by: [INVITEES]) { keys { entity { ... on Nation { visitsReceived(where: {start: {before: {enclosing: true}}}) { totalCount } } } } } } } } }`,
		`{ summits { nodes { invitations { nodes { invitees { ... on Nation { visitsReceived(where: {start: {after: {enclosing: true}}}) { totalCount } } } } } } } }`,
		`{ summits { nodes { nations { visitsReceived(where: {start: {after: {enclosing: true}}}) { totalCount } } } } }`,
		`{ search(text: "called", first: 9) { node { id } matched } }`,
		`{ search(text: "Wrongly", first: 9) { node { id } matched } }`,
		`{ parties(where: {name: {contains: "called"}}) { nodes { id name } } }`,
		`{ visits { totalCount } interactions { totalCount } tenures { totalCount } parties(first: 0) { totalCount } }`,
		`{ paths(from: "party/0", to: "party/1", maxLength: 2, during: "2010-05-05", mode: ALL_SHORTEST, first: 50) { steps { to { id } } } }`,
		`{ paths(from: "party/0", to: "party/1", maxLength: 4, inTimeOrder: true, mode: K_SHORTEST, first: 50) { steps { to { id } } } }`,
		`{ paths(from: "party/0", to: "party/1", maxLength: 2, fields: ["actor", "target"], mode: ALL_SHORTEST, first: 50) { steps { to { id } } } }`,
		`{ person(id: "person/1") { tenures(where: {start: {before: {date: "2012"}, certainty: POSSIBLE}}) { nodes { id } } } }`,
		`{ person(id: "person/1") { tenures(where: {end: {after: {date: "2012-06"}}}) { nodes { id } } } }`,
		`{ interactions(first: 50, where: {target: {id: {eq: "party/1"}}}) { nodes { id } } }`,
		`{ changes(since: "2020-01-02T00:00:00Z", until: "2020-01-04T00:00:00Z", first: 50) { totalCount nodes { at kind claim { id } } } }`,
		`{ changes(since: "2020-01-01T00:00:00Z", first: 50) { nodes { at kind claim { id } } } }`,
	}
	for _, n := range []int{1, 2, 3, 8} {
		for _, direction := range []string{"ASC", "DESC"} {
			documents = append(documents, fmt.Sprintf(`{ party(id: "party/1") { interactionsAsTarget(first: %d, orderBy: {start: %s}) { nodes { id start { edtf } } } } }`, n, direction),
				fmt.Sprintf(`{ interactions(where: {target: {id: {in: ["party/0", "party/1"]}}}, first: %d, orderBy: {start: %s}) { nodes { id } } }`, n, direction))
		}
	}
	for _, start := range []string{
		`after: {event: "summit/long", point: START}`, `before: {event: "summit/long", point: END}`, `in: {event: "summit/long"}`, `in: {date: "2010/2012"}`, `in: {date: "2010"}`,
		`before: {date: "2012", within: "P6M"}`, `after: {date: "2009", within: "P6M"}`, `after: {event: "event/2", point: START}`,
	} {
		documents = append(documents, fmt.Sprintf(`{ party(id: "party/1") { interactionsAsTarget(first: 50, where: {start: {%s, certainty: POSSIBLE}}) { totalCount nodes { id } } } }`, start))
	}
	perspectives := []map[string]any{nil, {"sources": []any{"source/a"}}, {"exceptSources": []any{"source/a"}}, {"statuses": []any{"CONFIRMED"}}}
	ask := func(when string) {
		t.Helper()
		w.reread()
		for _, perspective := range perspectives {
			for _, d := range documents {
				want, got, err := w.run(request{Document: d, Perspective: perspective})
				if err != nil {
					t.Fatal(err)
				}
				if diff := compare(want, got); diff != "" {
					t.Fatalf("after %s: %s\nas %s sees it: %s", when, d, show(perspective), diff)
				}
			}
		}
	}
	commits, erased := retold()
	for _, c := range commits {
		if _, err := w.graph.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		at := c.At.Format(time.RFC3339)
		perspectives = append(perspectives, map[string]any{"knownAt": at})
		ask("the commit of " + at)
	}
	if _, err := w.graph.Erase(t.Context(), graph.Erasure{Claims: erased, At: time.Date(2020, 2, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	ask("the erasure")
}

// TestListsOfMerged has objects and subjects come to be one when there are lists of what
// names them.
func TestListsOfMerged(t *testing.T) {
	w := overParties(t, parties(60, func(i int) []graph.Fact {
		event := fmt.Sprint("event/", i)
		facts := []graph.Fact{is(event, graph.Type, "kg:Interaction"), is(event, "kg:target", fmt.Sprint("party/", i%3))}
		if i%7 == 0 {
			facts = append(facts, is(event, "kg:target", fmt.Sprint("party/", (i+1)%3)))
		}
		return facts
	}))
	ask := func(times int) {
		t.Helper()
		for range times {
			for party := range 3 {
				d := fmt.Sprintf(`{ interactions(first: 60, where: {target: {id: {eq: "party/%d"}}}) { totalCount nodes { id } } }`, party)
				if diff := w.differ(request{Document: d}); diff != "" {
					t.Fatalf("%s: %s", d, diff)
				}
			}
		}
	}
	ask(askedOften)
	for _, merged := range [][2]string{{"party/2", "party/1"}, {"event/14", "event/1"}} {
		var s saying
		s.say(is(merged[0], graph.MergedInto, merged[1]))
		s.Record[0].ID = "claim/merge/" + merged[0]
		if _, err := w.graph.Apply(t.Context(), s.Changes); err != nil {
			t.Fatal(err)
		}
		w.reread()
		ask(askedOften)
	}
}
