package query_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/query/randomdoc"
	"chancery/query/sparql"
	"chancery/schema"
	"chancery/seed/export"
)

var said = flag.Int("sparql", 200, "how many random conditions TestSPARQL puts to oxigraph")

// TestSPARQL asks the engine what meets random conditions, and how many have each value
// of a random key, and asks oxigraph the same, in SPARQL, of the graph as it is
// exported. Conditions that SPARQL cannot say are counted by kind:
//
//	go test ./query -run TestSPARQL -sparql 10000 -v
func TestSPARQL(t *testing.T) {
	reference := newOxigraph(t)
	o := load(t)
	seed := seedOf(t)
	unsaid, asked, some, groups := map[string]int{}, 0, 0, 0
	for asked < *said {
		w := newSPARQLWorld(t, o, seed)
		var questions []sparqlQuestion
		for n := range uint64(200) {
			c := randomdoc.NewConditions(numbers(seed*1000+n), w.sample, 1)
			question, err := w.question(c, seed*1000+n)
			if unsayable, is := errors.AsType[*sparql.UnsaidError](err); is {
				unsaid[unsayable.Kind]++
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if questions = append(questions, question); len(questions) == *said-asked {
				break
			}
		}
		for i, solutions := range reference.ask(t, w, questions) {
			q := questions[i]
			want := q.read(solutions)
			if got := w.answer(t, q); !slices.Equal(got, want) {
				t.Errorf("seed %d: %s\n%s\nengine   %v\noxigraph %v", seed, q.document, q.query, got, want)
			}
			if len(want) > 0 {
				some++
			}
			if q.key != "" {
				groups++
			}
		}
		asked += len(questions)
		seed++
		if t.Failed() {
			break
		}
	}
	t.Logf("%d conditions were asked in SPARQL, %d of them as groups; %d answers were not empty", asked, groups, some)
	kinds := slices.SortedFunc(maps.Keys(unsaid), func(a, b string) int { return unsaid[b] - unsaid[a] })
	for _, kind := range kinds {
		t.Logf("%6d not said: %s", unsaid[kind], kind)
	}
	if some == 0 {
		t.Error("no answer was anything but empty")
	}
}

// sparqlQuestion is one question in two languages.
type sparqlQuestion struct {
	document, query string
	key             string // of groups; "": the ids are asked for
}

// read gives solutions as answer gives the engine's: ids, or values with their counts.
func (q sparqlQuestion) read(solutions []map[string]string) []string {
	var out []string
	for _, s := range solutions {
		if q.key == "" {
			out = append(out, strings.TrimPrefix(s["x"], baseIRI))
		} else {
			out = append(out, strings.TrimPrefix(s["k"], baseIRI)+" "+s["n"])
		}
	}
	slices.Sort(out)
	return out
}

// sparqlWorld is one random graph, as the engine has it and as it is exported.
type sparqlWorld struct {
	*both
	nquads, update string
	view           *graph.View
}

func newSPARQLWorld(t *testing.T, o *schema.Ontology, seed uint64) *sparqlWorld {
	t.Helper()
	sample := randomdoc.Graph(numbers(seed), o)
	w := &sparqlWorld{both: engineOver(t, o, sample.Commits)}
	w.sample = sample
	var b bytes.Buffer
	if err := export.Write(t.Context(), w.graph, o, export.Options{Format: export.NQuads, Base: baseIRI}, &b); err != nil {
		t.Fatal(err)
	}
	bounds, err := sparql.Bounds(b.String())
	if err != nil {
		t.Fatal(err)
	}
	w.nquads = b.String() + bounds
	newest := sample.Commits[len(sample.Commits)-1].At
	w.update = sparql.Prepare(o, edtf.DayOf(newest.UTC().Truncate(24*time.Hour)))
	if w.view, err = w.graph.View(t.Context(), graph.Perspective{}); err != nil {
		t.Fatal(err)
	}
	return w
}

// question says a condition in both languages: half of them as a question for groups.
// The error is an *sparql.UnsaidError where it cannot be said in SPARQL.
func (w *sparqlWorld) question(c randomdoc.Conditions, seed uint64) (sparqlQuestion, error) {
	if c.Class.Name == "Claim" {
		return sparqlQuestion{}, &sparql.UnsaidError{Kind: "claims: the denied and the retracted ones are in no export of a perspective"}
	}
	translator := &sparql.Translator{Ontology: w.o, Base: baseIRI, ID: func(text string) (string, bool) {
		id, ok := w.view.Node(text)
		return w.view.Name(id), ok
	}}
	q := sparqlQuestion{document: c.InDefault("first: 1000, ", c.Where[0], "{ nodes { id } }")}
	doc, _, err := request{Document: q.document}.parse(w.o)
	if err != nil {
		return q, err
	}
	where, err := rootFields(doc.Operations[0].SelectionSet, nil, map[string]bool{})[0][0].Arguments.ForName("where").Value.Value(nil)
	if err != nil {
		return q, err
	}
	keys := w.o.Schema.Types[c.Class.Name+"Group"]
	rng := numbers(seed)
	if key := keys.EnumValues[rng.IntN(len(keys.EnumValues))].Name; rng.IntN(2) == 0 {
		q.key = key
		q.document = c.InDefault("", c.Where[0], "{ groups(by: ["+key+"]) { count keys { value entity { id } } } }")
		q.query, err = translator.Groups(c.Class, where, w.o.GroupKey(keys.Name, key))
		if unsayable, is := errors.AsType[*sparql.UnsaidError](err); !is || !strings.HasPrefix(unsayable.Kind, "groups") {
			return q, err
		}
		q = sparqlQuestion{document: c.InDefault("first: 1000, ", c.Where[0], "{ nodes { id } }")}
	}
	q.query, err = translator.Select(c.Class, where)
	return q, err
}

// answer asks the engine: ids, or the values of a key with their counts.
func (w *sparqlWorld) answer(t *testing.T, q sparqlQuestion) []string {
	t.Helper()
	got, err := w.ask(request{Document: q.document})
	if err != nil {
		t.Fatalf("%v\n%s", err, q.document)
	}
	if got.Data == nil || len(got.Errors) > 0 {
		return []string{fmt.Sprint("errors ", got.Errors)}
	}
	text, err := json.Marshal(got.Data)
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		List struct {
			Nodes  []struct{ ID string }
			Groups []struct {
				Count int
				Keys  []struct {
					Value  *string
					Entity *struct{ ID string }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range list.List.Nodes {
		out = append(out, n.ID)
	}
	for _, g := range list.List.Groups {
		value := ""
		switch k := g.Keys[0]; {
		case k.Entity != nil:
			value = k.Entity.ID
		case k.Value != nil && q.key == "CLASS":
			value = schema.Expand(w.o.ClassByEnum(*k.Value).IRI)
		}
		out = append(out, fmt.Sprint(value, " ", g.Count))
	}
	slices.Sort(out)
	return out
}

// oxigraph is npm oxigraph in a process of its own.
type oxigraph struct {
	in  *json.Encoder
	out *bufio.Reader
}

func newOxigraph(t *testing.T) *oxigraph {
	t.Helper()
	const folder = "testdata/sparql/npm"
	node, err := exec.LookPath("node")
	if err != nil {
		leaveOut(t, "there is no node to ask oxigraph with")
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules/oxigraph")); err != nil {
		leaveOut(t, "npm oxigraph is not installed; run npm ci in query/"+folder)
	}
	process := exec.CommandContext(context.WithoutCancel(t.Context()), node, filepath.Join(folder, "ask.mjs"))
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), process.Wait()); err != nil && !t.Failed() {
			t.Error(err)
		}
	})
	return &oxigraph{json.NewEncoder(in), bufio.NewReader(out)}
}

// ask returns the solutions of each question over a world.
func (x *oxigraph) ask(t *testing.T, w *sparqlWorld, questions []sparqlQuestion) (answers [][]map[string]string) {
	t.Helper()
	queries := make([]string, len(questions))
	for i, q := range questions {
		queries[i] = q.query
	}
	if err := x.in.Encode(map[string]any{"nquads": w.nquads, "update": w.update, "queries": queries}); err != nil {
		t.Fatal(err)
	}
	line, err := x.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("oxigraph gives no answer: %v", err)
	}
	if err := json.Unmarshal(line, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}
