package table

import (
	"fmt"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
	"chancery/seed/check"
	"chancery/seed/table/code"
)

// compile holds the mapping against the ontology and prepares its facts.
func (p *parser) compile(o *schema.Ontology) {
	p.checkDataset()
	p.bindVariables()
	c := &compiler{parser: p, o: o}
	shared := map[string]*entity{}
	for i, x := range p.m.shared {
		shared[x.name] = x
		x.number = i
		c.classOf(x)
		x.cell = onlyColumn(x)
	}
	for _, r := range p.m.rules {
		for _, x := range r.entities {
			if base := shared[x.name]; base != nil {
				x.base, x.class = base, base.class
				if x.classE != "" || x.id != nil {
					p.add(x.at, x.name, "the entities at the top have it; leave its class and id there, or give this one a name of its own")
				}
				continue
			}
			c.classOf(x)
		}
	}
	for _, x := range p.m.shared {
		c.names = shared
		c.entity(x)
	}
	for _, r := range p.m.rules {
		c.rule(r, shared)
	}
}

// onlyColumn returns the one column that an entity's id and conditions hang on, or nil.
func onlyColumn(x *entity) *ref {
	if x.id == nil || len(x.each) > 0 {
		return nil
	}
	exprs := []*expr{x.id}
	for _, w := range x.when {
		exprs = append(exprs, w.value)
	}
	var only *ref
	for _, e := range exprs {
		for _, p := range e.parts {
			switch {
			case p.ref == nil:
			case p.ref.special != "" || p.ref.variable >= 0 || only != nil && only.name != p.ref.name:
				return nil
			default:
				only = p.ref
			}
		}
	}
	return only
}

func (p *parser) checkDataset() {
	d := &p.m.dataset
	at := placeOf(p.root)
	if d.id != "" {
		if bad := check.ID("source/" + d.id); bad != "" || strings.Contains(d.id, "/") {
			p.add(at, "dataset", "%q is no id of a data set; write letters a to z, digits and dashes", d.id)
		}
	}
	for _, a := range []agent{d.publisher, d.partOf} {
		if bad := check.ID(a.id); a.id != "" && bad != "" {
			p.add(at, "dataset", "%s", bad)
		}
	}
	if d.published != "" {
		if _, err := edtf.Parse(d.published); err != nil {
			p.add(at, "dataset", "published: %v", err)
		}
	}
}

// bindVariables finds the values that begin with a variable of each.
func (p *parser) bindVariables() {
	for i, r := range p.m.refs {
		r.slot = i
		head, _, _ := strings.Cut(r.name, ".")
		head, _, _ = strings.Cut(head, "[")
		v := slices.Index(p.m.variables, head)
		if v < 0 || r.special != "" || r.quoted {
			r.path, _ = parsePath(r.name) // no path is no fault in a table, whose columns may have any name
			continue
		}
		r.variable = v
		if rest := strings.TrimPrefix(r.name[len(head):], "."); rest != "" {
			path, err := parsePath(rest)
			if err != nil {
				p.add(r.at, "", "%v", err)
			}
			r.path = path
		}
	}
}

// compiler checks entities and rules one after the other.
type compiler struct {
	*parser
	o     *schema.Ontology
	names map[string]*entity // that relations may lead to
}

// classOf finds the class of an entity and checks its id.
func (c *compiler) classOf(x *entity) {
	if x.classE == "" {
		c.add(x.at, x.name, "its class is missing; write one, as in class: PERSON")
	} else if x.class = c.o.ClassByEnum(x.classE); x.class == nil {
		c.add(x.classP, "class", "%q is no class%s", x.classE, suggest(x.classE, c.classNames()))
	}
	switch {
	case x.id == nil:
		c.add(x.at, x.name, "its id is missing; write one, as in id: person/<who | slug>")
	case !x.id.bad && (len(x.id.parts) == 0 || x.id.parts[0].ref != nil || !strings.Contains(x.id.parts[0].text, "/")):
		c.add(x.id.at, "id", "%s does not begin with a kind and a slash; write it as in person/<who | slug>", quote(x.id.text))
	case x.id.bad:
	default:
		if bad := check.ID(strings.TrimSuffix(x.id.parts[0].text, "/") + "/x"); bad != "" {
			c.add(x.id.at, "id", "%s", bad)
		}
		if id, ok := x.id.constant(); ok {
			if bad := check.ID(id); bad != "" {
				c.add(x.id.at, "id", "%s", bad)
			}
		}
	}
}

func (c *compiler) classNames() []string {
	var all []string
	for _, class := range c.o.Classes {
		if class.Enum != "" {
			all = append(all, class.Enum)
		}
	}
	return all
}

func (c *compiler) rule(r *rule, shared map[string]*entity) {
	c.names = map[string]*entity{}
	for name, x := range shared {
		c.names[name] = x
	}
	for _, x := range r.entities {
		if x.base == nil {
			c.names[x.name] = x
		}
	}
	for _, x := range r.entities {
		c.entity(x)
	}
	if r.source != nil {
		c.target(r.source)
		if e := r.source.entity; e != nil && e.class != nil && !e.class.Is(c.o.Class("Source")) {
			c.add(r.source.at, "source", "%s is a %s; a source is allowed here", e.name, e.class.Name)
		}
	}
	for i := range r.attributed {
		c.target(&r.attributed[i])
		if e := r.attributed[i].entity; e != nil && e.class != nil && !e.class.Is(c.o.Class("Agent")) {
			c.add(r.attributed[i].at, "attributedTo", "%s is a %s; an agent is allowed here", e.name, e.class.Name)
		}
	}
	if r.status == graph.NoStatus {
		r.status = c.m.status
	}
	if r.status == graph.NoStatus && r.leave == "" {
		c.add(r.at, "status", "it is missing; write status: CONFIRMED, REPORTED or ASSESSED at the top of the mapping, or here")
	}
	if r.leave == "" {
		c.scope(r)
	}
}

// scope checks that the variables that a rule's values begin with are the rule's own.
func (c *compiler) scope(r *rule) {
	var vars []int
	inScope := func(more []each, exprs ...*expr) {
		all := slices.Clone(vars)
		for _, e := range more {
			all = append(all, e.variable)
		}
		for _, x := range exprs {
			if x == nil {
				continue
			}
			for _, part := range x.parts {
				if part.ref != nil && part.ref.variable >= 0 && !slices.Contains(all, part.ref.variable) {
					c.add(part.ref.at, "", "<%s> is known only below each: {%s: …}; add that to the claim in line %d",
						part.ref.name, c.m.variables[part.ref.variable], r.at.line)
				}
			}
		}
	}
	for _, e := range r.each {
		inScope(nil, e.list)
		vars = append(vars, e.variable)
	}
	inScope(nil, r.key, r.locator, r.confidence, r.validTime)
	if r.source != nil {
		inScope(nil, r.source.id)
	}
	for _, w := range r.when {
		inScope(nil, w.value)
	}
	for _, a := range r.attributed {
		inScope(nil, a.id)
	}
	done := map[*entity]bool{}
	var walk func(x *entity)
	walk = func(x *entity) {
		if done[x] {
			return
		}
		done[x] = true
		inScope(x.each, x.id)
		for _, w := range x.when {
			inScope(x.each, w.value)
		}
		for i := range x.facts {
			f := &x.facts[i]
			inScope(x.each, f.value, f.language, f.kind)
			if f.target != nil {
				inScope(x.each, f.target.id)
				if f.target.entity != nil {
					walk(f.target.entity)
				}
			}
		}
		if x.base != nil {
			walk(x.base)
		}
	}
	for _, x := range r.entities {
		walk(x)
	}
}

// entity prepares the facts of an entity.
func (c *compiler) entity(x *entity) {
	if x.class == nil {
		return
	}
	if x.base == nil {
		class := check.Statement{Subject: "x/x", Field: check.ClassField, Value: x.classE}
		fact, err := class.Fact(c.o, nil)
		if err != nil {
			c.add(x.classP, "class", "%v", err) // unreachable: the class has been found
		}
		x.facts = append(x.facts, factSpec{field: check.ClassField, template: fact})
	}
	for _, f := range x.fields {
		for _, v := range f.values {
			c.fact(x, f, v)
		}
	}
	if x.base != nil {
		return
	}
	for _, f := range x.class.Fields {
		if f.Kind != schema.Relation || !f.Required || f.Inverse {
			continue
		}
		if !slices.ContainsFunc(x.fields, func(given field) bool { return given.name == f.Name }) {
			c.add(x.at, x.name, "a %s needs %s: write who or what it is", x.class.Name, f.Name)
			continue
		}
		x.needs = append(x.needs, need{f.Name, f.Predicates[0].IRI})
	}
}

// fact prepares the facts of one value of a field.
func (c *compiler) fact(x *entity, f field, v fieldValue) {
	spec := factSpec{field: f.name, value: v.expr, language: v.language, kind: v.kind}
	known := x.class.Field(f.name)
	statement := check.Statement{Subject: "x/x", Field: f.name, Value: "x", Scheme: v.scheme, Kind: "PREFERRED"}
	if known != nil && known.Kind == schema.Relation {
		statement.Object, statement.Value = "x/x", ""
	}
	fact, err := statement.Fact(c.o, x.class)
	if err != nil {
		c.add(f.at, f.name, "%s", strings.ReplaceAll(reasonOf(err), "x/x", "the "+x.name))
		return
	}
	spec.template = fact
	switch f.name {
	case "name", "names", "description":
		c.words(&spec, f, v)
	case "identifiers":
		spec.lookup = v.scheme
		spec.check = codeCheck(v.scheme)
		if bad := badScheme(v.scheme); bad != "" {
			c.add(v.at, f.name, "%s", bad)
		}
	default:
		switch known.Kind {
		case schema.Relation:
			spec.target = &target{id: v.expr, at: v.at, name: f.name}
			spec.nation = (f.name == "nation" || f.name == "nationality") && known.Range == c.o.Class("Nation")
			c.target(spec.target)
			if e := spec.target.entity; e != nil && e.class != nil && !e.class.Is(known.Range) {
				c.add(v.at, f.name, "%s is a %s; %s is allowed here", e.name, e.class.Name, known.Range.Name)
			}
		case schema.Identifier:
			spec.lookup = known.Scheme
			spec.check = codeCheck(known.Scheme)
		default:
			spec.check = c.valueCheck(known)
		}
	}
	if text, ok := v.expr.constant(); ok && !v.expr.bad && spec.target == nil && spec.check != nil {
		if _, err := spec.check(text); err != nil {
			c.add(v.at, f.name, "%v", err)
		}
	}
	if spec.check != nil {
		spec.number = c.m.checks
		c.m.checks++
	}
	x.facts = append(x.facts, spec)
}

// words prepares names and descriptions.
func (c *compiler) words(spec *factSpec, f field, v fieldValue) {
	spec.name = f.name != "description"
	if v.language != nil {
		if tag, ok := v.language.constant(); ok {
			spec.language, spec.template.Object.Language = nil, tag
		}
	}
	if v.kind == nil {
		return
	}
	spec.kinds = map[string]string{}
	var kinds []string
	for _, k := range c.o.Schema.Types["NameKind"].EnumValues {
		kinds = append(kinds, k.Name)
		spec.kinds[k.Name] = c.o.NamePredicate(k.Name).IRI
	}
	if kind, ok := v.kind.constant(); ok {
		if spec.kinds[kind] == "" {
			c.add(v.kind.at, "kind", "%q is no kind of name%s", kind, suggest(kind, kinds))
			return
		}
		spec.template.Predicate, spec.kind = spec.kinds[kind], nil
	}
}

// target finds what a relation leads to: the name of an entity, or an id.
func (c *compiler) target(t *target) {
	text, constant := t.id.constant()
	if !constant {
		return
	}
	if e := c.names[text]; e != nil {
		t.entity, t.id = e, nil
		return
	}
	if strings.Contains(text, "/") {
		if bad := check.ID(text); bad != "" {
			c.add(t.at, t.name, "%s", bad)
		}
		return
	}
	var names []string
	for name := range c.names {
		names = append(names, name)
	}
	c.add(t.at, t.name, "no entity is called %q%s; or write an id, as in nation/kz", text, suggest(text, names))
}

func reasonOf(err error) string {
	if e, ok := err.(*check.Error); ok { //nolint:errorlint // Statement.Fact promises this very type
		return e.Reason
	}
	return err.Error()
}

func badScheme(scheme string) string {
	if scheme == "" || strings.ContainsFunc(scheme, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-._", r)
	}) {
		return fmt.Sprintf("%q is no name of a catalogue; write small letters, digits and - . _", scheme)
	}
	return ""
}

// codeCheck checks the syntax of a scheme's codes; nil where any text may be one.
func codeCheck(scheme string) func(string) (string, error) {
	s, ok := code.Find(scheme)
	if !ok {
		return nil
	}
	return func(text string) (string, error) { return text, s.Check(text) }
}
