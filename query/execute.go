package query

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// objects are the rows of one level, each an object of a class: rows of one class
// have their fields as columns of a part.
type objects struct {
	part, at []int32 // of each row: its part (negative: no object) and its row there
	parts    []*fields
}

func (o *objects) write(w *writer, i int) bool {
	return o.part[i] >= 0 && o.parts[o.part[i]].write(w, int(o.at[i]))
}

// objects runs a selection over rows, over those that are the same once. A row of no
// class has no object.
func (r *run) objects(rows []row, c *collected) (column, error) {
	if r.straight() {
		return r.differentObjects(rows, c)
	}
	different, at := once(rows)
	objects, err := r.differentObjects(different, c)
	if err != nil || at == nil {
		return objects, err
	}
	return &repeated{objects, at, make([]extent, len(different))}, nil
}

// differentObjects is objects of rows that are all different.
func (r *run) differentObjects(rows []row, c *collected) (*objects, error) {
	if err := r.count(occurrences(rows)); err != nil {
		return nil, err
	}
	out := &objects{part: make([]int32, len(rows)), at: make([]int32, len(rows))}
	index := map[*schema.Class]int32{}
	var classes []*schema.Class
	var sizes []int32
	var last *schema.Class // of the row before: mostly the same
	p := int32(-1)
	err := r.eachClass(ids(rows), func(i int, class *schema.Class) {
		if class == nil && rows[i].former {
			class = r.former[rows[i].id]
		}
		if i == 0 || class != last {
			var seen bool
			last = class
			if p, seen = index[class]; class == nil {
				p = -1
			} else if !seen {
				p = int32(len(classes))
				index[class] = p
				classes, sizes = append(classes, class), append(sizes, 0)
			}
		}
		if out.part[i] = p; p >= 0 {
			out.at[i] = sizes[p]
			sizes[p]++
		}
	})
	if err != nil {
		return nil, err
	}
	of := make([][]row, len(classes))
	for p, size := range sizes {
		if int(size) == len(rows) {
			of[p] = rows
			break
		}
		of[p] = make([]row, 0, size)
	}
	if len(of) > 0 && len(of[0]) < len(rows) {
		for i, row := range rows {
			if p := out.part[i]; p >= 0 {
				of[p] = append(of[p], row)
			}
		}
	}
	for p, class := range classes {
		var part *fields
		var err error
		mark := -1
		if r.trace != nil && len(classes) > 1 {
			mark = r.trace.begin(ofClass{class}, noEstimate)
		}
		switch class {
		case r.op.engine.factClass:
			part, err = r.factFields(of[p], c)
		case r.op.engine.changeClass:
			part, err = r.changeFields(of[p], c)
		default:
			part, err = r.fields(class.Name, c, func(f *collected) (column, error) { return r.field(class, f, of[p]) })
		}
		if err != nil {
			return nil, err
		}
		if mark >= 0 {
			r.trace.found(mark, len(of[p]))
			r.trace.end(mark)
		}
		out.parts = append(out.parts, part)
	}
	return out, nil
}

// count adds objects to what the answer holds so far.
func (r *run) count(n int) error {
	err := r.atMost(n)
	r.rows += n
	return err
}

// atMost says so if so many objects would be too many.
func (r *run) atMost(n int) error {
	if limit := r.op.engine.options.Rows; r.rows+n > limit {
		return errorf(LimitExceeded, "the answer has more than %d objects: ask for smaller pages or fewer levels", limit)
	}
	return nil
}

// fields makes one column of each response key of a selection on a type. A field
// that goes wrong is a column of errors; what goes over a limit ends the run.
func (r *run) fields(typeName string, c *collected, column func(*collected) (column, error)) (*fields, error) {
	out := &fields{}
	for _, f := range r.collect(typeName, c.selections) {
		col, err := r.column(typeName, f, column)
		if err != nil {
			return nil, err
		}
		out.add(f.key)
		out.columns = append(out.columns, col)
	}
	return out, nil
}

func (r *run) column(typeName string, f *collected, make func(*collected) (column, error)) (column, error) {
	if f.field.Name == "__typename" {
		return &leaf{nonNull: true, put: func(w *writer, _ int) bool { w.string(typeName); return true }}, nil
	}
	if r.spans != nil && len(f.selections) > 0 {
		defer r.span(typeName + "." + f.field.Name)()
	}
	before := r.enter(f)
	col, err := make(f)
	r.leave(f, before)
	if err == nil {
		err = r.failed
	}
	var bad *Error
	if errors.As(err, &bad) && bad.Code != LimitExceeded {
		bad.Position = f.field.Position
		return &failed{nonNull: f.nonNull(), err: bad}, nil
	}
	return col, err
}

// nonNull reports whether the field must not be null.
func (c *collected) nonNull() bool { return c.field.Definition.Type.NonNull }

// field makes the column of one field of a class.
func (r *run) field(class *schema.Class, c *collected, rows []row) (column, error) {
	f := class.Field(c.field.Name)
	switch f.Kind {
	case schema.Relation:
		return r.relation(class, f, c, rows)
	case schema.Property, schema.Identifier:
		return r.property(f, c, rows)
	}
	switch f.Name {
	case "id":
		return r.nameOf("", func(i int) graph.ID { return rows[i].id }), nil
	case "iri":
		return r.nameOf(r.op.engine.options.BaseIRI, func(i int) graph.ID { return rows[i].id }), nil
	case "name":
		return r.nameColumn(c, rows)
	case "names":
		return r.namesColumn(c, rows)
	case "description":
		return r.descriptionColumn(c, rows)
	case "identifiers":
		return r.identifiersColumn(c, rows)
	case "identifier":
		return r.identifierColumn(f, c, rows)
	case "mergedFrom":
		return r.mergedFromColumn(rows), nil
	case "claims":
		return r.claimsColumn(c, rows)
	case "facts":
		return r.factsColumn(c, rows)
	}
	panic(fmt.Sprintf("query: %s.%s is derived by no rule", class.Name, f.Name))
}

// mostListed is how many a list that is no connection gives.
const mostListed = 1000

// relation makes the column of a relation of rows of a class: an object, a list, or a
// connection.
func (r *run) relation(of *schema.Class, f *schema.Field, c *collected, rows []row) (column, error) {
	args, bad := r.arguments(c.field.Definition.Arguments, c.field.Arguments)
	if bad != nil {
		return nil, bad
	}
	if f.Shape == schema.Connection {
		source := pageSource{rows: rows, class: f.Range, field: f}
		read := func(of []graph.ID) (*items, error) { return r.relate(of, f) }
		if f.Range.Name == "Claim" {
			reader := r.listedReader(f, args["where"])
			read = func(of []graph.ID) (*items, error) { return reader(r, of) }
			source.field = nil
		}
		source.read = read
		return r.connection(c, args, source)
	}
	relate := r.relate
	if !r.op.cite {
		relate = r.relateBare
	}
	found, err := relate(ids(rows), f)
	if err != nil {
		return nil, err
	}
	condition, err := r.compile(pageSource{class: f.Range}, args)
	if err != nil {
		return nil, err
	}
	lost, err := r.keepMeeting(found, rows, condition)
	if err != nil {
		return nil, err
	}
	r.trace.found(-1, len(found.all))
	children, err := r.objects(r.childrenOf(of, found, rows), c)
	if err != nil {
		return nil, err
	}
	if f.Shape == schema.Single {
		p := &pick{nonNull: c.nonNull(), at: make([]int, len(rows)), objects: children}
		for i := range rows {
			p.at[i] = -1
			if len(found.of(i)) > 0 {
				p.at[i] = found.ends[i] - len(found.of(i))
			}
		}
		p.claims = func(i int) []graph.Link { return found.all[p.at[i]].claims }
		if f.Class.Name == "Claim" {
			p.claims = nil
		}
		return p, nil
	}
	l := &list{
		nonNull: c.nonNull(), itemNonNull: c.field.Definition.Type.Elem.NonNull, ends: found.ends, items: children,
		claims: func(item int) []graph.Link { return found.all[item].claims },
	}
	if f.Class.Name == "Claim" {
		l.claims = nil
	}
	return r.atMostListed(c, r.surrounded(c, args, l, lost), found.ends), nil
}

// atMostListed makes an error of lists that are too long.
func (r *run) atMostListed(c *collected, l column, ends []int) column {
	length := func(i int) int {
		if i == 0 {
			return ends[0]
		}
		return ends[i] - ends[i-1]
	}
	for i := range ends {
		if length(i) > mostListed {
			e := errorf(ListTooLong, "%s has more than %d entries: narrow it with where, or ask the root for a page of them", c.field.Name, mostListed)
			e.Position = c.field.Position
			return &failed{nonNull: c.nonNull(), err: e, column: l, bad: func(i int) bool { return length(i) > mostListed }}
		}
	}
	return l
}

// children are the related objects as rows, each inside its parent.
func (r *run) children(found *items, parents []row) []row { return r.childrenOf(nil, found, parents) }

// childrenOf is children of parents of one class, as they are shown; nil: of any.
func (r *run) childrenOf(class *schema.Class, found *items, parents []row) []row {
	out := make([]row, 0, len(found.all))
	begin := 0
	for i, end := range found.ends {
		around := parents[i].id
		switch {
		case class == nil || parents[i].former || !r.surrounds:
			around = r.inside(parents[i])
		case class.Time == schema.Timeless:
			around = parents[i].around
		}
		for ; begin < end; begin++ {
			out = append(out, row{id: found.all[begin].to, around: around, more: parents[i].more})
		}
	}
	return out
}

// compile compiles a field's where; nil for none.
func (r *run) compile(source pageSource, args map[string]any) (filter, error) {
	given, _ := args["where"].(map[string]any)
	if given == nil {
		return nil, nil
	}
	compile := source.where
	if compile == nil {
		compile = func(given map[string]any) (filter, *Error) { return r.where(source.class, given) }
	}
	condition, bad := compile(given)
	if bad != nil {
		return nil, bad.at("where")
	}
	return condition, r.failed
}

// keepMeeting keeps the items that meet a condition; nil: all. It returns which
// parents have no surrounding although the condition asks for it; nil: none.
func (r *run) keepMeeting(found *items, parents []row, condition filter) (lost []bool, err error) {
	if condition == nil {
		return nil, nil
	}
	if condition.open() {
		for i, p := range parents {
			if r.inside(p) == 0 {
				if lost == nil {
					lost = make([]bool, len(parents))
				}
				lost[i] = true
			}
		}
	}
	// Each pair of object and surrounding is asked about once.
	rows := r.children(found, parents)
	unique, at := rows, []uint32(nil)
	if len(parents) > 1 {
		unique, at = different(rows, condition.open())
	}
	met, err := condition.meets(r, unique)
	if err != nil {
		return nil, err
	}
	found.keep(func(i int) bool {
		if at == nil {
			return met[i]
		}
		return met[at[i]]
	})
	return lost, nil
}

// different returns each of the rows once, and where each is among them. What is
// around a row makes one only where the condition is open.
func different(rows []row, open bool) (unique []row, at []uint32) {
	at = make([]uint32, len(rows))
	if !open {
		var n numbering
		for i, row := range rows {
			at[i] = n.number(row.id) - 1
		}
		unique = make([]row, len(n.seen()))
		for i, id := range n.seen() {
			unique[i].id = id
		}
		return unique, at
	}
	index := map[row]uint32{}
	for i, row := range rows {
		row.more = 0
		p, seen := index[row]
		if !seen {
			p = uint32(len(unique))
			index[row] = p
			unique = append(unique, row)
		}
		at[i] = p
	}
	return unique, at
}

// surrounded makes an error of the rows that have no surrounding.
func (r *run) surrounded(c *collected, args map[string]any, col column, lost []bool) column {
	if lost == nil {
		return col
	}
	e := errorf(BadUserInput, "enclosing: true names the nearest event, tenure or membership around %s, and there is none: name one with event: or a date with date:", c.field.Name)
	placeEnclosing(e, args["where"])
	e.Position = c.field.Position
	return &failed{nonNull: c.nonNull(), err: e.at("where"), column: col, bad: func(i int) bool { return lost[i] }}
}

// placeEnclosing puts the error at the first enclosing: true within a condition,
// keys taken in the order of the alphabet.
func placeEnclosing(e *Error, condition any) bool {
	switch given := condition.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(given)) {
			if key == "enclosing" && given[key] == true || placeEnclosing(e, given[key]) {
				e.at(key)
				return true
			}
		}
	case []any:
		for i, each := range given {
			if placeEnclosing(e, each) {
				e.at(fmt.Sprintf("[%d]", i))
				return true
			}
		}
	}
	return false
}
