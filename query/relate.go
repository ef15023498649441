package query

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// item is one related object of a row: what it is, and the claims that relate it.
type item struct {
	to     graph.ID
	claims []graph.Link // their To does not matter
}

// items are the related objects of a list of rows, each once, ascending by id:
// those of row i lie between ends[i-1] and ends[i].
type items struct {
	all  []item
	ends []int
}

func (s *items) of(i int) []item {
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.all[from:s.ends[i]]
}

// relateMeeting is relate of what meets a condition, as far as that can be told of
// what the store has before it is looked at more closely. It returns what is left of
// the condition.
func (r *run) relateMeeting(rows []row, f *schema.Field, condition filter) (*items, filter, error) {
	of := ids(rows)
	if len(f.Predicates) > 1 || !f.Inverse || f.Class.Name == "Claim" || f.Range.Name == "Claim" {
		out, err := r.relate(of, f)
		return out, condition, err
	}
	rest := condition
	out := &items{ends: make([]int, 0, len(of))}
	w, err := r.whenOf(condition, rows)
	if err != nil {
		return nil, nil, err
	}
	err = r.relateBack(out, of, f, f.Predicates[0], w, func(subjects []graph.ID) ([]graph.ID, error) {
		c, err := r.goOn(part{narrowBy, condition}, -1, &candidates{ids: subjects}, true)
		if err != nil || c == nil {
			return subjects, err
		}
		rest = c.rest
		return c.ids, nil
	})
	if err != nil {
		return nil, nil, err
	}
	return out, rest, r.keepRange(out, f.Range)
}

// relate reads what a relation leads to from each of the ids.
func (r *run) relate(of []graph.ID, f *schema.Field) (*items, error) {
	if len(f.Predicates) == 1 {
		out, err := r.relateOne(of, f, f.Predicates[0])
		if err != nil {
			return nil, err
		}
		return out, r.keepRange(out, f.Range)
	}
	out := &items{ends: make([]int, 0, len(of))}
	each := make([]*items, 0, len(f.Predicates))
	for _, p := range f.Predicates {
		one, err := r.relateOne(of, f, p)
		if err != nil {
			return nil, err
		}
		if len(one.all) > 0 {
			each = append(each, one)
		}
	}
	for i := range of {
		begin := len(out.all)
		for _, one := range each {
			out.all = append(out.all, one.of(i)...)
		}
		if len(each) > 1 {
			out.all = append(out.all[:begin], mergeItems(out.all[begin:])...)
		}
		out.ends = append(out.ends, len(out.all))
	}
	return out, r.keepRange(out, f.Range)
}

// relateBare is relate for who asks for no claims: the items may have none.
func (r *run) relateBare(of []graph.ID, f *schema.Field) (*items, error) {
	if len(f.Predicates) != 1 || f.Inverse || !f.Predicates[0].Single {
		return r.relate(of, f)
	}
	shown, err := r.shownIDs(of, f.Predicates[0], r.claimsFor(f.Class))
	if err != nil {
		return nil, err
	}
	out := &items{all: make([]item, 0, len(of)), ends: make([]int, len(of))}
	for i, id := range shown {
		if id != 0 {
			out.all = append(out.all, item{to: id})
		}
		out.ends[i] = len(out.all)
	}
	return out, r.keepRange(out, f.Range)
}

// mirrored is a relation read from the other side: what it leads to from an
// object is what leads there.
func mirrored(f *schema.Field) *schema.Field {
	return &schema.Field{Name: f.Name, Class: f.Range, Range: f.Class, Inverse: !f.Inverse, Predicates: f.Predicates}
}

// mergeItems sorts items and makes one of those that lead to the same object.
func mergeItems(list []item) []item {
	slices.SortStableFunc(list, func(a, b item) int { return cmp.Compare(a.to, b.to) })
	out := list[:0]
	for _, it := range list {
		if n := len(out); n > 0 && out[n-1].to == it.to {
			out[n-1].claims = append(slices.Clip(out[n-1].claims), it.claims...)
			continue
		}
		out = append(out, it)
	}
	return out
}

// relateOne follows one predicate.
func (r *run) relateOne(of []graph.ID, f *schema.Field, p *schema.Predicate) (*items, error) {
	claims := r.claimsFor(f.Class)
	out := &items{ends: make([]int, 0, len(of))}
	if f.Inverse {
		return out, r.relateBack(out, of, f, p, nil, nil)
	}
	if p.Single {
		s, err := r.show(of, p, claims)
		if err != nil {
			return nil, err
		}
		out.all = make([]item, 0, len(of))
		for i := range of {
			if v := s.value(i); v != 0 {
				out.all = append(out.all, item{to: v, claims: s.claims(i)})
			}
			out.ends = append(out.ends, len(out.all))
		}
		return out, nil
	}
	each, err := r.said(of, p.IRI, claims)
	if err != nil {
		return nil, err
	}
	for _, links := range each {
		out.all = appendItems(out.all, links)
		out.ends = append(out.ends, len(out.all))
	}
	return out, nil
}

// columnOf returns the column of a predicate where there is one that has the
// subjects: claims are in none.
func (r *run) columnOf(predicate string, subjects []graph.ID) (graph.Column, bool, error) {
	if len(subjects) > 0 && subjects[0].Space() != graph.Nodes {
		return graph.Column{}, false, nil
	}
	return r.columnFor(predicate, len(subjects))
}

// columnFor returns the column of a predicate, where one is worth it for so many rows.
func (r *run) columnFor(predicate string, rows int) (graph.Column, bool, error) {
	if r.straight() {
		return graph.Column{}, false, nil
	}
	return r.view.Column(r.ctx, predicate, rows)
}

// appendItems makes one item of each run of links to the same object.
func appendItems(dst []item, links []graph.Link) []item {
	for len(links) > 0 {
		var same []graph.Link
		same, links = graph.NextObject(links)
		dst = append(dst, item{to: same[0].To, claims: same})
	}
	return dst
}

// relateBack follows a predicate from objects to subjects. Of a single-valued
// predicate only the pairs count that are shown from the subject's side. Only those
// subjects count whose date can be as w says, and that narrow leaves of all, ascending;
// nil: all do.
func (r *run) relateBack(out *items, of []graph.ID, f *schema.Field, p *schema.Predicate, w *when, narrow func([]graph.ID) ([]graph.ID, error)) error {
	claims := r.claimsFor(f.Range)
	known, hides := claims, r.hides(p) && f.Range.Name != "Claim"
	if hides {
		known = r.view.Known()
	}
	all := scratch.get()
	defer scratch.put(all)
	all.Reset()
	if err := r.followBack(all, of, p.IRI, known, w); err != nil {
		return err
	}
	if narrow != nil {
		if err := narrowLinks(all, narrow); err != nil {
			return err
		}
	}
	// What is left is as long as it must be; the items keep it.
	links := graph.Links{All: slices.Clone(all.All), Ends: all.Ends}
	if !p.Single || f.Range.Name == "Claim" {
		for i := range of {
			out.all = appendItems(out.all, links.Of(i))
			out.ends = append(out.ends, len(out.all))
		}
		return nil
	}
	// Where the object that a link comes from is the only one of its subject and
	// admitted, it is shown from there too.
	sole, err := r.soleLinks(links.All, p, claims)
	if err != nil {
		return err
	}
	subjects := make([]graph.ID, 0, len(links.All))
	for i, l := range links.All {
		if !sole[i] {
			subjects = append(subjects, l.To)
		}
	}
	slices.Sort(subjects)
	subjects = slices.Compact(subjects)
	s, err := r.show(subjects, p, claims)
	if err != nil {
		return err
	}
	var spoken []bool
	if hides {
		if spoken, err = r.spokenOf(subjects); err != nil {
			return err
		}
	}
	out.all = slices.Grow(out.all, len(links.All))
	begin := 0
	for i, object := range of {
		of, sole := links.Of(i), sole[begin:links.Ends[i]]
		begin = links.Ends[i]
		for from := 0; from < len(of); {
			to := from + 1
			for to < len(of) && of[to].To == of[from].To {
				to++
			}
			if sole[from] {
				out.all = append(out.all, item{to: of[from].To, claims: admitted(of[from:to], claims)})
			} else if at, _ := slices.BinarySearch(subjects, of[from].To); s.value(at) == object && (spoken == nil || spoken[at]) {
				out.all = append(out.all, item{to: of[from].To, claims: s.claims(at)})
			}
			from = to
		}
		out.ends = append(out.ends, len(out.all))
	}
	return nil
}

// narrowLinks drops the links that lead to nothing that narrow leaves.
func narrowLinks(links *graph.Links, narrow func([]graph.ID) ([]graph.ID, error)) error {
	subjects := make([]graph.ID, len(links.All))
	for i, l := range links.All {
		subjects[i] = l.To
	}
	left, err := narrow(ascending(subjects))
	if err != nil {
		return err
	}
	if len(links.Ends) == 1 {
		links.All = keepAscending(links.All, left)
		links.Ends[0] = len(links.All)
		return nil
	}
	to := newIDSet(left)
	kept, begin := links.All[:0], 0
	for i, end := range links.Ends {
		for ; begin < end; begin++ {
			if l := links.All[begin]; to.has(l.To) {
				kept = append(kept, l)
			}
		}
		links.Ends[i] = len(kept)
	}
	links.All = kept
	return nil
}

// keepAscending keeps the links that lead to one of the ids, both ascending.
func keepAscending(links []graph.Link, to []graph.ID) []graph.Link {
	kept := links[:0]
	for _, l := range links {
		for len(to) > 0 && to[0] < l.To {
			to = to[1:]
		}
		if len(to) == 0 {
			break
		}
		if to[0] == l.To {
			kept = append(kept, l)
		}
	}
	return kept
}

// soleLinks reports of each of some inverse links whether its subject has one object
// only by the predicate, which an admitted claim gives, as far as the column tells.
func (r *run) soleLinks(links []graph.Link, p *schema.Predicate, claims *graph.Set) ([]bool, error) {
	sole := make([]bool, len(links))
	column, ok, err := r.columnFor(p.IRI, len(links))
	if err != nil || !ok {
		return sole, err
	}
	var subjects [placesAtOnce]graph.ID
	var places [placesAtOnce]graph.Place
	for from := 0; from < len(links); from += placesAtOnce {
		part := links[from:min(from+placesAtOnce, len(links))]
		for i, l := range part {
			subjects[i] = l.To
		}
		column.Places(places[:], subjects[:len(part)], claims)
		for i := range part {
			sole[from+i] = places[i].Sole && places[i].To != 0
		}
	}
	return sole, nil
}

// admitted keeps the links whose claims are in the set: as they are, if all are.
func admitted(links []graph.Link, claims *graph.Set) []graph.Link {
	out := func(l graph.Link) bool { return !claims.Has(l.Label) }
	if !slices.ContainsFunc(links, out) {
		return links
	}
	return slices.DeleteFunc(slices.Clone(links), out)
}

// spokenOf reports for each id whether it is the subject of a fact of some
// admitted claim.
func (r *run) spokenOf(of []graph.ID) ([]bool, error) {
	out := make([]bool, len(of))
	if err := r.findTypes(len(of)); err != nil {
		return nil, err
	}
	var unsure []int
	var places [placesAtOnce]graph.Place
	for from := 0; from < len(of); from += placesAtOnce {
		part := of[from:min(from+placesAtOnce, len(of))]
		if r.hasTypes {
			r.types.Places(places[:], part, r.view.Facts())
		}
		for i := range part {
			if out[from+i] = places[i].Sole && places[i].To != 0; !out[from+i] {
				unsure = append(unsure, from+i)
			}
		}
	}
	if len(unsure) == 0 {
		return out, nil
	}
	ids := make([]graph.ID, len(unsure))
	for i, at := range unsure {
		ids[i] = of[at]
	}
	types, err := r.said(ids, graph.Type, r.view.Facts())
	if err != nil {
		return nil, err
	}
	for i, at := range unsure {
		if len(types[i]) > 0 {
			out[at] = true
			continue
		}
		err := r.view.Quads(r.ctx, graph.Pattern{Subject: ids[i]}, func(q graph.Quad) bool {
			out[at] = r.view.Facts().Has(q.Label)
			return !out[at]
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// keepRange drops the items whose class is not within the range.
func (r *run) keepRange(s *items, within *schema.Class) error {
	inside := make([]bool, len(s.all))
	err := r.eachClass(s.objects(), func(i int, c *schema.Class) { inside[i] = c != nil && c.Is(within) })
	s.keep(func(i int) bool { return inside[i] })
	return err
}

// objects returns what the items lead to.
func (s *items) objects() []graph.ID {
	out := make([]graph.ID, len(s.all))
	for i, it := range s.all {
		out[i] = it.to
	}
	return out
}

// keep drops the items that do not meet the condition, given their index.
func (s *items) keep(meets func(i int) bool) {
	kept, begin := 0, 0
	for row, end := range s.ends {
		for i := begin; i < end; i++ {
			if meets(i) {
				s.all[kept] = s.all[i]
				kept++
			}
		}
		begin, s.ends[row] = end, kept
	}
	s.all = s.all[:kept]
}
