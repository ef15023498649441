package query

import (
	"chancery/graph"
	"chancery/schema"
)

// claimsColumn makes the column of the claims about each entity.
func (r *run) claimsColumn(c *collected, rows []row) (column, error) {
	args, bad := r.arguments(c.field.Definition.Arguments, c.field.Arguments)
	if bad != nil {
		return nil, bad
	}
	retracted := namesKey(args["where"], "retractedAt")
	return r.connection(c, args, pageSource{
		rows: rows, class: r.ontology.Class("Claim"),
		read: func(of []graph.ID) (*items, error) { return r.claimsAbout(of, retracted) },
	})
}

// factsColumn makes the column of what each claim says.
func (r *run) factsColumn(c *collected, rows []row) (column, error) {
	found, err := r.factsOf(ids(rows))
	if err != nil {
		return nil, err
	}
	about := make([]row, 0, len(found.all))
	begin := 0
	for i, end := range found.ends {
		for ; begin < end; begin++ {
			about = append(about, row{id: r.addFact(found.all[begin]), around: r.inside(rows[i]), more: rows[i].more})
		}
	}
	items, err := r.objects(about, c)
	if err != nil {
		return nil, err
	}
	return r.atMostListed(c, &list{nonNull: true, itemNonNull: true, ends: found.ends, items: items}, found.ends), nil
}

// factFields makes the columns of a selection on facts.
func (r *run) factFields(rows []row, c *collected) (*fields, error) {
	of := make([]fact, len(rows))
	for i, row := range rows {
		of[i] = r.fact(row.id)
	}
	subjects, objects := make([]row, len(of)), make([]row, len(of))
	for i, f := range of {
		subjects[i] = row{id: f.subject, around: rows[i].around, former: true, more: rows[i].more}
		objects[i] = row{id: f.object, around: rows[i].around, former: true, more: rows[i].more}
	}
	ends := append(ids(subjects), ids(objects)...)
	if err := r.classify(ends); err != nil {
		return nil, err
	}
	if err := r.classifyFormer(ends); err != nil {
		return nil, err
	}
	return r.fields("Fact", c, func(f *collected) (column, error) {
		switch f.field.Name {
		case "subject":
			return r.nodeColumn(f, subjects)
		case "object":
			return r.nodeColumn(f, objects)
		case "field":
			return &leaf{put: func(w *writer, i int) bool { return w.some(r.fieldOf(of[i])) }}, nil
		case "predicate":
			return r.predicateColumn(func(i int) graph.ID { return of[i].predicate }), nil
		case "value":
			return &leaf{put: func(w *writer, i int) bool {
				text, ok := r.factValue(of[i])
				if ok {
					w.string(text)
				}
				return ok
			}}, nil
		case "claims":
			return r.factClaims(of, rows, f)
		case "publishers":
			return r.publishersColumn(of, rows, f)
		}
		panic("query: Fact." + f.field.Name + " is derived by no rule")
	})
}

// predicateColumn makes the column of predicates' full IRIs.
func (r *run) predicateColumn(of func(i int) graph.ID) column {
	return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.string(schema.Expand(r.view.Name(of(i)))); return true }}
}

// nodeColumn makes the column of objects that rows stand for, null for what is
// of no class.
func (r *run) nodeColumn(c *collected, rows []row) (column, error) {
	found, err := r.objects(rows, c)
	if err != nil {
		return nil, err
	}
	p := &pick{nonNull: c.nonNull(), at: make([]int, len(rows)), objects: found}
	for i, row := range rows {
		p.at[i] = i
		if r.classOf(row) == nil {
			p.at[i] = -1
		}
	}
	return p, nil
}

// factClaims makes the connection of the listed claims that say each fact.
func (r *run) factClaims(of []fact, rows []row, c *collected) (column, error) {
	args, bad := r.arguments(c.field.Definition.Arguments, c.field.Arguments)
	if bad != nil {
		return nil, bad
	}
	retracted := namesKey(args["where"], "retractedAt")
	return r.connection(c, args, pageSource{
		rows: rows, class: r.ontology.Class("Claim"),
		read: func([]graph.ID) (*items, error) { return r.claimsSaying(of, r.listedClaims(retracted)) },
	})
}

// claimsSaying reads the claims of a set that say each fact.
func (r *run) claimsSaying(of []fact, among *graph.Set) (*items, error) {
	found := &items{}
	for _, f := range of {
		begin := len(found.all)
		err := r.view.Quads(r.ctx, graph.Pattern{Subject: f.subject, Predicate: f.predicate, Object: f.object}, func(q graph.Quad) bool {
			if among.Has(q.Label) {
				found.all = append(found.all, item{to: q.Label})
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		found.all = append(found.all[:begin], mergeItems(found.all[begin:])...)
		found.ends = append(found.ends, len(found.all))
	}
	return found, nil
}

func (r *run) publishersColumn(of []fact, rows []row, c *collected) (column, error) {
	found, err := r.publisherItems(of)
	if err != nil {
		return nil, err
	}
	objects, err := r.objects(r.children(found, rows), c)
	if err != nil {
		return nil, err
	}
	return r.atMostListed(c, &list{nonNull: true, itemNonNull: true, ends: found.ends, items: objects}, found.ends), nil
}
