package query_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/query"
	"chancery/query/randomdoc"
)

// TestWhen asks about dates beside relations, and for counts, of a graph that goes on
// being written to: what was put in the order of dates, or counted by the store, has to
// follow. Answers are those of the engine without choices, seen by several perspectives.
func TestWhen(t *testing.T) {
	first := seedOf(t)
	said := map[string]int{}
	for n := range uint64(4) {
		rng := numbers(first + n)
		store, err := local.Open(t.TempDir(), local.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
		w := newBothOver(t, load(t), &randomdoc.Sample{}, store)
		if n%2 == 0 {
			w.engine.AlwaysLead()
		}
		h := &eventHistory{Rand: rng}
		h.apply(t, w.graph, h.begin())
		for round := range 12 {
			for range 12 {
				r := request{Document: h.question(), Perspective: h.perspective()}
				want, err := w.askOf(w.straight, r)
				if err != nil {
					t.Fatal(err)
				}
				got, err := w.askOf(w.engine, r)
				if err != nil {
					t.Fatal(err)
				}
				if d := compare(want, got); d != "" {
					t.Fatalf("seed %d, round %d: %s of %v: without choices, and with them: %s", first+n, round, r.Document, r.Perspective, d)
				}
				plan := w.planOf(r)
				for _, step := range []string{"read by start", "have the store count"} {
					if strings.Contains(plan, step) {
						said[step]++
					}
				}
			}
			h.apply(t, w.graph, h.change())
		}
	}
	if said["read by start"] < 20 || said["have the store count"] < 20 {
		t.Errorf("of all plans, those that say so: %v", said)
	}
}

// planOf is the text of the engine's plan.
func (w *both) planOf(r request) string {
	doc, variables, err := request{Document: explained(r.Document)}.parse(w.o)
	if err != nil {
		w.t.Fatal(err)
	}
	op, err := w.engine.Begin(w.t.Context(), query.Request{Operation: doc.Operations[0], Variables: variables, Perspective: r.Perspective})
	if err != nil {
		w.t.Fatal(err)
	}
	field := doc.Operations[0].SelectionSet[0].(*ast.Field)
	if _, err := op.Answer(w.t.Context(), field, field.SelectionSet); err != nil {
		w.t.Fatal(err)
	}
	var text strings.Builder
	for _, step := range op.Plan() {
		text.WriteString(step.String())
	}
	return text.String()
}

// eventHistory makes events of a few parties on more than one page of a column, and then
// says other things of some.
type eventHistory struct {
	*rand.Rand
	claims []string // "": taken
	done   int      // claims of commits that were made
	times  []string // of commits
	made   int
}

const (
	whenEvents  = 1300
	whenParties = 4
)

func (h *eventHistory) apply(t *testing.T, g *graph.Graph, c graph.Changes) {
	t.Helper()
	receipt, err := g.Apply(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	h.times = append(h.times, receipt.At.Format(time.RFC3339Nano))
	h.done = len(h.claims)
}

func (h *eventHistory) event() string { return fmt.Sprint("event/", h.IntN(whenEvents)) }
func (h *eventHistory) late() string {
	if h.IntN(20) == 0 {
		return h.event()
	}
	return fmt.Sprint("event/", whenEvents-1-h.IntN(200))
}
func (h *eventHistory) party() string { return fmt.Sprint("party/", h.IntN(whenParties)) }

func (h *eventHistory) date() string {
	text := fmt.Sprintf("20%02d-%02d-%02d", 10+h.IntN(3), 1+h.IntN(12), 1+h.IntN(28))
	switch h.IntN(30) {
	case 0:
		return text[:7] + "~"
	case 1:
		return text[:4]
	case 2:
		return "2011-21"
	}
	return text
}

func (h *eventHistory) claim(status graph.Status, facts ...graph.Fact) graph.Claim {
	h.made++
	id := fmt.Sprint("claim/", h.made)
	h.claims = append(h.claims, id)
	return graph.Claim{ID: id, Source: [...]string{"source/a", "source/b"}[h.IntN(2)], Status: status, Facts: facts}
}

func is(subject, predicate, object string) graph.Fact {
	return graph.Fact{Subject: subject, Predicate: predicate, Object: graph.Ref(object)}
}

func starts(event, date string) graph.Fact {
	return graph.Fact{Subject: event, Predicate: "schema:startDate", Object: graph.Date(date)}
}

func (h *eventHistory) begin() (c graph.Changes) {
	for _, s := range []string{"source/a", "source/b"} {
		c.Record = append(c.Record, h.claim(graph.Reported, is(s, graph.Type, "schema:CreativeWork")))
	}
	for i := range whenParties {
		c.Record = append(c.Record, h.claim(graph.Reported, is(fmt.Sprint("party/", i), graph.Type, "kg:Party")))
	}
	for i := range whenEvents {
		event := fmt.Sprint("event/", i)
		facts := []graph.Fact{is(event, graph.Type, "kg:Interaction"), is(event, "kg:actor", h.party()), is(event, "kg:target", h.party())}
		if h.IntN(20) > 0 {
			facts = append(facts, starts(event, h.date()))
		}
		c.Record = append(c.Record, h.claim(graph.Reported, facts...))
	}
	return c
}

// change says something of a few events, most of them of late ones: then many pages stay
// as they are.
func (h *eventHistory) change() (c graph.Changes) {
	for range 1 + h.IntN(4) {
		event, status := h.late(), graph.Reported
		switch h.IntN(9) {
		case 0:
			c.Record = append(c.Record, h.claim(graph.Confirmed, starts(event, h.date())))
		case 1:
			status = graph.Denied
			c.Record = append(c.Record, h.claim(status, starts(event, h.date())))
		case 2: // corrected
			claim := h.claim(status, is(event, graph.Type, "kg:Interaction"), starts(event, h.date()), is(event, "kg:target", h.party()))
			claim.Supersedes = h.take()
			c.Record = append(c.Record, claim)
		case 3:
			c.Retract = append(c.Retract, graph.Retraction{Claim: h.take()})
		case 4:
			c.Record = append(c.Record, h.claim(status, is(event, "kg:target", h.party())))
		case 5: // of another class
			c.Record = append(c.Record, h.claim(status, is(event, graph.Type, "kg:Visit")))
		case 6:
			if other := h.late(); other < event {
				c.Record = append(c.Record, h.claim(status, is(event, graph.MergedInto, other)))
			}
		case 7:
			if a, b := h.party(), h.party(); a < b && h.IntN(3) == 0 {
				c.Record = append(c.Record, h.claim(status, is(b, graph.MergedInto, a)))
			}
		case 8:
			fresh := fmt.Sprint("event/new-", h.made)
			c.Record = append(c.Record, h.claim(status, is(fresh, graph.Type, "kg:Interaction"), is(fresh, "kg:target", h.party()), starts(fresh, h.date())))
		}
	}
	if len(c.Record)+len(c.Retract) == 0 {
		c.Record = append(c.Record, h.claim(graph.Reported, starts(h.event(), h.date())))
	}
	return c
}

// take returns a claim of an event that nothing else was done with.
func (h *eventHistory) take() string {
	for {
		at := 2 + whenParties + h.IntN(h.done-2-whenParties)
		if id := h.claims[at]; id != "" {
			h.claims[at] = ""
			return id
		}
	}
}

func (h *eventHistory) perspective() map[string]any {
	switch h.IntN(6) {
	case 0:
		return map[string]any{"knownAt": h.times[h.IntN(len(h.times))]}
	case 1:
		return map[string]any{"sources": []any{"source/a"}}
	case 2:
		return map[string]any{"statuses": []any{"CONFIRMED", "ASSESSED"}}
	}
	return nil
}

func (h *eventHistory) question() string {
	start := func() string {
		certainty := [...]string{"", ", certainty: POSSIBLE"}[h.IntN(2)]
		reference := fmt.Sprintf(`date: "20%02d-%02d"`, 10+h.IntN(3), 1+h.IntN(12))
		if h.IntN(4) == 0 {
			reference = fmt.Sprintf(`event: %q`, h.event())
		}
		switch h.IntN(4) {
		case 0:
			return fmt.Sprintf(`start: {in: {%s}%s}`, reference, certainty)
		case 1:
			return fmt.Sprintf(`start: {after: {%s, point: END, within: "P1M"}%s}`, reference, certainty)
		case 2:
			return fmt.Sprintf(`start: {after: {%s}, before: {date: "2012-06"}%s}`, reference, certainty)
		}
		return fmt.Sprintf(`start: {before: {%s, within: "P40D"}%s}`, reference, certainty)
	}
	switch h.IntN(6) {
	case 0:
		return fmt.Sprintf(`{ party(id: %q) { interactionsAsTarget(first: 2000, where: {%s}) { totalCount nodes { id start { edtf } } } } }`, h.party(), start())
	case 1:
		return fmt.Sprintf(`{ party(id: %q) { interactionsAsTarget(first: 0, where: {%s, actor: {id: {eq: %q}}}) { totalCount } } }`, h.party(), start(), h.party())
	case 2:
		return fmt.Sprintf(`{ interactions(first: 2000, where: {target: {id: {eq: %q}}, %s}) { nodes { id } } }`, h.party(), start())
	case 3:
		return fmt.Sprintf(`{ interaction(id: %q) { target { ... on Party { interactionsAsTarget(first: 2000, where: {start: {before: {enclosing: true, within: "P60D"}}}) { totalCount nodes { id } } } } } }`, h.event())
	}
	return fmt.Sprintf(`{ party(id: %q) { interactionsAsTarget(first: 0) { totalCount } interactionsAsActor(first: 0) { totalCount } } }`, h.party())
}
