package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// numbers are those of the values of each of a list of nodes. Number 0 is
// nothing, which a node without a value has.
type numbers struct {
	all  []uint32
	ends []int // of each node, in all; nil: each has one
}

func (n *numbers) of(node int) []uint32 {
	if n.ends == nil {
		return n.all[node : node+1]
	}
	begin := 0
	if node > 0 {
		begin = n.ends[node-1]
	}
	return n.all[begin:n.ends[node]]
}

// through puts in place of each number those that further has of it: further is of
// a list whose element i has number i+1. Each node has each number once.
func (n *numbers) through(further *numbers) *numbers {
	if n.ends == nil && further.ends == nil {
		for i, number := range n.all {
			if number > 0 {
				n.all[i] = further.all[number-1]
			}
		}
		return n
	}
	out := &numbers{}
	for i := range n.nodes() {
		begin := len(out.all)
		for _, number := range n.of(i) {
			if number > 0 {
				out.all = append(out.all, further.of(int(number)-1)...)
			}
		}
		out.end(begin)
	}
	return out
}

// end ends the node whose numbers begin there, in any order and perhaps repeated.
func (n *numbers) end(begin int) {
	of := n.all[begin:]
	slices.Sort(of)
	of = slices.Compact(of)
	if len(of) > 0 && of[0] == 0 {
		of = slices.Delete(of, 0, 1)
	}
	n.all = n.all[:begin+len(of)]
	n.close(begin)
}

// close ends the node whose numbers, each once and none nothing, begin there.
func (n *numbers) close(begin int) {
	if len(n.all) == begin {
		n.all = append(n.all, 0)
	}
	n.ends = append(n.ends, len(n.all))
}

func (n *numbers) nodes() int {
	if n.ends == nil {
		return len(n.all)
	}
	return len(n.ends)
}

// reached are the objects that each of a list of nodes relates to.
type reached struct {
	numbers
	objects numbering
}

// reachEach is relate for objects alone, without the claims.
func (r *run) reachEach(of []graph.ID, f *schema.Field) (*reached, error) {
	out := &reached{numbers: numbers{all: r.noNumbers(len(of))}}
	if len(f.Predicates) > 1 || f.Inverse || r.straight() {
		found, err := r.relate(of, f)
		if err == nil {
			out.fill(upTo(len(of)), found)
		}
		return out, err
	}
	unsure, err := r.soleNumbers(out.all, &out.objects, of, f.Predicates[0], r.claimsFor(f.Class))
	if err != nil {
		return nil, err
	}
	if err := r.reachWithin(out, f.Range); err != nil || len(unsure) == 0 {
		return out, err
	}
	found, err := r.relate(at(of, unsure), f)
	if err == nil {
		out.fill(unsure, found)
	}
	return out, err
}

// reachWithin drops the objects whose class is not within the range.
func (r *run) reachWithin(out *reached, within *schema.Class) error {
	if err := r.classify(out.objects.seen()); err != nil {
		return err
	}
	foreign := make([]bool, out.objects.len())
	some := false
	for i, id := range out.objects.seen() {
		c := r.class(id)
		foreign[i+1] = c == nil || !c.Is(within)
		some = some || foreign[i+1]
	}
	if some {
		for i, number := range out.all {
			if foreign[number] {
				out.all[i] = 0
			}
		}
	}
	return nil
}

// fill puts in the objects of the nodes with the given indexes, ascending, that
// have none yet.
func (d *reached) fill(nodes []int, found *items) {
	single := true
	for i := range nodes {
		single = single && len(found.of(i)) <= 1
	}
	if single {
		for i, node := range nodes {
			for _, it := range found.of(i) {
				d.all[node] = d.objects.number(it.to)
			}
		}
		return
	}
	sole := d.all
	d.all = make([]uint32, 0, len(sole)+len(found.all))
	d.ends = make([]int, 0, len(sole))
	next := 0
	for i, number := range sole {
		begin := len(d.all)
		if next < len(nodes) && nodes[next] == i {
			for _, it := range found.of(next) {
				d.all = append(d.all, d.objects.number(it.to))
			}
			next++
		} else {
			d.all = append(d.all, number) // or nothing
		}
		d.close(begin)
	}
}

// soleIDs reads what a predicate leads to from the ids that have one value of it,
// where there is a column; 0 for none. It returns the indexes of those that it
// cannot tell, as other claims may say something else of them.
func (r *run) soleIDs(of []graph.ID, p *schema.Predicate, claims *graph.Set) (out []graph.ID, unsure []int, err error) {
	out = make([]graph.ID, len(of))
	if p.IRI == graph.Source && len(of) > 0 && of[0].Space() == graph.Claims {
		r.sources(out, of, claims)
		return out, nil, r.view.Spend(len(of))
	}
	column, ok, err := r.columnOf(p.IRI, of)
	if err != nil || !ok {
		return out, upTo(len(of)), err
	}
	hides := r.hides(p)
	var places [placesAtOnce]graph.Place
	for from := 0; from < len(of); from += placesAtOnce {
		part := of[from:min(from+placesAtOnce, len(of))]
		column.Places(places[:], part, claims)
		for i := range part {
			if p := &places[i]; p.Sole && (p.To != 0 || !hides) {
				out[from+i] = p.To
			} else {
				unsure = append(unsure, from+i)
			}
		}
	}
	return out, unsure, nil
}

// soleNumbers is soleIDs that numbers the values.
func (r *run) soleNumbers(out []uint32, values *numbering, of []graph.ID, p *schema.Predicate, claims *graph.Set) (unsure []int, err error) {
	column, ok, err := r.columnOf(p.IRI, of)
	if err != nil || !ok {
		return upTo(len(of)), err
	}
	if err := r.numbersOf(out, column, of, claims); err != nil {
		return nil, err
	}
	to, hides := renumber(column, values, len(of)), r.hides(p)
	for i, n := range out {
		if n == graph.Unsure || n == 0 && hides {
			unsure = append(unsure, i)
		}
		out[i] = to.number(n)
	}
	return unsure, nil
}

// noNumbers returns n zeros.
func (r *run) noNumbers(n int) []uint32 {
	out := r.room.numbers.take(n)[:n]
	clear(out)
	return out
}

// shownNumbers is shownIDs that numbers the values, that are in the numbering then.
func (r *run) shownNumbers(values *numbering, of []graph.ID, p *schema.Predicate, claims *graph.Set) ([]uint32, error) {
	out := r.noNumbers(len(of))
	unsure, err := r.soleNumbers(out, values, of, p, claims)
	if err != nil || len(unsure) == 0 {
		return out, err
	}
	s, err := r.show(at(of, unsure), p, claims)
	if err != nil {
		return nil, err
	}
	for i, index := range unsure {
		out[index] = values.number(s.value(i))
	}
	return out, nil
}

// sources sets out to the source of each claim: it has one, which itself says, and the
// graph knows it without the store.
func (r *run) sources(out, of []graph.ID, claims *graph.Set) {
	for i, claim := range of {
		if claims.Has(claim) {
			out[i] = r.view.Stays(r.view.Record(claim).Source)
		}
	}
}

// shownIDs reads the values that show tells of, without the claims; 0 for none.
func (r *run) shownIDs(of []graph.ID, p *schema.Predicate, claims *graph.Set) ([]graph.ID, error) {
	out, unsure, err := r.soleIDs(of, p, claims)
	if err != nil || len(unsure) == 0 {
		return out, err
	}
	s, err := r.show(at(of, unsure), p, claims)
	if err != nil {
		return nil, err
	}
	for i, index := range unsure {
		out[index] = s.value(i)
	}
	return out, nil
}

// upTo returns the indexes of n elements.
func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
