package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// how a thing was found.
type how uint8

const (
	isNew how = iota
	isKnown
	byIdentifier
	byName
)

// found is a thing that was looked up, and what it is.
type found struct {
	thing Thing
	id    string
	how   how
	// exists: it had a class. What is new may be another until then.
	exists bool
}

// is reports whether the found thing is this one, with all that can find it. A
// reader that names a thing again mostly gives the very same slices.
func (f *found) is(t *Thing) bool {
	return f.thing.Class == t.Class && f.thing.Nation == t.Nation &&
		slices.Equal(f.thing.Identifiers, t.Identifiers) && slices.Equal(f.thing.Names, t.Names)
}

// union is two entities that are to be one.
type union struct {
	Merge
	by *entry
}

// find returns the entity that a thing of an entry is: the one that an identifier
// names, else the one that has the thing's id, else the only one of its class and
// nation that has one of its names, else a new one.
func (p *plan) find(e *entry, t *Thing) string {
	if f := p.world.things[t.ID]; f != nil && f.is(t) {
		id := p.world.stays(f.id)
		if f.exists = f.exists || p.class(id) != nil; f.exists {
			return id
		}
	}
	f := &found{thing: *t}
	f.id, f.how = p.identify(e, t)
	p.world.things[t.ID] = f
	p.looked = append(p.looked, f)
	return f.id
}

// candidate is an entity that a thing may be.
type candidate struct {
	id    string
	class *schema.Class
	by    string // what speaks for it
}

func (p *plan) identify(e *entry, t *Thing) (string, how) {
	class := p.Ontology.ClassByEnum(t.Class)
	var all []candidate
	add := func(id, by string) {
		has := p.class(id)
		switch {
		case has == nil || slices.ContainsFunc(all, func(c candidate) bool { return c.id == id }):
		case !compatible(class, has):
			p.doubt(e, t.ID, id, fmt.Sprintf("both have %s, and one is %s, the other %s", by, article(t.Class), article(has.Enum)))
		default:
			all = append(all, candidate{id, has, by})
		}
	}
	for _, identifier := range t.Identifiers {
		for _, code := range [...]string{identifier, today(identifier)} {
			for _, id := range p.byIdentifier(code) {
				add(p.world.stays(id), code)
			}
			if code == today(identifier) {
				break
			}
		}
	}
	named := len(all)
	own := p.world.stays(t.ID)
	if p.class(own) != nil {
		add(own, "the id "+t.ID)
	}
	switch {
	case len(all) == 0:
		return p.identifyByName(e, t, class)
	case len(all) == 1 && named == 0:
		p.checkCodes(e, t, &all[0])
		return all[0].id, isKnown
	case len(all) == 1:
		return all[0].id, byIdentifier
	}
	return p.unite(e, all, own), byIdentifier
}

// unite merges the entities that a thing's identifiers name, as far as they can be
// one, and returns the one that stays.
func (p *plan) unite(e *entry, all []candidate, own string) string {
	stay := slices.MinFunc(all, func(a, b candidate) int {
		if a.class.Yields != b.class.Yields {
			if a.class.Yields {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(p.world.order(a.id), p.world.order(b.id)), strings.Compare(a.id, b.id))
	})
	id := stay.id
	for _, c := range all {
		if c.id == stay.id {
			continue
		}
		reason := fmt.Sprintf("%s has %s and %s", e.Claim.ID, stay.by, c.by)
		if against := p.against(c, stay); against != "" {
			p.doubt(e, c.id, stay.id, reason+", but "+against)
			if c.id == own {
				id = own // the claim names it
			}
			continue
		}
		p.unions = append(p.unions, union{Merge{Place: e.Place, From: c.id, Into: stay.id, Reason: reason}, e})
		p.world.merge(c.id, stay.id)
		p.checker.Forget(c.id)
		p.checker.Forget(stay.id)
		if given := p.given[c.id]; given != nil {
			p.give(stay.id, given)
		}
	}
	return p.world.stays(id)
}

// against returns why two entities cannot be one, or "".
func (p *plan) against(a, b candidate) string {
	if !compatible(a.class, b.class) {
		return fmt.Sprintf("%s is %s and %s %s", a.id, article(a.class.Enum), b.id, article(b.class.Enum))
	}
	of := map[string][]string{}
	p.codes(b.id, func(code string) {
		scheme, value, _ := strings.Cut(today(code), ":")
		of[scheme] = append(of[scheme], value)
	})
	mine := map[string][]string{}
	p.codes(a.id, func(code string) {
		scheme, value, _ := strings.Cut(today(code), ":")
		mine[scheme] = append(mine[scheme], value)
	})
	if scheme := contradiction(mine, of); scheme != "" {
		return fmt.Sprintf("%s has the %s %s and %s %s", a.id, scheme, strings.Join(mine[scheme], ", "), b.id, strings.Join(of[scheme], ", "))
	}
	if p.world.wereSplit(a.id, b.id) {
		return "they were merged before and split again"
	}
	return ""
}

// contradiction returns a scheme in which both have codes and none in common, or "".
func contradiction(a, b map[string][]string) string {
	var found []string
	for scheme, codes := range a {
		others := b[scheme]
		if len(others) == 0 || slices.ContainsFunc(codes, func(code string) bool { return slices.Contains(others, code) }) {
			continue
		}
		free := func(code string) bool { return makeshift(scheme, code) }
		if !slices.ContainsFunc(codes, free) && !slices.ContainsFunc(others, free) {
			found = append(found, scheme)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

// thingCodes are a thing's identifiers by scheme.
func thingCodes(t *Thing) map[string][]string {
	of := map[string][]string{}
	for _, identifier := range t.Identifiers {
		scheme, value, _ := strings.Cut(today(identifier), ":")
		of[scheme] = append(of[scheme], value)
	}
	return of
}

// contradicts returns how a thing's identifiers contradict those of an entity, or "".
func (p *plan) contradicts(t *Thing, id string) string {
	if len(t.Identifiers) == 0 {
		return ""
	}
	of := map[string][]string{}
	p.codes(id, func(code string) {
		scheme, value, _ := strings.Cut(today(code), ":")
		of[scheme] = append(of[scheme], value)
	})
	mine := thingCodes(t)
	scheme := contradiction(mine, of)
	if scheme == "" {
		return ""
	}
	return fmt.Sprintf("the %s is %s here and %s there", scheme, strings.Join(mine[scheme], ", "), strings.Join(of[scheme], ", "))
}

// checkCodes doubts that what has a thing's id is the thing, when a code of which
// the class has one is another there.
func (p *plan) checkCodes(e *entry, t *Thing, c *candidate) {
	if !slices.ContainsFunc(c.class.Fields, func(f *schema.Field) bool {
		return f.Kind == schema.Identifier && slices.ContainsFunc(t.Identifiers, func(id string) bool { return strings.HasPrefix(id, f.Scheme+":") })
	}) {
		return
	}
	if against := p.contradicts(t, c.id); against != "" {
		p.doubt(e, t.ID, c.id, "the id is the same, but "+against)
	}
}

// identifyByName looks a thing up by its names, in the languages of the claim, in
// English and in none.
func (p *plan) identifyByName(e *entry, t *Thing, class *schema.Class) (string, how) {
	var fit, unfit []candidate
	nation := ""
	if t.Nation != "" {
		nation = p.resolved(t.Nation)
	}
	seen := map[string]bool{}
	for _, text := range t.Names {
		for _, language := range p.languages(e, t, text) {
			for _, id := range p.byName(name{text, language}) {
				id = p.world.stays(id)
				has := p.class(id)
				if has == nil || seen[id] {
					continue
				}
				seen[id] = true
				why, doubtful := p.unfit(t, class, nation, id, has)
				switch {
				case why == "":
					fit = append(fit, candidate{id, has, text})
				case doubtful:
					unfit = append(unfit, candidate{id, has, fmt.Sprintf("both are called %q, but %s", text, why)})
				}
			}
		}
	}
	if len(fit) > 1 {
		fit = p.before(e, fit)
	}
	if len(fit) == 1 {
		return fit[0].id, byName
	}
	for _, c := range fit {
		p.doubt(e, t.ID, c.id, fmt.Sprintf("both are called %q, but so are %d entities", c.by, len(fit)))
	}
	if len(fit) == 0 { // else it is clear enough what these are not
		for _, c := range unfit {
			p.doubt(e, t.ID, c.id, c.by)
		}
	}
	return t.ID, isNew
}

// unfit returns why an entity of the same name is not the thing, or "", and whether
// it might be.
func (p *plan) unfit(t *Thing, class *schema.Class, nation, id string, has *schema.Class) (why string, doubtful bool) {
	if !compatible(class, has) {
		return fmt.Sprintf("one is %s and the other %s", article(t.Class), article(has.Enum)), true
	}
	if nation != "" {
		nations := p.nations(id)
		if len(nations) == 0 {
			return "the nation of " + id + " is not known", true
		}
		if !slices.Contains(nations, nation) {
			return "they are of different nations", false
		}
	}
	if against := p.contradicts(t, id); against != "" {
		return against, true
	}
	return "", false
}

// before keeps the only candidate that the claim's last version spoke of, if there
// is one: what was found once is found again, whoever else has the name since.
func (p *plan) before(e *entry, fit []candidate) []candidate {
	spoke := map[string]bool{}
	for _, q := range e.version.quads {
		spoke[p.world.stays(p.world.text(q.Subject))] = true
		spoke[p.world.stays(p.world.text(q.Object))] = true
	}
	var kept []candidate
	for _, c := range fit {
		if spoke[c.id] {
			kept = append(kept, c)
		}
	}
	if len(kept) == 1 {
		return kept
	}
	return fit
}

// languages are those that a name is looked up in.
func (p *plan) languages(e *entry, t *Thing, text string) []string {
	tried := []string{"en", ""}
	for i := range e.Claim.Facts {
		f := &e.Claim.Facts[i]
		if f.Subject == t.ID && f.Object.Text == text && f.Object.Kind == graph.Literal && !slices.Contains(tried, f.Object.Language) {
			tried = append(tried, f.Object.Language)
		}
	}
	return tried
}

// resolved returns what an id of the file stands for, as far as it was looked up.
func (p *plan) resolved(id string) string {
	if f := p.world.things[id]; f != nil {
		id = f.id
	}
	return p.world.stays(id)
}

// compatible reports whether an entity can be of both classes: they are the same,
// or one yields and the other is all that it is otherwise.
func compatible(a, b *schema.Class) bool {
	if a == nil || b == nil || a == b {
		return a == b
	}
	gives := func(a, b *schema.Class) bool {
		return a.Yields && !slices.ContainsFunc(a.Interfaces, func(i *schema.Class) bool { return !b.Is(i) })
	}
	return gives(a, b) || gives(b, a)
}

func article(class string) string {
	if class != "" && strings.ContainsRune("AEIO", rune(class[0])) {
		return "an " + class
	}
	return "a " + class
}

func (p *plan) doubt(e *entry, entity, other, reason string) {
	p.doubts = append(p.doubts, Doubt{Place: e.Place, Entity: entity, Other: other, Reason: reason})
}
