package memory

import (
	"hash/maphash"
	"sync/atomic"

	"chancery/graph"
)

// dictionary gives ids to terms. Readers look terms up without a lock; the
// writer alone interns. Terms stay until they are purged.
type dictionary struct {
	seed  maphash.Seed
	ids   atomic.Pointer[table]
	known int // ids in the table; the writer's
	terms [graph.Texts + 1]atomic.Pointer[[]graph.Term]
}

// table has ids by the hashes of their terms, each in the first place that was free
// from where its hash points. It is at most half full. A place is written once.
type table []atomic.Uint64 // 0: free

func newDictionary() *dictionary {
	d := &dictionary{seed: maphash.MakeSeed()}
	d.ids.Store(newTable(1 << 8))
	for i := range d.terms {
		d.terms[i].Store(new([]graph.Term))
	}
	return d
}

func newTable(places int) *table {
	t := make(table, places)
	return &t
}

// lookup returns the id of a term. Cost: O(1).
func (d *dictionary) lookup(t graph.Term) (graph.ID, bool) {
	ids := *d.ids.Load()
	last := uint64(len(ids) - 1)
	for i := d.hash(t) & last; ; i = (i + 1) & last {
		id := graph.ID(ids[i].Load())
		if id == 0 {
			return 0, false
		}
		// Terms are stored before their ids.
		if (*d.terms[id.Space()].Load())[id.Sequence()] == t {
			return id, true
		}
	}
}

func (d *dictionary) intern(t graph.Term) graph.ID {
	if id, ok := graph.Inline(t); ok {
		return id
	}
	if id, ok := d.lookup(t); ok {
		return id
	}
	space := graph.SpaceOf(t)
	// Readers hold older headers of the same array: appending past their length is no race.
	grown := append(*d.terms[space].Load(), t)
	d.terms[space].Store(&grown)
	id := graph.InSpace(space, uint64(len(grown)-1))
	d.add(t, id)
	return id
}

// add puts the id of a term that has none yet into the table.
func (d *dictionary) add(t graph.Term, id graph.ID) {
	ids := d.ids.Load()
	if d.known++; 2*d.known > len(*ids) {
		larger := newTable(2 * len(*ids))
		for i := range *ids {
			if id := graph.ID((*ids)[i].Load()); id != 0 {
				larger.put(d.hash((*d.terms[id.Space()].Load())[id.Sequence()]), id)
			}
		}
		ids = larger
	}
	ids.put(d.hash(t), id)
	d.ids.Store(ids)
}

func (t *table) put(hash uint64, id graph.ID) {
	last := uint64(len(*t) - 1)
	i := hash & last
	for (*t)[i].Load() != 0 {
		i = (i + 1) & last
	}
	(*t)[i].Store(uint64(id))
}

func (d *dictionary) hash(t graph.Term) uint64 { return maphash.Comparable(d.seed, t) }

type counts [graph.Texts + 1]uint64

func (d *dictionary) counts() (n counts) {
	for i := range d.terms {
		n[i] = uint64(len(*d.terms[i].Load()))
	}
	return n
}
