package query_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/query"
	"chancery/seed"
)

var updatePlans = flag.Bool("plans", false, "rewrite testdata/plans")

// planQuestions are asked of the seed, each of a graph that was opened anew: which
// columns there are depends on what was asked before.
var planQuestions = []struct{ name, document string }{
	{"first question", `{ visits(where: {start: {before: {event: "event/c5-plus-1-summit-2025"}}}) {
		edges { node { visitors { name } destination { name } start { edtf } } claims { status } } } }`},
	{"statuses", `query @perspective(statuses: [CONFIRMED]) { invitations { totalCount } }`},
	{"possibly before", `{ meetings(where: {start: {before: {date: "2025-09-15"}, certainty: POSSIBLE}}) { totalCount } }`},
	{"before what is around", `{ summits { nodes { name nations { name visitsReceived(where: {start: {before: {enclosing: true}}}) { totalCount } } } } }`},
	{"cited", `query @cite { visits { nodes { start { edtf } } } }`},
	{"at least two", `{ people(where: {visits: {atLeast: 2}}) { nodes { name } } }`},
	{"groups", `{ visits { groups(by: [VISITORS]) { keys { entity { id } } count } } }`},
	{"paths", `{ paths(from: "person/sergio-gor", to: "nation/uz") { length steps { field inverse to { id } claims { locator } } } }`},
	{"facts", `{ facts(where: {field: {eq: "invitees"}}) { nodes { object { id } publishers { name } } } }`},
	{"conflicts", `{ conflicts { kind field subject { id } claims { id } } }`},
	{"changes", `{ changes(since: "2025-01-01T00:00:00Z", first: 5) { totalCount nodes { at kind claim { id } } } }`},
	{"search", `{ search(text: "tokaev", first: 3) { matched why node { id } } }`},
	{"resolve", `{ resolve(scheme: "iso3166-1-alpha-3", value: "KGZ") { id name(language: "ru") } }`},
	{"claim", `{ claim(id: "claim/c5-plus-1-summit-report/visit-to-kazakhstan") { status facts { field value object { id } } } }`},
	{"node", `{ node(id: "law/jackson-vanik-amendment") { ... on Law { name citation } } }`},
	{"nation", `{ nation(id: "nation/kz") { name isoAlpha3 } }`},

	{"from a related id", `{ visits(where: {destination: {id: {eq: "nation/kz"}}}) { nodes { id } } }`},
	{"from the fewest", `{ visits(where: {destination: {id: {eq: "nation/kz"}}, visitors: {some: {id: {eq: "person/sergio-gor"}}}}) { nodes { id } } }`},
	{"from a name", `{ visits(where: {destination: {name: {eq: "Kazakhstan"}}}) { nodes { id } } }`},
	{"the latest", `{ events(first: 2, orderBy: [{start: DESC}]) { nodes { id start { edtf } } } }`},
	{"the last page", `{ people(last: 3, orderBy: [{name: ASC}]) { nodes { id } } }`},
	{"from any of", `{ events(where: {or: [{id: {eq: "event/c5-plus-1-summit-2025"}}, {participants: {some: {id: {eq: "person/sergio-gor"}}}}]}) { nodes { id } } }`},
	{"not from a denial", `{ visits(where: {not: {destination: {id: {eq: "nation/kz"}}}}) { totalCount } }`},
	{"a page of each", `{ nations(first: 3) { nodes { id visitsReceived(first: 1, orderBy: [{start: DESC}]) { nodes { id } } } } }`},
	{"nothing but counts", `{ visits { totalCount } events(first: 0) { totalCount } nation(id: "nation/kz") { visitsReceived { totalCount } } }`},
	{"along what meets", `{ nation(id: "nation/kz") { visitsReceived(where: {start: {before: {date: "2026"}}, visitors: {some: {id: {eq: "person/sergio-gor"}}}}) { nodes { id } } } }`},
	{"two roots", `{ b: visits(first: 1) { nodes { id } } a: people(first: 1) { nodes { id } } }`},
}

func newLocalSeed(t testing.TB) *bench {
	t.Helper()
	store, err := local.Open(t.TempDir(), local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := newBench(t)
	if w.graph, err = graph.Open(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.graph.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := seed.Load(t.Context(), w.graph, w.ontology, time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	w.engine = query.New(w.ontology, w.graph, query.Options{})
	return w
}

// explained puts @explain on the document's operation.
func explained(document string) string {
	if rest, ok := strings.CutPrefix(document, "query "); ok {
		return "query @explain " + rest
	}
	return "query @explain " + document
}

// TestPlans holds the plans of typical questions to testdata/plans, a file for each:
//
//	go test ./query -run TestPlans -plans
func TestPlans(t *testing.T) {
	for _, q := range planQuestions {
		t.Run(q.name, func(t *testing.T) {
			w := newLocalSeed(t)
			a := w.ask(t, explained(q.document), nil)
			var plan struct{ Text string }
			if err := json.Unmarshal(a.Extensions["plan"], &plan); err != nil {
				t.Fatal(err)
			}
			got := q.document + "\n\n" + plan.Text
			file := filepath.Join("testdata", "plans", strings.ReplaceAll(q.name, " ", "-")+".txt")
			if *updatePlans {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
			}
		})
	}
}

// TestExplainChangesNothing asks each question with and without @explain.
func TestExplainChangesNothing(t *testing.T) {
	w := newLocalSeed(t)
	for _, q := range planQuestions {
		plain, a := w.ask(t, q.document, nil), w.ask(t, explained(q.document), nil)
		if string(plain.Data) != string(a.Data) || fmt.Sprint(plain.Errors) != fmt.Sprint(a.Errors) {
			t.Errorf("%s:\n%s %v\nexplained\n%s %v", q.document, plain.Data, plain.Errors, a.Data, a.Errors)
		}
		for key, value := range plain.Extensions {
			if string(a.Extensions[key]) != string(value) {
				t.Errorf("%s: %s is %s, explained %s", q.document, key, value, a.Extensions[key])
			}
		}
		if plain.Extensions["plan"] != nil || plain.Extensions["cost"] != nil || a.Extensions["plan"] == nil || a.Extensions["cost"] == nil {
			t.Errorf("%s: extensions %v, explained %v", q.document, plain.Extensions, a.Extensions)
		}
	}
}

// TestPlanAddsUp: what roots read is the operation's cost, and no step reads less
// than those below it.
func TestPlanAddsUp(t *testing.T) {
	w := newLocalSeed(t)
	for _, q := range planQuestions {
		op, fields := w.begin(t, explained(q.document))
		for _, f := range fields {
			if _, err := op.Answer(t.Context(), f, f.SelectionSet); err != nil {
				t.Fatal(err)
			}
		}
		sum := int64(0)
		var check func(s *query.Step)
		check = func(s *query.Step) {
			below := int64(0)
			for _, b := range s.Steps {
				check(b)
				below += b.Quads
			}
			if below > s.Quads {
				t.Errorf("%s: %q reads %d quads, those below it %d", q.name, s.Does, s.Quads, below)
			}
		}
		for _, s := range op.Plan() {
			check(s)
			sum += s.Quads
		}
		if sum != op.QuadsRead() {
			t.Errorf("%s: the steps read %d quads, the operation %d", q.name, sum, op.QuadsRead())
		}
	}
}

// TestPlanTimes: a clock that ticks with each look at it.
func TestPlanTimes(t *testing.T) {
	w := newSeedBench(t)
	at := time.Unix(0, 0)
	w.engine = query.New(w.ontology, w.graph, query.Options{Now: func() time.Time { at = at.Add(time.Millisecond); return at }})
	a := w.ask(t, `query ($n: Int) @explain { visits(first: $n) { nodes { id } } }`, map[string]any{"n": 1})
	var plan struct {
		Steps []struct {
			Milliseconds float64
			Steps        []struct{ Milliseconds float64 }
		}
	}
	if err := json.Unmarshal(a.Extensions["plan"], &plan); err != nil {
		t.Fatal(err)
	}
	if s := plan.Steps; len(s) != 1 || s[0].Milliseconds <= 1 || len(s[0].Steps) == 0 || s[0].Steps[0].Milliseconds != 1 {
		t.Errorf("%s", a.Extensions["plan"])
	}
}

// TestPlanOfStrides: a second search takes what the first one has found out.
func TestPlanOfStrides(t *testing.T) {
	w := newBench(t)
	c := graph.Changes{At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	say := func(subject, predicate, object string) {
		c.Record = append(c.Record, graph.Claim{
			ID: fmt.Sprintf("claim/%d", len(c.Record)), Source: "source/events", Status: graph.Reported,
			Facts: []graph.Fact{{Subject: subject, Predicate: predicate, Object: graph.Ref(object)}},
		})
	}
	for i := range 4 {
		say(fmt.Sprintf("person/p%d", i), graph.Type, "schema:Person")
	}
	for i := range 30 { // ten events from each person to the next
		event := fmt.Sprintf("interaction/i%d", i)
		say(event, graph.Type, "kg:Interaction")
		say(event, "kg:actor", fmt.Sprintf("person/p%d", i/10))
		say(event, "kg:target", fmt.Sprintf("person/p%d", i/10+1))
	}
	if _, err := w.graph.Apply(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	const document = `{ paths(from: "person/p0", to: "person/p3", maxLength: 8, fields: ["actor", "target"]) { events } }`
	w.ask(t, document, nil) // has the columns made
	ask := func() string {
		t.Helper()
		a := w.ask(t, explained(document), nil)
		var plan struct{ Text string }
		if err := json.Unmarshal(a.Extensions["plan"], &plan); err != nil {
			t.Fatal(err)
		}
		if want := `{"paths":[{"events":3}]}`; string(a.Data) != want {
			t.Errorf("got %s, want %s", a.Data, want)
		}
		return plan.Text
	}
	for _, want := range []string{`paths: 179 quads
  hops 1 and 2 from the end "from", to the neighbours of 1 known there: about 1 quad expected, 1 row, 33 quads
  hops 3 and 4 from the end "from", to the neighbours of 1 known there: about 1 quad expected, 1 row, 63 quads
  hops 5 and 6 from the end "from", to the neighbours of 1 known there: about 1 quad expected, 1 row, 63 quads
  events: 5 quads
`, `paths: 54 quads
  hops 1 and 2 from the end "from", to the neighbours of 1 known there: about 1 quad expected, 1 row, 1 quad
  hops 1 and 2 from the end "to", to the neighbours of 1 known there: about 1 quad expected, 1 row, 33 quads
  hops 3 and 4 from the end "from", to the neighbours of 1 known there: about 2 quads expected, 1 row, 2 quads
  events: 5 quads
`, `paths: 22 quads
  hops 1 and 2 from the end "from", to the neighbours of 1 known there: about 1 quad expected, 1 row, 1 quad
  hops 1 and 2 from the end "to", to the neighbours of 1 known there: about 1 quad expected, 1 row, 1 quad
  hops 3 and 4 from the end "from", to the neighbours of 1 known there: about 2 quads expected, 1 row, 2 quads
  events: 5 quads
`} {
		if got := ask(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}
