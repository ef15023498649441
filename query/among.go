package query

import (
	"cmp"
	"math"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// candidates are ids, ascending, that all rows which meet a condition are among.
// Those of them that meet rest meet the condition; nil: all do.
type candidates struct {
	ids  []graph.ID
	rest filter
}

// among of a conjunction begins with the part that has the fewest candidates, as
// far as counts tell, and goes on with what the others leave of them.
func (f all) among(r *run) (*candidates, error) {
	bounds := make([]int, len(f))
	for i, part := range f {
		var err error
		if bounds[i], err = part.bound(r, mostNamed); err != nil {
			return nil, err
		}
	}
	if err := f.countMore(r, bounds); err != nil {
		return nil, err
	}
	var common *candidates
	var rest all
	for order := fewestFirst(bounds); len(order) > 0; {
		i := order[0]
		order = order[1:]
		have := -1
		if common != nil {
			have = len(common.ids)
		}
		p := part{nextOf(have, bounds[i], r.few()), f[i]}
		if first, is := f[i].(related); is && p.next == beginWith && len(order) > 0 {
			var s *sieve
			var err error
			if s, order, err = r.sieveOf(f, order, bounds, bounds[i]); err != nil {
				return nil, err
			}
			if s != nil {
				p.filter = sifted{first, s}
			}
		}
		c, err := r.goOn(p, bounds[i], common, len(f) > 1)
		if err != nil {
			return nil, err
		}
		if s, is := p.filter.(sifted); is && (c == nil || !s.inside) {
			rest = append(rest, s.parts...)
		}
		if c == nil {
			rest = append(rest, f[i])
			continue
		}
		common = &candidates{ids: c.ids}
		if c.rest != nil {
			rest = append(rest, c.rest)
		}
	}
	if common != nil && len(rest) > 0 {
		common.rest = rest
	}
	return common, nil
}

// countMore counts the links of parts whose objects were too many to count, where the
// least of the other bounds is so large that counting takes little beside reading that.
func (f all) countMore(r *run, bounds []int) error {
	least := -1
	for _, n := range bounds {
		if n >= 0 && (least < 0 || n < least) {
			least = n
		}
	}
	most := least / linksPerNamed
	if r.op.engine.alwaysLead {
		most = math.MaxInt
	}
	if most <= mostNamed {
		return nil
	}
	for i, part := range f {
		part, is := part.(related)
		if !is || bounds[i] >= 0 {
			continue
		}
		var err error
		if bounds[i], err = part.bound(r, most); err != nil {
			return err
		}
	}
	return nil
}

// fewestFirst returns the parts with the least bounds first, the unknown last.
func fewestFirst(bounds []int) []int {
	order := upTo(len(bounds))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(uint(bounds[a]), uint(bounds[b])) })
	return order
}

// goOn does with a part of a conjunction what was chosen; nil: it is put to each
// later. The only part is the whole, and no step to tell of.
func (r *run) goOn(p part, bound int, common *candidates, tell bool) (c *candidates, err error) {
	if p.next == lookAt {
		return nil, nil
	}
	mark := -1
	if r.trace != nil && tell {
		mark = r.trace.begin(p, Estimate{bound, -1})
	}
	if p.next == beginWith {
		c, err = p.filter.among(r)
	} else {
		c, err = p.filter.narrow(r, common.ids)
	}
	if c == nil {
		if mark >= 0 {
			r.trace.miss(mark)
		}
		return nil, err
	}
	if mark >= 0 {
		r.trace.found(mark, len(c.ids))
		r.trace.end(mark)
	}
	return c, err
}

// fewCandidates is up to how many each is looked at by itself.
const fewCandidates = 256

// few is up to how many candidates are few, for this run.
func (r *run) few() int {
	if r.op.engine.alwaysLead {
		return 0
	}
	return fewCandidates
}

// inCommon is what candidates have in common with ids, ascending.
func inCommon(r *run, f filter, of []graph.ID) (*candidates, error) {
	c, err := f.among(r)
	if c != nil {
		c = &candidates{ids: intersect(c.ids, of), rest: c.rest}
	}
	return c, err
}

// narrow of a conjunction has each part narrow what the cheaper ones left.
func (f all) narrow(r *run, of []graph.ID) (*candidates, error) {
	var rest all
	for _, part := range f.cheapestFirst() {
		c, err := part.narrow(r, of)
		if err != nil {
			return nil, err
		}
		if c == nil {
			rest = append(rest, part)
			continue
		}
		of = c.ids
		if c.rest != nil {
			rest = append(rest, c.rest)
		}
	}
	if rest == nil {
		return &candidates{ids: of}, nil
	}
	return &candidates{of, rest}, nil
}

func (f anyOf) narrow(r *run, of []graph.ID) (*candidates, error) {
	return f.together(func(part filter) (*candidates, error) { return part.narrow(r, of) })
}

func (f not) narrow(*run, []graph.ID) (*candidates, error) { return nil, nil }

func (f test) narrow(r *run, of []graph.ID) (*candidates, error) {
	switch {
	case f.only || f.seek != nil && len(of) > r.few():
		return inCommon(r, f, of)
	case f.looks:
		return nil, nil
	}
	met, err := r.meeting(of, f)
	return &candidates{ids: met}, err
}

func (f narrowed) narrow(r *run, of []graph.ID) (*candidates, error) {
	return f.within(r, func() (*candidates, error) { return f.filter.narrow(r, of) })
}

// narrow reads the relation from the side that has fewer to look at.
func (f related) narrow(r *run, of []graph.ID) (*candidates, error) {
	few := len(of) <= r.few()
	if few && (f.found == nil || !f.found.asked) {
		if n, err := f.bound(r, mostNamed); n < 0 {
			return nil, err
		}
	}
	objects, only, err := f.objects(r)
	if err != nil || objects == nil {
		return nil, err
	}
	out := &candidates{}
	links := -1
	if !few { // else it is not worth counting
		if links, err = r.countSome(objects, mirrored(f.field)); err != nil {
			return nil, err
		}
	}
	switch fromHere := fromRows(links, len(of)); {
	case fromHere && f.field.Inverse:
		return nil, nil // each is looked at by itself
	case fromHere:
		out.ids, err = r.through(of, f.field, objects)
	default:
		if out.ids, err = r.reach(objects, mirrored(f.field)); err == nil {
			out.ids = intersect(out.ids, of)
		}
	}
	if !only {
		out.rest = f
	}
	return out, err
}

// countSome is about how many links a relation has from the ids; -1 if that is
// not known.
func (r *run) countSome(of []graph.ID, f *schema.Field) (int, error) {
	sum, some := 0, min(len(of), mostNamed)
	for i := range some {
		n, err := r.countRelated(of[i*len(of)/some], f)
		if err != nil || n < 0 {
			return -1, err
		}
		sum += n
	}
	return sum * len(of) / max(some, 1), nil
}

// intersect returns what is in both of two ascending lists.
func intersect(a, b []graph.ID) []graph.ID {
	var out []graph.ID
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			out = append(out, a[0])
			a, b = a[1:], b[1:]
		}
	}
	return out
}

// among of a disjunction is all of its parts' together, if each has some.
func (f anyOf) among(r *run) (*candidates, error) {
	return f.together(func(part filter) (*candidates, error) { return part.among(r) })
}

func (f anyOf) together(of func(part filter) (*candidates, error)) (*candidates, error) {
	together := &candidates{}
	for _, part := range f {
		c, err := of(part)
		if err != nil || c == nil {
			return nil, err
		}
		together.ids = append(together.ids, c.ids...)
		if c.rest != nil {
			together.rest = f
		}
	}
	slices.Sort(together.ids)
	together.ids = slices.Compact(together.ids)
	return together, nil
}

func (f not) among(*run) (*candidates, error) { return nil, nil }

func (f test) among(r *run) (*candidates, error) {
	switch {
	case f.only:
		return &candidates{ids: f.ids}, nil
	case f.seek != nil:
		return f.seek(r)
	}
	return nil, nil
}

func (f narrowed) among(r *run) (*candidates, error) {
	return f.within(r, func() (*candidates, error) { return f.filter.among(r) })
}

func (f narrowed) within(r *run, of func() (*candidates, error)) (*candidates, error) {
	c, err := of()
	if err != nil || c == nil {
		return nil, err
	}
	ids, err := r.within(c.ids, f.class)
	return &candidates{ids, c.rest}, err
}

// within keeps the ids that are of a class.
func (r *run) within(of []graph.ID, c *schema.Class) ([]graph.ID, error) {
	out, err := r.keepWithin(r.room.ids.take(len(of)), of, c)
	return r.room.ids.trim(out), err
}

// keepWithin appends to dst, which may be the beginning of the same list, the ids that
// are of a class.
func (r *run) keepWithin(dst, of []graph.ID, c *schema.Class) ([]graph.ID, error) {
	if err := r.findTypes(len(of)); err != nil {
		return nil, err
	}
	is := func(c2 *schema.Class) bool { return c2 != nil && c2.Is(c) }
	for len(of) > 0 && r.hasTypes {
		var numbers [placesAtOnce]uint32
		part := of[:min(len(of), placesAtOnce)]
		r.types.Numbers(numbers[:], part, r.view.Known())
		if slices.Contains(numbers[:len(part)], graph.Unsure) {
			break
		}
		of = of[len(part):]
		last, lastIs := uint32(0), false // mostly, one after the other is of the same
		for i, n := range numbers[:len(part)] {
			if n != last {
				last, lastIs = n, is(r.classNumbered(n))
			}
			if lastIs {
				dst = append(dst, part[i])
			}
		}
	}
	if len(of) == 0 {
		return dst, nil
	}
	return dst, r.tellClasses(of, func(i int, c *schema.Class) {
		if is(c) {
			dst = append(dst, of[i])
		}
	})
}

// among of a condition that asks for a related object is what those that can be
// that object relate to, seen from their side.
func (f related) among(r *run) (*candidates, error) { return f.amongSifted(r, nil) }

// amongSifted is among of what passes a sieve; nil: all does.
func (f related) amongSifted(r *run, s *sieve) (*candidates, error) {
	objects, only, err := f.objects(r)
	if err != nil || objects == nil {
		return nil, err
	}
	out := &candidates{}
	if out.ids, err = r.reachSifted(objects, mirrored(f.field), s); err != nil {
		return nil, err
	}
	if !only {
		out.rest = f
	}
	return out, nil
}

// objects returns what the related object that the condition asks for can be,
// ascending; nil where that is not known. only says that each of them meets the
// condition, and that it asks for nothing else.
func (f related) objects(r *run) (of []graph.ID, only bool, err error) {
	needed := f.needed()
	if f.field == nil || needed == nil {
		return nil, false, nil
	}
	if f.found.asked {
		return f.found.ids, f.found.only, nil
	}
	if of, only, err = f.findObjects(r, needed); err == nil {
		f.found.asked, f.found.ids, f.found.only = true, of, only
	}
	return of, only, err
}

// needed is what an object must meet that a row cannot be without; nil: it can.
func (f related) needed() filter {
	if f.one != nil {
		return f.one
	}
	return f.some
}

// foundObjects are what objects and bound returned, so that they look once.
type foundObjects struct {
	asked bool
	ids   []graph.ID
	only  bool

	counted int // up to how many objects: 0: not yet
	links   int // -1: they are more, or it is not known
}

func (f related) findObjects(r *run, needed filter) (of []graph.ID, only bool, err error) {
	objects, err := needed.among(r)
	if err != nil || objects == nil {
		return nil, false, err
	}
	only = f.every == nil && f.none == nil && f.atLeast == nil && f.atMost == nil && !f.nestedOpen()
	if of, err = r.within(objects.ids, f.field.Range); err != nil {
		return nil, false, err
	}
	if only && objects.rest != nil {
		of, err = r.meeting(of, objects.rest)
	}
	return of, only, err
}

// meeting keeps the ids that meet a condition that looks at nothing around them.
func (r *run) meeting(of []graph.ID, condition filter) ([]graph.ID, error) {
	space := rowsRoom.get()
	defer rowsRoom.put(space)
	*space = slices.Grow((*space)[:0], len(of))
	rows := (*space)[:len(of)]
	for i, id := range of {
		rows[i] = row{id: id}
	}
	met, err := condition.meets(r, rows)
	if err != nil {
		return nil, err
	}
	out := r.room.ids.take(len(of))
	for i, id := range of {
		if met[i] {
			out = append(out, id)
		}
	}
	return r.room.ids.trim(out), nil
}
