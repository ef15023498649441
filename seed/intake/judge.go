package intake

import (
	"fmt"
	"slices"

	"chancery/graph"
	"chancery/seed/check"
)

// check holds the entries that are left against the ontology, and those that
// depend on what it refuses once more.
func (p *plan) check() {
	for _, e := range p.entries {
		if e.state == accepted {
			if errs := p.checker.Give(&e.claim); errs != nil && !p.loosen(e, errs) {
				e.reject(reasonOf(errs))
			}
		}
	}
	for _, e := range p.entries {
		if e.state == accepted {
			p.judge(e)
		}
	}
	p.checkDependants()
}

// judge rejects an entry that does not fit the ontology, or makes it wait.
func (p *plan) judge(e *entry) {
	errs := p.checker.Check(&e.claim)
	if errs == nil {
		return
	}
	lacks := p.lacking(e)
	switch {
	case lacks != "" && !p.last && !p.waiting.full():
		e.state, e.lacks = waits, lacks
	case p.loosen(e, errs):
	case lacks == "":
		e.reject(reasonOf(errs))
	default:
		e.reject(p.withoutClass(errs, lacks))
	}
}

// lacking returns the first entity of a claim that has no class, or "".
func (p *plan) lacking(e *entry) string {
	lacks := func(id string) bool { return p.checker.Class(id) == nil && check.ID(id) == "" }
	if lacks(e.claim.Source) {
		return e.claim.Source
	}
	if i := slices.IndexFunc(e.claim.AttributedTo, lacks); i >= 0 {
		return e.claim.AttributedTo[i]
	}
	for i := range e.claim.Facts {
		f := &e.claim.Facts[i]
		switch {
		case lacks(f.Subject):
			return f.Subject
		case f.Object.Kind != graph.IRI || f.Predicate == graph.Type:
		case p.Ontology.Predicate(f.Predicate) != nil && lacks(f.Object.Text):
			return f.Object.Text
		}
	}
	return ""
}

// withoutClass is the reason for rejecting a claim of an entity without a class.
func (p *plan) withoutClass(errs check.Errors, id string) string {
	if giver := p.lost[id]; giver != "" {
		return fmt.Sprintf("%s has no class, because the claim that would give it one was rejected: %s", id, giver)
	}
	return reasonOf(errs)
}

// reasonOf puts all that is wrong with a claim into one sentence.
func reasonOf(errs check.Errors) string {
	text := ""
	for i, e := range errs {
		if i == mostReasons {
			return fmt.Sprintf("%s; and %d more", text, len(errs)-i)
		}
		if i > 0 {
			text += "; "
		}
		if e.Field != "" {
			text += e.Field + ": "
		}
		text += e.Reason
	}
	return text
}

const mostReasons = 3

// gives calls yield for each entity that the entry would give a class.
func (e *entry) gives(yield func(id string)) {
	if e.claim.Status == graph.Denied {
		return
	}
	for i := range e.claim.Facts {
		if f := &e.claim.Facts[i]; f.Predicate == graph.Type {
			yield(f.Subject)
		}
	}
}

// checkDependants judges anew what names an entity whose class was to come from an
// entry that is not taken.
func (p *plan) checkDependants() {
	var lost []string
	lose := func(e *entry) {
		e.gives(func(id string) {
			lost = append(lost, id)
			if e.state == rejected && p.lost[id] == "" && len(p.lost) < mostLost {
				p.lost[id] = e.Claim.ID + ", " + e.Place.String()
			}
		})
	}
	for _, e := range p.entries {
		if e.lost() {
			lose(e)
		}
	}
	if len(lost) == 0 {
		return
	}
	naming := p.index()
	for len(lost) > 0 {
		id := lost[0]
		lost = lost[1:]
		p.checker.Forget(id)
		for _, e := range naming[id] {
			if e.state == accepted {
				if errs := p.checker.Give(&e.claim); errs != nil {
					if !p.loosen(e, errs) {
						e.reject(reasonOf(errs))
					}
					lose(e)
				}
			}
		}
		for _, e := range naming[id] {
			if e.state != accepted {
				continue
			}
			if p.judge(e); e.state != accepted {
				lose(e)
			}
		}
	}
}

// index lists the entries that are left by the entities that they name.
func (p *plan) index() map[string][]*entry {
	naming := map[string][]*entry{}
	for _, e := range p.entries {
		if e.state != accepted {
			continue
		}
		note := func(id string) {
			if of := naming[id]; len(of) == 0 || of[len(of)-1] != e {
				naming[id] = append(of, e)
			}
		}
		note(e.claim.Source)
		for _, id := range e.claim.AttributedTo {
			note(id)
		}
		for i := range e.claim.Facts {
			f := &e.claim.Facts[i]
			note(f.Subject)
			if f.Object.Kind == graph.IRI && f.Predicate != graph.Type {
				note(f.Object.Text)
			}
		}
	}
	return naming
}
