package query_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/query/randomdoc"
)

// TestCompareStrides asks for paths from party to party along fields of events: of
// graphs where claims differ, repeat, deny and are taken back, and entities were merged,
// from several perspectives. Some questions are asked twice, of neighbours that are kept.
//
//	go test ./query -run TestCompareStrides -seed 17 -documents 1
func TestCompareStrides(t *testing.T) {
	first := seedOf(t)
	o := load(t)
	asked, answered := 0, 0
	for n := range uint64(max(*documents/stridesPerGraph, 1)) {
		rng := numbers(first + n)
		g := newEventsGraph(rng)
		store, err := local.Open(t.TempDir(), local.Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := newBothOver(t, o, &randomdoc.Sample{Commits: g.commits()}, store)
		for range stridesPerGraph {
			r := g.ask()
			if d := w.differ(r); d != "" {
				t.Fatalf("seed %d: %s\nperspective %s\n%s\n%s", first+n, r.Document, show(r.Perspective), d, w.answers(r))
			}
			asked++
			if want, _, err := w.run(r); err == nil && want.Data != nil && len(want.Data.Values[0].([]any)) > 0 {
				answered++
			}
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d questions, %d with paths", asked, answered)
}

const stridesPerGraph = 40

// eventsGraph is a random graph of people and nations, and of events with up to two
// ends.
type eventsGraph struct {
	rng             *rand.Rand
	parties, events int
	claims          []graph.Claim
}

func newEventsGraph(rng *rand.Rand) *eventsGraph {
	return &eventsGraph{rng: rng, parties: 4 + rng.IntN(6), events: 4 + rng.IntN(10)}
}

func (g *eventsGraph) party(n int) string {
	return fmt.Sprintf("%s/p%d", []string{"person", "nation"}[n%3/2], n)
}

func (g *eventsGraph) event(n int) string { return fmt.Sprintf("interaction/i%d", n) }

func (g *eventsGraph) say(subject, predicate, object string) {
	c := graph.Claim{
		ID: fmt.Sprintf("claim/%d", len(g.claims)), Source: []string{"source/a", "source/b"}[g.rng.IntN(2)], Status: graph.Reported,
		Facts: []graph.Fact{{Subject: subject, Predicate: predicate, Object: graph.Ref(object)}},
	}
	switch g.rng.IntN(12) {
	case 0:
		c.Status = graph.Denied
	case 1, 2:
		c.Status = graph.Confirmed
	case 3:
		c.Status = graph.Assessed
	}
	g.claims = append(g.claims, c)
}

// commits introduce everything, then merge and take back some of it.
func (g *eventsGraph) commits() []graph.Changes {
	rng := g.rng
	var introduce []func()
	for n := range g.parties {
		introduce = append(introduce, func() {
			g.say(g.party(n), graph.Type, map[byte]string{'p': "schema:Person", 'n': "kg:Nation"}[g.party(n)[0]])
		})
	}
	for n := range g.events {
		introduce = append(introduce, func() {
			g.say(g.event(n), graph.Type, []string{"kg:Interaction", "kg:Interaction", "kg:Interaction", "kg:Visit"}[rng.IntN(4)])
			for _, predicate := range []string{"kg:actor", "kg:target"} {
				for range 1 + rng.IntN(5)/4 { // some are said by several
					to := g.party(rng.IntN(g.parties))
					if rng.IntN(20) == 0 {
						to = g.event(rng.IntN(g.events))
					}
					g.say(g.event(n), predicate, to)
					if rng.IntN(6) == 0 {
						g.say(g.event(n), predicate, to)
					}
				}
			}
		})
	}
	rng.Shuffle(len(introduce), func(i, j int) { introduce[i], introduce[j] = introduce[j], introduce[i] })
	for _, each := range introduce {
		each()
	}
	all := []graph.Changes{{At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Record: g.claims}}
	later := graph.Changes{At: time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)}
	for _, c := range g.claims {
		if rng.IntN(15) == 0 {
			later.Retract = append(later.Retract, graph.Retraction{Claim: c.ID})
		}
	}
	known := len(g.claims)
	switch rng.IntN(4) {
	case 0:
		g.say(g.party(1), graph.MergedInto, g.party(0))
	case 1:
		g.say(g.event(1), graph.MergedInto, g.event(0))
	}
	if later.Record = g.claims[known:]; len(later.Record)+len(later.Retract) > 0 {
		all = append(all, later)
	}
	return all
}

// ask asks for paths, mostly from party to party.
func (g *eventsGraph) ask() request {
	rng := g.rng
	end := func() string {
		if rng.IntN(5) == 0 {
			return g.event(rng.IntN(g.events))
		}
		return g.party(rng.IntN(g.parties))
	}
	r := request{Document: fmt.Sprintf(`{ paths(from: %q, to: %q, maxLength: %d, first: %d, mode: %s, fields: %s) {
		length events steps { field inverse to { id } claims { id } } } }`,
		end(), end(), 1+rng.IntN(7), 1+rng.IntN(4)*rng.IntN(4), []string{"SHORTEST", "ALL_SHORTEST"}[rng.IntN(2)],
		[]string{`["actor", "target"]`, `["actor", "target"]`, `["actor", "target"]`, `["target"]`, `["participants"]`}[rng.IntN(5)])}
	switch rng.IntN(6) {
	case 0:
		r.Perspective = map[string]any{"statuses": []any{"CONFIRMED", "REPORTED"}}
	case 1:
		r.Perspective = map[string]any{"sources": []any{"source/a"}}
	case 2:
		r.Perspective = map[string]any{"knownAt": "2025-01-01T12:00:00Z"}
	}
	return r
}
