package intake

import (
	"slices"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/check"
)

const (
	rdfType      = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	foreignClass = "kg:foreignClass"
	thing        = "kg:Thing"
)

// loosen takes out of a loose entry's claim what the ontology refuses, and puts it
// back in as raw facts; it reports whether that may help. The batch is then looked at
// again.
func (p *plan) loosen(e *entry, errs check.Errors) bool {
	if !e.Loose || e.origin == nil {
		return false
	}
	if !e.loosened {
		e.loosened = true
		e.Claim.Facts = slices.Clone(e.Claim.Facts) // they may be the reader's
	}
	var untyped []string // subjects without a class
	changed := false
	for _, err := range errs {
		if err.Fact < 0 {
			return false
		}
		f := &e.Claim.Facts[e.origin[err.Fact]]
		bare := false
		switch {
		case f.Predicate == graph.Type:
			bare = retype(f, e.Claim.Facts, err.Field == check.ClassField)
			changed = true
		case p.checker.Class(e.claim.Facts[err.Fact].Subject) == nil:
			bare = true
		case schema.Expand(f.Predicate) != f.Predicate:
			f.Predicate = schema.Expand(f.Predicate)
			changed = true
		}
		if bare && !slices.Contains(untyped, f.Subject) {
			untyped = append(untyped, f.Subject)
		}
	}
	for _, id := range untyped {
		e.Claim.Facts = append(e.Claim.Facts, graph.Fact{Subject: id, Predicate: graph.Type, Object: graph.Ref(thing)})
		changed = true
	}
	if changed {
		e.state, e.reason = redo, reasonOf(errs)
	}
	return changed
}

// retype puts a raw fact, or a foreign class, in place of a class that is refused,
// and reports whether the entity is left without one.
func retype(f *graph.Fact, all []graph.Fact, taken bool) (bare bool) {
	subject := f.Subject
	if taken || f.Object.Text == thing || slices.ContainsFunc(all, func(f graph.Fact) bool {
		return f.Subject == subject && f.Predicate == foreignClass
	}) {
		f.Predicate = rdfType
		return !taken
	}
	f.Predicate, f.Object = foreignClass, graph.Text(schema.Expand(f.Object.Text))
	return true
}
