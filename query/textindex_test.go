package query_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/query/naive"
	"chancery/query/randomdoc"
)

// TestTextsAfterEachCommit asks for what has certain texts while a graph grows, and
// loses claims for good. One engine, whose indexes grow with it, answers as the
// naive evaluator does of each state:
//
//	go test ./query -run TestTextsAfterEachCommit -seed 17
func TestTextsAfterEachCommit(t *testing.T) {
	first := seedOf(t)
	o := load(t)
	met, asked := 0, 0
	for n := range uint64(8) {
		rng := numbers(first + n)
		sample := randomdoc.Graph(rng, o)
		texts := namesIn(sample)
		g, err := graph.Open(t.Context(), memory.New())
		if err != nil {
			t.Fatal(err)
		}
		e := query.New(o, g, query.Options{BaseIRI: baseIRI, Errors: 1 << 20})
		check := func(when string, commit int) {
			world, err := naive.Read(t.Context(), g)
			if err != nil {
				t.Fatal(err)
			}
			w := &both{t: t, o: o, sample: sample, engine: e, world: world}
			for range 20 {
				r := request{Document: askTexts(rng, texts), Perspective: lens(rng, sample, commit)}
				want, got, err := w.run(r)
				if err != nil {
					t.Fatalf("seed %d, %s: %v\n%s", first+n, when, err, r.Document)
				}
				if d := compare(want, got); d != "" {
					t.Fatalf("seed %d, %s: %s %s: %s\n%s", first+n, when, r.Document, show(r.Perspective), d, w.answers(r))
				}
				if asked++; len(listOf(want.Data)) > 0 {
					met++
				}
			}
		}
		for i, c := range sample.Commits {
			if _, err := g.Apply(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			check(fmt.Sprint("commit ", i), i)
			gone := c.Record[rng.IntN(len(c.Record))].ID
			if rng.IntN(3) > 0 || gone == "" || needed(sample.Commits[i+1:], gone) {
				continue
			}
			if _, err := g.Erase(t.Context(), graph.Erasure{Claims: []string{gone}, Reason: "x", At: c.At}); err != nil {
				t.Fatal(err)
			}
			check(fmt.Sprintf("commit %d without %s", i, gone), i)
		}
		last := len(sample.Commits) - 1
		gone := sample.Commits[0].Record[rng.IntN(len(sample.Commits[0].Record))].Facts[0].Subject
		if _, err := g.Erase(t.Context(), graph.Erasure{Entities: []string{gone}, Reason: "x", At: sample.Commits[last].At}); err != nil {
			t.Fatal(err)
		}
		check("the last commit without "+gone, last)
	}
	t.Logf("%d of %d documents found something", met, asked)
	if met < asked/10 {
		t.Errorf("only %d of %d documents found something", met, asked)
	}
}

// needed reports whether a commit takes back the claim.
func needed(commits []graph.Changes, claim string) bool {
	return slices.ContainsFunc(commits, func(c graph.Changes) bool {
		return slices.ContainsFunc(c.Retract, func(r graph.Retraction) bool { return r.Claim == claim }) ||
			slices.ContainsFunc(c.Record, func(c graph.Claim) bool { return c.Supersedes == claim })
	})
}

// askTexts is a document that lists what has texts that meet a condition.
func askTexts(rng *rand.Rand, texts []string) string {
	text := func() string {
		switch rng.IntN(12) {
		case 0:
			return ""
		case 1:
			return typed(rng, texts)
		}
		return texts[rng.IntN(len(texts))]
	}
	piece := func() string {
		runes := []rune(text())
		from := rng.IntN(len(runes) + 1)
		return strings.ToUpper(string(runes[from : from+rng.IntN(min(5, len(runes)-from+1))]))
	}
	condition := func() string {
		switch rng.IntN(8) {
		case 0, 1:
			return fmt.Sprintf("{eq: %q}", text())
		case 2:
			return fmt.Sprintf("{in: [%q, %q, %q]}", text(), text(), text())
		case 3:
			return fmt.Sprintf("{startsWith: %q}", typed(rng, texts))
		case 4, 5:
			return fmt.Sprintf("{contains: %q}", piece())
		case 6:
			return fmt.Sprintf("{contains: %q, not: %q}", piece(), text())
		}
		return fmt.Sprintf("{startsWith: %q, contains: %q, exists: true}", piece(), piece())
	}
	code := func() string {
		return []string{"{startsWith: \"k\"}", "{contains: \"z\"}", "{in: [\"KZ\", \"UZ\"]}", "{eq: \"US\", exists: true}"}[rng.IntN(4)]
	}
	list := func(root, where string) string {
		return fmt.Sprintf("{ list: %s(first: 1000, where: {%s}) { totalCount nodes { id } } }", root, where)
	}
	switch rng.IntN(10) {
	case 8, 9: // of several values one is shown
		of := [][2]string{{"nations", "government"}, {"tenures", "affiliation"}, {"tenures", "ending"}, {"laws", "citation"}}[rng.IntN(4)]
		return list(of[0], of[1]+": "+condition())
	case 0:
		return list("nations", "isoAlpha2: "+code())
	case 1:
		return list("entities", "identifier: {scheme: \"iso3166-1-alpha-2\", in: [\"KZ\", \"US\", \"TM\"]}")
	case 2:
		return list("visits", "destination: {name: "+condition()+"}")
	case 3:
		return list("events", "participants: {some: {name: "+condition()+"}, none: {name: "+condition()+"}}")
	case 4:
		return list("entities", "or: [{name: "+condition()+"}, {not: {name: "+condition()+"}}]")
	}
	return list("entities", "name: "+condition())
}
