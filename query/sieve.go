package query

import (
	"cmp"
	"slices"
	"sync"

	"chancery/graph"
)

// sieve holds conditions of a conjunction that columns can tell of nodes as they are
// read: most of them are dropped before they are put on a list.
type sieve struct {
	run    *run
	parts  []filter // what it tests
	meshes []mesh
	when   *when // what else they say of a date; nil: nothing
	// within, if it is not nil, are the stretches that alone are read, of one object.
	within []graph.Stretch
	inside bool // what passes meets the parts; else the columns could not tell of some
}

// mesh is the test of what a predicate leads to.
type mesh struct {
	column  graph.Column
	claims  *graph.Set
	hides   bool
	objects idSet // that are asked for
}

// sieveOf makes a sieve of those of the parts whose objects would be looked for anyhow,
// where it takes less to look at each of the nodes that are read, bound at most, than to
// read what the objects have; nil of none. It returns the parts that are left.
func (r *run) sieveOf(f all, order, bounds []int, bound int) (*sieve, []int, error) {
	s := &sieve{run: r, inside: true}
	var left []int
	for _, i := range order {
		if part, is := f[i].(related); is {
			m, ok, err := r.meshOf(part, bounds[i], bound)
			if err != nil {
				return nil, nil, err
			}
			if ok {
				s.parts, s.meshes = append(s.parts, part), append(s.meshes, m)
				continue
			}
		}
		left = append(left, i)
	}
	for _, i := range left {
		w, err := r.whenOf(f[i], nil)
		if err != nil {
			return nil, nil, err
		}
		s.when = s.when.narrower(w)
	}
	if len(s.meshes) == 0 && s.when == nil {
		s = nil
	}
	return s, left, nil
}

// date is what a sieve, which may be nil, has of a date.
func (s *sieve) date() *when {
	if s == nil {
		return nil
	}
	return s.when
}

// meshOf makes the test of a part that has links at most, for so many nodes; ok is false
// where it had better be dealt with later.
func (r *run) meshOf(f related, links, nodes int) (m mesh, ok bool, err error) {
	if f.field == nil || f.one == nil || f.field.Inverse || len(f.field.Predicates) > 1 || f.field.Class.Name == "Claim" {
		return m, false, nil
	}
	named, err := f.one.bound(r, mostNamed)
	if err != nil {
		return m, false, err
	}
	if (named < 0 || named > mostNamed) && nextOf(nodes, links, r.few()) != narrowBy {
		return m, false, nil
	}
	objects, only, err := f.objects(r)
	if err != nil || objects == nil || !only {
		return m, false, err
	}
	if links < 0 {
		if links, err = r.countSome(objects, mirrored(f.field)); err != nil {
			return m, false, err
		}
	}
	if !fromRows(links, nodes) {
		return m, false, nil
	}
	p := f.field.Predicates[0]
	column, ok, err := r.columnFor(p.IRI, 0)
	if err != nil || !ok {
		return m, false, err
	}
	return mesh{column, r.claimsFor(f.field.Class), r.hides(p), newIDSet(objects)}, true, nil
}

// sift keeps those of the ids that can pass, in their place.
func (s *sieve) sift(ids []graph.ID) ([]graph.ID, error) {
	type part struct {
		from, kept int
		inside     bool
	}
	var mu sync.Mutex
	var parts []part
	err := s.run.op.engine.helpers.inParts(len(ids), func(from, to int) error {
		kept, inside, err := s.siftPart(ids[from:to], s.tests(to-from))
		mu.Lock()
		defer mu.Unlock()
		parts = append(parts, part{from, kept, inside})
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.from, b.from) })
	kept := ids[:0]
	for _, p := range parts {
		kept = append(kept, ids[p.from:p.from+p.kept]...)
		s.inside = s.inside && p.inside
	}
	return kept, nil
}

// tests are what is asked about the objects of so many nodes, of each mesh. They are for
// one goroutine.
func (s *sieve) tests(nodes int) []*objectTest {
	tests := make([]*objectTest, len(s.meshes))
	for i, m := range s.meshes {
		tests[i] = meetingObjects(m.column, m.objects.has, nodes)
	}
	return tests
}

// siftPart puts the ids that can pass to the beginning of the list, and returns how many
// they are; inside, whether the columns can tell of all of them.
func (s *sieve) siftPart(ids []graph.ID, tests []*objectTest) (n int, inside bool, err error) {
	inside = true
	for i := range s.meshes {
		m := &s.meshes[i]
		if err := s.run.ctx.Err(); err != nil {
			return 0, false, err
		}
		if err := s.run.view.Spend(len(ids)); err != nil {
			return 0, false, err
		}
		meets, kept := tests[i], ids[:0]
		var numbers [placesAtOnce]uint32
		for len(ids) > 0 {
			part := ids[:min(len(ids), placesAtOnce)]
			ids = ids[len(part):]
			m.column.Numbers(numbers[:], part, m.claims)
			for k, n := range numbers[:len(part)] {
				switch {
				case meets.number(n):
					kept = append(kept, part[k])
				case n == graph.Unsure || n == 0 && m.hides:
					inside = false
					kept = append(kept, part[k])
				}
			}
		}
		ids = kept
	}
	return len(ids), inside, nil
}

// sifted is a condition that is begun with, together with those of a sieve.
type sifted struct {
	related
	*sieve
}

func (f sifted) among(r *run) (*candidates, error) { return f.amongSifted(r, f.sieve) }
func (f sifted) String() string                    { return bare(append(all{f.related}, f.parts...)) }
