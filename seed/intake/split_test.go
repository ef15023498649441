package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"chancery/graph"
	"chancery/query"
	"chancery/seed/intake"
)

// asks answers a document of one root field, as known at a time; zero: now.
func (o *office) asks(knownAt time.Time, document string) string {
	o.t.Helper()
	perspective := ""
	if !knownAt.IsZero() {
		perspective = fmt.Sprintf("@perspective(knownAt: %q) ", knownAt.Format(time.RFC3339Nano))
	}
	doc, errs := gqlparser.LoadQueryWithRules(o.Ontology.Schema, "query "+perspective+document, rules.NewDefaultRules())
	if errs != nil {
		o.t.Fatal(errs)
	}
	operation := doc.Operations[0]
	engine := query.New(o.Ontology, o.Graph, query.Options{BaseIRI: "https://chancery.example/"})
	op, err := engine.Begin(o.t.Context(), query.Request{Operation: operation})
	if err != nil {
		o.t.Fatal(err)
	}
	answer, err := op.AnswerAlone(o.t.Context(), operation.SelectionSet[0].(*ast.Field))
	if err != nil {
		o.t.Fatal(err)
	}
	if len(answer.Errors) > 0 {
		o.t.Errorf("%s: %v", document, answer.Errors)
	}
	return string(answer.JSON)
}

// people are those that the graph has, and whom visits name.
func (o *office) people(knownAt time.Time) string {
	o.t.Helper()
	return o.asks(knownAt, "{ people(orderBy: {id: ASC}) { nodes { id name } } }") +
		o.asks(knownAt, "{ visits(orderBy: {id: ASC}) { nodes { id visitors { id name } } } }")
}

// TestSplitAfterEdition: whoever was merged and is named by somebody else has a class of
// its own once they are split, although its data set dropped its rows meanwhile; so has
// whom it was merged into.
func TestSplitAfterEdition(t *testing.T) {
	person := func(who string) intake.Entry {
		return said(who, 1, "person/"+who+" rdf:type schema:Person", "person/"+who+" skos:prefLabel "+who)
	}
	visit := func(who string) graph.Claim {
		id := "event/visit-of-" + who
		return said("visit-of-"+who, 0, id+" rdf:type kg:Visit", id+" kg:visitor person/"+who, id+" kg:destination nation/n", "nation/n rdf:type kg:Nation").Claim
	}
	merge := func(from, into string) graph.Claim {
		return said("merge-"+from, 0, "person/"+from+" "+graph.MergedInto+" person/"+into).Claim
	}
	// x and z are the data set's, y is somebody else's.
	for _, test := range []struct {
		name            string
		edits           []graph.Claim
		kept, retracted int
		split           []string // whom the merges are undone of
		after           []string // who is somebody then, besides y
	}{
		{"x into y", []graph.Claim{visit("x"), merge("x", "y")}, 1, 1, []string{"x"}, []string{"x"}},
		{"y into x", []graph.Claim{visit("x"), merge("y", "x")}, 1, 1, []string{"y"}, []string{"x"}},
		{"x into y, whom alone others name", []graph.Claim{visit("y"), merge("x", "y")}, 0, 2, []string{"x"}, nil},
		{"y into x, and only y is named", []graph.Claim{visit("y"), merge("y", "x")}, 0, 2, []string{"y"}, nil},
		{"x into z, both gone and named", []graph.Claim{visit("x"), visit("z"), merge("x", "z")}, 2, 0, []string{"x"}, []string{"x", "z"}},
		{"x into z, both gone and one named", []graph.Claim{visit("x"), merge("x", "z")}, 1, 1, []string{"x"}, []string{"x"}},
		{"z into x, both gone and one named", []graph.Claim{visit("x"), merge("z", "x")}, 1, 1, []string{"z"}, []string{"x"}},
		{"x into z into y", []graph.Claim{visit("x"), visit("z"), merge("x", "z"), merge("z", "y")}, 2, 0, []string{"x", "z"}, []string{"x", "z"}},
		{"x into z into y, from the end", []graph.Claim{visit("x"), merge("x", "z"), merge("z", "y")}, 1, 1, []string{"z", "x"}, []string{"x"}},
	} {
		for _, batch := range []int{1, 100} {
			t.Run(fmt.Sprintf("%s, batches of %d", test.name, batch), func(t *testing.T) {
				o := newOffice(t, batch)
				apply := func(c graph.Changes) {
					t.Helper()
					c.At = o.Now()
					if _, err := o.Graph.Apply(t.Context(), c); err != nil {
						t.Fatal(err)
					}
				}
				if _, rejected := o.takes(person("x"), person("z")); rejected != nil {
					t.Fatal(rejected)
				}
				apply(graph.Changes{Record: []graph.Claim{said("y", 0, "person/y rdf:type schema:Person", "person/y skos:prefLabel y").Claim}})
				apply(graph.Changes{Record: test.edits})
				type told struct {
					at     time.Time
					people string
				}
				var history []told
				note := func() {
					history = append(history, told{o.Now(), o.people(time.Time{})})
				}
				note()
				dry, err := intake.Run(t.Context(), o.Target, slices.Values([]intake.Part{{Name: "d.csv", Dataset: "d", Reader: entries{source}}}), intake.Options{DryRun: true})
				if err != nil {
					t.Fatal(err)
				}
				report, _ := o.takes()
				if c := report.Claims; c.Kept != test.kept || c.Retracted != test.retracted || dry.Claims != c {
					t.Errorf("kept %d and retracted %d, want %d and %d; promised %+v", c.Kept, c.Retracted, test.kept, test.retracted, dry.Claims)
				}
				note()
				for _, who := range test.split {
					apply(graph.Changes{Retract: []graph.Retraction{{Claim: "claim/d/merge-" + who, Reason: "two people"}}})
					note()
				}
				people := ""
				for _, who := range slices.Sorted(slices.Values(append(test.after, "y"))) {
					people += fmt.Sprintf(`,{"id":"person/%s","name":%q}`, who, who)
				}
				if got, want := o.asks(time.Time{}, "{ people(orderBy: {id: ASC}) { nodes { id name } } }"), `{"people":{"nodes":[`+people[1:]+`]}}`; got != want {
					t.Errorf("after the split there are\n%s, want\n%s", got, want)
				}
				for _, edit := range test.edits {
					if who, ok := strings.CutPrefix(edit.ID, "claim/d/visit-of-"); ok {
						got := o.asks(time.Time{}, fmt.Sprintf(`{ visit(id: "event/visit-of-%s") { visitors { id name } } }`, who))
						if want := fmt.Sprintf(`{"visit":{"visitors":[{"id":"person/%s","name":%q}]}}`, who, who); got != want {
							t.Errorf("after the split it was a visit of\n%s, want\n%s", got, want)
						}
					}
				}
				for i, then := range history {
					if got := o.people(then.at); got != then.people {
						t.Errorf("as known at step %d:\n%s\nit was\n%s", i, got, then.people)
					}
				}
			})
		}
	}
}
