package intake

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// state is what becomes of an entry.
type state uint8

const (
	accepted  state = iota // as far as is known
	unchanged              // the graph has it
	withheld               // the graph had it, until somebody retracted it
	repeated               // an entry of the batch has its claim already
	differs                // so has the import, and it says something else
	redo                   // it was loosened
	rejected
	waits // for the class of an entity
)

// entry is an entry on its way to the graph.
type entry struct {
	Entry
	claim   graph.Claim // as it will be recorded
	edition *edition
	version version
	state   state
	reason  string // of rejected
	lacks   string // the entity whose class it waits for
	first   *entry // of repeated
	origin  []int  // of each fact of claim, if it is loose: its index in Claim
	looked  bool   // version is that of the graph
	again   bool   // the import has had the version
	relied  bool   // another entry of the batch is what it is because of this one
	woken   bool   // it waited, and was before those of the batch
	// loosened: Claim's facts are its own.
	loosened bool
}

// plan works out what one batch changes. It goes in rounds: what another entry
// relies on may turn out to be rejected, and then the rest is looked at again
// without it.
type plan struct {
	*run
	entries []*entry
	last    bool // nothing comes any more that could give classes

	ids      map[string]*entry        // by the claims' ids
	given    map[string]*schema.Class // classes that entries give
	codesOf  map[string][]tentative   // identifiers and who has them
	named    map[name][]tentative
	told     map[string][]string // the identifiers that entries give an entity
	within   map[string][]string // likewise the nations
	replaced *graph.Set          // claims of the graph that will be superseded
	reclass  map[string]bool     // entities that those gave a class

	looked []*found
	unions []union
	doubts []Doubt
}

// tentative is an entity as an entry of the batch has it.
type tentative struct {
	id string
	by *entry
}

// mostRounds bounds how often a batch is looked at again.
const mostRounds = 8

func (r *run) plan(entries []*entry, last bool) *plan {
	p := &plan{run: r, entries: entries, last: last}
	r.now = p
	return p
}

// classOf is the class of an entity without what will be superseded.
func (p *plan) classOf(id string) (*schema.Class, bool) {
	var c *schema.Class
	if id = p.world.stays(id); p.reclass[id] {
		c = p.world.classWithout(id, p.replaced)
	} else {
		c = p.world.class(id)
	}
	return c, c != nil
}

// class is the class of an entity that stays, with what entries before have given.
func (p *plan) class(id string) *schema.Class {
	given := p.given[id]
	if given != nil && !given.Yields {
		return given
	}
	if c, ok := p.classOf(id); ok {
		return c
	}
	return given
}

func (p *plan) give(id string, class *schema.Class) {
	if had := p.given[id]; had == nil || had.Yields {
		p.given[id] = class
	}
}

// work returns what the batch changes.
func (p *plan) work() (graph.Changes, error) {
	for range mostRounds {
		p.begin()
		for i := 0; i < len(p.entries); i++ { // prepare adds entries that waited
			p.prepare(p.entries[i])
		}
		p.check()
		p.repeats()
		if err := p.world.err(); err != nil {
			return graph.Changes{}, err
		}
		if !p.again() {
			break
		}
	}
	return p.changes(), nil
}

// begin undoes what the round before has done.
func (p *plan) begin() {
	for i := len(p.unions) - 1; i >= 0; i-- {
		p.world.unmerge(p.unions[i].From, p.unions[i].Into)
	}
	for _, f := range p.looked {
		delete(p.world.things, f.thing.ID)
	}
	p.ids = make(map[string]*entry, len(p.entries))
	for _, e := range p.entries {
		e.relied, e.first = false, nil
		switch e.state {
		case unchanged, withheld, repeated, differs, redo:
			e.state = accepted
		}
		if (e.state == waits || e.woken && e.state == accepted) && p.ids[e.Claim.ID] == nil {
			p.ids[e.Claim.ID] = e
		}
	}
	p.looked, p.unions, p.doubts = nil, nil, nil
	p.given = make(map[string]*schema.Class, len(p.entries))
	p.told, p.within = map[string][]string{}, map[string][]string{}
	p.codesOf, p.named = map[string][]tentative{}, map[name][]tentative{}
	p.replaced, p.reclass = graph.NewSet(0), map[string]bool{}
	p.checker.Reset()
}

// again reports whether the batch has to be looked at again: an entry was loosened,
// or one that others relied on is not taken.
func (p *plan) again() bool {
	for _, e := range p.entries {
		if e.state == redo || e.lost() && e.relied {
			return true
		}
	}
	return slices.ContainsFunc(p.unions, func(u union) bool { return u.by.lost() })
}

// lost reports whether an entry is not taken, at least not now.
func (e *entry) lost() bool {
	switch e.state {
	case differs, redo, rejected, waits:
		return true
	}
	return false
}

func (e *entry) reject(reason string) { e.state, e.reason = rejected, reason }

// prepare finds out what an entry's things are, and whether the graph has its claim.
func (p *plan) prepare(e *entry) {
	if e.state != accepted {
		return
	}
	if !e.looked {
		if p.lookUp(e); e.state != accepted {
			return
		}
	}
	if p.follows(e) {
		return
	}
	p.resolve(e)
	if p.had(e) {
		return
	}
	if v := &e.version; v.claim != 0 {
		e.claim.ID = versionID(e.Claim.ID, v.number+1)
		if v.standing {
			e.claim.Supersedes = p.world.text(v.claim)
			p.replace(v)
		}
	}
	p.register(e)
}

// resolve puts the entities that the things are in place of the ids of the file.
func (p *plan) resolve(e *entry) {
	e.claim = e.Claim
	e.claim.RecordedBy, e.claim.Supersedes = e.edition.by, ""
	var to map[string]string
	for i := range e.Things {
		t := &e.Things[i]
		if id := p.find(e, t); id != t.ID {
			if to == nil {
				to = map[string]string{}
			}
			to[t.ID] = id
		}
	}
	if e.Loose {
		e.origin = e.origin[:0]
		for i := range e.claim.Facts {
			e.origin = append(e.origin, i)
		}
	}
	if to == nil {
		return
	}
	put := func(id *string) {
		if other, ok := to[*id]; ok {
			*id = other
		}
	}
	put(&e.claim.Source)
	e.claim.AttributedTo = slices.Clone(e.claim.AttributedTo)
	for i := range e.claim.AttributedTo {
		put(&e.claim.AttributedTo[i])
	}
	e.claim.Facts = slices.Clone(e.claim.Facts)
	for i := range e.claim.Facts {
		f := &e.claim.Facts[i]
		put(&f.Subject)
		if f.Object.Kind == graph.IRI {
			put(&f.Object.Text)
		}
	}
	e.leaveOnce()
}

// leaveOnce leaves each fact once: two things of a file may be one.
func (e *entry) leaveOnce() {
	facts := e.claim.Facts
	kept := facts[:0]
	for i := range facts {
		if !slices.Contains(kept, facts[i]) {
			if e.Loose {
				e.origin[len(kept)] = i
			}
			kept = append(kept, facts[i])
		}
	}
	e.claim.Facts = kept
}

// replace notes that a version will be superseded, with the classes that it gives.
func (p *plan) replace(v *version) {
	p.replaced.Add(v.claim)
	typed := p.world.predicate(graph.Type)
	for _, q := range v.quads {
		if q.Predicate == typed && q.Subject != v.claim {
			p.reclass[p.world.stays(p.world.text(q.Subject))] = true
		}
	}
}

// register notes what an entry says of classes, identifiers, names and nations, for
// the entries after it, and wakes those that waited for it.
func (p *plan) register(e *entry) {
	if e.claim.Status == graph.Denied {
		return
	}
	for i := range e.claim.Facts {
		f := &e.claim.Facts[i]
		switch f.Predicate {
		case graph.Type:
			if class := p.Ontology.ClassByIRI(f.Object.Text); class != nil {
				p.give(p.world.stays(f.Subject), class)
			}
			if woken := p.waiting.wake(f.Subject); woken != nil {
				for _, w := range woken {
					if p.ids[w.Claim.ID] == nil {
						p.ids[w.Claim.ID] = w
					}
				}
				p.entries = append(p.entries, woken...)
			}
		case graph.Notation:
			if code, ok := identifierOf(&f.Object); ok {
				p.codesOf[code] = append(p.codesOf[code], tentative{f.Subject, e})
				p.told[f.Subject] = append(p.told[f.Subject], code)
			}
		case nationOf, nationality:
			p.within[f.Subject] = append(p.within[f.Subject], f.Object.Text)
		case graph.PreferredName, graph.AliasName, graph.NativeName, graph.FormerName:
			n := name{f.Object.Text, f.Object.Language}
			p.named[n] = append(p.named[n], tentative{f.Subject, e})
		}
	}
}

// The relations that say of which nation an entity is.
const (
	nationOf    = "kg:nation"
	nationality = "schema:nationality"
)

// byIdentifier returns the entities of an identifier in the graph and in the batch.
func (p *plan) byIdentifier(identifier string) []string {
	return both(p.world.byIdentifier(identifier), p.codesOf[identifier])
}

func (p *plan) byName(n name) []string { return both(p.world.byName(n), p.named[n]) }

func both(known []string, here []tentative) []string {
	if len(here) == 0 {
		return known
	}
	all := slices.Clone(known)
	for _, t := range here {
		t.by.relied = true
		all = append(all, t.id)
	}
	return all
}

// codes calls yield for each identifier of an entity that stays.
func (p *plan) codes(id string, yield func(identifier string)) {
	p.world.codes(id, yield)
	for _, member := range p.world.group(id) {
		for _, code := range p.told[member] {
			yield(code)
		}
	}
}

// nations returns the nations that an entity that stays is of.
func (p *plan) nations(id string) []string {
	all := p.world.nations(id)
	for _, member := range p.world.group(id) {
		for _, nation := range p.within[member] {
			all = append(all, p.world.stays(nation))
		}
	}
	return all
}
