package naive

import (
	"cmp"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// classify gives every entity its class, from all known claims.
func (r *run) classify() {
	r.classes, r.classClaim = r.classesFrom(func(c *claim) bool { return c.isKnown })
	r.former, _ = r.classesFrom(func(c *claim) bool { return c.isRecorded })
}

// classesFrom gives each entity the class that the claims among those that count
// give it, and the claim that does.
func (r *run) classesFrom(counts func(*claim) bool) (map[graph.ID]*schema.Class, map[graph.ID]*claim) {
	classes, classClaim := map[graph.ID]*schema.Class{}, map[graph.ID]*claim{}
	for _, f := range r.facts {
		if f.predicate != graph.Type || !counts(f.claim) || f.subject.Space() == graph.Claims {
			continue
		}
		class := r.o.ClassByIRI(f.term.Text)
		if class == nil || class.Name == "Claim" {
			continue
		}
		before, claim := classes[f.subject], classClaim[f.subject]
		better := before == nil
		switch {
		case better:
		case before.Yields != class.Yields:
			better = before.Yields
		default:
			better = r.prefer(f.claim, claim) < 0
		}
		if better {
			classes[f.subject], classClaim[f.subject] = class, f.claim
		}
	}
	return classes, classClaim
}

// is reports whether the id is of an entity of the class.
func (r *run) is(id graph.ID, class *schema.Class) bool {
	return r.classes[id] != nil && (class.Name == "Node" || r.classes[id].Is(class))
}

// shownFact is a fact that fields show, with the claims that say it.
type shownFact struct {
	statement
	claims []*claim
	// fromClass marks what is shown only because the claim says it that gives the
	// subject its class: its one claim.
	fromClass bool
}

// show works out the facts that fields show: those of admitted claims, of a
// single-valued predicate only the preferred one, and required relations that
// only the class's claim gives.
func (r *run) show() {
	r.spokenOf = map[graph.ID]bool{}
	said := map[graph.ID][]shownFact{} // by subject
	for subject, facts := range r.of {
		for _, s := range r.saidOf(facts) {
			r.spokenOf[subject] = true
			said[subject] = append(said[subject], s)
		}
	}
	for _, of := range said {
		for _, s := range of {
			if p := r.o.Predicate(s.predicate); p == nil || !p.Single || !r.outdone(s, of) {
				r.shown = append(r.shown, s)
			}
		}
	}
	for subject, class := range r.classes {
		for _, field := range class.Fields {
			if field.Required && field.Kind == schema.Relation && !field.Inverse {
				r.showRequired(subject, field.Predicates[0].IRI, said[subject])
			}
		}
	}
	slices.SortStableFunc(r.shown, func(a, b shownFact) int {
		return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.object, b.object))
	})
	r.shownOf, r.shownAt = map[graph.ID][]shownFact{}, map[graph.ID][]shownFact{}
	for _, s := range r.shown {
		r.shownOf[s.subject] = append(r.shownOf[s.subject], s)
		r.shownAt[s.object] = append(r.shownAt[s.object], s)
	}
}

// saidOf puts the admitted ones of a subject's facts together, each once with the claims
// that say it.
func (r *run) saidOf(facts []fact) []shownFact {
	var said []shownFact
	for _, f := range facts {
		if !f.claim.isAdmitted {
			continue
		}
		i := 0
		for i < len(said) && !said[i].same(&f.statement) {
			i++
		}
		if i == len(said) {
			said = append(said, shownFact{statement: f.statement})
		}
		said[i].claims = append(said[i].claims, f.claim)
	}
	return said
}

// outdone reports whether another value of the same predicate, of all that is said of
// the subject, has a claim that is preferred to all of this one's. Of two values in one
// claim, the one with the smaller internal id stays.
func (r *run) outdone(s shownFact, said []shownFact) bool {
	best := slices.MinFunc(s.claims, r.prefer)
	for _, other := range said {
		if other.predicate != s.predicate || other.object == s.object {
			continue
		}
		rival := slices.MinFunc(other.claims, r.prefer)
		if c := r.prefer(rival, best); c < 0 || c == 0 && other.object < s.object {
			return true
		}
	}
	return false
}

// showRequired shows what the claim that gives the subject its class says of a
// relation that no admitted claim speaks of.
func (r *run) showRequired(subject graph.ID, predicate string, said []shownFact) {
	if slices.ContainsFunc(said, func(s shownFact) bool { return s.predicate == predicate }) {
		return
	}
	var from *shownFact
	for _, f := range r.of[subject] {
		if f.predicate == predicate && f.claim == r.classClaim[subject] &&
			(from == nil || f.object < from.object) {
			from = &shownFact{f.statement, []*claim{f.claim}, true}
		}
	}
	if from != nil {
		r.shown = append(r.shown, *from)
	}
}

// link is an entity reached by a relation, and the claims that say so.
type link struct {
	to     graph.ID
	claims []*claim
}

// related are the entities that a relation shows, ascending, each once.
func (r *run) related(from graph.ID, field *schema.Field) []link {
	var links []link
	near := r.shownOf[from]
	if field.Inverse {
		near = r.shownAt[from]
	}
	for _, s := range near {
		if !slices.ContainsFunc(field.Predicates, func(p *schema.Predicate) bool { return p.IRI == s.predicate }) {
			continue
		}
		far := s.object
		if field.Inverse {
			far = s.subject
			if s.fromClass && !r.spokenOf[s.subject] {
				continue
			}
		}
		if !r.is(far, field.Range) {
			continue
		}
		if i := slices.IndexFunc(links, func(l link) bool { return l.to == far }); i >= 0 {
			links[i].claims = append(links[i].claims, s.claims...)
			continue
		}
		links = append(links, link{far, slices.Clone(s.claims)})
	}
	slices.SortFunc(links, func(a, b link) int { return cmp.Compare(a.to, b.to) })
	return links
}

// one is the entity that a to-one relation shows, or 0.
func (r *run) one(from graph.ID, field *schema.Field) graph.ID {
	if links := r.related(from, field); len(links) > 0 {
		return links[0].to
	}
	return 0
}

// literals are the values that a property shows, ascending by internal id.
func (r *run) literals(of graph.ID, field *schema.Field) []shownFact {
	var found []shownFact
	for _, s := range r.shownOf[of] {
		if s.predicate == field.Predicates[0].IRI && s.term.Kind == graph.Literal {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b shownFact) int { return cmp.Compare(a.object, b.object) })
	return found
}
