package query

import (
	"slices"
	"strconv"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// nameOf makes a column of the names of ids, each with something before it.
func (r *run) nameOf(before string, id func(i int) graph.ID) *leaf {
	names := r.reader()
	return &leaf{nonNull: true, put: func(w *writer, i int) bool {
		start := len(w.buf)
		w.buf = append(append(w.buf, '"'), before...)
		w.buf = names.Append(w.buf, id(i))
		w.quoted(start)
		return true
	}}
}

// reader returns a reader of names for one use.
func (r *run) reader() *graph.NameReader {
	if r.readers == nil {
		r.readers = r.view.Names()
	}
	return r.readers.Beside()
}

// property makes the column of a literal field.
func (r *run) property(f *schema.Field, c *collected, rows []row) (column, error) {
	values, err := r.values(ids(rows), f)
	if err != nil {
		return nil, err
	}
	cited := func(item int) []graph.Link { return values.all[item].claims }
	if f.Class.Name == "Claim" {
		cited = nil // a claim is its own witness
	}
	item, err := r.literal(f, c, values, cited)
	if err != nil {
		return nil, err
	}
	if f.Shape == schema.List {
		return &list{nonNull: c.nonNull(), itemNonNull: c.field.Definition.Type.Elem.NonNull, ends: values.ends, items: item}, nil
	}
	p := &pick{nonNull: c.nonNull(), at: make([]int, len(rows)), objects: item}
	for i := range rows {
		p.at[i] = -1
		if len(values.of(i)) > 0 {
			p.at[i] = values.ends[i] - len(values.of(i))
		}
	}
	return p, nil
}

// identifierColumn makes the column of the identifiers in one scheme.
func (r *run) identifierColumn(f *schema.Field, c *collected, rows []row) (column, error) {
	args, bad := r.arguments(c.field.Definition.Arguments, c.field.Arguments)
	if bad != nil {
		return nil, bad
	}
	of := *f
	of.Kind, of.Value, of.Scheme = schema.Identifier, schema.Text, args["scheme"].(string)
	return r.property(&of, c, rows)
}

// literal makes a column over the values themselves.
func (r *run) literal(f *schema.Field, c *collected, v *values, cited func(int) []graph.Link) (column, error) {
	if f.Value == schema.Time && f.Kind == schema.Property {
		return r.timeSpan(c, v, cited)
	}
	text := func(i int) string { return v.all[i].term.Text }
	put := func(w *writer, i int) bool { w.string(text(i)); return true }
	if f.Kind == schema.Property {
		switch f.Value {
		case schema.Float, schema.Int:
			put = func(w *writer, i int) bool { return w.number(text(i)) }
		case schema.Boolean:
			put = func(w *writer, i int) bool { w.boolean(text(i) == "true"); return true }
		}
	}
	return &leaf{nonNull: true, put: put, claims: cited}, nil
}

// number writes a decimal number as JSON has it; false for what is none.
func (w *writer) number(text string) bool {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return false // unreachable: the ontology has checked it
	}
	w.buf = strconv.AppendFloat(w.buf, f, 'g', -1, 64)
	return true
}

// timeSpan makes the column of TimeSpans.
func (r *run) timeSpan(c *collected, v *values, cited func(int) []graph.Link) (column, error) {
	date := func(i int) edtf.Date {
		d, _ := r.date(v.all[i].id)
		return d
	}
	day := func(w *writer, d edtf.Day) bool {
		if d == edtf.Past || d == edtf.Future {
			return false
		}
		w.string(d.String())
		return true
	}
	return r.fields("TimeSpan", c, func(f *collected) (column, error) {
		col := &leaf{nonNull: f.nonNull(), claims: cited}
		switch f.field.Name {
		case "edtf":
			col.put = func(w *writer, i int) bool { w.string(v.all[i].term.Text); return true }
		case "earliest":
			col.put = func(w *writer, i int) bool { e, _ := date(i).Bounds(); return day(w, e) }
		case "latest":
			col.put = func(w *writer, i int) bool { _, l := date(i).Bounds(); return day(w, l) }
		case "precision":
			col.put = func(w *writer, i int) bool { w.string(date(i).Precision().String()); return true }
		default:
			panic("query: TimeSpan." + f.field.Name + " is derived by no rule")
		}
		return col, nil
	})
}

func (r *run) nameColumn(c *collected, rows []row) (column, error) {
	language, bad := r.languageOf(c)
	if bad != nil {
		return nil, bad
	}
	names, err := r.namesFor(ids(rows), language)
	if err != nil {
		return nil, err
	}
	at := r.pickLanguage(names, language)
	return &leaf{
		nonNull: true,
		put: func(w *writer, i int) bool {
			if at[i] < 0 {
				w.string(lastPart(r.view.Name(rows[i].id)))
			} else {
				w.string(names[i][at[i]].text)
			}
			return true
		},
		claims: func(i int) []graph.Link {
			if at[i] < 0 {
				return nil
			}
			return names[i][at[i]].claims
		},
	}, nil
}

// languageOf returns the language that a field is asked for in.
func (r *run) languageOf(c *collected) (string, *Error) {
	args, bad := r.arguments(c.field.Definition.Arguments, c.field.Arguments)
	if bad != nil {
		return "", bad
	}
	language, _ := args["language"].(string)
	return language, nil
}

// pickLanguage picks the name of each row to show in a language.
func (r *run) pickLanguage(names [][]name, language string) []int {
	at := make([]int, len(names))
	for i := range names {
		at[i] = r.nameIn(names[i], language)
	}
	return at
}

func (r *run) descriptionColumn(c *collected, rows []row) (column, error) {
	language, bad := r.languageOf(c)
	if bad != nil {
		return nil, bad
	}
	texts, err := r.descriptions(ids(rows))
	if err != nil {
		return nil, err
	}
	at := r.pickLanguage(texts, language)
	return &leaf{
		put: func(w *writer, i int) bool {
			if at[i] < 0 {
				return false
			}
			w.string(texts[i][at[i]].text)
			return true
		},
		claims: func(i int) []graph.Link { return texts[i][at[i]].claims },
	}, nil
}

func (r *run) namesColumn(c *collected, rows []row) (column, error) {
	each, err := r.names(ids(rows))
	if err != nil {
		return nil, err
	}
	var all []name
	ends := make([]int, len(rows))
	for i, names := range each {
		slices.SortFunc(names, r.compareNames)
		all = append(all, names...)
		ends[i] = len(all)
	}
	items, err := r.fields("Name", c, func(f *collected) (column, error) {
		col := &leaf{nonNull: f.nonNull(), claims: func(i int) []graph.Link { return all[i].claims }}
		switch f.field.Name {
		case "text":
			col.put = func(w *writer, i int) bool { w.string(all[i].text); return true }
		case "language":
			col.put = func(w *writer, i int) bool { return w.some(all[i].language) }
		case "script":
			col.put = func(w *writer, i int) bool { return w.some(all[i].script()) }
		case "kind":
			col.put = func(w *writer, i int) bool { w.string(nameKinds[all[i].kind].kind); return true }
		default:
			panic("query: Name." + f.field.Name + " is derived by no rule")
		}
		return col, nil
	})
	return r.atMostListed(c, &list{nonNull: true, itemNonNull: true, ends: ends, items: items}, ends), err
}

// some writes a text that is null when empty.
func (w *writer) some(text string) bool {
	if text == "" {
		return false
	}
	w.string(text)
	return true
}

// mergedFromColumn lists the ids that were merged into each entity.
func (r *run) mergedFromColumn(rows []row) column {
	var all []graph.ID
	ends := make([]int, len(rows))
	for i, row := range rows {
		all = append(all, r.view.MergedFrom(row.id)...)
		ends[i] = len(all)
	}
	id := r.nameOf("", func(i int) graph.ID { return all[i] })
	return &list{nonNull: true, itemNonNull: true, ends: ends, items: id}
}

func (r *run) identifiersColumn(c *collected, rows []row) (column, error) {
	each, err := r.identifiers(ids(rows))
	if err != nil {
		return nil, err
	}
	var all []identifier
	ends := make([]int, len(rows))
	for i, found := range each {
		all = append(all, found...)
		ends[i] = len(all)
	}
	items, err := r.fields("Identifier", c, func(f *collected) (column, error) {
		text := func(i int) string { return all[i].value }
		if f.field.Name == "scheme" {
			text = func(i int) string { return all[i].scheme }
		}
		return &leaf{
			nonNull: true,
			put:     func(w *writer, i int) bool { w.string(text(i)); return true },
			claims:  func(i int) []graph.Link { return all[i].claims },
		}, nil
	})
	return r.atMostListed(c, &list{nonNull: true, itemNonNull: true, ends: ends, items: items}, ends), err
}
