package query

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// classify looks up the class of every id, in one read: class then tells it.
func (r *run) classify(ids []graph.ID) error {
	if err := r.findTypes(len(ids)); err != nil {
		return err
	}
	return r.lookUp(ids)
}

// lookUp is classify of ids that the column of types, if there is one, was told of.
func (r *run) lookUp(ids []graph.ID) error {
	var unseen []graph.ID
	for _, id := range ids {
		if id.Space() != graph.Nodes {
			continue
		}
		if r.hasTypes {
			if _, ok := r.types.Only(id, r.view.Known()); ok {
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
	types, err := r.said(unseen, graph.Type, r.view.Known())
	if err != nil {
		return err
	}
	for i, id := range unseen {
		r.classes[id], _ = r.classAmong(types[i])
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
			if of, ok := r.types.Only(id, r.view.Known()); ok {
				if of == 0 {
					return nil
				}
				return r.classOfType(of)
			}
		}
	}
	return r.classes[id]
}

// eachClass tells the class of each of the ids in turn, nil for none, and looks it
// up where that is needed.
func (r *run) eachClass(of []graph.ID, tell func(i int, c *schema.Class)) error {
	if err := r.findTypes(len(of)); err != nil {
		return err
	}
	return r.tellClasses(of, tell)
}

// tellClasses is eachClass of ids that the column of types, if there is one, was told of.
func (r *run) tellClasses(of []graph.ID, tell func(i int, c *schema.Class)) error {
	if !r.hasTypes {
		if err := r.lookUp(of); err != nil {
			return err
		}
		for i, id := range of {
			tell(i, r.class(id))
		}
		return nil
	}
	room := numbersRoom.get()
	defer numbersRoom.put(room)
	*room = slices.Grow((*room)[:0], len(of))[:len(of)]
	numbers := *room
	if err := r.numbersOf(numbers, r.types, of, r.view.Known()); err != nil {
		return err
	}
	var unsure []graph.ID
	for i, n := range numbers {
		if n == graph.Unsure {
			unsure = append(unsure, of[i])
		}
	}
	if err := r.lookUp(unsure); err != nil {
		return err
	}
	for i, n := range numbers {
		if n == graph.Unsure {
			tell(i, r.class(of[i]))
		} else {
			tell(i, r.classNumbered(n))
		}
	}
	return nil
}

// numbersRoom is room for the numbers of a column that are read through and forgotten.
var numbersRoom = pool[[]uint32]{bytes: func(room *[]uint32) int { return bytesOf(*room) }}

// classNumbered is the class that the object with a number in the column of types
// names; nil for 0, which is none.
func (r *run) classNumbered(number uint32) *schema.Class {
	if number == 0 {
		return nil
	}
	if r.numbered == nil {
		r.numbered = make([]numberedClass, r.types.Objects())
	}
	known := &r.numbered[number]
	if !known.asked {
		*known = numberedClass{true, r.classOfType(r.types.Object(number))}
	}
	return known.class
}

// numberedClass is what classNumbered has found.
type numberedClass struct {
	asked bool
	class *schema.Class
}

// placesAtOnce is of how many nodes a column is asked at once.
const placesAtOnce = 256

// findTypes has the column of types be there, if that is worth it for so many ids,
// and counts them as read from it.
func (r *run) findTypes(ids int) (err error) {
	if r.hasTypes {
		return r.view.Spend(ids)
	}
	r.types, r.hasTypes, err = r.columnFor(graph.Type, ids)
	return err
}

// classOfType is the class that an object of the type predicate names; nil for one
// that the ontology does not have.
func (r *run) classOfType(id graph.ID) *schema.Class {
	if id == r.lastType.id && id != 0 {
		return r.lastType.class // mostly, one after the other is of the same
	}
	c, seen := r.typeClasses[id]
	if !seen {
		if c = r.ontology.ClassByIRI(r.view.Name(id)); c != nil && c.Enum == "" {
			c = nil
		}
		r.typeClasses[id] = c
	}
	r.lastType.id, r.lastType.class = id, c
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
	types, err := r.said(gone, graph.Type, r.view.Recorded())
	if err != nil {
		return err
	}
	for i, id := range gone {
		r.former[id], _ = r.classAmong(types[i])
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
// those of the links that do.
func (r *run) classAmong(links []graph.Link) (class *schema.Class, claims []graph.Link) {
	for len(links) > 0 {
		var same []graph.Link
		same, links = graph.NextObject(links)
		c := r.classOfType(same[0].To)
		switch {
		case c == nil:
		case class == nil, class.Yields && !c.Yields,
			class.Yields == c.Yields && r.view.PreferAmong(r.ctx, same, claims) < 0:
			class, claims = c, same
		}
	}
	return class, claims
}
