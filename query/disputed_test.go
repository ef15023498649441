package query_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/query/randomdoc"
)

// disputedParties is how many parties and actions disputed events are between: a prime, so
// that each of them has events of each kind.
const disputedParties = 23

// disputed are events that claims say everything of in each way that they can say it: what
// it is, who acts, who it is done to, and what is done. What the perspective CONFIRMED
// does not admit, and the default does, is REPORTED.
func disputed() graph.Changes {
	c := graph.Changes{At: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}
	say := func(status graph.Status, facts ...graph.Fact) {
		c.Record = append(c.Record, graph.Claim{ID: fmt.Sprint("claim/", len(c.Record)), Source: "source/a", Status: status, Facts: facts})
	}
	say(graph.Confirmed, is("source/a", graph.Type, "schema:CreativeWork"))
	for i := range disputedParties {
		say(graph.Confirmed, is(fmt.Sprint("party/", i), graph.Type, "kg:Party"))
		say(graph.Confirmed, is(fmt.Sprint("action/", i), graph.Type, "kg:Action"))
	}
	// The ways in which one thing is said of an event: x or y.
	const (
		nothing = iota
		confirmed
		reported
		both  // x and y, just as well
		worse // x not as well as y
		denied
		foreign // what it cannot be
		twice
		ways
		classed // what the claim says that tells what it is: which is shown of it, admitted or not
	)
	told := func(way int, event, predicate, x, y, other string) {
		switch way {
		case confirmed, both, twice:
			say(graph.Confirmed, is(event, predicate, x))
		case reported, worse:
			say(graph.Reported, is(event, predicate, x))
		case denied:
			say(graph.Denied, is(event, predicate, x))
		case foreign:
			say(graph.Confirmed, is(event, predicate, other))
		}
		switch way {
		case both, worse:
			say(graph.Confirmed, is(event, predicate, y))
		case twice:
			say(graph.Reported, is(event, predicate, x))
		}
	}
	party := func(n int) string { return fmt.Sprint("party/", n%disputedParties) }
	action := func(n int) string { return fmt.Sprint("action/", n%disputedParties) }
	n := 0
	for _, class := range []struct {
		status graph.Status
		iri    string
	}{{graph.Confirmed, "kg:Interaction"}, {graph.Reported, "kg:Interaction"}, {graph.Confirmed, "kg:Visit"}} { // the fields are no visit's
		for actor := range ways {
			for _, target := range []int{confirmed, reported, both, worse, foreign} {
				for _, done := range []int{nothing, confirmed, reported, worse, denied, foreign, classed} {
					event := fmt.Sprint("event/", n)
					facts := []graph.Fact{is(event, graph.Type, class.iri)}
					if done == classed {
						facts = append(facts, is(event, "kg:action", action(5*n)))
					}
					say(class.status, facts...)
					told(actor, event, "kg:actor", party(n), party(n+1), action(n))
					told(target, event, "kg:target", party(7*n+3), party(7*n+4), action(n))
					told(done, event, "kg:action", action(5*n), action(5*n+1), party(n))
					say(graph.Confirmed, starts(event, fmt.Sprintf("20%02d-%02d-%02d", 10+n%7, 1+n%12, 1+n%28)))
					n++
				}
			}
		}
	}
	// Parties of their own, each with one event that columns alone tell all of, so that
	// strides go there: an event with two actors, one with the destination of a visit, one
	// that is done to an action, and one whose action is hidden.
	for _, id := range []string{"party/first", "party/second", "party/third", "party/lonely"} {
		say(graph.Confirmed, is(id, graph.Type, "kg:Party"))
	}
	for _, id := range []string{"action/hidden", "action/done-to"} {
		say(graph.Confirmed, is(id, graph.Type, "kg:Action"))
	}
	say(graph.Confirmed, is("event/of-two", graph.Type, "kg:Interaction"), is("event/of-two", "kg:actor", "party/first"), is("event/of-two", "kg:target", "party/third"))
	say(graph.Confirmed, is("event/of-two", "kg:actor", "party/second"))
	say(graph.Confirmed, is("event/no-visit", graph.Type, "kg:Interaction"), is("event/no-visit", "kg:destination", "nation/b"), is("event/no-visit", "kg:target", "party/third"))
	say(graph.Confirmed, is("event/done", graph.Type, "kg:Interaction"), is("event/done", "kg:actor", "party/lonely"), is("event/done", "kg:target", "action/done-to"))
	say(graph.Reported, is("event/hidden", graph.Type, "kg:Interaction"), is("event/hidden", "kg:action", "action/hidden"))
	say(graph.Confirmed, is("event/hidden", "kg:target", "party/third"))
	// Events of which columns tell all, but that not all who act are admitted.
	say(graph.Confirmed, is("party/clear", graph.Type, "kg:Party"))
	for i, status := range []graph.Status{graph.Reported, graph.Confirmed, graph.Denied} {
		event := fmt.Sprint("event/clear-", i)
		say(graph.Confirmed, is(event, graph.Type, "kg:Interaction"), is(event, "kg:target", "party/clear"))
		say(status, is(event, "kg:actor", party(i)))
	}
	// Visits that nobody, or somebody, who is admitted speaks of.
	say(graph.Confirmed, is("nation/a", graph.Type, "kg:Nation"), is("nation/b", graph.Type, "kg:Nation"))
	say(graph.Reported, is("event/unspoken", graph.Type, "kg:Visit"), is("event/unspoken", "kg:destination", "nation/a"))
	say(graph.Reported, is("event/spoken", graph.Type, "kg:Visit"), is("event/spoken", "kg:destination", "nation/a"))
	say(graph.Confirmed, starts("event/spoken", "2010"))
	return c
}

// TestDisputed asks of disputed events in all ways that columns, lists, sieves, strides
// and groups have a hand in, through perspectives that admit all, some and little of what
// is known. Answers are those of the engine without choices.
func TestDisputed(t *testing.T) {
	w := newBothOver(t, load(t), &randomdoc.Sample{Commits: []graph.Changes{disputed()}}, openLocal(t))
	w.engine.AlwaysLead()
	w.engine.AlwaysHelp()
	some := func(kind string, from, n int) string {
		var ids []string
		for i := range n {
			ids = append(ids, fmt.Sprintf("%q", fmt.Sprint(kind, "/", (from+i)%disputedParties)))
		}
		return "{id: {in: [" + strings.Join(ids, ", ") + "]}}"
	}
	var documents []string
	add := func(format string, args ...any) { documents = append(documents, fmt.Sprintf(format, args...)) }
	for i := range 4 {
		few, many, actions := some("party", i, 2), some("party", i, 20), some("action", 3*i, 20)
		// Several conditions: begun with one, sifted or narrowed by others.
		add(`{ interactions(first: 0, where: {target: %s, actor: %s}) { totalCount } }`, few, many)
		add(`{ interactions(first: 800, where: {target: %s, action: %s}) { nodes { id } } }`, few, actions)
		add(`{ interactions(first: 800, where: {target: %s, participants: {some: %s}}) { nodes { id } } }`, few, many)
		add(`{ interactions(first: 800, where: {action: %s}) { nodes { id } } }`, some("action", i, 3))
		add(`{ interactions(first: 800, where: {action: %s, actor: %s, target: %s}) { nodes { id } } }`, some("action", i, 2), many, many)
		// Through events, and all that they may not be.
		add(`{ parties(first: 50, where: {interactionsAsActor: {some: {target: %s}, none: {action: %s}}}) { nodes { id } } }`, few, some("action", i, 4))
		add(`{ parties(first: 50, where: {interactionsAsTarget: {some: {actor: {interactionsAsTarget: {some: {action: %s}, none: {actor: %s}}}}}}) { nodes { id } } }`, some("action", i, 2), few)
		add(`{ parties(first: 50, where: {interactionsAsActor: {some: {action: %s}}}) { nodes { id } } }`, some("action", i, 2))
		add(`{ party(id: "party/%d") { interactionsAsTarget(first: 800) { nodes { id } edges { claims { id } } } interactionsAsActor(first: 0) { totalCount } } }`, i)
	}
	for _, ends := range [][2]string{{"party", "party"}, {"action", "party"}, {"party", "action"}} {
		fields := `["actor", "target"]`
		if ends[0] != ends[1] {
			fields = `["action", "target"]`
		}
		for i := range disputedParties / 2 {
			add(`{ paths(from: "%s/%d", to: "%s/%d", maxLength: 2, fields: %s, mode: ALL_SHORTEST, first: 100) { events steps { to { id } } } }`, ends[0], i, ends[1], (5*i+1)%disputedParties, fields)
			add(`{ paths(from: "%s/%d", to: "%s/%d", maxLength: 4, fields: %s) { events steps { to { id } } } }`, ends[0], i, ends[1], (11*i+7)%disputedParties, fields)
		}
	}
	for _, ends := range [][3]string{
		{"party/first", "party/third", "actor"},
		{"party/second", "party/third", "actor"},
		{"nation/b", "party/third", "destination"},
		{"party/lonely", "action/done-to", "actor"},
		{"action/hidden", "party/third", "action"},
		{"party/third", "action/hidden", "action"},
	} {
		for _, mode := range []string{"SHORTEST", "ALL_SHORTEST"} {
			add(`{ paths(from: %q, to: %q, maxLength: 2, fields: [%q, "target"], mode: %s) { events steps { to { id } } } }`, ends[0], ends[1], ends[2], mode)
		}
	}
	add(`{ interactions(first: 9, where: {target: {id: {eq: "party/clear"}}, actor: %s}) { nodes { id } } }`, some("party", 0, 20))
	add(`{ nation(id: "nation/a") { visitsReceived(first: 0) { totalCount } } }`)
	for _, by := range []string{"[TARGET]", "[ACTOR, TARGET]", "[START_YEAR, ACTION]"} {
		for _, first := range []string{"first: 1", "first: 3", "firstPer: 1", "firstPer: 2"} {
			add(`{ interactions(first: 0) { groups(by: %s, %s, orderBy: [COUNT_DESC]) { count keys { value entity { id } } } } }`, by, first)
		}
	}
	for _, perspective := range []map[string]any{nil, {"statuses": []any{"CONFIRMED"}}, {"statuses": []any{"REPORTED"}}} {
		for _, d := range documents {
			r := request{Document: d, Perspective: perspective}
			want, err := w.askOf(w.straight, r)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // what the first makes to answer is there for the second
				got, err := w.ask(r)
				if err != nil {
					t.Fatal(err)
				}
				if diff := compare(want, got); diff != "" {
					t.Fatalf("%s\nas %s sees it: %s", d, show(perspective), diff)
				}
			}
		}
	}
}
