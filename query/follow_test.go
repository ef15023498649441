package query_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/query/randomdoc"
	"chancery/schema"
)

const changeSelection = `{ cursor node { at kind claim { id } } }`

// follow begins a subscription with the arguments.
func follow(ctx context.Context, e *query.Engine, o *schema.Ontology, r request) (*query.Following, error) {
	doc, variables, err := r.parse(o)
	if err != nil {
		return nil, err
	}
	field := doc.Operations[0].SelectionSet[0].(*ast.Field)
	return e.Follow(ctx, query.Request{Operation: doc.Operations[0], Variables: variables, Perspective: r.Perspective}, field, field.SelectionSet)
}

// TestFollow follows graphs while they grow, and comes back with the last cursor
// now and then. What it saw is what a query tells of the same time afterwards:
//
//	go test ./query -run TestFollow$ -seed 17
func TestFollow(t *testing.T) {
	first := seedOf(t)
	o := load(t)
	seen := 0
	for n := range uint64(12) {
		rng := numbers(first + n)
		sample := randomdoc.Graph(rng, o)
		g, err := graph.Open(t.Context(), memory.New())
		if err != nil {
			t.Fatal(err)
		}
		e := query.New(o, g, query.Options{Time: time.Hour})
		apply := func(c graph.Changes) {
			if _, err := g.Apply(t.Context(), c); err != nil {
				t.Error(err)
			}
		}
		apply(sample.Commits[0])
		where := []string{`{}`, `{kind: [RECORDED]}`, `{kind: [RETRACTED]}`, `{not: {kind: [RETRACTED]}}`}[rng.IntN(4)]
		perspective := []map[string]any{nil, {"statuses": []any{"REPORTED", "DENIED"}}, {"minConfidence": 0.5}}[rng.IntN(3)]
		history := func() (edges []json.RawMessage) {
			r := request{Document: `{ changes(since: "0001-01-01T00:00:00Z", where: ` + where + `, first: 50000) { edges ` + changeSelection + ` } }`, Perspective: perspective}
			doc, variables, err := r.parse(o)
			if err != nil {
				t.Fatal(err)
			}
			op, err := e.Begin(t.Context(), query.Request{Operation: doc.Operations[0], Variables: variables, Perspective: perspective})
			if err != nil {
				t.Fatal(err)
			}
			field := doc.Operations[0].SelectionSet[0].(*ast.Field)
			answer, err := op.Answer(t.Context(), field, field.SelectionSet)
			if err != nil {
				t.Fatal(err)
			}
			var page struct{ Edges []json.RawMessage }
			if err := json.Unmarshal(answer.JSON, &page); err != nil {
				t.Fatalf("%v: %s", err, answer.JSON)
			}
			return page.Edges
		}
		before := history()
		if len(before) == 0 {
			continue // nothing to take a cursor from
		}
		at := rng.IntN(len(before))
		cursorOf := func(edge json.RawMessage) (cursor string) {
			var with struct{ Cursor string }
			if err := json.Unmarshal(edge, &with); err != nil {
				t.Error(err)
			}
			return with.Cursor
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		events := make(chan json.RawMessage)
		again := numbers(first + n + 1000)
		ended := make(chan error, 1)
		go func() {
			ended <- func() error {
				cursor := cursorOf(before[at])
				for {
					f, err := follow(ctx, e, o, request{
						Document:    `subscription ($after: Cursor) { changes(after: $after, where: ` + where + `) ` + changeSelection + ` }`,
						Variables:   map[string]any{"after": cursor},
						Perspective: perspective,
					})
					if err != nil {
						return err
					}
					for range 1 + again.IntN(30) {
						event, err := f.Next(ctx)
						if err != nil {
							return err
						}
						cursor = cursorOf(event.JSON)
						select {
						case events <- event.JSON:
						case <-ctx.Done():
							return ctx.Err()
						}
					}
				}
			}()
		}()
		go func() {
			for _, c := range sample.Commits[1:] {
				apply(c)
			}
			apply(graph.Changes{At: sample.Commits[0].At, Record: []graph.Claim{{
				ID: "claim/last", Source: "source/last", Status: graph.Reported,
				Facts: []graph.Fact{{Subject: "person/last", Predicate: graph.PreferredName, Object: graph.Text("Last")}},
			}}})
			apply(graph.Changes{At: sample.Commits[0].At, Retract: []graph.Retraction{{Claim: "claim/last"}}})
		}()
		var got []json.RawMessage
		for len(got) == 0 || !isLast(got[len(got)-1], where) {
			select {
			case event := <-events:
				got = append(got, event)
			case err := <-ended:
				t.Fatalf("seed %d: %v", first+n, err)
			}
		}
		// The retraction of the last claim may follow.
		stop()
		want := history()[at+1:]
		want = want[:min(len(want), len(got))]
		if !slices.EqualFunc(got, want, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
			t.Fatalf("seed %d: %d events, want %d: %s\n%s", first+n, len(got), len(want), show(got), show(want))
		}
		seen += len(got)
	}
	if seen < 100 {
		t.Errorf("%d events in all, too few to tell", seen)
	}
}

// isLast reports whether the event is the last that the condition lets pass.
func isLast(event json.RawMessage, where string) bool {
	var edge struct {
		Node struct {
			Kind  string
			Claim struct{ ID string }
		}
	}
	kind := "RETRACTED"
	if where == `{kind: [RECORDED]}` || where == `{not: {kind: [RETRACTED]}}` {
		kind = "RECORDED"
	}
	return json.Unmarshal(event, &edge) == nil && edge.Node.Claim.ID == "claim/last" && edge.Node.Kind == kind
}

func TestFollowRefuses(t *testing.T) {
	o := load(t)
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	e := query.New(o, g, query.Options{Time: time.Hour})
	for document, want := range map[string]string{
		`subscription { changes(after: "x") { cursor } }`:                                          "CURSOR_INVALID after",
		`subscription { changes(where: {claim: {source: {id: {eq: "source/none"}}}}) { cursor } }`: "UNKNOWN_ID where.claim.source.id.eq",
		`subscription @perspective(knownAt: "2026-01-01T00:00:00Z") { changes { cursor } }`:        "BAD_USER_INPUT perspective.knownAt",
		`subscription @perspective(sources: ["source/none"]) { changes { cursor } }`:               "UNKNOWN_ID perspective.sources[0]",
	} {
		_, err := follow(t.Context(), e, o, request{Document: document})
		bad, ok := errors.AsType[*query.Error](err)
		if !ok || string(bad.Code)+" "+bad.Argument != want {
			t.Errorf("%s: %v, want %s", document, err, want)
		}
	}
	waiting, err := follow(t.Context(), e, o, request{Document: `subscription { changes { cursor } }`})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := waiting.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
}
