package naive

import (
	"cmp"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// compareBy orders by the keys of orderBy in turn. What a key compares by may be
// unknown; that comes last in both directions.
func compareBy(orderBy any, compare func(key string) (c int, knowsA, knowsB bool)) int {
	order, _ := orderBy.([]any)
	for _, element := range order {
		for key, direction := range element.(map[string]any) {
			c, knowsA, knowsB := compare(key)
			switch {
			case !knowsA || !knowsB:
				c = yesFirst(knowsA, knowsB)
			case direction == "DESC":
				c = -c
			}
			if c != 0 {
				return c
			}
		}
	}
	return 0
}

func (r *run) compareEntities(key string, a, b graph.ID) (int, bool, bool) {
	switch key {
	case "id":
		return cmp.Compare(r.names[a], r.names[b]), true, true
	case "name":
		return cmp.Compare(r.nameIn(a, "en"), r.nameIn(b, "en")), true, true
	}
	if f := r.classes[a].Field(key); f != nil && (f.Value == schema.Float || f.Value == schema.Int) {
		return compareNumbers(r.numberOf(a, f), r.numberOf(b, f))
	}
	da, knowsA := r.dateOf(a, key)
	db, knowsB := r.dateOf(b, key)
	return compareKnown(da, knowsA, db, knowsB), knowsA, knowsB
}

// numberOf is the number that a property shows, if any.
func (r *run) numberOf(id graph.ID, field *schema.Field) *float64 {
	for _, s := range r.literals(id, field) {
		return number(s.term.Text)
	}
	return nil
}

func compareNumbers(a, b *float64) (c int, knowsA, knowsB bool) {
	if a != nil && b != nil {
		c = cmp.Compare(*a, *b)
	}
	return c, a != nil, b != nil
}

func (r *run) compareClaims(key string, a, b *claim) (int, bool, bool) {
	switch key {
	case "id":
		return cmp.Compare(a.name, b.name), true, true
	case "recordedAt":
		return cmp.Compare(a.recorded, b.recorded), true, true
	}
	published := func(c *claim) (edtf.Date, bool) {
		if !r.is(c.source, r.o.Class("Source")) {
			return edtf.Date{}, false
		}
		return r.dateOf(c.source, key)
	}
	da, knowsA := published(a)
	db, knowsB := published(b)
	return compareKnown(da, knowsA, db, knowsB), knowsA, knowsB
}

func compareKnown(a edtf.Date, knowsA bool, b edtf.Date, knowsB bool) int {
	if !knowsA || !knowsB {
		return 0
	}
	return compareDates(a, b)
}

// compareDates orders shown times: by earliest, then latest.
func compareDates(a, b edtf.Date) int {
	ea, la := a.Bounds()
	eb, lb := b.Bounds()
	return cmp.Or(cmp.Compare(ea, eb), cmp.Compare(la, lb))
}
