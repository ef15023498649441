package query

import (
	"slices"
	"sync"
	"testing"

	"chancery/graph"
)

func neighboursTo(n int) []neighbour {
	list := make([]neighbour, n)
	for i := range list {
		list[i] = neighbour{uint32(i), uint32(i + 1)}
	}
	return list
}

// TestNeighbourhoodKeepsWhatIsAskedFor: what is asked for again stays, however much
// else comes, and no more is kept than there is room for.
func TestNeighbourhoodKeepsWhatIsAskedFor(t *testing.T) {
	const room = 10_000
	h := newNeighbourhood(room)
	of := func(i int) neighboursOf { return neighboursOf{"actor,target", graph.InSpace(graph.Nodes, uint64(i))} }
	h.put(of(0), neighboursTo(3))
	for i := 1; i < 1000; i++ {
		h.put(of(i), neighboursTo(i%20))
		if got := h.get(of(0)); !slices.Equal(got, neighboursTo(3)) {
			t.Fatalf("after %d others: got %v", i, got)
		}
		if got := h.get(of(i)); got == nil || len(got) != i%20 {
			t.Fatalf("just put %d neighbours: got %v", i%20, got)
		}
		size := 0
		for _, kept := range []map[neighboursOf][]neighbour{h.young, h.old} {
			for _, list := range kept {
				size += 8*len(list) + entryBytes
			}
		}
		if size > room {
			t.Fatalf("%d bytes are kept in a room of %d", size, room)
		}
	}
	if h.get(of(1)) != nil {
		t.Error("what nobody asked for again is kept still")
	}
	if h.get(neighboursOf{"actor", of(0).node}) != nil {
		t.Error("neighbours by other fields are taken for those by these")
	}
	h.put(of(2000), neighboursTo(room))
	if h.get(of(2000)) != nil {
		t.Error("a list that is larger than the room is kept")
	}
}

// TestNeighbourhoodOfMany is for the race detector.
func TestNeighbourhoodOfMany(t *testing.T) {
	h := newNeighbourhood(10_000)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 2000 {
				of := neighboursOf{"actor,target", graph.InSpace(graph.Nodes, uint64(i%97))}
				list := h.get(of)
				if list == nil {
					h.put(of, neighboursTo(i%97))
				} else if len(list) != i%97 {
					t.Errorf("%d neighbours, not %d", len(list), i%97)
				}
			}
		})
	}
	all.Wait()
}

// TestNeighboursOfSteps: each neighbour once, with the first that lies between.
func TestNeighboursOfSteps(t *testing.T) {
	node := func(n uint64) graph.ID { return graph.InSpace(graph.Nodes, n) }
	list, ok := neighboursOfSteps([]strideStep{{node(9), node(2)}, {node(5), node(3)}, {node(7), node(2)}, {node(7), node(2)}, {node(8), node(1)}})
	if want := []neighbour{{1, 8}, {2, 7}, {3, 5}}; !ok || !slices.Equal(list, want) {
		t.Errorf("got %v, %v, want %v", list, ok, want)
	}
	if list, ok := neighboursOfSteps(nil); !ok || list == nil {
		t.Errorf("of no steps: got %v, %v; a list of none is one that is known", list, ok)
	}
	for _, steps := range [][]strideStep{{{node(1), node(1 << 50)}}, {{node(1 << 50), node(1)}}} {
		if list, ok := neighboursOfSteps(steps); ok {
			t.Errorf("%v: got %v for sequences that do not fit", steps, list)
		}
	}
}
