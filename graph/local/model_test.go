package local

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/storetest"
)

var (
	modelSteps = flag.Int("steps", 3000, "steps of the model test")
	modelSeed  = flag.Uint64("seed", 0, "seed of the model test; 0: of the clock")
)

// modelQuad is a quad in words; the label may be none.
type modelQuad struct{ s, p, o, l graph.Term }

// modelState is a state of the naive model beside the snapshot that must equal it.
type modelState struct {
	quads map[modelQuad]bool
	snap  graph.Snapshot
	sum   uint64 // of the quads' hashes, by their ids
}

// TestModel does at random what can be done with a store. After every step all
// quads are compared by number and sum with a plain set of quads, and questions
// are compared answer by answer.
func TestModel(t *testing.T) {
	seed := *modelSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d -steps %d", seed, *modelSteps)
	rng := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	options := Options{FlushQuads: 200}
	s, err := Open(dir, options)
	if err != nil {
		t.Fatal(err)
	}
	now := modelState{quads: map[modelQuad]bool{}, snap: s.Snapshot()}
	var held []modelState
	commits, kept, opened := 0, 0, 0
	for range *modelSteps {
		switch dice := rng.IntN(1000); {
		case dice < 600:
			now = modelCommit(t, rng, s, now)
			commits++
		case dice < 700 && len(held) < 20:
			held = append(held, modelState{maps.Clone(now.quads), now.snap, now.sum})
		case dice < 750 && len(held) > 0:
			held = slices.Delete(held, 0, 1)
		case dice < 940:
			state := now
			if len(held) > 0 && rng.IntN(2) == 0 {
				state = held[rng.IntN(len(held))]
			}
			modelAsk(t, rng, state)
		case dice < 945:
			if err := keepSome(t, s, commits); err != nil {
				t.Fatal(err)
			}
			kept = commits
		case dice < 950:
			if err := s.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
			kept = 0
			now.snap = s.Snapshot()
		case dice < 960:
			if err := s.writeOut(true); err != nil {
				t.Fatal(err)
			}
			now.snap = s.Snapshot()
		case dice < 965:
			if err := s.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
			now.snap = s.Snapshot()
		case dice < 970:
			modelWhole(t, now)
		case dice < 980:
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if err := Check(dir); err != nil {
				t.Fatal(err)
			}
			for _, h := range held {
				modelAsk(t, rng, h) // snapshots outlive their store
			}
			if s, err = Open(dir, options); err != nil {
				t.Fatal(err)
			}
			opened++
			now.snap = s.Snapshot()
			if int(now.snap.Commit()) != commits {
				t.Fatalf("opened at commit %d, want %d", now.snap.Commit(), commits)
			}
			checkKept(t, s, kept, "opened")
		}
		modelSum(t, now)
	}
	for _, state := range append(held, now) {
		modelWhole(t, state)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Check(dir); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d commits, opened %d times, %d quads at the end", commits, opened, len(now.quads))
}

// modelSum compares all quads, by number and sum of hashes.
func modelSum(t *testing.T, state modelState) {
	t.Helper()
	n, sum := 0, uint64(0)
	if err := state.snap.Quads(t.Context(), graph.Pattern{}, func(q graph.Quad) bool {
		n++
		sum += hashQuad(q)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if n != len(state.quads) || sum != state.sum || state.snap.Size() != n {
		t.Fatalf("commit %d has %d quads of sum %x and size %d, want %d of %x", state.snap.Commit(), n, sum, state.snap.Size(), len(state.quads), state.sum)
	}
}

func hashQuad(q graph.Quad) uint64 {
	r := spol.row(q)
	return hashRows(spol, &columns{r[:1], r[1:2], r[2:3], r[3:]})
}

// id returns the quad in ids of a snapshot; false if it lacks one.
func (q modelQuad) id(snap graph.Snapshot) (out graph.Quad, ok bool) {
	all := true
	for i, term := range []graph.Term{q.s, q.p, q.o, q.l} {
		if term.Kind == 0 {
			continue
		}
		id, ok := snap.Lookup(term)
		all = all && ok
		*[]*graph.ID{&out.Subject, &out.Predicate, &out.Object, &out.Label}[i] = id
	}
	return out, all
}

// modelTerm is one of a few, of several spaces, and at times one of many.
func modelTerm(rng *rand.Rand, n int) graph.Term {
	i := rng.IntN(n)
	if rng.IntN(50) == 0 {
		i = rng.IntN(100_000)
	}
	switch i % 5 {
	case 0:
		return graph.Text(fmt.Sprint("text ", i))
	case 1:
		return graph.Typed(fmt.Sprint(i-8), graph.Integer)
	case 2:
		return graph.Date(fmt.Sprintf("20%02d", i%100))
	case 3:
		return graph.Ref(fmt.Sprint("claim/", i))
	}
	return graph.Ref(fmt.Sprint("person/", i))
}

func modelRandom(rng *rand.Rand) modelQuad {
	q := modelQuad{
		graph.Ref(fmt.Sprint("person/", rng.IntN(30))), graph.Ref(fmt.Sprint("kg:p", rng.IntN(4))),
		modelTerm(rng, 40),
		graph.Term{},
	}
	if rng.IntN(3) > 0 {
		q.l = graph.Ref(fmt.Sprint("claim/", rng.IntN(10)))
	}
	return q
}

// modelCommit makes a commit; before is not to be read any more.
func modelCommit(t *testing.T, rng *rand.Rand, s *Store, before modelState) modelState {
	t.Helper()
	after := modelState{quads: before.quads, sum: before.sum}
	var b graph.Batch
	var added []modelQuad
	n := rng.IntN(12)
	if rng.IntN(40) == 0 {
		n = rng.IntN(600)
	}
	remove := func(q modelQuad) {
		b.RemoveQuad(q.s, q.p, q.o, q.l)
		if after.quads[q] {
			id, _ := q.id(before.snap)
			after.sum -= hashQuad(id)
			delete(after.quads, q)
		}
	}
	for range n {
		q := modelRandom(rng)
		if rng.IntN(5) < 2 {
			remove(q)
		} else {
			b.AddQuad(q.s, q.p, q.o, q.l)
			added = append(added, q)
		}
	}
	if rng.IntN(300) == 0 {
		for q := range before.quads {
			remove(q)
		}
	}
	var err error
	if after.snap, err = s.Commit(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	for _, q := range added {
		if !after.quads[q] {
			id, _ := q.id(after.snap)
			after.sum += hashQuad(id)
			after.quads[q] = true
		}
	}
	return after
}

// modelAsk asks one question: a pattern, or an expansion.
func modelAsk(t *testing.T, rng *rand.Rand, state modelState) {
	t.Helper()
	like := modelRandom(rng)
	mask := rng.IntN(16)
	match := func(q modelQuad) bool {
		return (mask&1 == 0 || q.s == like.s) && (mask&2 == 0 || q.p == like.p) && (mask&4 == 0 || q.o == like.o) &&
			(mask&8 == 0 || like.l.Kind == 0 || q.l == like.l)
	}
	var want []graph.Quad
	for q := range state.quads {
		if match(q) {
			quad, ok := q.id(state.snap)
			if !ok {
				t.Fatalf("a term of %v is not found", q)
			}
			want = append(want, quad)
		}
	}
	slices.SortFunc(want, compareQuads)
	for i, part := range []*graph.Term{&like.s, &like.p, &like.o, &like.l} {
		if mask>>i&1 == 0 {
			*part = graph.Term{}
		}
	}
	p, ok := like.id(state.snap)
	if !ok {
		if len(want) > 0 {
			t.Fatalf("%v is not found", like)
		}
		return
	}
	var got []graph.Quad
	if err := state.snap.Quads(t.Context(), p, func(q graph.Quad) bool { got = append(got, q); return true }); err != nil {
		t.Fatal(err)
	}
	o, _ := orderOf(p)
	if !slices.IsSortedFunc(got, func(a, b graph.Quad) int { return compareRows(o.row(a), o.row(b)) }) {
		t.Fatalf("pattern %v: out of order", like)
	}
	slices.SortFunc(got, compareQuads)
	if !slices.Equal(got, want) {
		t.Fatalf("commit %d, pattern %v: %d quads, want %d", state.snap.Commit(), like, len(got), len(want))
	}
	storetest.CheckCount(t, state.snap, p)
	modelTexts(t, rng, state.snap)
	if p.Predicate != 0 && p.Object != 0 {
		within := graph.Stretch{To: graph.InSpace(graph.Nodes+1, 0)}
		for _, end := range []*graph.ID{&within.From, &within.To} {
			if id, ok := state.snap.Lookup(modelTerm(rng, 40)); ok && rng.IntN(3) > 0 {
				*end = id
			}
		}
		storetest.CheckWithin(t, state.snap, p.Predicate, p.Object, within)
	}
	if p.Predicate != 0 && (p.Subject == 0) != (p.Object == 0) {
		modelExpand(t, rng, state.snap, p)
	}
}

// modelTexts reads the texts of some ids, most of them one after another.
func modelTexts(t *testing.T, rng *rand.Rand, snap graph.Snapshot) {
	t.Helper()
	var ids []graph.ID
	for range 3 {
		space := graph.Nodes + graph.Space(rng.IntN(4)) // integers too, which no dictionary has
		from := rng.Uint64N(60)
		for seq := range rng.Uint64N(30) {
			if rng.IntN(3) > 0 {
				ids = append(ids, graph.InSpace(space, from+seq))
			}
		}
	}
	storetest.CheckTexts(t, snap, ids)
}

// modelExpand compares an expansion with what patterns give.
func modelExpand(t *testing.T, rng *rand.Rand, snap graph.Snapshot, p graph.Pattern) {
	t.Helper()
	inverse := p.Subject == 0
	nodes := []graph.ID{p.Subject + p.Object, 0, p.Subject + p.Object}
	for range rng.IntN(20) {
		nodes = append(nodes, graph.InSpace(graph.Nodes, rng.Uint64N(60)))
	}
	var labels *graph.Set
	if rng.IntN(2) == 0 {
		labels = graph.NewSet(0)
		for range 4 {
			labels.Add(graph.InSpace(graph.Claims, rng.Uint64N(12)))
		}
	}
	var links graph.Links
	if err := snap.Expand(t.Context(), &links, nodes, p.Predicate, inverse, labels); err != nil {
		t.Fatal(err)
	}
	for i, node := range nodes {
		var want []graph.Link
		ask := graph.Pattern{Subject: node, Predicate: p.Predicate}
		if inverse {
			ask = graph.Pattern{Object: node, Predicate: p.Predicate}
		}
		if node != 0 {
			if err := snap.Quads(t.Context(), ask, func(q graph.Quad) bool {
				if labels == nil || labels.Has(q.Label) {
					want = append(want, graph.Link{To: q.Subject + q.Object - node, Label: q.Label})
				}
				return true
			}); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortFunc(want, compareLinks)
		if !slices.Equal(links.Of(i), want) {
			t.Fatalf("expanding %x (inverse %t): %v, want %v", node, inverse, links.Of(i), want)
		}
	}
}

func modelWhole(t *testing.T, state modelState) {
	t.Helper()
	want := map[string]bool{}
	for q := range state.quads {
		label := "-"
		if q.l.Kind != 0 {
			label = q.l.String()
		}
		want[q.s.String()+" "+q.p.String()+" "+q.o.String()+" "+label] = true
	}
	if got := dump(t, state.snap); !maps.Equal(got, want) {
		t.Fatalf("commit %d has %d quads that are not the model's %d", state.snap.Commit(), len(got), len(want))
	}
}

func compareQuads(a, b graph.Quad) int {
	return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Predicate, b.Predicate),
		cmp.Compare(a.Object, b.Object), cmp.Compare(a.Label, b.Label))
}
