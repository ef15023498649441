package graph

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"chancery/graph/edtf"
)

// Timeline has, for each object of one predicate, its subjects in the order of their
// dates by another, as one view sees them: what an event is about by when it was. It
// tells which subjects can have a date, not which have it: claims that differ, and those
// that the view does not admit, are for who asks to look at.
type Timeline struct {
	*timeline
	of, dates Column
}

// timeline is made of two columns, and carried on from commit to commit: what later
// ones say something of is on a list of its own, until that is too long.
type timeline struct {
	objects []ID         // by number, with those that only runs have; the first is none
	index   *objectIndex // finds the numbers
	spans   []span       // by number
	// nodes are the sequences of each object's subjects, the next object's behind them:
	// first those with one date, a day, month or year, ascending by its first day and
	// then its last; then those with other dates or several; then those without.
	nodes   []uint32
	dated   *columnRows // the dates, as they were
	widest  edtf.Day    // days between the first and the last that one of its dates means
	touched []uint32    // sequences of subjects that later commits say something of; ascending
}

// span is where an object's subjects end in a timeline; they begin where the object's
// before end.
type span struct{ dated, loose, end uint32 }

// timelineOf is what timelines are kept by.
type timelineOf struct{ predicate, dates ID }

// A timeline is made once a 64th as many nodes have been looked for as its columns have.
// It is given up when as many subjects were touched since, or a 1024th if that is more.
const (
	timelineWorth = 64
	mostTouched   = 1024
)

// What a predicate has that no quad has.
var (
	noRows     = &columnRows{objects: []ID{0}}
	noTimeline = newTimeline(noRows, noRows)
)

// Timeline returns the subjects of a predicate by their dates by another, both given by
// their compact IRIs. ok is false while that is not worth having: nodes says how many
// subjects would be read without it.
// Cost: nothing, or once in a while a look at each node of the two columns; see Column.
func (v *View) Timeline(ctx context.Context, predicate, dates string, nodes int) (t Timeline, ok bool, err error) {
	if v.columns == nil {
		return t, false, nil
	}
	if _, known := v.predicate(predicate); !known {
		return Timeline{noTimeline, Column{0, noRows, v}, Column{0, noRows, v}}, true, nil
	}
	if t.of, ok, err = v.unmeteredColumn(ctx, predicate, nodes); err != nil || !ok {
		return t, false, err
	}
	if t.dates, ok, err = v.unmeteredColumn(ctx, dates, nodes); err != nil || !ok {
		return t, false, err
	}
	if len(t.of.mergedSubjects()) > mostTouched {
		return t, false, nil
	}
	t.timeline = v.columns.timeline(t.of, t.dates, nodes)
	return t, t.timeline != nil, nil
}

// unmeteredColumn is Column of a predicate that is known, for who counts by himself.
func (v *View) unmeteredColumn(ctx context.Context, predicate string, nodes int) (c Column, ok bool, err error) {
	p, known := v.predicate(predicate)
	if !known {
		return c, false, nil
	}
	rows, err := v.columns.of(ctx, v.Snapshot, p, nodes)
	return Column{p, rows, v}, rows != nil, err
}

// days returns the days that the date of one of the dated nodes means.
func (t *timeline) days(node uint32) (earliest, latest edtf.Day) {
	return t.dated.objects[t.dated.pages[node/columnPage][node%columnPage].object].Days()
}

// subjects returns an object's subjects: those with one date, in its order, those whose
// dates are not known so, and those that have none.
func (t *timeline) subjects(object ID) (dated, loose, bare []uint32) {
	number := t.index.slots[t.index.slot(t.objects, object)]
	if number == 0 {
		return nil, nil, nil
	}
	begin, s := t.spans[number-1].end, t.spans[number]
	return t.nodes[begin:s.dated], t.nodes[s.dated:s.loose], t.nodes[s.loose:s.end]
}

// between returns the part of dated subjects whose dates begin neither before a day, less
// what the widest spans, nor after another.
func (t *timeline) between(dated []uint32, first, last edtf.Day) []uint32 {
	from := sort.Search(len(dated), func(i int) bool {
		earliest, _ := t.days(dated[i])
		return earliest >= first-t.widest
	})
	dated = dated[from:]
	return dated[:sort.Search(len(dated), func(i int) bool {
		earliest, _ := t.days(dated[i])
		return earliest > last
	})]
}

// Count returns how many subjects of an object Within gives, at most.
// Cost: O(log n) looks into the column of dates.
func (t Timeline) Count(object ID, first, last edtf.Day) int {
	n := len(t.touched)
	for _, id := range t.of.view.merges.group(object) {
		dated, loose, _ := t.subjects(id)
		n += len(t.between(dated, first, last)) + len(loose)
	}
	return n + len(t.of.mergedSubjects())
}

// Size returns how many subjects an object has, with or without a date; some that were
// touched lately may not be counted. Cost: O(1).
func (t Timeline) Size(object ID) (n int) {
	for _, id := range t.of.view.merges.group(object) {
		dated, loose, bare := t.subjects(id)
		n += len(dated) + len(loose) + len(bare)
	}
	return n
}

// Within appends to dst the subjects of an object that can have a date from one day to
// another, both among them, ascending and each once: all that have it whatever claims
// are admitted, and perhaps others. What has no date is not among them.
//
// Cost: O(log n + k) looks into columns for k subjects, and one at each subject that was
// touched lately or merged; the view's meter counts k.
func (t Timeline) Within(dst []ID, object ID, first, last edtf.Day) ([]ID, error) {
	begin := len(dst)
	group := t.of.view.merges.group(object)
	for _, id := range group {
		dated, loose, _ := t.subjects(id)
		for _, node := range t.between(dated, first, last) {
			if t.widest > 0 {
				if _, latest := t.days(node); latest < first {
					continue
				}
			}
			dst = append(dst, InSpace(Nodes, uint64(node)))
		}
		dst = appendNodes(dst, loose)
	}
	return t.finish(dst, begin, group)
}

// Links appends to dst the links from each of the objects to those of its subjects that
// can have a date from one day to another, as [View.Follow] gives them.
// Cost: as of Within.
func (t Timeline) Links(ctx context.Context, dst *Links, objects []ID, first, last edtf.Day, claims *Set) error {
	var subjects, others []ID
	for _, object := range objects {
		var err error
		if subjects, err = t.Within(subjects[:0], object, first, last); err != nil {
			return err
		}
		group, begin := t.of.view.merges.group(object), len(dst.All)
		others = others[:0]
		for _, id := range subjects {
			switch e := t.of.rows.at(id); {
			case e == unsure || !t.of.tells(id):
				others = append(others, id)
			case e.several():
				dst.All = appendNaming(dst.All, id, t.of.rows.run(id, e), group, claims)
			default:
				dst.All = appendNaming(dst.All, id, []Link{t.of.rows.link(e)}, group, claims)
			}
		}
		if len(others) > 0 {
			var links Links
			if err := t.of.view.Expand(ctx, &links, others, t.of.predicate, false, claims); err != nil {
				return err
			}
			for i, id := range others {
				dst.All = appendNaming(dst.All, id, links.Of(i), group, claims)
			}
			slices.SortFunc(dst.All[begin:], compareLinks)
		}
		dst.Ends = append(dst.Ends, len(dst.All))
	}
	return nil
}

// appendNaming appends a link to a subject for each claim, of some that count, that gives
// it one of the objects.
func appendNaming(dst []Link, subject ID, links []Link, objects []ID, claims *Set) []Link {
	begin := len(dst)
	for _, l := range links {
		if (claims == nil || claims.Has(l.Label)) && slices.Contains(objects, l.To) {
			dst = append(dst, Link{To: subject, Label: l.Label})
		}
	}
	if len(dst)-begin > 1 && len(objects) > 1 {
		slices.SortFunc(dst[begin:], compareLinks)
		dst = dst[:begin+len(slices.Compact(dst[begin:]))]
	}
	return dst
}

// Until is the date up to which an object's subjects were read, in some order: what was
// not read comes after it.
type Until struct {
	Whole            bool // all were read, those without a date too
	Earliest, Latest edtf.Day
}

// before reports whether less was read up to a date than up to another.
func (u Until) before(other Until, descending bool) bool {
	if u.Whole || other.Whole {
		return !u.Whole
	}
	c := cmp.Or(cmp.Compare(u.Earliest, other.Earliest), cmp.Compare(u.Latest, other.Latest))
	return c < 0 && !descending || c > 0 && descending
}

// First appends to dst the subjects of an object that can be among the first n by the
// date, or the last n, or ties of the nth, ascending and each once: of those that the
// claims relate to it, with the dates that they give. Where some of them are not shown
// for other reasons, more have to be asked for. Any other subject has a date after the one
// that is returned, or none, whatever claims are admitted.
// Cost: a look into columns for each that is appended.
func (t Timeline) First(dst []ID, object ID, n int, descending bool, claims *Set) (_ []ID, until Until, err error) {
	begin := len(dst)
	until.Whole = true
	group := t.of.view.merges.group(object)
	for _, id := range group {
		dated, loose, bare := t.subjects(id)
		part, reached := t.firstOf(dated, n, descending, claims)
		if reached.before(until, descending) {
			until = reached
		}
		dst = appendNodes(appendNodes(dst, part), loose)
		if reached.Whole {
			dst = appendNodes(dst, bare)
		}
	}
	dst, err = t.finish(dst, begin, group)
	return dst, until, err
}

// Where claims give few of them, no more are looked at for each of the first n than
// looksEach, and fewLooks: fewer than n are found then.
const (
	looksEach = 16
	fewLooks  = 4096
)

// firstOf returns the first n, or the last, of dated subjects whose date and object the
// claims give for certain, and what comes before the nth or ties with it.
func (t Timeline) firstOf(dated []uint32, n int, descending bool, claims *Set) ([]uint32, Until) {
	upTo := func(i int) []uint32 {
		if descending {
			return dated[len(dated)-i:]
		}
		return dated[:i]
	}
	looks, begin := looksEach*n+fewLooks, 0 // begin is where those of a day begin
	var day, before Until
	for i := range dated {
		at := i
		if descending {
			at = len(dated) - 1 - i
		}
		earliest, latest := t.days(dated[at])
		if this := (Until{Earliest: earliest, Latest: latest}); i == 0 || this != day {
			if n <= 0 {
				return upTo(i), day
			}
			day, before, begin = this, day, i
		}
		if i >= looks && begin > 0 {
			return upTo(begin), before
		}
		id := InSpace(Nodes, uint64(dated[at]))
		if date, ok := t.dates.Only(id, claims); !ok || date == 0 {
			continue
		}
		if to, ok := t.of.Only(id, claims); ok && to != 0 {
			n--
		}
	}
	return dated, Until{Whole: true}
}

func appendNodes(dst []ID, nodes []uint32) []ID {
	for _, node := range nodes {
		dst = append(dst, InSpace(Nodes, uint64(node)))
	}
	return dst
}

// finish adds what was touched since, or merged, and has one of the objects.
func (t Timeline) finish(dst []ID, begin int, objects []ID) ([]ID, error) {
	for _, node := range t.touched {
		if id := InSpace(Nodes, uint64(node)); t.names(id, objects) {
			dst = append(dst, id)
		}
	}
	if m := t.of.view.merges; m != nil {
		for i, id := range dst[begin:] {
			dst[begin+i] = m.stays(id)
		}
		for _, stays := range t.of.mergedSubjects() {
			if slices.ContainsFunc(m.members[stays], func(id ID) bool { return t.names(id, objects) }) {
				dst = append(dst, stays)
			}
		}
	}
	slices.Sort(dst[begin:])
	dst = dst[:begin+len(slices.Compact(dst[begin:]))]
	return dst, t.of.view.meter.Add(max(len(dst)-begin, 1))
}

// mergedSubjects returns the nodes that others were merged into, of which one is a
// subject of the column's. Cost: a look at each merged node, once a view.
func (c Column) mergedSubjects() []ID {
	if c.view.merges == nil {
		return nil
	}
	if found, ok := c.view.settled.merged.Load(c.predicate); ok {
		return found.([]ID)
	}
	var found []ID
	for stays, members := range c.view.merges.members {
		if slices.ContainsFunc(members, func(id ID) bool { return c.rows.at(id) != entry{} }) {
			found = append(found, stays)
		}
	}
	kept, _ := c.view.settled.merged.LoadOrStore(c.predicate, found)
	return kept.([]ID)
}

// names reports whether some claim gives the node one of the objects, or may.
func (t Timeline) names(node ID, objects []ID) bool {
	switch e := t.of.rows.at(node); {
	case e.object == 0:
		return false
	case e == unsure:
		return true
	case e.several():
		return slices.ContainsFunc(t.of.rows.run(node, e), func(l Link) bool { return slices.Contains(objects, l.To) })
	default:
		return slices.Contains(objects, t.of.rows.objects[e.object])
	}
}
