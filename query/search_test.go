package query_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/query/naive"
	"chancery/query/randomdoc"
)

// TestSearchAfterEachCommit searches while a graph grows. What a search gives is
// held against all names of all entities that the perspective shows; and it is the
// same as that of an engine which never saw the commits before:
//
//	go test ./query -run TestSearchAfterEachCommit -seed 17
func TestSearchAfterEachCommit(t *testing.T) {
	first := seedOf(t)
	o := load(t)
	for n := range uint64(6) {
		rng := numbers(first + n)
		sample := randomdoc.Graph(rng, o)
		texts := namesIn(sample)
		g, err := graph.Open(t.Context(), memory.New())
		if err != nil {
			t.Fatal(err)
		}
		old := query.New(o, g, query.Options{})
		for i, c := range sample.Commits {
			if _, err := g.Apply(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			world, err := naive.Read(t.Context(), g)
			if err != nil {
				t.Fatal(err)
			}
			w := &both{t: t, o: o, sample: sample, engine: old, world: world}
			fresh := &both{t: t, o: o, sample: sample, engine: query.New(o, g, query.Options{}), world: world}
			for range 12 {
				text := typed(rng, texts)
				r := request{Document: searchFor(rng, text), Perspective: lens(rng, sample, i)}
				hits, err := w.ask(r)
				if err != nil {
					t.Fatal(err)
				}
				again, err := fresh.ask(r)
				if err != nil {
					t.Fatal(err)
				}
				if d := compare(again, hits); d != "" {
					t.Errorf("seed %d, commit %d: %s %s: a fresh index answers otherwise: %s", first+n, i, r.Document, show(r.Perspective), d)
				}
				if d := w.wrongHits(r, text, hits); d != "" {
					t.Fatalf("seed %d, commit %d: %s %s: %s\n%s", first+n, i, r.Document, show(r.Perspective), d, show(hits.Data))
				}
			}
		}
	}
}

// namesIn are all names that the sample's claims give.
func namesIn(s *randomdoc.Sample) []string {
	var texts []string
	for _, c := range s.Commits {
		for _, claim := range c.Record {
			for _, f := range claim.Facts {
				if f.Predicate == graph.PreferredName || f.Predicate == graph.AliasName {
					texts = append(texts, f.Object.Text)
				}
			}
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// typed is a name, its beginning, or the name with a letter left out.
func typed(rng *rand.Rand, texts []string) string {
	text := []rune(texts[rng.IntN(len(texts))])
	switch at := 1 + rng.IntN(len(text)); rng.IntN(3) {
	case 0:
		text = text[:at]
	case 1:
		text = append(text[:at-1:at-1], text[at:]...)
	}
	return string(text)
}

// searchFor is a document that searches for a text, and lists what can be found.
func searchFor(rng *rand.Rand, text string) string {
	classes, where := "", ""
	if rng.IntN(3) == 0 {
		classes, where = ", classes: [PERSON, NATION, VISIT, TENURE]", ", where: {class: [PERSON, NATION, VISIT, TENURE]}"
	}
	return fmt.Sprintf("{ search(first: 1000, text: %q%s) { matched why score node { id } } entities(first: 1000%s) { nodes { id names { text } } } }",
		text, classes, where)
}

// lens is a perspective, most often none.
func lens(rng *rand.Rand, s *randomdoc.Sample, commit int) map[string]any {
	switch rng.IntN(5) {
	case 0:
		return map[string]any{"knownAt": s.Commits[rng.IntN(commit+1)].At.Format("2006-01-02T15:04:05Z")}
	case 1:
		return map[string]any{"sources": []any{s.Commits[0].Record[0].Source}}
	}
	return nil
}

// hit is one hit as it is answered.
type hit struct {
	id, matched, why string
	score            float64
}

// alifs are the letters that stand for alif.
var alifs = strings.NewReplacer("أ", "ا", "إ", "ا", "آ", "ا", "ٱ", "ا")

// wrongHits says what is wrong with the hits of a search for a text, or "".
func (w *both) wrongHits(r request, text string, answer naive.Result) string {
	doc, _, err := r.parse(w.o)
	if err != nil {
		return err.Error()
	}
	model, err := w.model(doc, r)
	if err != nil {
		return err.Error()
	}
	names := map[string][]string{} // of what can be found
	for _, v := range model.Data.Values[1].(*naive.Object).Values[0].([]any) {
		node := v.(*naive.Object)
		id := node.Values[0].(string)
		names[id] = []string{}
		for _, name := range node.Values[1].([]any) {
			names[id] = append(names[id], name.(*naive.Object).Values[0].(string))
		}
	}
	var hits []hit
	for _, v := range answer.Data.Values[0].([]any) {
		h := v.(*naive.Object)
		hits = append(hits, hit{
			matched: h.Values[0].(string), why: h.Values[1].(string), score: h.Values[2].(float64),
			id: h.Values[3].(*naive.Object).Values[0].(string),
		})
	}
	at := map[string]int{}
	partly, nearly := len(hits), len(hits) // the first that is like the text in part; but for errors
	for i, h := range hits {
		_, twice := at[h.id]
		switch {
		case names[h.id] == nil:
			return h.id + " cannot be seen, and is found"
		case !slices.Contains(names[h.id], h.matched):
			return h.id + " has no name " + h.matched
		case twice:
			return h.id + " is found twice"
		case i > 0 && h.score > hits[i-1].score:
			return h.id + " comes after what is worse"
		}
		at[h.id] = i
		for _, sign := range []string{"differ", "begins", "initial", "part of"} {
			if strings.Contains(h.why, sign) {
				partly = min(partly, i)
			}
		}
		if strings.Contains(h.why, "differ") {
			nearly = min(nearly, i)
		}
	}
	if !strings.ContainsFunc(text, unicode.IsLetter) || strings.HasPrefix("ال", alifs.Replace(text)) {
		return "" // of a name with the Arabic article nothing has been typed yet
	}
	for id, texts := range names {
		i, isFound := at[id]
		for _, name := range texts {
			switch {
			case strings.HasPrefix(plain(name), plain(text)) && !isFound:
				return id + " is called " + name + ", and is not found"
			case plain(name) == plain(text) && i > partly:
				return id + " is called " + name + ", and comes after " + hits[partly].id
			case strings.HasPrefix(plain(name), plain(text)) && i > nearly:
				return id + " is called " + name + ", and comes after " + hits[nearly].id
			}
		}
	}
	return ""
}

// plain is a text without case, accents and compatibility forms.
func plain(text string) string {
	letters := func(c rune) rune {
		if unicode.IsMark(c) {
			return -1
		}
		return c
	}
	return cases.Fold().String(strings.Map(letters, norm.NFKD.String(text)))
}
