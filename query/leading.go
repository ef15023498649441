package query

import (
	"math"

	"chancery/graph"
	"chancery/schema"
)

// The first few objects of a row by a date are read from timelines, which have the
// subjects of each object in the order of their dates: see [graph.Timeline]. That reads a
// few quads for each object that is shown, however many the row has. What was read is
// looked at as anything else is; where too little of it is shown, or meets the condition,
// more is read.

// wanted is a page that can be read so.
type wanted struct {
	source    pageSource
	condition filter
	first     orderKey
	n         int // objects of each row: those shown and one more, if there is one
}

const (
	// Each look but the first reads furtherLook times as many as the one before. When
	// mostLooks have not been enough, another way is taken.
	furtherLook = 8
	mostLooks   = 3
)

// byDates reads for each row objects that are the first n in the order, and perhaps
// others: each is a subject of what its row stands for.
type byDates struct {
	wanted
	named      filter       // that a root's row stands for what it names; nil: for its class
	predicates []string     // from the objects to what a row stands for
	of         [][]graph.ID // what each row stands for
	timelines  []graph.Timeline
	found      [][]item // of each row
}

// dates chooses to read a page from timelines; nil where they are not there, and it is
// not worth making them.
func (r *run) dates(w wanted) (*byDates, error) {
	if w.n > longestShortlist || w.first.time == "" || w.condition != nil && w.condition.open() {
		return nil, nil
	}
	d := &byDates{wanted: w}
	if err := d.stand(r); err != nil || d.of == nil {
		return nil, err
	}
	objects := math.MaxInt32
	for _, predicate := range d.predicates {
		t, ok, err := r.view.Timeline(r.ctx, predicate, d.first.time, 0)
		if err == nil && !ok {
			if objects == math.MaxInt32 && !r.op.engine.alwaysLead {
				if objects, err = d.count(r); err != nil || objects < 0 {
					return nil, err
				}
			}
			t, ok, err = r.view.Timeline(r.ctx, predicate, d.first.time, objects)
		}
		if err != nil || !ok {
			return nil, err
		}
		d.timelines = append(d.timelines, t)
	}
	return d, nil
}

// stand sets what each row stands for; to nothing where that has no timelines.
func (d *byDates) stand(r *run) error {
	if f := d.source.field; f != nil {
		if !f.Inverse || f.Class.Name == "Claim" || f.Range.Name == "Claim" {
			return nil
		}
		d.predicates = predicatesOf(f)
		all := ids(d.source.rows)
		for i := range all {
			d.of = append(d.of, all[i:i+1])
		}
		return nil
	}
	part, err := r.anchor(d.condition)
	if err != nil {
		return err
	}
	if part != nil {
		objects, _, err := part.objects(r)
		d.named, d.predicates, d.of = *part, predicatesOf(part.field), [][]graph.ID{objects}
		return err
	}
	var members []graph.ID
	for _, m := range d.source.class.Members {
		if id, ok := r.view.Node(m.IRI); ok {
			members = append(members, id)
		}
	}
	d.predicates, d.of = []string{graph.Type}, [][]graph.ID{members}
	return nil
}

func predicatesOf(f *schema.Field) []string {
	out := make([]string, len(f.Predicates))
	for i, p := range f.Predicates {
		out[i] = p.IRI
	}
	return out
}

// anchor returns the part of a condition that asks for one of a few related objects, which
// it names: of several, the one with the fewest links. nil: there is none.
func (r *run) anchor(condition filter) (*related, error) {
	parts, err := r.anchors(nil, condition)
	switch {
	case err != nil || len(parts) == 0:
		return nil, err
	case len(parts) == 1:
		return parts[0], nil
	}
	bounds := make([]int, len(parts))
	for i, part := range parts {
		if bounds[i], err = part.bound(r, mostNamed); err != nil {
			return nil, err
		}
	}
	return parts[fewestFirst(bounds)[0]], nil
}

// anchors appends the parts of a condition that ask for one of a few related objects.
func (r *run) anchors(dst []*related, condition filter) (_ []*related, err error) {
	switch f := condition.(type) {
	case all:
		for _, part := range f {
			if dst, err = r.anchors(dst, part); err != nil {
				return nil, err
			}
		}
	case narrowed:
		return r.anchors(dst, f.filter)
	case related:
		needed := f.needed()
		if f.field == nil || needed == nil || f.field.Inverse || f.field.Class.Name == "Claim" || f.field.Range.Name == "Claim" {
			return dst, nil
		}
		if n, err := needed.bound(r, mostNamed); err != nil || n < 0 || n > mostNamed {
			return dst, err
		}
		if objects, _, err := f.objects(r); err != nil || objects == nil {
			return dst, err
		}
		dst = append(dst, &f)
	}
	return dst, nil
}

// count returns how many objects the rows have at most, before the condition; -1 where
// that is not known.
func (d *byDates) count(r *run) (int, error) {
	switch {
	case d.named != nil:
		return d.named.bound(r, mostNamed)
	case d.source.field == nil:
		return r.countMembers(d.source.class)
	}
	sum := 0
	for _, row := range d.source.rows {
		n, err := r.countRelated(row.id, d.source.field)
		if err != nil || n < 0 {
			return -1, err
		}
		sum += n
	}
	return sum, nil
}

func (d *byDates) String() string {
	text := "read by " + d.first.name + ", the earliest first, "
	if d.first.descending {
		text = "read by " + d.first.name + ", the latest first, "
	}
	switch {
	case d.source.field != nil:
		return text + "along " + d.source.field.Name
	case d.named != nil:
		return text + "what meets " + bare(d.named)
	}
	return text + "each " + d.source.class.Name
}

// quadsLooked is about how many quads are read for each object that is looked at: of the
// timeline, its date, what it relates to and its class.
const quadsLooked = 4

func (d *byDates) expects() Estimate {
	objects := 0
	for _, of := range d.of {
		objects += len(of)
	}
	return Estimate{Rows: -1, Quads: quadsLooked * d.n * objects}
}

func (d *byDates) enter(r *run, _ pageSource) (*items, filter, error) {
	d.found = make([][]item, len(d.of))
	left := upTo(len(d.of))
	for n, looks := d.n, 0; len(left) > 0; n, looks = furtherLook*n, looks+1 {
		if looks == mostLooks {
			return nil, nil, nil
		}
		var err error
		if left, err = d.look(r, left, n); err != nil {
			return nil, nil, err
		}
	}
	sum := 0
	for _, found := range d.found {
		sum += len(found)
	}
	out := &items{all: make([]item, 0, sum), ends: make([]int, 0, len(d.found))}
	for _, found := range d.found {
		out.all = append(out.all, found...)
		out.ends = append(out.ends, len(out.all))
	}
	return out, nil, nil
}

// look reads what can be among the first n objects of some rows. It returns the rows
// which may have one of their first among what was not read.
func (d *byDates) look(r *run, rows []int, n int) (left []int, err error) {
	var subjects []graph.ID
	until := make([]graph.Until, len(rows))
	for i, row := range rows {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		until[i].Whole = true
		for _, object := range d.of[row] {
			for _, t := range d.timelines {
				var one graph.Until
				if subjects, one, err = t.First(subjects, object, n, d.first.descending, r.view.Facts()); err != nil {
					return nil, err
				}
				if one.Whole {
					continue
				}
				if a, b := untilKey(one), untilKey(until[i]); until[i].Whole || d.first.compare(&a, &b) < 0 {
					until[i] = one
				}
			}
		}
	}
	found, err := d.shown(r, rows, ascending(subjects))
	if err != nil {
		return nil, err
	}
	keys, err := d.first.read(r, found.objects())
	if err != nil {
		return nil, err
	}
	begin := 0
	for i, row := range rows {
		settled, last := 0, untilKey(until[i])
		for ; begin < found.ends[i]; begin++ {
			if d.first.compare(&keys[begin], &last) <= 0 {
				settled++ // nothing unread comes before it
			}
		}
		if until[i].Whole || settled >= d.n {
			d.found[row] = found.of(i)
		} else {
			left = append(left, row)
		}
	}
	return left, nil
}

func untilKey(u graph.Until) sortKey {
	return sortKey{Known: true, A: int64(u.Earliest), B: int64(u.Latest)}
}

// shown reads which of the subjects, ascending, are objects of the rows, and meet the
// condition.
func (d *byDates) shown(r *run, rows []int, subjects []graph.ID) (*items, error) {
	rest := d.condition
	if rest != nil {
		c, err := rest.narrow(r, subjects)
		if err != nil {
			return nil, err
		}
		if c != nil {
			subjects, rest = c.ids, c.rest
		}
	}
	sources := at(d.source.rows, rows)
	var found *items
	var err error
	if d.source.field == nil {
		found, err = d.source.start(d.source.class, subjects)
	} else {
		found, err = d.relate(r, sources, subjects)
	}
	if err != nil {
		return nil, err
	}
	_, err = r.keepMeeting(found, sources, rest)
	return found, err
}

// relate reads which of the subjects, ascending, are objects of the rows.
func (d *byDates) relate(r *run, rows []row, subjects []graph.ID) (*items, error) {
	var err error
	if r.hidesAny(d.source.field) {
		if subjects, err = r.spoken(subjects); err != nil {
			return nil, err
		}
	}
	if subjects, err = r.within(subjects, d.source.class); err != nil {
		return nil, err
	}
	of, err := r.relate(subjects, mirrored(d.source.field))
	if err != nil {
		return nil, err
	}
	// The subjects of each row, ascending: they are counted, then put in their places.
	var places numbering
	same := make([][]int, 1, len(rows)+1) // the rows with each id, by its number
	for i, row := range rows {
		n := places.number(row.id)
		if int(n) == len(same) {
			same = append(same, nil)
		}
		same[n] = append(same[n], i)
	}
	found := &items{ends: make([]int, len(rows))}
	each := func(do func(row int, it item)) {
		for i, subject := range subjects {
			for _, it := range of.of(i) {
				if n := places.find(it.to); n > 0 {
					for _, row := range same[n] {
						do(row, item{to: subject, claims: it.claims})
					}
				}
			}
		}
	}
	each(func(row int, _ item) { found.ends[row]++ })
	begin := 0
	for row, n := range found.ends {
		found.ends[row], begin = begin, begin+n
	}
	found.all = make([]item, begin)
	each(func(row int, it item) {
		found.all[found.ends[row]] = it
		found.ends[row]++
	})
	return found, nil
}
