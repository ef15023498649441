package query

import (
	"slices"
	"sync"

	"chancery/graph"
	"chancery/schema"
)

// Sets of ids are followed along relations without the claims that relate them:
// conditions need no more. What has only one value of a predicate is told by its
// column, and only the others are read.

// scratch are links that are read through and forgotten.
var scratch = pool[graph.Links]{bytes: func(l *graph.Links) int { return bytesOf(l.All) + bytesOf(l.Ends) }}

// reach returns what a relation leads to from any of the ids, ascending.
func (r *run) reach(of []graph.ID, f *schema.Field) ([]graph.ID, error) {
	return r.reachSifted(of, f, nil)
}

// reachSifted is reach of what passes a sieve; nil: all does.
func (r *run) reachSifted(of []graph.ID, f *schema.Field, s *sieve) ([]graph.ID, error) {
	var out []graph.ID
	var err error
	switch {
	case f.Class.Name == "Claim" || f.Range.Name == "Claim":
		found, err := r.relate(of, f)
		if err != nil {
			return nil, err
		}
		out = ascending(found.objects())
		if s != nil {
			out, err = s.sift(out)
		}
		return out, err
	case f.Inverse:
		out, err = r.reachBack(of, f, s)
	default:
		if out, err = r.reachOn(of, f); err == nil && s != nil {
			out, err = s.sift(out)
		}
	}
	if err != nil {
		return nil, err
	}
	return r.keepWithin(out[:0], out, f.Range)
}

// reachOn follows a relation forwards.
func (r *run) reachOn(of []graph.ID, f *schema.Field) ([]graph.ID, error) {
	var out []graph.ID
	unsure, err := r.eachNumber(of, f, func(c graph.Column, numbers []uint32) {
		out = appendObjects(out, c, numbers)
	})
	if err != nil {
		return nil, err
	}
	if len(unsure) > 0 {
		found, err := r.relate(unsure, f)
		if err != nil {
			return nil, err
		}
		out = append(out, found.objects()...)
	}
	return ascending(out), nil
}

// numbersOf is [graph.Column.Numbers], with the help of others where the ids are many.
func (r *run) numbersOf(numbers []uint32, c graph.Column, of []graph.ID, claims *graph.Set) error {
	return r.op.engine.helpers.inParts(len(of), func(from, to int) error {
		c.Numbers(numbers[from:to], of[from:to], claims)
		return r.ctx.Err()
	})
}

// eachNumber tells what the columns of a relation have at each of the ids: of each
// predicate's column the numbers of the only objects, where 0 is none and graph.Unsure
// what others have to tell; the list is good until tell returns. It returns the ids, in
// their order, of which the columns do not tell all.
func (r *run) eachNumber(of []graph.ID, f *schema.Field, tell func(c graph.Column, numbers []uint32)) (unsure []graph.ID, err error) {
	columns, ok, err := r.columnsOf(f, of)
	if err != nil || !ok {
		return of, err
	}
	claims, hides := r.claimsFor(f.Class), r.hidesAny(f)
	room := numbersRoom.get()
	defer numbersRoom.put(room)
	*room = slices.Grow((*room)[:0], len(of))
	numbers := (*room)[:len(of)]
	var untold []bool // by index; nil: none yet
	for _, column := range columns {
		if err := r.numbersOf(numbers, column, of, claims); err != nil {
			return nil, err
		}
		for i, n := range numbers {
			if n == graph.Unsure || n == 0 && hides {
				if untold == nil {
					untold = make([]bool, len(of))
				}
				untold[i] = true
			}
		}
		tell(column, numbers)
	}
	for i, is := range untold {
		if is {
			unsure = append(unsure, of[i])
		}
	}
	return unsure, nil
}

// reachBack follows a relation from objects to subjects: all that name one of
// them and pass the sieve, if there is one, of which those are kept that are shown to.
func (r *run) reachBack(of []graph.ID, f *schema.Field, s *sieve) ([]graph.ID, error) {
	// Those that an admitted claim names are spoken of by it.
	var out, admitted, hidden []graph.ID
	for _, p := range f.Predicates {
		named, others, err := r.naming(of, f, p, s)
		if err != nil {
			return nil, err
		}
		hidden = append(hidden, others...)
		shown, others, err := r.plain(named, p)
		if err != nil {
			return nil, err
		}
		admitted = append(admitted, others...)
		if out == nil {
			out = shown
		} else {
			out = ascending(append(out, shown...))
		}
	}
	if len(admitted) > 0 {
		more, err := r.through(ascending(admitted), mirrored(f), of)
		if err != nil {
			return nil, err
		}
		out = ascending(append(out, more...))
	}
	if len(hidden) > 0 {
		more, err := r.through(ascending(hidden), mirrored(f), of)
		if err != nil {
			return nil, err
		}
		if more, err = r.spoken(more); err != nil {
			return nil, err
		}
		out = ascending(append(out, more...))
	}
	return out, nil
}

// namedAtOnce is up to how many objects are asked together for what names them, when
// that goes through a sieve: there is no need to hold it all.
const namedAtOnce = 4

// naming reads the subjects that name one of the objects by a predicate: admitted are
// those of admitted claims, ascending, and hidden those of others that may be shown.
func (r *run) naming(of []graph.ID, f *schema.Field, p *schema.Predicate, s *sieve) (admitted, hidden []graph.ID, err error) {
	claims := r.claimsFor(f.Class)
	known := claims
	if r.hides(p) {
		known = r.view.Known()
	}
	if known == claims && (s == nil || s.when == nil && s.within == nil) {
		if admitted, ok, err := r.namingListed(of, p, claims, s); ok || err != nil {
			return admitted, nil, err
		}
	}
	read := 0
	links := scratch.get()
	defer scratch.put(links)
	for len(of) > 0 {
		objects := of
		if s != nil {
			objects = of[:min(len(of), namedAtOnce)]
		}
		of = of[len(objects):]
		links.Reset()
		if err := r.followSieved(links, objects, p.IRI, known, s); err != nil {
			return nil, nil, err
		}
		if admitted == nil {
			admitted = r.room.ids.take(len(links.All))
		}
		read += len(links.All)
		before, hiddenBefore := len(admitted), len(hidden)
		for _, l := range links.All {
			if known == claims || claims.Has(l.Label) {
				admitted = append(admitted, l.To)
			} else {
				hidden = append(hidden, l.To)
			}
		}
		if s != nil {
			passed, err := s.sift(admitted[before:])
			if err != nil {
				return nil, nil, err
			}
			admitted = admitted[:before+len(passed)]
			if passed, err = s.sift(hidden[hiddenBefore:]); err != nil {
				return nil, nil, err
			}
			hidden = hidden[:hiddenBefore+len(passed)]
		}
	}
	if column, ok, err := r.columnFor(p.IRI, 0); err != nil {
		return nil, nil, err
	} else if ok {
		if err := column.Followed(r.ctx, read); err != nil {
			return nil, nil, err
		}
	}
	return r.room.ids.trim(ascending(admitted)), hidden, nil
}

// namingListed is naming where the column has lists of what names its objects; ok is false
// where it has none.
func (r *run) namingListed(of []graph.ID, p *schema.Predicate, claims *graph.Set, s *sieve) (nodes []graph.ID, ok bool, err error) {
	column, ok, err := r.columnFor(p.IRI, 0)
	if err != nil || !ok {
		return nil, false, err
	}
	if !column.Listed() {
		return nil, false, nil
	}
	var tests []*objectTest
	nodes = r.room.ids.take(firstPiece / 2)
	for _, object := range of {
		if err := r.ctx.Err(); err != nil {
			return nil, false, err
		}
		read := 1
		ok, err := column.Naming(object, claims, func(some []graph.ID) error {
			read += len(some)
			if s != nil {
				if tests == nil {
					tests = s.tests(column.Objects())
				}
				n, inside, err := s.siftPart(some, tests)
				if err != nil {
					return err
				}
				s.inside, some = s.inside && inside, some[:n]
			}
			nodes = append(nodes, some...)
			return nil
		})
		if err != nil || !ok {
			return nil, false, err
		}
		if err := r.view.Spend(read); err != nil {
			return nil, false, err
		}
	}
	return r.room.ids.trim(ascending(nodes)), true, nil
}

// plain puts subjects apart that an admitted claim relates to something by the
// predicate: shown are those of which nothing else can be shown, as they say nothing
// else or the predicate takes many; others are the rest. The list of subjects is used up.
func (r *run) plain(subjects []graph.ID, p *schema.Predicate) (shown, others []graph.ID, err error) {
	if !p.Single {
		return subjects, nil, nil
	}
	column, ok, err := r.columnOf(p.IRI, subjects)
	if err != nil || !ok {
		return nil, subjects, err
	}
	shown, others = column.Lone(subjects[:0], nil, subjects)
	return shown, others, nil
}

// hidesAny reports whether one of a relation's predicates may be shown of claims that
// are not admitted: then subjects count that an admitted claim speaks of.
func (r *run) hidesAny(f *schema.Field) bool { return slices.ContainsFunc(f.Predicates, r.hides) }

// spoken keeps the ids that some admitted claim speaks of.
func (r *run) spoken(of []graph.ID) ([]graph.ID, error) {
	spoken, err := r.spokenOf(of)
	if err != nil {
		return nil, err
	}
	kept := of[:0]
	for i, id := range of {
		if spoken[i] {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

// through keeps the ids that a relation leads from to one of the objects, both
// ascending.
func (r *run) through(of []graph.ID, f *schema.Field, objects []graph.ID) ([]graph.ID, error) {
	wanted, kept := newIDSet(objects), r.room.ids.take(len(of))
	unsure, err := r.eachNumber(of, f, func(c graph.Column, numbers []uint32) {
		meets := meetingObjects(c, wanted.has, len(of))
		for i, n := range numbers {
			if meets.number(n) {
				kept = append(kept, of[i])
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if len(unsure) > 0 {
		found, err := r.relate(unsure, f)
		if err != nil {
			return nil, err
		}
		for i, id := range unsure {
			if slices.ContainsFunc(found.of(i), func(it item) bool { return wanted.has(it.to) }) {
				kept = append(kept, id)
			}
		}
	}
	return r.room.ids.trim(ascending(kept)), nil
}

// columnsOf returns the columns of a relation's predicates; ok is false where one
// is not there, or the relation is inverse.
func (r *run) columnsOf(f *schema.Field, subjects []graph.ID) (columns []graph.Column, ok bool, err error) {
	if f.Inverse {
		return nil, false, nil
	}
	for _, p := range f.Predicates {
		column, ok, err := r.columnOf(p.IRI, subjects)
		if err != nil || !ok {
			return nil, false, err
		}
		columns = append(columns, column)
	}
	return columns, true, nil
}

// manyIDs is from how many ids a set of nodes sorts them faster.
const manyIDs = 1024

// ascending sorts ids and drops what comes twice.
func ascending(ids []graph.ID) []graph.ID {
	if slices.IsSorted(ids) {
		return slices.Compact(ids)
	}
	if len(ids) < manyIDs || slices.ContainsFunc(ids, notNode) {
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	set := nodeSets.Get().(*nodeSet)
	for _, id := range ids {
		set.add(id)
	}
	ids = set.appendTo(ids[:0])
	set.reset()
	nodeSets.Put(set)
	return ids
}

// nodeSets are empty.
var nodeSets = sync.Pool{New: func() any { return new(nodeSet) }}

func notNode(id graph.ID) bool { return id.Space() != graph.Nodes }

// idSet tells quickly what is among some ascending ids.
type idSet struct {
	ids   []graph.ID
	nodes *nodeSet // the ids, if they are several nodes
}

func newIDSet(ids []graph.ID) idSet {
	s := idSet{ids: ids}
	if len(ids) > 4 && !slices.ContainsFunc(ids, notNode) {
		s.nodes = new(nodeSet)
		for _, id := range ids {
			s.nodes.add(id)
		}
	}
	return s
}

func (s idSet) has(id graph.ID) bool {
	if s.nodes != nil {
		return id.Space() == graph.Nodes && s.nodes.has(id)
	}
	if len(s.ids) <= 4 {
		return slices.Contains(s.ids, id)
	}
	_, found := slices.BinarySearch(s.ids, id)
	return found
}
