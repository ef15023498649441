package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/seed/check"
	"chancery/seed/intake"
)

// claim is one claim while it is made.
type claim struct {
	r     *Reader
	rule  *rule
	out   graph.Claim
	facts []graph.Fact // room that is used again
	// things are what the claim names that may be known by another id.
	things []intake.Thing
	// ids are those of the entities that have been worked out, as one row has few.
	ids []instances
	// spared are the faults that cost a field, while the claim stands.
	spared []intake.LeftOut
}

// instances are the ids of an entity in a row: none when it is not there, several
// when it has each.
type instances struct {
	entity *entity
	ids    []string
}

// make makes the entry of the claim. A fault rejects it; an error ends the reading.
func (c *claim) make() (intake.Entry, *fault, error) {
	r, rule := c.r, c.rule
	var bad *fault
	if rule.key != nil {
		if r.scope.key, bad = r.scope.one(rule.key); bad != nil {
			return intake.Entry{}, bad, nil
		}
		if r.scope.key == "" {
			return intake.Entry{}, &fault{r.scope.emptyOf(rule.key), "it is empty, and is part of the claim's key"}, nil
		}
		if reason := check.ID("source/" + r.scope.key); reason != "" {
			return intake.Entry{}, &fault{r.scope.columnOf(rule.key), fmt.Sprintf(
				"%s cannot be a key; a key has letters a to z, digits and - . _ ~ /; write <%s | slug>", quote(r.scope.key), r.scope.columnOf(rule.key))}, nil
		}
	} else {
		r.scope.key = r.hash(slices.Index(r.m.rules, rule))
	}
	c.facts, c.things, c.spared = c.facts[:0], c.things[:0], c.spared[:0]
	for _, x := range rule.entities {
		bad, err := c.describe(x)
		if bad != nil || err != nil {
			return intake.Entry{}, bad, err
		}
	}
	if len(c.facts) == 0 && len(c.spared) > 0 {
		return intake.Entry{}, &fault{c.spared[0].Place.Column, c.spared[0].Reason}, nil
	}
	if len(c.facts) == 0 {
		return intake.Entry{}, &fault{"", "it says nothing that the mapping looks for: what the claim would say is empty"}, nil
	}
	c.out = graph.Claim{ID: "claim/" + r.m.dataset.id + "/" + r.scope.key, Source: r.m.Source(), Status: rule.status, Facts: r.facts.Keep(c.facts)}
	bad, err := c.own()
	return intake.Entry{Place: r.scope.place(""), Claim: c.out, Things: r.things.Keep(c.things), LeftOut: c.leftOut(c.out.ID)}, bad, err
}

// own fills in the claim's own fields.
func (c *claim) own() (bad *fault, err error) {
	s, rule := &c.r.scope, c.rule
	if rule.locator != nil {
		c.out.Locator, bad = s.one(rule.locator)
	} else if rule.key != nil {
		c.out.Locator = "row " + s.key
	}
	if bad != nil {
		return bad, nil
	}
	if c.out.ValidTime, bad = s.one(rule.validTime); bad != nil {
		return bad, nil
	}
	if c.out.ValidTime != "" {
		if _, err := edtf.Parse(c.out.ValidTime); err != nil {
			return &fault{s.columnOf(rule.validTime), fmt.Sprintf("validTime: %v", err)}, nil
		}
	}
	confidence, bad := s.one(rule.confidence)
	if bad != nil {
		return bad, nil
	}
	if confidence != "" {
		p, err := strconv.ParseFloat(confidence, 64)
		if err != nil || !(p >= 0 && p <= 1) {
			return &fault{s.columnOf(rule.confidence), fmt.Sprintf("%q is no confidence, which lies between 0 and 1", confidence)}, nil
		}
		c.out.Confidence = &p
	}
	if rule.source != nil {
		ids, bad, err := c.targets(rule.source)
		if bad != nil || err != nil {
			return bad, err
		}
		if len(ids) > 0 {
			c.out.Source = ids[0]
		}
	}
	for i := range rule.attributed {
		ids, bad, err := c.targets(&rule.attributed[i])
		if bad != nil || err != nil {
			return bad, err
		}
		c.out.AttributedTo = append(c.out.AttributedTo, ids...)
	}
	return nil, nil
}

// describe adds what is said of an entity, once for each of its instances.
func (c *claim) describe(x *entity) (bad *fault, err error) {
	if len(x.each) == 0 {
		return c.describeOne(x)
	}
	err = c.r.scope.forEach(x.each, func() error {
		if bad == nil {
			bad, err = c.describeOne(x)
		}
		return err
	}, func(f *fault) error { bad = f; return nil })
	return bad, err
}

// describeOne describes an entity at the present setting of the variables.
func (c *claim) describeOne(x *entity) (*fault, error) {
	holds, bad := c.r.scope.meets(x.when)
	if bad != nil || !holds {
		return bad, nil
	}
	if x.base != nil {
		ids, bad, err := c.find(x.base)
		if bad != nil || err != nil {
			return bad, err
		}
		for _, id := range ids {
			if bad, err := c.say(x, id, nil); bad != nil || err != nil {
				return bad, err
			}
		}
		return nil, nil
	}
	id, bad := c.id(x)
	if bad != nil || id == "" {
		return bad, nil
	}
	thing := intake.Thing{ID: id, Class: x.class.Enum}
	bad, err := c.say(x, id, &thing)
	c.mention(&thing)
	return bad, err
}

// mention adds a thing, once, if it can be found by more than its id.
func (c *claim) mention(t *intake.Thing) {
	if len(t.Identifiers) == 0 && len(t.Names) == 0 {
		return
	}
	for i := range c.things {
		if c.things[i].ID == t.ID {
			return
		}
	}
	c.things = append(c.things, *t)
}

// id works out the id of an entity at the present setting of the variables; empty
// when it is not there.
func (c *claim) id(x *entity) (string, *fault) {
	id, bad := c.r.scope.one(x.id)
	if bad != nil || id == "" {
		return "", bad
	}
	if !x.shared || c.r.shared[id] == nil { // else it has been checked
		if reason := check.ID(id); reason != "" {
			column := c.r.scope.columnOf(x.id)
			return "", &fault{column, fmt.Sprintf("%s; write <%s | slug> in the id", reason, column)}
		}
	}
	return id, nil
}

// find returns the ids of an entity in this row. One at the top of the mapping is
// said in a claim of its own first, if it has not been.
func (c *claim) find(x *entity) ([]string, *fault, error) {
	for i := range c.ids {
		if c.ids[i].entity == x {
			return c.ids[i].ids, nil, nil
		}
	}
	var ids []string // room for them, from an earlier claim
	if n := len(c.ids); n < cap(c.ids) {
		ids = c.ids[:n+1][n].ids[:0]
	}
	var bad *fault
	var err error
	if len(x.each) == 0 {
		ids, bad, err = c.findOne(x, ids)
	} else {
		err = c.r.scope.forEach(x.each, func() error {
			if bad == nil {
				ids, bad, err = c.findOne(x, ids)
			}
			return err
		}, func(f *fault) error { bad = f; return nil })
	}
	if bad != nil || err != nil {
		return nil, bad, err
	}
	c.ids = append(c.ids, instances{x, ids})
	return ids, nil, nil
}

// findOne appends the id of an entity at the present setting of the variables.
func (c *claim) findOne(x *entity, ids []string) ([]string, *fault, error) {
	s := &c.r.scope
	cell := ""
	if x.shared && x.cell != nil && s.rec.Cells != nil {
		cell = s.cell(x.cell)
		if known := c.r.byCell[x.number][cell]; known != nil {
			return c.meet(ids, known), known.bad, nil
		}
	}
	holds, bad := s.meets(x.when)
	if bad != nil || !holds {
		return ids, bad, nil
	}
	id, bad := c.id(x)
	if bad != nil || id == "" {
		return ids, bad, nil
	}
	if !x.shared {
		return append(ids, id), nil, nil
	}
	known := c.r.shared[id]
	if known == nil {
		var err error
		if known, err = c.r.introduce(x, id); err != nil {
			return ids, nil, err
		}
	}
	if cell != "" {
		if c.r.byCell[x.number] == nil {
			c.r.byCell[x.number] = map[string]*said{}
		}
		c.r.byCell[x.number][cell] = known
	}
	return c.meet(ids, known), known.bad, nil
}

// meet takes in an entity that has been said.
func (c *claim) meet(ids []string, known *said) []string {
	if known.find {
		c.mention(&known.thing)
	}
	return append(ids, known.thing.ID)
}

// introduce says an entity in a claim of its own.
func (r *Reader) introduce(x *entity, id string) (*said, error) {
	s := &said{thing: intake.Thing{ID: id, Class: x.class.Enum}}
	r.shared[id] = s // before what it refers to, which may refer to it
	c := &claim{r: r}
	key := r.scope.key
	r.scope.key = id
	bad, err := c.say(x, id, &s.thing)
	r.scope.key = key
	if err != nil {
		return nil, err
	}
	if s.bad = bad; bad != nil {
		r.also = append(r.also, r.claimID(id))
		return s, nil
	}
	s.find = len(s.thing.Identifiers)+len(s.thing.Names) > 0
	c.mention(&s.thing)
	if row, again := r.again(id); again {
		s.bad = &fault{"", fmt.Sprintf("row %d has the key %s already, which is the id of the %s; give the claim another key", row, quote(id), x.name)}
		return s, nil
	}
	claim := graph.Claim{ID: r.claimID(id), Source: r.m.Source(), Status: r.m.status, Facts: c.facts}
	if err := r.take(intake.Entry{Place: r.scope.place(""), Things: c.things, Claim: claim, LeftOut: c.leftOut(claim.ID)}); err != nil {
		return nil, err
	}
	return s, nil
}

// targets returns the ids that a relation leads to.
func (c *claim) targets(t *target) ([]string, *fault, error) {
	if t.entity != nil {
		return c.find(t.entity)
	}
	ids, bad := c.r.scope.eval(t.id)
	if bad != nil {
		return nil, bad, nil
	}
	for _, id := range ids {
		if reason := check.ID(id); reason != "" {
			column := c.r.scope.columnOf(t.id)
			return nil, &fault{column, fmt.Sprintf("%s; write <%s | slug> in the id", reason, column)}, nil
		}
	}
	return ids, nil, nil
}

// say adds the facts of one entity. thing gathers what finds it; nil: not wanted.
func (c *claim) say(x *entity, id string, thing *intake.Thing) (*fault, error) {
	before := len(c.facts)
	if slices.ContainsFunc(c.facts, func(f graph.Fact) bool { return f.Subject == id }) {
		before = 0 // two entities of the rule are one thing in this row: what both say is said once
	}
	for i := range x.facts {
		f := &x.facts[i]
		fact := f.template
		fact.Subject = id
		if f.value == nil {
			c.add(before, fact)
			continue
		}
		if f.target != nil {
			ids, bad, err := c.targets(f.target)
			if bad != nil || err != nil {
				return bad, err
			}
			for _, object := range ids {
				fact.Object.Text = object
				c.add(before, fact)
				if f.nation && thing != nil {
					thing.Nation = object
				}
			}
			continue
		}
		if bad := c.values(x, f, fact, before, thing); bad != nil {
			return bad, nil
		}
	}
	for _, n := range x.needs {
		if !slices.ContainsFunc(c.facts[before:], func(f graph.Fact) bool { return f.Predicate == n.predicate && f.Subject == id }) {
			return &fault{"", fmt.Sprintf("%s: its %s is empty, and a %s needs it", x.name, n.field, x.class.Name)}, nil
		}
	}
	return nil, nil
}

// values adds the facts of a name, an identifier or another value.
func (c *claim) values(x *entity, f *factSpec, fact graph.Fact, before int, thing *intake.Thing) *fault {
	s := &c.r.scope
	values, bad := s.eval(f.value)
	if bad != nil {
		return c.spare(x, f, bad)
	}
	if len(values) == 0 {
		return nil
	}
	if f.language != nil {
		if fact.Object.Language, bad = s.one(f.language); bad != nil {
			return bad
		}
	}
	if f.kind != nil {
		kind, bad := s.one(f.kind)
		if bad != nil {
			return bad
		}
		if fact.Predicate = f.kinds[kind]; fact.Predicate == "" {
			return &fault{s.columnOf(f.kind), fmt.Sprintf("%q is no kind of name", kind)}
		}
	}
	for _, v := range values {
		if f.check != nil {
			if v, bad = c.r.checked(x, f, v); bad != nil {
				if bad = c.spare(x, f, bad); bad != nil {
					return bad
				}
				continue
			}
		}
		fact.Object.Text = v
		c.add(before, fact)
		switch {
		case thing == nil:
		case f.lookup != "":
			thing.Identifiers = append(thing.Identifiers, f.lookup+":"+v)
		case f.name && x.byName:
			thing.Names = append(thing.Names, v)
		}
	}
	return nil
}

// spare notes a fault of a field that is sparing, so that the claim stands without it;
// of another, it is the claim's.
func (c *claim) spare(x *entity, f *factSpec, bad *fault) *fault {
	if !slices.ContainsFunc(f.value.parts, func(p part) bool { return p.ref != nil && p.ref.sparing }) {
		return bad
	}
	field := f.of(x)
	c.spared = append(c.spared, intake.LeftOut{Place: c.r.scope.place(bad.column), Field: field, Reason: strings.TrimPrefix(bad.reason, field+": ")})
	return nil
}

// of is the field as reasons call it: born of the person.
func (f *factSpec) of(x *entity) string { return f.field + " of the " + x.name }

// leftOut are the values that a claim stands without.
func (c *claim) leftOut(id string) []intake.LeftOut {
	if len(c.spared) == 0 {
		return nil
	}
	all := slices.Clone(c.spared)
	for i := range all {
		all[i].Claim = id
	}
	return all
}

// add adds a fact unless it is there; only those from an index on are of its subject.
func (c *claim) add(from int, fact graph.Fact) {
	for i := from; i < len(c.facts); i++ {
		if c.facts[i] == fact {
			return
		}
	}
	c.facts = append(c.facts, fact)
}

// checked holds a value to its kind.
func (r *Reader) checked(x *entity, f *factSpec, v string) (string, *fault) {
	m := &r.checks[f.number]
	if known, ok := m.get(v); ok {
		if known.bad != nil {
			return "", known.bad
		}
		return known.values[0], nil
	}
	checked, err := f.check(v)
	if err != nil {
		bad := &fault{r.scope.columnOf(f.value), fmt.Sprintf("%s: %v", f.of(x), err)}
		m.put(v, nil, bad)
		return "", bad
	}
	m.put(v, []string{checked}, nil)
	return checked, nil
}
