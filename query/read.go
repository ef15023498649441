package query

import (
	"cmp"
	"context"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// run answers one root field. It belongs to one goroutine.
type run struct {
	ctx      context.Context
	op       *Operation
	view     *graph.View
	ontology *schema.Ontology
	vars     map[string]any

	rows      int // objects so far, against the limit
	classes   map[graph.ID]*schema.Class
	former    map[graph.ID]*schema.Class // of entities in facts that have no class any more
	stretches map[graph.ID]stretch
	listed    [2]*graph.Set // claims that lists show; second: with retracted ones
	failed    error         // of the store, while compiling: it ends the run
	facts     []fact        // see factSpace
	changes   []change      // see changeSpace
}

// row is one object that a selection or a filter is about: its id, and the
// nearest event, tenure or membership around it (0: none).
type row struct {
	id, around graph.ID
	// former: an entity that no known claim gives a class is shown as what it was.
	former bool
}

func ids(rows []row) []graph.ID {
	out := make([]graph.ID, len(rows))
	for i, r := range rows {
		out[i] = r.id
	}
	return out
}

// inside returns what is around the objects that r relates to.
func (r *run) inside(at row) graph.ID {
	if c := r.classes[at.id]; c != nil && c.Time != schema.Timeless {
		return at.id
	}
	return at.around
}

// claimsFor returns the claims that a predicate of a class is read from.
func (r *run) claimsFor(c *schema.Class) *graph.Set {
	if c.Name == "Claim" {
		return r.view.Recorded()
	}
	return r.view.Facts()
}

// classify looks up the class of every id, in one read, and keeps it in
// r.classes: nil for what is no entity and no claim.
func (r *run) classify(ids []graph.ID) error {
	var unseen []graph.ID
	for _, id := range ids {
		if _, seen := r.classes[id]; seen {
			continue
		}
		r.classes[id] = nil
		switch id.Space() {
		case graph.Claims:
			if r.view.Recorded().Has(id) {
				r.classes[id] = r.ontology.Class("Claim")
			}
		case graph.Nodes:
			unseen = append(unseen, id)
		}
	}
	if len(unseen) == 0 {
		return nil
	}
	var links graph.Links
	if err := r.view.Follow(r.ctx, &links, unseen, graph.Type, false, r.view.Known()); err != nil {
		return err
	}
	for i, id := range unseen {
		r.classes[id], _ = r.classAmong(links.Of(i))
	}
	return nil
}

// classifyFormer looks up, for ids that have no class, the one that claims since
// retracted or denied gave them: facts are still told of them.
func (r *run) classifyFormer(ids []graph.ID) error {
	var gone []graph.ID
	for _, id := range ids {
		if _, seen := r.former[id]; !seen && r.classes[id] == nil && id.Space() == graph.Nodes {
			r.former[id] = nil
			gone = append(gone, id)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	var links graph.Links
	if err := r.view.Follow(r.ctx, &links, gone, graph.Type, false, r.view.Recorded()); err != nil {
		return err
	}
	for i, id := range gone {
		r.former[id], _ = r.classAmong(links.Of(i))
	}
	return nil
}

// classOf is the class that a row is shown as.
func (r *run) classOf(at row) *schema.Class {
	if c := r.classes[at.id]; c != nil || !at.former {
		return c
	}
	return r.former[at.id]
}

// classAmong returns the class that the type links of one entity give it, and
// the preferred claim that does.
func (r *run) classAmong(links []graph.Link) (class *schema.Class, claim graph.ID) {
	for _, l := range links {
		c := r.ontology.ClassByIRI(r.view.Name(l.To))
		switch {
		case c == nil || c.Enum == "":
		case class == nil, class.Yields && !c.Yields,
			class.Yields == c.Yields && r.view.Prefer(r.ctx, l.Label, claim) < 0:
			class, claim = c, l.Label
		}
	}
	return class, claim
}

// shown holds, for each of a list of subjects, the one value of a single-valued
// predicate that is shown and the claims that say it.
type shown struct {
	links    graph.Links
	from, to []int // the shown value's links are links.All[from[i]:to[i]]; none: empty
}

// value returns the value shown for subject i; 0 for none.
func (s *shown) value(i int) graph.ID {
	if s.from[i] == s.to[i] {
		return 0
	}
	return s.links.All[s.from[i]].To
}

// claims returns the links that say the value of subject i.
func (s *shown) claims(i int) []graph.Link { return s.links.All[s.from[i]:s.to[i]] }

// show reads the values of a single-valued predicate that the perspective shows.
// A required relation that no admitted claim gives is read from the claim that
// gives the subject its class.
func (r *run) show(subjects []graph.ID, p *schema.Predicate, claims *graph.Set) (*shown, error) {
	s := &shown{from: make([]int, len(subjects)), to: make([]int, len(subjects))}
	if err := r.view.Follow(r.ctx, &s.links, subjects, p.IRI, false, claims); err != nil {
		return nil, err
	}
	var missing []int
	for i := range subjects {
		s.from[i], s.to[i] = r.preferred(&s.links, i)
		if s.from[i] == s.to[i] {
			missing = append(missing, i)
		}
	}
	if len(missing) > 0 && r.op.engine.required[p.IRI] {
		return s, r.showRequired(s, subjects, missing, p)
	}
	return s, nil
}

// preferred returns the range of node i's links that say the value to show.
func (r *run) preferred(links *graph.Links, i int) (from, to int) {
	of := links.Of(i)
	begin := links.Ends[i] - len(of)
	best := -1
	for at, l := range of {
		if best < 0 || r.view.Prefer(r.ctx, l.Label, of[best].Label) < 0 {
			best = at
		}
	}
	if best < 0 {
		return begin, begin
	}
	// Links ascend by value: all that say the same lie around the best.
	from, to = best, best+1
	for from > 0 && of[from-1].To == of[best].To {
		from--
	}
	for to < len(of) && of[to].To == of[best].To {
		to++
	}
	return begin + from, begin + to
}

// preferAmong is negative when the first of two lists of claims has one that is
// preferred to all of the other.
func (r *run) preferAmong(a, b []graph.Link) int {
	best := func(of []graph.Link) graph.ID {
		return slices.MinFunc(of, func(a, b graph.Link) int { return r.view.Prefer(r.ctx, a.Label, b.Label) }).Label
	}
	return r.view.Prefer(r.ctx, best(a), best(b))
}

// showRequired fills in the subjects that have no admitted value, from the claim
// that gives each its class.
func (r *run) showRequired(s *shown, subjects []graph.ID, missing []int, p *schema.Predicate) error {
	lacking := make([]graph.ID, len(missing))
	for i, at := range missing {
		lacking[i] = subjects[at]
	}
	var types, values graph.Links
	if err := r.view.Follow(r.ctx, &types, lacking, graph.Type, false, r.view.Known()); err != nil {
		return err
	}
	if err := r.view.Follow(r.ctx, &values, lacking, p.IRI, false, r.view.Known()); err != nil {
		return err
	}
	for i, at := range missing {
		_, claim := r.classAmong(types.Of(i))
		for _, l := range values.Of(i) {
			if l.Label == claim {
				s.from[at] = len(s.links.All)
				s.links.All = append(s.links.All, l)
				s.to[at] = len(s.links.All)
				break
			}
		}
	}
	return nil
}

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

// relate reads what a relation leads to from each of the ids.
func (r *run) relate(of []graph.ID, f *schema.Field) (*items, error) {
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
		return out, r.relateBack(out, of, f, p)
	}
	if p.Single {
		s, err := r.show(of, p, claims)
		if err != nil {
			return nil, err
		}
		for i := range of {
			if v := s.value(i); v != 0 {
				out.all = append(out.all, item{to: v, claims: s.claims(i)})
			}
			out.ends = append(out.ends, len(out.all))
		}
		return out, nil
	}
	var links graph.Links
	if err := r.view.Follow(r.ctx, &links, of, p.IRI, false, claims); err != nil {
		return nil, err
	}
	for i := range of {
		out.all = appendItems(out.all, links.Of(i))
		out.ends = append(out.ends, len(out.all))
	}
	return out, nil
}

// appendItems makes one item of each run of links to the same object.
func appendItems(dst []item, links []graph.Link) []item {
	for from := 0; from < len(links); {
		to := from + 1
		for to < len(links) && links[to].To == links[from].To {
			to++
		}
		dst = append(dst, item{to: links[from].To, claims: links[from:to]})
		from = to
	}
	return dst
}

// relateBack follows a predicate from objects to subjects. Of a single-valued
// predicate only the pairs count that are shown from the subject's side.
func (r *run) relateBack(out *items, of []graph.ID, f *schema.Field, p *schema.Predicate) error {
	claims := r.claimsFor(f.Range)
	known, required := claims, r.op.engine.required[p.IRI] && f.Range.Name != "Claim"
	if required {
		known = r.view.Known()
	}
	var links graph.Links
	if err := r.view.Follow(r.ctx, &links, of, p.IRI, true, known); err != nil {
		return err
	}
	if !p.Single || f.Range.Name == "Claim" {
		for i := range of {
			out.all = appendItems(out.all, links.Of(i))
			out.ends = append(out.ends, len(out.all))
		}
		return nil
	}
	subjects := make([]graph.ID, 0, len(links.All))
	for _, l := range links.All {
		subjects = append(subjects, l.To)
	}
	slices.Sort(subjects)
	subjects = slices.Compact(subjects)
	s, err := r.show(subjects, p, claims)
	if err != nil {
		return err
	}
	var spoken []bool
	if required {
		if spoken, err = r.spokenOf(subjects); err != nil {
			return err
		}
	}
	for i, object := range of {
		for _, it := range appendItems(nil, links.Of(i)) {
			at, _ := slices.BinarySearch(subjects, it.to)
			if s.value(at) == object && (spoken == nil || spoken[at]) {
				out.all = append(out.all, item{to: it.to, claims: s.claims(at)})
			}
		}
		out.ends = append(out.ends, len(out.all))
	}
	return nil
}

// spokenOf reports for each id whether it is the subject of a fact of some
// admitted claim.
func (r *run) spokenOf(of []graph.ID) ([]bool, error) {
	out := make([]bool, len(of))
	var types graph.Links
	if err := r.view.Follow(r.ctx, &types, of, graph.Type, false, r.view.Facts()); err != nil {
		return nil, err
	}
	for i, id := range of {
		if len(types.Of(i)) > 0 {
			out[i] = true
			continue
		}
		err := r.view.Quads(r.ctx, graph.Pattern{Subject: id}, func(q graph.Quad) bool {
			out[i] = r.view.Facts().Has(q.Label)
			return !out[i]
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// keepRange drops the items whose class is not within the range.
func (r *run) keepRange(s *items, within *schema.Class) error {
	all := make([]graph.ID, len(s.all))
	for i, it := range s.all {
		all[i] = it.to
	}
	if err := r.classify(all); err != nil {
		return err
	}
	s.keep(func(i int) bool {
		c := r.classes[s.all[i].to]
		return c != nil && c.Is(within)
	})
	return nil
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
