package cayley_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	upstream "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"

	"chancery/graph"
	"chancery/graph/cayley"
	"chancery/graph/memory"
)

func make4(s, p, o, l string) quad.Quad { return quad.MakeIRI(s, p, o, l) }

func added(quads ...quad.Quad) []upstream.Delta {
	var out []upstream.Delta
	for _, q := range quads {
		out = append(out, upstream.Delta{Quad: q, Action: upstream.Add})
	}
	return out
}

func apply(t *testing.T, qs upstream.QuadStore, deltas ...upstream.Delta) {
	t.Helper()
	if err := qs.ApplyDeltas(deltas, upstream.IgnoreOpts{}); err != nil {
		t.Fatal(err)
	}
}

// read lists what an iterator gives, as N-Quads or values, sorted.
func read(t *testing.T, qs upstream.QuadStore, s iterator.Shape) []string {
	t.Helper()
	it := s.Iterate()
	var out []string
	for it.Next(t.Context()) {
		if name, err := qs.NameOf(it.Result()); err != nil {
			t.Fatal(err)
		} else if name != nil {
			out = append(out, name.String())
		} else if q, err := qs.Quad(it.Result()); err != nil {
			t.Fatal(err)
		} else {
			out = append(out, q.NQuad())
		}
	}
	if err := errors.Join(it.Err(), it.Close()); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestPinnedSeesOneCommit(t *testing.T) {
	live := cayley.NewLive(memory.New())
	apply(t, live, added(make4("a", "p", "b", ""))...)
	pinned := live.Pin(t.Context())
	before := read(t, pinned, pinned.QuadsAllIterator())
	apply(t, live, append(added(make4("c", "p", "d", "l")), upstream.Delta{Quad: make4("a", "p", "b", ""), Action: upstream.Delete})...)
	if after := read(t, pinned, pinned.QuadsAllIterator()); !slices.Equal(before, after) {
		t.Errorf("a pinned snapshot had %v and then %v", before, after)
	}
	for _, v := range []quad.IRI{"c", "l"} {
		if ref, err := pinned.ValueOf(v); ref != nil || err != nil {
			t.Errorf("a pinned snapshot found %v, which came later: %v", v, err)
		}
	}
	if ref, err := live.ValueOf(quad.IRI("a")); ref != nil || err != nil {
		t.Errorf("the store found a node that no quad has: %v, %v", ref, err)
	}
	if got := read(t, live, live.NodesAllIterator()); !slices.Equal(got, []string{"<c>", "<d>", "<l>", "<p>"}) {
		t.Errorf("the nodes are %v", got)
	}
}

func TestPinnedCannotBeWritten(t *testing.T) {
	pinned := cayley.Pin(t.Context(), memory.New().Snapshot())
	if err := pinned.ApplyDeltas(nil, upstream.IgnoreOpts{}); !errors.Is(err, cayley.ErrReadOnly) {
		t.Errorf("ApplyDeltas gave %v", err)
	}
	if _, err := pinned.NewQuadWriter(); !errors.Is(err, cayley.ErrReadOnly) {
		t.Errorf("NewQuadWriter gave %v", err)
	}
	if err := pinned.Close(); err != nil {
		t.Error(err)
	}
}

func TestDeltas(t *testing.T) {
	a, b := make4("a", "p", "b", ""), make4("a", "p", "b", "l")
	add := func(q quad.Quad) upstream.Delta { return upstream.Delta{Quad: q, Action: upstream.Add} }
	del := func(q quad.Quad) upstream.Delta { return upstream.Delta{Quad: q, Action: upstream.Delete} }
	for _, test := range []struct {
		name   string
		deltas []upstream.Delta
		ignore upstream.IgnoreOpts
		err    error
		want   []quad.Quad
	}{
		{"add with another label", []upstream.Delta{add(b)}, upstream.IgnoreOpts{}, nil, []quad.Quad{a, b}},
		{"add again", []upstream.Delta{add(b), add(a)}, upstream.IgnoreOpts{}, upstream.ErrQuadExists, []quad.Quad{a}},
		{"add again, ignored", []upstream.Delta{add(b), add(a)}, upstream.IgnoreOpts{IgnoreDup: true}, nil, []quad.Quad{a, b}},
		{"add twice", []upstream.Delta{add(b), add(b)}, upstream.IgnoreOpts{}, upstream.ErrQuadExists, []quad.Quad{a}},
		{"delete what is not there", []upstream.Delta{del(a), del(b)}, upstream.IgnoreOpts{}, upstream.ErrQuadNotExist, []quad.Quad{a}},
		{"delete what is not there, ignored", []upstream.Delta{del(a), del(b)}, upstream.IgnoreOpts{IgnoreMissing: true}, nil, nil},
		{"delete and add", []upstream.Delta{del(a), add(a)}, upstream.IgnoreOpts{}, nil, []quad.Quad{a}},
		{"add and delete", []upstream.Delta{add(b), del(b)}, upstream.IgnoreOpts{}, nil, []quad.Quad{a}},
		{"no action", []upstream.Delta{add(b), {Quad: a}}, upstream.IgnoreOpts{}, upstream.ErrInvalidAction, []quad.Quad{a}},
		{"no object", []upstream.Delta{add(b), add(make4("a", "p", "", ""))}, upstream.IgnoreOpts{}, quad.ErrInvalid, []quad.Quad{a}},
		{"an empty label", []upstream.Delta{add(quad.Quad{Subject: a.Subject, Predicate: a.Predicate, Object: a.Object, Label: quad.IRI("")})}, upstream.IgnoreOpts{}, quad.ErrInvalid, []quad.Quad{a}},
	} {
		t.Run(test.name, func(t *testing.T) {
			live := cayley.NewLive(memory.New())
			apply(t, live, add(a))
			err := live.ApplyDeltas(test.deltas, test.ignore)
			if _, ok := errors.AsType[*upstream.DeltaError](err); !errors.Is(err, test.err) || ok != (test.err != nil) {
				t.Errorf("got %v, want %v", err, test.err)
			}
			var want []string
			for _, q := range test.want {
				want = append(want, q.NQuad())
			}
			slices.Sort(want)
			if got := read(t, live, live.QuadsAllIterator()); !slices.Equal(got, want) {
				t.Errorf("left are %v, want %v", got, want)
			}
		})
	}
	live := cayley.NewLive(memory.New())
	bad := a
	bad.Object = strange{"x"}
	if _, ok := errors.AsType[*cayley.ValueError](live.ApplyDeltas(added(bad), upstream.IgnoreOpts{})); !ok {
		t.Error("a value of a strange type was stored")
	}
	if err := live.Close(); err != nil {
		t.Fatal(err)
	}
	if err := live.ApplyDeltas(added(a), upstream.IgnoreOpts{}); !errors.Is(err, graph.ErrClosed) {
		t.Errorf("a closed store took a delta: %v", err)
	}
}

func TestWriterClosed(t *testing.T) {
	live := cayley.NewLive(memory.New())
	w, err := live.NewQuadWriter()
	if err != nil {
		t.Fatal(err)
	}
	if n, err := w.WriteQuads([]quad.Quad{make4("a", "p", "b", ""), {}, make4("c", "p", "d", "")}); n != 1 || !errors.Is(err, quad.ErrInvalid) {
		t.Errorf("took %d, %v; want 1 and then the invalid one", n, err)
	}
	if got := live.Pin(t.Context()); len(read(t, got, got.QuadsAllIterator())) != 0 {
		t.Error("a quad was there before the writer was closed")
	}
	if err := errors.Join(w.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteQuads([]quad.Quad{make4("a", "p", "b", "")}); !errors.Is(err, cayley.ErrWriterClosed) {
		t.Errorf("a closed writer gave %v", err)
	}
	if got := read(t, live, live.QuadsAllIterator()); !slices.Equal(got, []string{"<a> <p> <b> ."}) {
		t.Errorf("left are %v", got)
	}
}

// TestRandomQuads compares the iterators with a plain list.
func TestRandomQuads(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	all := map[quad.Quad]bool{}
	names := []string{"a", "b", "c", "claim/1", "claim/2"}
	name := func() string { return names[r.IntN(len(names))] }
	live := cayley.NewLive(memory.New())
	ctx := t.Context()
	for range 12 {
		var deltas []upstream.Delta
		for range r.IntN(2000) {
			q := make4(name(), name(), name(), "")
			q.Object = quad.Int(r.IntN(60)) // so that scans are short and long
			if r.IntN(3) > 0 {
				q.Label = quad.IRI(name())
			}
			d := upstream.Delta{Quad: q, Action: upstream.Add}
			if r.IntN(3) == 0 {
				d.Action = upstream.Delete
			}
			deltas = append(deltas, d)
			if d.Action == upstream.Add {
				all[q] = true
			} else {
				delete(all, q)
			}
		}
		if err := live.ApplyDeltas(deltas, upstream.IgnoreOpts{IgnoreDup: true, IgnoreMissing: true}); err != nil {
			t.Fatal(err)
		}
		pinned := live.Pin(ctx)
		nodes := map[quad.Value]bool{}
		var quads []string
		for q := range all {
			quads = append(quads, q.NQuad())
			for _, d := range quad.Directions {
				if v := q.Get(d); v != nil {
					nodes[v] = true
				}
			}
		}
		slices.Sort(quads)
		if got := read(t, pinned, pinned.QuadsAllIterator()); !slices.Equal(got, quads) {
			t.Fatalf("got %d quads, want %d", len(got), len(quads))
		}
		if got := read(t, pinned, pinned.NodesAllIterator()); len(got) != len(nodes) {
			t.Fatalf("got %d nodes, want %d", len(got), len(nodes))
		}
		stats, err := pinned.Stats(ctx, true)
		if err != nil || stats.Nodes.Value != int64(len(nodes)) || stats.Quads.Value != int64(len(quads)) {
			t.Fatalf("counted %v, %v; want %d and %d", stats, err, len(nodes), len(quads))
		}
		index := pinned.NodesAllIterator().Lookup()
		checked := 0
		for v := range nodes {
			if checked++; checked <= 8 { // in the map's order, which is random
				checkNode(t, pinned, all, v)
			}
			if ref, err := pinned.ValueOf(v); err != nil || !index.Contains(ctx, ref) {
				t.Fatalf("%v is no node: %v", v, err)
			}
		}
	}
}

// checkNode compares what iterates, counts and looks up the quads of a node in each
// direction with a plain list.
func checkNode(t *testing.T, qs *cayley.Pinned, all map[quad.Quad]bool, v quad.Value) {
	t.Helper()
	ref, err := qs.ValueOf(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range quad.Directions {
		var want []string
		for q := range all {
			if q.Get(d) == v {
				want = append(want, q.NQuad())
			}
		}
		slices.Sort(want)
		shape := qs.QuadIterator(d, ref)
		if got := read(t, qs, shape); !slices.Equal(got, want) {
			t.Fatalf("%v as the %v has %v, want %v", v, d, got, want)
		}
		size, err := qs.QuadIteratorSize(t.Context(), d, ref)
		if err != nil || size.Exact != (len(want) < 512) || size.Exact && size.Value != int64(len(want)) {
			t.Fatalf("%v as the %v counts %v, %v; want %d", v, d, size, err, len(want))
		}
		index := shape.Lookup()
		for it := qs.QuadsAllIterator().Iterate(); it.Next(t.Context()); {
			end, err := qs.QuadDirection(it.Result(), d)
			if err != nil || index.Contains(t.Context(), it.Result()) != (end != nil && end.Key() == ref.Key()) {
				t.Fatalf("%v as the %v: looked up wrong, %v", v, d, err)
			}
		}
	}
}

// TestScansEnd leaves no goroutine behind, however a scan ends.
func TestScansEnd(t *testing.T) {
	live := cayley.NewLive(memory.New())
	var deltas []upstream.Delta
	for i := range 5000 {
		deltas = append(deltas, upstream.Delta{Quad: quad.Make(quad.IRI("s"), quad.IRI("p"), i, nil), Action: upstream.Add})
	}
	apply(t, live, deltas...)
	for name, end := range map[string]func(iterator.Scanner){
		"abandoned": func(iterator.Scanner) {},
		"closed": func(it iterator.Scanner) {
			if errors.Join(it.Close(), it.Close()) != nil || it.Next(t.Context()) {
				t.Error("a closed scan goes on or fails to close")
			}
		},
		"read to its end": func(it iterator.Scanner) {
			for it.Next(t.Context()) {
			}
			if it.Err() != nil {
				t.Error(it.Err())
			}
		},
		"cancelled": func(it iterator.Scanner) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			n := 0
			for ; it.Next(ctx); n++ {
			}
			if !errors.Is(it.Err(), context.Canceled) || n > 2000 {
				t.Errorf("after it was cancelled a scan gave %d and %v", n, it.Err())
			}
		},
	} {
		for _, shape := range []iterator.Shape{live.QuadsAllIterator(), live.NodesAllIterator()} {
			for _, steps := range []int{0, 1, 64, 65, 200, 2000} {
				it := shape.Iterate()
				for range steps {
					if !it.Next(t.Context()) {
						t.Fatal(name, "ended early")
					}
				}
				end(it)
			}
		}
		noneLeft(t)
	}
}

func TestForeignRefs(t *testing.T) {
	live := cayley.NewLive(memory.New())
	apply(t, live, added(make4("a", "p", "b", ""), quad.Make(quad.IRI("a"), quad.IRI("n"), 7, nil))...)
	foreign := refs.ValueHash{1}
	if _, err := live.Quad(foreign); !errors.Is(err, cayley.ErrForeignRef) {
		t.Errorf("Quad gave %v", err)
	}
	if _, err := live.QuadDirection(foreign, quad.Subject); !errors.Is(err, cayley.ErrForeignRef) {
		t.Errorf("QuadDirection gave %v", err)
	}
	if it := live.QuadIterator(quad.Subject, foreign).Iterate(); it.Next(t.Context()) || !errors.Is(it.Err(), cayley.ErrForeignRef) {
		t.Errorf("QuadIterator gave %v", it.Err())
	}
	if v, err := live.NameOf(foreign); v != nil || err != nil {
		t.Errorf("NameOf gave %v, %v", v, err)
	}
	// Cayley makes references of values by itself.
	if got := read(t, live, live.QuadIterator(quad.Object, refs.PreFetched(quad.Int(7)))); len(got) != 1 {
		t.Errorf("a reference that holds its value gave %v", got)
	}
}

func TestRegister(t *testing.T) {
	open := func(context.Context, string) (graph.Store, error) { return memory.New(), nil }
	if err := cayley.Register("chancery-test", false, open); err != nil {
		t.Fatal(err)
	}
	if err := cayley.Register("chancery-test", false, open); !errors.Is(err, cayley.ErrRegistered) {
		t.Errorf("the second gave %v", err)
	}
	_, err := upstream.NewQuadStore("chancery-test", "", upstream.Options{"ignore_dupes": true})
	if unknown, ok := errors.AsType[*cayley.OptionError](err); !ok || !strings.Contains(unknown.Error(), "ignore_dupes") {
		t.Errorf("an unknown option gave %v", err)
	}
	qs, err := upstream.NewQuadStore("chancery-test", "", upstream.Options{"ignore_duplicate": true})
	if err != nil {
		t.Fatal(err)
	}
	if err := qs.Close(); err != nil {
		t.Error(err)
	}
	if err := qs.Close(); !errors.Is(err, graph.ErrClosed) {
		t.Errorf("closing again gave %v", err)
	}
}

// TestOneWriterManyReaders is what ends a process on Cayley's own memstore (its
// issue 779). Each transaction moves one node from one place to the next: a reader
// who sees it in two places or in none has seen half of one.
func TestOneWriterManyReaders(t *testing.T) {
	store := memory.New()
	live := cayley.NewLive(store)
	at := func(i int) quad.Quad { return quad.Make(quad.IRI("x"), quad.IRI("at"), i, quad.IRI("claim/1")) }
	apply(t, live, added(at(0))...)
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 8 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				checkOnePlace(t, live, live.QuadsAllIterator())
				pinned := live.Pin(t.Context())
				ref, err := pinned.ValueOf(quad.IRI("x"))
				if err != nil {
					t.Error(err)
				}
				checkOnePlace(t, pinned, pinned.QuadIterator(quad.Subject, ref))
				got, err := cayley.Gizmo(t.Context(), store.Snapshot(), `g.V("<x>").out("<at>").all()`, cayley.GizmoLimits{Time: time.Hour})
				if err != nil || len(got) != 1 {
					t.Errorf("a script saw %v, %v", got, err)
				}
			}
		})
	}
	for i := range 500 {
		apply(t, live, upstream.Delta{Quad: at(i), Action: upstream.Delete}, upstream.Delta{Quad: at(i + 1), Action: upstream.Add})
	}
	close(done)
	wg.Wait()
}

func checkOnePlace(t *testing.T, qs upstream.QuadStore, s iterator.Shape) {
	n := 0
	it := s.Iterate()
	for it.Next(t.Context()) {
		if _, err := qs.Quad(it.Result()); err != nil {
			t.Error(err)
		}
		n++
	}
	if err := errors.Join(it.Err(), it.Close()); err != nil || n != 1 {
		t.Errorf("x is in %d places, %v", n, err)
	}
}
