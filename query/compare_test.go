package query_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/query/naive"
	"chancery/query/names"
	"chancery/query/randomdoc"
	"chancery/schema"
	"chancery/schema/schematest"
)

var (
	documents = flag.Int("documents", 800, "how many random documents TestCompare asks")
	perRoot   = flag.Int("perroot", 25, "how many random documents TestCompareRoots asks of each root")
	firstSeed = flag.Uint64("seed", 0, "the seed of the first random document; 0: chosen at random")
)

// documentsPerGraph is how many documents are asked of one random graph.
const documentsPerGraph = 60

// TestCompare asks the engine, the engine without its choices and the naive evaluator
// the same random documents over the same random graphs. What fails is named by its seed:
//
//	go test ./query -run TestCompare -seed 17 -documents 1
func TestCompare(t *testing.T) {
	compareRandom(t, load(t), *documents, newBothByTurns, randomdoc.NewDocument)
}

// TestCompareRoots does so with documents about each root:
//
//	go test ./query -run TestCompareRoots/paths -seed 17 -perroot 1
func TestCompareRoots(t *testing.T) {
	o := load(t)
	for _, root := range o.Schema.Query.Fields {
		if strings.HasPrefix(root.Name, "__") {
			continue
		}
		t.Run(root.Name, func(t *testing.T) {
			compareRandom(t, o, *perRoot, newBothByTurns, func(rng *rand.Rand, s *randomdoc.Sample) randomdoc.Document {
				return randomdoc.About(rng, s, root.Name)
			})
		})
	}
}

// seedOf is that of a test's first random document.
func seedOf(t *testing.T) uint64 {
	first := *firstSeed
	if first == 0 {
		first = uint64(time.Now().UnixNano()) % 1_000_000_000
	}
	t.Logf("seed %d", first)
	return first
}

// compareRandom asks count documents, some of each world.
func compareRandom(t *testing.T, o *schema.Ontology, count int, world func(testing.TB, *schema.Ontology, uint64) *both,
	document func(*rand.Rand, *randomdoc.Sample) randomdoc.Document,
) {
	first := seedOf(t)
	var w *both
	failures := 0
	for n := range uint64(count) {
		s := first + n
		if w == nil || s%documentsPerGraph == 0 {
			w = world(t, o, s/documentsPerGraph)
		}
		d := document(numbers(s), w.sample)
		r := request{d.Text, d.Variables, d.Perspective}
		if w.differ(r) == "" {
			continue
		}
		r = w.shrink(r)
		t.Errorf("seed %d:\n%s\nvariables %s\nperspective %s\n%s\n%s", s, r.Document, show(r.Variables), show(r.Perspective), w.differ(r), w.answers(r))
		if failures++; failures == 5 {
			t.Fatal("and more")
		}
	}
}

// TestComparePages walks random lists of the engine page by page, both ways, by
// its own cursors: the pages put together are the naive evaluator's whole list.
func TestComparePages(t *testing.T) {
	first := seedOf(t)
	o := load(t)
	var w *both
	for n := range uint64(max(*documents/10, 1)) {
		s := first + n
		if w == nil || s%documentsPerGraph == 0 {
			w = newBothByTurns(t, o, s/documentsPerGraph)
		}
		p := randomdoc.NewPages(numbers(s), w.sample)
		whole, _, err := w.run(request{p.Document("first: 1000"), p.Variables, p.Perspective})
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", s, err, p.Document("first: 1000"))
		}
		list := listOf(whole.Data)
		if list == nil {
			continue // the entity is not there, or the condition is an error
		}
		size := 1 + len(list)/5
		for _, way := range []string{"first", "last"} {
			if d := w.walk(p, way, size, list); d != "" {
				t.Errorf("seed %d: %s: %s\n%s\nvariables %s\nperspective %s",
					s, way, d, p.Document(""), show(p.Variables), show(p.Perspective))
			}
		}
	}
}

// walk asks for all pages of the size, forwards by first or backwards by last,
// and says what is wrong with them, or "".
func (w *both) walk(p randomdoc.Pages, way string, size int, want []string) string {
	forwards := way == "first"
	var walked []string
	cursor := ""
	for page := 0; ; page++ {
		arguments := fmt.Sprintf("%s: %d%s", way, size, cursor)
		got, err := w.ask(request{p.Document(arguments), p.Variables, p.Perspective})
		if err != nil {
			return err.Error()
		}
		ids, list := listOf(got.Data), connectionOf(got.Data)
		if list == nil {
			return fmt.Sprintf("page %d: no list: %v", page, got.Errors)
		}
		if len(ids) > size {
			return fmt.Sprintf("page %d has %d of at most %d", page, len(ids), size)
		}
		info := list.Values[slices.Index(list.Keys, "pageInfo")].(*naive.Object)
		further, before := info.Values[0].(bool), info.Values[1].(bool)
		end := info.Values[3]
		if forwards {
			walked = append(walked, ids...)
		} else {
			walked = append(slices.Clone(ids), walked...)
			further, before = before, further
			end = info.Values[2]
		}
		if before != (page > 0) || further != (len(walked) < len(want)) {
			return fmt.Sprintf("page %d of %v: something before it: %v, after it: %v", page, walked, before, further)
		}
		if len(walked) >= len(want) || len(ids) == 0 {
			break
		}
		key := map[bool]string{true: "after", false: "before"}[forwards]
		cursor = fmt.Sprintf(", %s: %q", key, end)
	}
	if !slices.Equal(walked, want) {
		return fmt.Sprintf("want %v, walked %v", want, walked)
	}
	return ""
}

// connectionOf is the object under the key "list", at the root or below a node.
func connectionOf(data *naive.Object) *naive.Object {
	for data != nil && !slices.Contains(data.Keys, "list") {
		if len(data.Values) == 0 {
			return nil
		}
		data, _ = data.Values[0].(*naive.Object)
	}
	if data == nil {
		return nil
	}
	list, _ := data.Values[slices.Index(data.Keys, "list")].(*naive.Object)
	return list
}

// listOf are the connection's nodes, as far as they are asked for.
func listOf(data *naive.Object) []string {
	list := connectionOf(data)
	if list == nil {
		return nil
	}
	ids := []string{}
	for _, node := range list.Values[slices.Index(list.Keys, "nodes")].([]any) {
		ids = append(ids, show(node))
	}
	return ids
}

func load(t testing.TB) *schema.Ontology { return schematest.Ontology(t) }

func numbers(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// both are the two evaluators over one graph, and the engine without its choices.
type both struct {
	t        testing.TB
	o        *schema.Ontology
	sample   *randomdoc.Sample
	engine   *query.Engine
	straight *query.Engine // chooses nothing; nil: it is not asked
	world    *naive.World
	graph    *graph.Graph
	// explain has the engine tell its plans; the answers stay the same.
	explain bool
}

func newBoth(t testing.TB, o *schema.Ontology, s *randomdoc.Sample) *both {
	t.Helper()
	return newBothOver(t, o, s, memory.New())
}

// newBothByTurns holds random graph n: every other one in memory, and every other
// one in a store that has indexes, read from timelines. Of each kind
// every other one is asked with @explain.
func newBothByTurns(t testing.TB, o *schema.Ontology, n uint64) *both {
	t.Helper()
	return newBothOfKind(t, o, randomdoc.Graph(numbers(n), o), n)
}

// newBothOfKind holds a graph, in the nth of the ways that newBothByTurns tells of.
func newBothOfKind(t testing.TB, o *schema.Ontology, sample *randomdoc.Sample, n uint64) *both {
	t.Helper()
	if n%2 == 0 {
		w := newBoth(t, o, sample)
		w.explain = n%4 == 0
		return w
	}
	w := newBothOver(t, o, sample, openLocal(t))
	w.engine.AlwaysLead()
	w.engine.AlwaysHelp()
	w.explain = n%4 == 1
	return w
}

// openLocal opens an empty store on disk, which has indexes to scan.
func openLocal(t testing.TB) graph.Store {
	t.Helper()
	store, err := local.Open(t.TempDir(), local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func newBothOver(t testing.TB, o *schema.Ontology, s *randomdoc.Sample, store graph.Store) *both {
	t.Helper()
	g, err := graph.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	e := query.New(o, g, query.Options{BaseIRI: baseIRI, Errors: 1 << 20})
	w := &both{t: t, o: o, sample: s, engine: e, graph: g}
	for i, c := range s.Commits {
		if _, err := g.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if i+1 < len(s.Commits) && s.Entities != nil { // else it is no random graph to ask about
			w.warm(uint64(i))
		}
	}
	if w.world, err = naive.Read(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	straight := query.New(o, g, query.Options{BaseIRI: baseIRI, Errors: 1 << 20})
	straight.GoStraight()
	w.straight = straight
	return w
}

// warmed is how many documents are asked between two commits.
const warmed = 8

// warm asks some documents between two commits and forgets their answers: what is
// built to answer them, the next commit has to keep in step.
func (w *both) warm(commit uint64) {
	w.t.Helper()
	for n := range uint64(warmed) {
		d := randomdoc.Crowded(numbers(commit*warmed+n), w.sample)
		if _, err := w.ask(request{d.Text, d.Variables, d.Perspective}); err != nil {
			w.t.Fatalf("%v\n%s", err, d.Text)
		}
	}
}

// reread has the naive evaluator read what was committed since.
func (w *both) reread() {
	w.t.Helper()
	var err error
	if w.world, err = naive.Read(w.t.Context(), w.graph); err != nil {
		w.t.Fatal(err)
	}
}

// run gives both answers.
func (w *both) run(r request) (want, got naive.Result, err error) {
	doc, _, err := r.parse(w.o)
	if err != nil {
		return want, got, err
	}
	want, err = w.model(doc, r)
	if err != nil {
		return want, got, err
	}
	got, err = w.ask(r)
	return want, got, err
}

// model gives the naive evaluator's answer.
func (w *both) model(doc *ast.QueryDocument, r request) (want naive.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the naive evaluator panics: %v", p)
		}
	}()
	return w.world.Run(w.o, naive.Request{
		Document: doc, Operation: doc.Operations[0].Name, Variables: r.Variables, Perspective: r.Perspective,
		BaseIRI: baseIRI, Rank: rank,
	}), nil
}

// rank searches an index that is built for the one search.
func rank(text string, among []naive.Name) []naive.Hit {
	var entries []names.Entry
	for _, n := range among {
		entries = append(entries, names.Entry{Entity: uint64(n.Entity), Text: n.Text, Language: n.Language, Kind: n.Rank})
	}
	var hits []naive.Hit
	for _, h := range names.Build(entries).Search(text, nil, len(entries)) {
		score, err := strconv.ParseFloat(strconv.FormatFloat(h.Score, 'g', 4, 64), 64)
		if err != nil {
			panic(err) // unreachable: a number is written
		}
		hits = append(hits, naive.Hit{Entity: graph.ID(h.Entity), Score: score, Matched: h.Matched, Why: h.Why})
	}
	return hits
}

// ask gives the engine's answer.
func (w *both) ask(r request) (naive.Result, error) { return w.askOf(w.engine, r) }

// askOf gives an engine's answer.
func (w *both) askOf(e *query.Engine, r request) (got naive.Result, err error) {
	doc, variables, err := r.parse(w.o)
	if err != nil {
		return got, err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the engine panics: %v", p)
		}
	}()
	if w.explain {
		asked := *doc.Operations[0]
		asked.Directives = append(slices.Clone(asked.Directives), &ast.Directive{Name: "explain"})
		doc = &ast.QueryDocument{Operations: ast.OperationList{&asked}, Fragments: doc.Fragments}
	}
	return wholeAnswer(w.t.Context(), e, doc, variables, r.Perspective)
}

// differ says how the answers differ, or "".
func (w *both) differ(r request) string {
	want, got, err := w.run(r)
	if err != nil {
		return err.Error()
	}
	if d := compare(want, got); d != "" || w.straight == nil {
		return d
	}
	if got, err = w.askOf(w.straight, r); err != nil {
		return "without choices: " + err.Error()
	}
	if d := compare(want, got); d != "" {
		return "without choices: " + d
	}
	return ""
}

func (w *both) answers(r request) string {
	want, got, err := w.run(r)
	if err != nil {
		return err.Error()
	}
	text := fmt.Sprintf("naive:  %s %v\nengine: %s %v", show(want.Data), want.Errors, show(got.Data), got.Errors)
	if w.straight != nil {
		if got, err = w.askOf(w.straight, r); err != nil {
			return text + "\nwithout choices: " + err.Error()
		}
		text += fmt.Sprintf("\nwithout choices: %s %v", show(got.Data), got.Errors)
	}
	return text
}

// TestCompareLatest does so with the first few of lists by a time, all of them
// read from timelines.
func TestCompareLatest(t *testing.T) {
	o := load(t)
	compareRandom(t, o, *documents, newBothByTurns, randomdoc.Latest)
}
