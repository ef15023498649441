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

	rows        int          // objects so far, against the limit
	types       graph.Column // of the type predicate, when hasTypes
	hasTypes    bool
	typeClasses map[graph.ID]*schema.Class // by object of the type predicate
	classes     map[graph.ID]*schema.Class // of what the column does not tell
	former      map[graph.ID]*schema.Class // of entities in facts that have no class any more
	stretches   map[graph.ID]stretch
	listed      [2]*graph.Set // claims that lists show; second: with retracted ones
	failed      error         // of the store, while compiling: it ends the run
	facts       []fact        // see factSpace
	changes     []change      // see changeSpace
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
	if c := r.class(at.id); c != nil && c.Time != schema.Timeless {
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

// classify looks up the class of every id, in one read: class then tells it.
func (r *run) classify(ids []graph.ID) error {
	if !r.hasTypes {
		var err error
		if r.types, r.hasTypes, err = r.view.Column(r.ctx, graph.Type, len(ids)); err != nil {
			return err
		}
	}
	var unseen []graph.ID
	for _, id := range ids {
		if id.Space() != graph.Nodes {
			continue
		}
		if r.hasTypes {
			if _, ok := r.types.At(id); ok {
				continue
			}
		}
		if _, seen := r.classes[id]; !seen {
			r.classes[id] = nil
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

// class returns the class of an id that classify was given; nil for what is no
// entity and no claim.
func (r *run) class(id graph.ID) *schema.Class {
	switch id.Space() {
	case graph.Claims:
		if r.view.Recorded().Has(id) {
			return r.op.engine.claimClass
		}
		return nil
	case graph.Nodes:
		if r.hasTypes {
			if l, ok := r.types.At(id); ok {
				if l.To == 0 || !r.view.Known().Has(l.Label) {
					return nil
				}
				return r.classOfType(l.To)
			}
		}
	}
	return r.classes[id]
}

// classOfType is the class that an object of the type predicate names; nil for one
// that the ontology does not have.
func (r *run) classOfType(id graph.ID) *schema.Class {
	c, seen := r.typeClasses[id]
	if !seen {
		if c = r.ontology.ClassByIRI(r.view.Name(id)); c != nil && c.Enum == "" {
			c = nil
		}
		r.typeClasses[id] = c
	}
	return c
}

// classifyFormer looks up, for ids that have no class, the one that claims since
// retracted or denied gave them: facts are still told of them.
func (r *run) classifyFormer(ids []graph.ID) error {
	var gone []graph.ID
	for _, id := range ids {
		if _, seen := r.former[id]; !seen && r.class(id) == nil && id.Space() == graph.Nodes {
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
	if c := r.class(at.id); c != nil || !at.former {
		return c
	}
	return r.former[at.id]
}

// classAmong returns the class that the type links of one entity give it, and
// the preferred claim that does.
func (r *run) classAmong(links []graph.Link) (class *schema.Class, claim graph.ID) {
	for _, l := range links {
		c := r.classOfType(l.To)
		switch {
		case c == nil:
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
	unsure, missing, err := r.showSole(s, subjects, p, claims)
	if err != nil {
		return nil, err
	}
	if len(unsure) > 0 {
		of := make([]graph.ID, len(unsure))
		for i, at := range unsure {
			of[i] = subjects[at]
		}
		var links graph.Links
		if err := r.view.Follow(r.ctx, &links, of, p.IRI, false, claims); err != nil {
			return nil, err
		}
		base := len(s.links.All)
		s.links.All = append(s.links.All, links.All...)
		for i, at := range unsure {
			from, to := r.preferred(&links, i)
			s.from[at], s.to[at] = base+from, base+to
			if from == to {
				missing = append(missing, at)
			}
		}
	}
	if len(missing) > 0 && r.op.engine.required[p.IRI] {
		return s, r.showRequired(s, subjects, missing, p)
	}
	return s, nil
}

// showSole shows the values of subjects that have only one, where there is a column
// of the predicate. It returns the indexes of those that it cannot tell, and of
// those whose only value the claims do not give.
func (r *run) showSole(s *shown, subjects []graph.ID, p *schema.Predicate, claims *graph.Set) (unsure, missing []int, err error) {
	column, ok, err := r.columnOf(p.IRI, subjects)
	if err != nil {
		return nil, nil, err
	}
	if ok {
		s.links.All = make([]graph.Link, 0, len(subjects))
	}
	for i, id := range subjects {
		var l graph.Link
		sole := false
		if ok {
			l, sole = column.At(id)
		}
		switch {
		case !sole:
			unsure = append(unsure, i)
		case l.To == 0:
		case claims.Has(l.Label):
			s.from[i] = len(s.links.All)
			s.links.All = append(s.links.All, l)
			s.to[i] = len(s.links.All)
		default:
			missing = append(missing, i)
		}
	}
	return unsure, missing, nil
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
	if err := r.follow(&links, of, p.IRI, claims); err != nil {
		return nil, err
	}
	for i := range of {
		out.all = appendItems(out.all, links.Of(i))
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
	return r.view.Column(r.ctx, predicate, len(subjects))
}

// follow is View.Follow forwards, with the column of the predicate where there is
// one.
func (r *run) follow(dst *graph.Links, of []graph.ID, predicate string, claims *graph.Set) error {
	column, ok, err := r.columnOf(predicate, of)
	if err != nil {
		return err
	}
	if !ok {
		return r.view.Follow(r.ctx, dst, of, predicate, false, claims)
	}
	var unsure []graph.ID
	for _, id := range of {
		if _, sole := column.At(id); !sole {
			unsure = append(unsure, id)
		}
	}
	var several graph.Links
	if len(unsure) > 0 {
		if err := r.view.Follow(r.ctx, &several, unsure, predicate, false, claims); err != nil {
			return err
		}
	}
	next := 0
	for _, id := range of {
		if l, sole := column.At(id); !sole {
			dst.All = append(dst.All, several.Of(next)...)
			next++
		} else if l.To != 0 && claims.Has(l.Label) {
			dst.All = append(dst.All, l)
		}
		dst.Ends = append(dst.Ends, len(dst.All))
	}
	return nil
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
	column, has, err := r.view.Column(r.ctx, p.IRI, len(links.All))
	if err != nil {
		return err
	}
	// sole reports whether the link is all that there is of its subject, so that it
	// is shown from there too.
	sole := func(l graph.Link) bool {
		_, ok := column.At(l.To)
		return ok && claims.Has(l.Label)
	}
	subjects := make([]graph.ID, 0, len(links.All))
	for _, l := range links.All {
		if !has || !sole(l) {
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
	if required {
		if spoken, err = r.spokenOf(subjects); err != nil {
			return err
		}
	}
	out.all = slices.Grow(out.all, len(links.All))
	for i, object := range of {
		of := links.Of(i)
		for from := 0; from < len(of); {
			to := from + 1
			for to < len(of) && of[to].To == of[from].To {
				to++
			}
			if has && sole(of[from]) {
				out.all = append(out.all, item{to: of[from].To, claims: of[from:to]})
			} else if at, _ := slices.BinarySearch(subjects, of[from].To); s.value(at) == object && (spoken == nil || spoken[at]) {
				out.all = append(out.all, item{to: of[from].To, claims: s.claims(at)})
			}
			from = to
		}
		out.ends = append(out.ends, len(out.all))
	}
	return nil
}

// spokenOf reports for each id whether it is the subject of a fact of some
// admitted claim.
func (r *run) spokenOf(of []graph.ID) ([]bool, error) {
	out := make([]bool, len(of))
	if err := r.classify(of); err != nil {
		return nil, err
	}
	var unsure []int
	for i, id := range of {
		if r.hasTypes {
			if l, ok := r.types.At(id); ok && l.To != 0 && r.view.Facts().Has(l.Label) {
				out[i] = true
				continue
			}
		}
		unsure = append(unsure, i)
	}
	if len(unsure) == 0 {
		return out, nil
	}
	ids := make([]graph.ID, len(unsure))
	for i, at := range unsure {
		ids[i] = of[at]
	}
	var types graph.Links
	if err := r.view.Follow(r.ctx, &types, ids, graph.Type, false, r.view.Facts()); err != nil {
		return nil, err
	}
	for i, at := range unsure {
		if len(types.Of(i)) > 0 {
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
	all := make([]graph.ID, len(s.all))
	for i, it := range s.all {
		all[i] = it.to
	}
	if err := r.classify(all); err != nil {
		return err
	}
	s.keep(func(i int) bool {
		c := r.class(s.all[i].to)
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
