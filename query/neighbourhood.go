package query

import (
	"slices"
	"sync"

	"chancery/graph"
)

// neighbour is where strides from a node lead to, and the first of what lies between
// the two: their sequences, as both are nodes.
type neighbour struct{ to, between uint32 }

func (n neighbour) node() graph.ID { return graph.InSpace(graph.Nodes, uint64(n.to)) }
func (n neighbour) first() graph.ID {
	return graph.InSpace(graph.Nodes, uint64(n.between))
}

// neighbourhood keeps the neighbours of nodes, as one view sees them: a party has few
// of them, however many events it has them from. It holds what was asked for last, up
// to a size. Any number of goroutines may use it.
type neighbourhood struct {
	mu sync.RWMutex
	// What is found among the old becomes young again; when the young have half of
	// the room, they become the old, and those go.
	young, old map[neighboursOf][]neighbour
	size       int // of the young, in bytes
	room       int // in bytes
}

// neighboursOf is a node and the fields that lead to its neighbours and back.
type neighboursOf struct {
	fields string
	node   graph.ID
}

// roomForNeighbours is what one view may keep of them. With all of the 7,128 parties of
// 544,380 events it is full: they have 475,930 neighbours.
const roomForNeighbours = 4 << 20

// entryBytes is about what a list takes beside its neighbours.
const entryBytes = 64

func newNeighbourhood(room int) *neighbourhood {
	return &neighbourhood{young: map[neighboursOf][]neighbour{}, room: room}
}

// get returns the neighbours of a node, ascending; nil if they are not kept.
func (h *neighbourhood) get(of neighboursOf) []neighbour {
	h.mu.RLock()
	list, young := h.young[of]
	if !young {
		list = h.old[of]
	}
	h.mu.RUnlock()
	if !young && list != nil {
		h.put(of, list)
	}
	return list
}

// put keeps the neighbours of a node, ascending: a list that nobody will change. One
// that takes half of the room or more is not kept.
func (h *neighbourhood) put(of neighboursOf, list []neighbour) {
	bytes := 8*cap(list) + entryBytes
	if bytes > h.room/2 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.young[of] != nil {
		return
	}
	if h.size+bytes > h.room/2 {
		h.young, h.old, h.size = map[neighboursOf][]neighbour{}, h.young, 0
	}
	h.young[of] = list
	h.size += bytes
}

// keptFor is what a view keeps neighbours by.
type keptFor struct{ *Engine }

// neighbourhood returns what the run's view keeps of neighbours.
func (r *run) neighbourhood() *neighbourhood {
	return r.view.Once(keptFor{r.op.engine}, func() any { return newNeighbourhood(roomForNeighbours) }).(*neighbourhood)
}

// neighboursOfSteps makes a list of them; ok is false if their sequences are too large
// for one, as those are that only the preview of a commit brings in.
func neighboursOfSteps(steps []strideStep) (list []neighbour, ok bool) {
	slices.SortFunc(steps, func(a, b strideStep) int {
		return compareSteps(strideStep{a.to, a.between}, strideStep{b.to, b.between})
	})
	n := 0
	for i, step := range steps {
		if i == 0 || step.to != steps[i-1].to {
			n++
		}
	}
	list = make([]neighbour, 0, n)
	for i, step := range steps {
		to, between := step.to.Sequence(), step.between.Sequence()
		if to>>32 != 0 || between>>32 != 0 {
			return nil, false
		}
		if i == 0 || step.to != steps[i-1].to {
			list = append(list, neighbour{uint32(to), uint32(between)})
		}
	}
	return list, true
}
