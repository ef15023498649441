package seed

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"chancery/seed/check"
)

// Read reads one document; README.md describes its form. name stands for the
// file in messages.
//
// It checks the form alone: keys, ids of claims, what is missing. What the claims
// say is checked by [Document.Claims], which knows the ontology.
// The error is Errors, with at most the first 100 faults, or r's own.
func Read(name string, r io.Reader) (*Document, error) {
	root, err := parse(name, r)
	if err != nil {
		return nil, err
	}
	in := &reader{file: name}
	doc := &Document{name: name}
	in.document(root, doc)
	if len(in.errs) > 0 {
		return nil, in.errs
	}
	return doc, nil
}

func (r *reader) document(root *yaml.Node, doc *Document) {
	if root.Kind != yaml.MappingNode {
		r.fail(placeOf(root), "", "%s stands here; write source and claims", kindOf(root))
		return
	}
	var source, claims *entry
	for _, e := range r.mapping(root, "", "source and claims") {
		switch e.key {
		case "source":
			source = &e
		case "claims":
			claims = &e
		default:
			r.fail(e.at, e.key, "a document has no such key; write source or claims")
		}
	}
	if source == nil {
		r.fail(placeOf(root), "source", "it is missing; say which source makes the claims, as in source: {id: source/some-report, name: Some report}")
		return
	}
	r.source(source, doc)
	r.claim = ""
	if claims == nil {
		r.fail(placeOf(root), "claims", "it is missing; write the list of what the source says")
		return
	}
	if claims.value.Kind != yaml.SequenceNode {
		r.fail(placeOf(claims.value), "claims", "%s stands here; write a list of claims", kindOf(claims.value))
		return
	}
	seen := map[string]place{doc.claims[0].id: source.at}
	for _, n := range claims.value.Content {
		c := r.readClaim(n, doc.source)
		if before, again := seen[c.id]; again && c.id != "" {
			r.claim = c.id
			r.fail(c.at["id"], "id", "another claim has it, in line %d; each has its own", before.line)
		}
		seen[c.id] = c.at["id"]
		doc.claims = append(doc.claims, c)
	}
	r.claim = ""
}

// source reads what a document says of its source: the first claim.
func (r *reader) source(e *entry, doc *Document) {
	own := claim{status: "CONFIRMED", at: map[string]place{}}
	var fields []entry
	for _, f := range r.mapping(e.value, "source", "a mapping with id, name and more") {
		if f.key != "id" {
			fields = append(fields, f)
			continue
		}
		id, ok := r.scalar(f.value, "source.id")
		if !ok {
			continue
		}
		if bad := check.ID(id); bad != "" {
			r.fail(placeOf(f.value), "source.id", "%s", bad)
			continue
		}
		doc.source = id
		own.at["id"] = placeOf(f.value)
	}
	if doc.source == "" {
		if len(r.errs) == 0 {
			r.fail(e.at, "source.id", "it is missing; write one, as in source/some-report")
		}
		doc.source = "source/unknown" // goes on to find what else is wrong
	}
	own.id = ownClaim(doc.source)
	r.claim = own.id
	own.at["source"], own.at[""] = own.at["id"], e.at
	own.statements = append(own.statements, statement{
		Statement: check.Statement{Subject: doc.source, Field: check.ClassField}, text: "SOURCE",
		subject: own.at["id"], key: own.at["id"], at: own.at["id"],
	})
	for _, f := range fields {
		if f.key == check.ClassField {
			r.fail(f.at, f.key, "it goes without saying; leave it out")
			continue
		}
		r.field(&own, doc.source, own.at["id"], f)
	}
	doc.claims = append(doc.claims, own)
}

// claimKeys are the keys of a claim, in the order in which they are best written.
var claimKeys = [...]string{"id", "locator", "attributedTo", "status", "confidence", "validTime", "supersedes", "facts"}

func (r *reader) readClaim(n *yaml.Node, source string) claim {
	c := claim{at: map[string]place{"": placeOf(n), "source": placeOf(n)}}
	r.claim = idOf(n)
	var facts *entry
	given := map[string]bool{}
	for _, e := range r.mapping(n, "", "a claim with id, status and facts") {
		given[e.key] = true
		c.at[e.key] = placeOf(e.value)
		into := (*string)(nil)
		switch e.key {
		case "id":
			into = &c.id
		case "locator":
			into = &c.locator
		case "status":
			into = &c.status
		case "confidence":
			into = &c.confidence
		case "validTime":
			into = &c.validTime
		case "supersedes":
			into = &c.supersedes
		case "attributedTo":
			for _, item := range r.sequence(e.value, e.key) {
				if id, ok := r.scalar(item, e.key); ok {
					c.attributedTo = append(c.attributedTo, id)
				}
			}
		case "facts":
			facts = &e
		default:
			r.fail(e.at, e.key, "a claim has no such key; there are %s", strings.Join(claimKeys[:], ", "))
		}
		if into != nil {
			*into, _ = r.scalar(e.value, e.key)
		}
	}
	if n.Kind != yaml.MappingNode {
		return c
	}
	wanted := "claim/" + slugOf(source) + "/"
	switch {
	case !given["id"]:
		r.fail(placeOf(n), "id", "it is missing; write one, as in %svisit-to-kazakhstan", wanted)
	case c.id != "" && (!strings.HasPrefix(c.id, wanted) || c.id == wanted):
		r.fail(c.at["id"], "id", "it does not begin with its source's slug; write it as in %svisit-to-kazakhstan", wanted)
	}
	if !given["status"] {
		r.fail(placeOf(n), "status", "it is missing; write CONFIRMED, REPORTED, ASSESSED or DENIED")
	}
	if facts == nil {
		r.fail(placeOf(n), "facts", "they are missing; write at least one entity and what is said of it")
		return c
	}
	r.facts(&c, facts.value)
	return c
}

// idOf finds a claim's id for the messages about its other parts.
func idOf(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "id" && n.Content[i+1].Kind == yaml.ScalarNode {
				return n.Content[i+1].Value
			}
		}
	}
	return ""
}

// facts reads what is said, entity by entity.
func (r *reader) facts(c *claim, n *yaml.Node) {
	entities := r.mapping(n, "facts", "a mapping from entities to what is said of them")
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.fail(placeOf(n), "facts", "there are none; write at least one entity and what is said of it")
	}
	for _, entity := range entities {
		if bad := check.ID(entity.key); bad != "" {
			r.fail(entity.at, "", "%s", bad)
			continue
		}
		fields := r.mapping(entity.value, "", "a mapping from fields to values, below "+entity.key)
		if entity.value.Kind == yaml.MappingNode && len(entity.value.Content) == 0 {
			r.fail(placeOf(entity.value), "", "nothing is said of %s; write a field and its value", entity.key)
		}
		for _, f := range fields {
			r.field(c, entity.key, entity.at, f)
		}
	}
}

// field reads the values of one field of an entity.
func (r *reader) field(c *claim, subject string, subjectAt place, f entry) {
	add := func(s check.Statement, text string, at place, of *yaml.Node) {
		s.Subject, s.Field = subject, f.key
		c.statements = append(c.statements, statement{
			Statement: s, text: text, subject: subjectAt, key: f.at, at: at,
			brackets: of.Kind == yaml.SequenceNode && of.Style&yaml.FlowStyle != 0,
		})
	}
	switch f.key {
	case "identifiers":
		for _, e := range r.mapping(f.value, f.key, "a mapping from catalogues to entries, as in {wikidata: Q232}") {
			for _, item := range r.sequence(e.value, f.key) {
				if value, ok := r.scalar(item, f.key); ok {
					add(check.Statement{Scheme: e.key}, value, placeOf(item), e.value)
				}
			}
		}
	case "names", "description":
		for _, item := range r.sequence(f.value, f.key) {
			if s, text, ok := r.text(item, f.key); ok {
				add(s, text, placeOf(item), f.value)
			}
		}
	default:
		for _, item := range r.sequence(f.value, f.key) {
			if value, ok := r.scalar(item, f.key); ok {
				add(check.Statement{}, value, placeOf(item), f.value)
			}
		}
	}
}

// text reads one name or description: {text, language, kind}, or the text alone
// where that is enough.
func (r *reader) text(n *yaml.Node, field string) (s check.Statement, text string, ok bool) {
	if n.Kind == yaml.ScalarNode && field == "description" {
		text, ok = r.scalar(n, field)
		return s, text, ok
	}
	keys := []string{"text", "language", "kind"}
	form := "{text: Казахстан, language: ru, kind: PREFERRED}"
	if field == "description" {
		keys, form = keys[:2], "the text, or {text: A city, language: en}"
	}
	entries := r.mapping(n, field, "it as in "+form)
	if n.Kind != yaml.MappingNode {
		return s, "", false
	}
	ok = true
	for _, e := range entries {
		value, good := r.scalar(e.value, field)
		ok = ok && good
		switch {
		case !slices.Contains(keys, e.key):
			r.fail(e.at, field, "it has no key %s; write it as in %s", e.key, form)
			ok = false
		case e.key == "text":
			text = value
		case e.key == "language":
			s.Language = value
		case e.key == "kind":
			s.Kind = value
		}
	}
	if ok && text == "" {
		r.fail(placeOf(n), field, "%s", fmt.Sprintf("the text is missing; write it as in %s", form))
		ok = false
	}
	return s, text, ok
}
