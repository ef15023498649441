package query_test

import (
	"encoding/json"
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
	"chancery/schema"
)

// What must hold of any graph and any question, whatever the answers are. No model is
// asked, so these run fast; each says how often it could have failed.

// perGraph is how many conditions are put to one random graph.
const perGraph = 40

// eachCondition makes n random conditions for each of count cases over random graphs.
func eachCondition(t *testing.T, count, n int, each func(w *both, seed uint64, c randomdoc.Conditions)) {
	t.Helper()
	o := load(t)
	first := seedOf(t)
	var w *both
	for i := range uint64(count) {
		s := first + i
		if w == nil || s%perGraph == 0 {
			w = newBothByTurns(t, o, s/perGraph)
		}
		each(w, s, randomdoc.NewConditions(numbers(s), w.sample, n))
	}
}

// metamorphic is how many cases each test has: as many documents as are asked for,
// divided, for each asks for several.
func metamorphic() int { return max(*documents/4, 100) }

const idsAlone = "{ nodes { id } totalCount }"

// idsOf asks for the ids of a list; ok is false if the question is an error.
func (w *both) idsOf(document string) (ids []string, ok bool) {
	w.t.Helper()
	got, err := w.ask(request{Document: document})
	if err != nil {
		w.t.Fatalf("%v\n%s", err, document)
	}
	ids = listOf(got.Data)
	return ids, ids != nil && len(got.Errors) == 0
}

// TestConditionsAreSets: what meets A and B is what meets both, A or B what meets
// one, not A the rest; and all of it is within what there is.
func TestConditionsAreSets(t *testing.T) {
	asked, mixed := 0, 0
	eachCondition(t, metamorphic(), 2, func(w *both, seed uint64, c randomdoc.Conditions) {
		if c.Class.Name == "Claim" && strings.Contains(strings.Join(c.Where, ""), "retractedAt") {
			return // that key decides what is listed, not only what of it
		}
		a, b := c.Where[0], c.Where[1]
		ask := func(where string) ([]string, bool) { return w.idsOf(c.Document("first: 1000, ", where, idsAlone)) }
		every, _ := ask("{}")
		as, ok := ask(a)
		bs, also := ask(b)
		if !ok || !also {
			return // one of them is an error
		}
		asked++
		if len(as) > 0 && len(as) < len(every) {
			mixed++
		}
		within := func(ids []string, in ...[]string) bool {
			return !slices.ContainsFunc(in, func(set []string) bool {
				return slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(set, id) })
			})
		}
		check := func(name, where string, want func(id string) bool) {
			got, ok := ask(where)
			expected := slices.DeleteFunc(slices.Clone(every), func(id string) bool { return !want(id) })
			if !ok || !slices.Equal(got, expected) {
				t.Errorf("seed %d: %s is %v, want %v\nA %v\nB %v\n%s", seed, name, got, expected, as, bs, c.Document("first: 1000, ", where, idsAlone))
			}
		}
		if !within(as, every) || !within(bs, every) {
			t.Errorf("seed %d: %v and %v are not within %v", seed, as, bs, every)
		}
		inA, inB := func(id string) bool { return slices.Contains(as, id) }, func(id string) bool { return slices.Contains(bs, id) }
		check("A and B", "{and: ["+a+", "+b+"]}", func(id string) bool { return inA(id) && inB(id) })
		check("A or B", "{or: ["+a+", "+b+"]}", func(id string) bool { return inA(id) || inB(id) })
		check("not A", "{not: "+a+"}", func(id string) bool { return !inA(id) })
		check("not not A", "{not: {not: "+a+"}}", inA)
		check("not (A and not B)", "{not: {and: ["+a+", {not: "+b+"}]}}", func(id string) bool { return !inA(id) || inB(id) })
	})
	t.Logf("%d pairs of conditions; %d times A was met by some and not by others", asked, mixed)
	if mixed == 0 {
		t.Error("no condition was met by some and not by others: nothing was tested")
	}
}

// TestPagesAddUp: pages of any size, either way, are the whole list.
func TestPagesAddUp(t *testing.T) {
	o := load(t)
	first := seedOf(t)
	var w *both
	walked := 0
	for i := range uint64(max(metamorphic()/4, 50)) {
		s := first + i
		if w == nil || s%perGraph == 0 {
			w = newBothByTurns(t, o, s/perGraph)
		}
		p := randomdoc.NewPages(numbers(s), w.sample)
		whole, err := w.ask(request{p.Document("first: 1000"), p.Variables, p.Perspective})
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", s, err, p.Document("first: 1000"))
		}
		list := listOf(whole.Data)
		if len(list) < 2 {
			continue
		}
		walked++
		for _, size := range []int{1, 2, 3, 7, len(list) - 1, len(list), len(list) + 1} {
			if size == 1 && len(list) > 40 {
				continue
			}
			for _, way := range []string{"first", "last"} {
				if d := w.walk(p, way, size, list); d != "" {
					t.Errorf("seed %d: %s: %d: %s\n%s\nvariables %s\nperspective %s", s, way, size, d, p.Document(""), show(p.Variables), show(p.Perspective))
				}
			}
		}
	}
	t.Logf("%d lists of two or more were walked in up to 7 sizes, both ways", walked)
	if walked == 0 {
		t.Error("no list was long enough")
	}
}

// TestClaimsAddUp: each claim has one source, so those of each source are all of them;
// the groups by source say the same.
func TestClaimsAddUp(t *testing.T) {
	claims, sums := 0, 0
	eachCondition(t, metamorphic(), 3, func(w *both, seed uint64, c randomdoc.Conditions) {
		rng := numbers(seed)
		list, selection := "list: claims(where: {and: [%s, %s]}, first: 0)", "{ totalCount groups(by: [SOURCE]) { count keys { entity { id } } } }"
		where := "{}"
		for c.Class.Name != "Claim" && rng.IntN(3) > 0 { // a condition on claims, two times of three
			c = randomdoc.NewConditions(rng, w.sample, 3)
		}
		if c.Class.Name == "Claim" {
			where = c.Where[0]
		}
		document := func(more string) string {
			return c.WithDirectives(fmt.Sprintf(list, where, more) + selection)
		}
		ask := func(more string) (int, map[string]int, bool) {
			got, err := w.ask(request{Document: document(more)})
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, document(more))
			}
			if got.Data == nil || len(got.Errors) > 0 {
				return 0, nil, false
			}
			n, groups := countsOf(t, got.Data)
			return n, groups, true
		}
		all, groups, ok := ask("{}")
		if !ok {
			return
		}
		claims += all
		sum, grouped := 0, 0
		for _, n := range groups {
			grouped += n
		}
		// A merged source stands for the one that stays: its claims are counted there.
		for id, n := range groups {
			more := fmt.Sprintf("{source: {id: {eq: %q}}}", id)
			if id == "" {
				more = "{not: {source: {}}}"
			}
			of, _, ok := ask(more)
			if sum += of; !ok || of != n {
				t.Errorf("seed %d: %d claims of %q, its group has %d\n%s", seed, of, id, n, document(more))
			}
		}
		sums += len(groups)
		if sum != all || grouped != all {
			t.Errorf("seed %d: %d claims; those of each source add up to %d, the groups to %d\n%s", seed, all, sum, grouped, document("{}"))
		}
	})
	t.Logf("%d claims of %d sources were counted", claims, sums)
	if claims == 0 {
		t.Error("no claim was counted")
	}
}

// renaming gives what it knows of another name.
type renaming map[string]string

func (r renaming) of(id string) string {
	if other, ok := r[id]; ok {
		return other
	}
	return id
}

func (r renaming) back() renaming {
	out := renaming{}
	for a, b := range r {
		out[b] = a
	}
	return out
}

// document renames the ids that a document has, each a text of its own.
func (r renaming) document(text string) string {
	for a, b := range r {
		text = strings.ReplaceAll(text, fmt.Sprintf("%q", a), fmt.Sprintf("%q", "\x00"+b))
		text = strings.ReplaceAll(text, `"`+a+`"`, `"`+"\x00"+b+`"`)
	}
	return strings.NewReplacer(`"\x00`, `"`, "\"\x00", `"`).Replace(text)
}

// renamed gives entities other ids, which are in another order, and keep their last
// part, for that is a name where there is no other; claims ids in the same order, for
// of equal claims the one with the smaller id is preferred.
func renamed(rng *rand.Rand, s *randomdoc.Sample) renaming {
	r := renaming{}
	for _, ids := range s.Entities {
		for _, id := range ids {
			folder, last, _ := strings.Cut(id, "/")
			r[id] = fmt.Sprintf("%c%c/%s/%s", 'a'+rune(rng.IntN(26)), 'a'+rune(rng.IntN(26)), folder, last)
		}
	}
	for _, id := range s.Claims {
		r[id] = strings.Replace(id, "claim/", "claim/again/", 1)
	}
	return r
}

// restated are the same claims, renamed, said in another order: of the claims of a
// commit, of the facts of a claim.
func restated(rng *rand.Rand, commits []graph.Changes, r renaming, order bool) []graph.Changes {
	out := slices.Clone(commits)
	for i, c := range out {
		c.Record = slices.Clone(c.Record)
		for k, claim := range c.Record {
			claim.ID, claim.Source, claim.Supersedes = r.of(claim.ID), r.of(claim.Source), r.of(claim.Supersedes)
			claim.Facts, claim.AttributedTo = slices.Clone(claim.Facts), slices.Clone(claim.AttributedTo)
			for n, id := range claim.AttributedTo {
				claim.AttributedTo[n] = r.of(id)
			}
			for n, f := range claim.Facts {
				f.Subject = r.of(f.Subject)
				if f.Object.Kind == graph.IRI {
					f.Object.Text = r.of(f.Object.Text)
				}
				claim.Facts[n] = f
			}
			if order {
				rng.Shuffle(len(claim.Facts), func(a, b int) { claim.Facts[a], claim.Facts[b] = claim.Facts[b], claim.Facts[a] })
			}
			c.Record[k] = claim
		}
		if order {
			rng.Shuffle(len(c.Record), func(a, b int) { c.Record[a], c.Record[b] = c.Record[b], c.Record[a] })
		}
		c.Retract = slices.Clone(c.Retract)
		for k := range c.Retract {
			c.Retract[k].Claim = r.of(c.Retract[k].Claim)
		}
		out[i] = c
	}
	return out
}

// TestOrderAndNamesDoNotMatter asks the same of a graph, of the same claims said in
// another order, and of the same claims about other ids.
func TestOrderAndNamesDoNotMatter(t *testing.T) {
	o := load(t)
	first := seedOf(t)
	shown := 0
	for i := range uint64(max(metamorphic()/perGraph, 3)) {
		s := first + i
		rng := numbers(s)
		sample := randomdoc.Graph(rng, o)
		names := renamed(rng, sample)
		as := engineOver(t, o, sample.Commits)
		reordered := engineOver(t, o, restated(rng, sample.Commits, nil, true))
		other := engineOver(t, o, restated(rng, sample.Commits, names, false))
		for n := range uint64(perGraph) {
			c := randomdoc.NewConditions(numbers(s*1000+n), sample, 1)
			selection := "{ totalCount nodes { id " + fieldsToCompare(c.Class) + " } }"
			document := c.Document("first: 1000, ", c.Where[0], selection)
			want := answerSet(t, as, document, nil)
			shown += len(want)
			if got := answerSet(t, reordered, document, nil); !slices.Equal(got, want) {
				t.Errorf("seed %d, %d: said in another order\n%s\nwant %v\ngot  %v", s, n, document, want, got)
			}
			if got := answerSet(t, other, names.document(document), names.back()); !slices.Equal(got, want) {
				t.Errorf("seed %d, %d: by other names\n%s\nwant %v\ngot  %v", s, n, names.document(document), want, got)
			}
		}
	}
	t.Logf("%d nodes were shown", shown)
	if shown == 0 {
		t.Error("no node was shown")
	}
}

// fieldsToCompare are fields of each node that show single values, and so what is
// preferred.
func fieldsToCompare(class *schema.Class) string {
	var out []string
	for _, f := range class.Fields {
		switch {
		case class.Name == "Claim":
			if f.Name == "source" {
				out = append(out, "source { id }")
			}
		case f.Kind == schema.Relation && f.Shape == schema.Single:
			out = append(out, f.Name+" { id }")
		case f.Name == "start" || f.Name == "end":
			out = append(out, f.Name+" { edtf }")
		}
	}
	if class.Name != "Claim" {
		out = append(out, "name(language: \"ru\")")
	}
	return strings.Join(out, " ")
}

func engineOver(t *testing.T, o *schema.Ontology, commits []graph.Changes) *both {
	t.Helper()
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commits {
		if _, err := g.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return &both{t: t, o: o, graph: g, engine: query.New(o, g, query.Options{BaseIRI: baseIRI, Errors: 1 << 20})}
}

// answerSet asks for a list: its nodes, renamed, in no order, then its errors.
func answerSet(t *testing.T, w *both, document string, names renaming) []string {
	t.Helper()
	got, err := w.ask(request{Document: document})
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	out := listOf(got.Data)
	for i := range out {
		out[i] = names.document(out[i])
	}
	slices.Sort(out)
	for _, e := range got.Errors {
		if len(e.Path) <= 1 { // others name the place of a node, which the order decides
			out = append(out, show(e))
		}
	}
	return out
}

// countsOf reads a list's totalCount and its groups by one key: of each entity, by id.
func countsOf(t *testing.T, data *naive.Object) (total int, groups map[string]int) {
	t.Helper()
	var list struct {
		List struct {
			TotalCount int
			Groups     []struct {
				Count int
				Keys  []struct{ Entity *struct{ ID string } }
			}
		}
	}
	text, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	groups = map[string]int{}
	for _, g := range list.List.Groups {
		id := ""
		if g.Keys[0].Entity != nil {
			id = g.Keys[0].Entity.ID
		}
		groups[id] += g.Count
	}
	return list.List.TotalCount, groups
}
