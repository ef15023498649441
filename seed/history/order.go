package history

import (
	"cmp"
	"slices"
	"strings"

	"chancery/graph"
)

// ordering puts the facts of claims into an order in which the graph may have first
// seen what they name: a graph that takes them in that order gives entities and
// texts ids in the same order, and lists them alike. Of the facts that may come next,
// the first by its text does. So the order depends on nothing but what is there and in
// which order it was first seen; writing again what was taken in gives the same bytes.
//
// Terms of each dictionary get ascending ids. So a term whose id is above all that
// were met is new, and the new ones have to be met in the order of their ids.
type ordering struct {
	met   [graph.Texts + 1]graph.ID // the highest of each space
	fresh [graph.Texts + 1][]graph.ID
}

// idFact is a fact with the ids of its terms.
type idFact struct {
	graph.Fact
	ids [3]graph.ID // its terms, in the order in which a commit brings them in
}

// longestOrdered is how many facts of a claim are put into order; those of one that
// has more are in the order of their texts.
const longestOrdered = 4096

// meet notes that terms have come.
func (o *ordering) meet(ids []graph.ID) {
	for _, id := range ids {
		if s := id.Space(); s <= graph.Texts && id > o.met[s] {
			o.met[s] = id
		}
	}
}

func (o *ordering) isNew(id graph.ID) bool {
	s := id.Space()
	return s <= graph.Texts && id > o.met[s]
}

// sort puts the facts of a claim into order, and its own fields before them.
func (o *ordering) sort(claim string, facts []idFact) {
	slices.SortFunc(facts, func(a, b idFact) int { return compareFacts(claim, &a.Fact, &b.Fact) })
	is := func(meets func(*idFact) bool) int {
		if i := slices.IndexFunc(facts, func(f idFact) bool { return meets(&f) }); i >= 0 {
			return i
		}
		return len(facts)
	}
	first := is(func(f *idFact) bool { return f.Subject != claim })
	quoted := is(func(f *idFact) bool { return f.Subject != claim || rank(f.Predicate) >= rank(graph.AttributedTo) })
	after := is(func(f *idFact) bool { return f.Subject != claim || rank(f.Predicate) > rank(graph.AttributedTo) })
	o.own(facts[:quoted])
	o.sortNew(facts[quoted:after])
	o.own(facts[after:first])
	if rest := facts[first:]; len(rest) <= longestOrdered {
		o.sortNew(rest)
	}
	for i := range facts {
		o.meet(facts[i].ids[:])
	}
}

// own meets own fields that come before the facts: those of the request come after.
func (o *ordering) own(facts []idFact) {
	for i := range facts {
		if f := &facts[i]; !ofRequest(f.Predicate) {
			o.meet(f.ids[:])
		}
	}
}

// sortNew orders facts that are in the order of their texts.
func (o *ordering) sortNew(facts []idFact) {
	any := false
	for s := range o.fresh {
		o.fresh[s] = o.fresh[s][:0]
	}
	for i := range facts {
		for _, id := range facts[i].ids {
			if o.isNew(id) {
				any = true
				o.fresh[id.Space()] = append(o.fresh[id.Space()], id)
			}
		}
	}
	if !any {
		return
	}
	for s := range o.fresh {
		slices.Sort(o.fresh[s])
		o.fresh[s] = slices.Compact(o.fresh[s])
	}
	for i := range facts {
		next := i
		for next < len(facts) && !o.mayCome(&facts[next]) {
			next++
		}
		if next == len(facts) {
			next = i // unreachable unless something was erased between
		}
		f := facts[next]
		copy(facts[i+1:next+1], facts[i:next])
		facts[i] = f
		o.meet(f.ids[:])
		for s := range o.fresh {
			for len(o.fresh[s]) > 0 && o.fresh[s][0] <= o.met[s] {
				o.fresh[s] = o.fresh[s][1:]
			}
		}
	}
}

// mayCome reports whether the new terms of a fact are the next ones.
func (o *ordering) mayCome(f *idFact) bool {
	var came [graph.Texts + 1]int
	for i, id := range f.ids {
		if !o.isNew(id) || slices.Contains(f.ids[:i], id) {
			continue
		}
		s := id.Space()
		if o.fresh[s][came[s]] != id {
			return false
		}
		came[s]++
	}
	return true
}

// compareFacts orders facts of a claim by their texts: own fields first, in the order
// of the documentation.
func compareFacts(claim string, a, b *graph.Fact) int {
	if ownA, ownB := a.Subject == claim, b.Subject == claim; ownA || ownB {
		if ownA != ownB {
			if ownA {
				return -1
			}
			return 1
		}
		if c := cmp.Compare(rank(a.Predicate), rank(b.Predicate)); c != 0 {
			return c
		}
	}
	return cmp.Or(
		strings.Compare(a.Subject, b.Subject), strings.Compare(a.Predicate, b.Predicate),
		cmp.Compare(a.Object.Kind, b.Object.Kind), strings.Compare(a.Object.Text, b.Object.Text),
		strings.Compare(a.Object.Datatype, b.Object.Datatype), strings.Compare(a.Object.Language, b.Object.Language))
}

// rank is the place of an own field in ownOrder.
func rank(predicate string) int {
	if i := slices.Index(ownOrder, predicate); i >= 0 {
		return i
	}
	return len(ownOrder)
}

// ofRequest reports whether an own field is of the request that made the commit.
func ofRequest(predicate string) bool {
	switch predicate {
	case graph.RecordKey, graph.RecordDigest, graph.RetractKey, graph.RetractDigest:
		return true
	}
	return false
}
