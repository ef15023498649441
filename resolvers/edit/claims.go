package edit

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/query"
	"chancery/schema"
	"chancery/seed/check"
)

// claimInput is a ClaimInput: one assertion of a source.
type claimInput struct {
	Locator      string      `json:"locator"`
	AttributedTo []string    `json:"attributedTo"`
	Status       string      `json:"status"`
	Confidence   *float64    `json:"confidence"`
	ValidTime    string      `json:"validTime"`
	Facts        []factInput `json:"facts"`
}

// factInput is a FactInput: one thing said. Absent, null and empty are the same.
//
// Beside the fields of the subject's class, field may be class, name (the
// preferred name), names (another one), description, or identifiers with a value
// like wikidata:Q232.
type factInput struct {
	Subject  string `json:"subject"`
	Field    string `json:"field"`
	Object   string `json:"object"`
	Value    string `json:"value"`
	Language string `json:"language"`
}

// subjects are the ids that the claim says something of.
func (c *claimInput) subjects() []string {
	out := make([]string, len(c.Facts))
	for i, f := range c.Facts {
		out[i] = f.Subject
	}
	return out
}

// batch is the claims of one input on their way to the graph.
type batch struct {
	*draft
	in     []claimInput
	source string
	made   *graph.Claim // that makes the source; nil: the graph has it
	// classOf tells the class of what the view knows and of what the input gives one.
	classOf func(id string) (*schema.Class, bool)

	place       func(claim int) string // in the arguments
	sourcePlace string
}

// batch returns the claims of an input; the caller sets their source and their place.
func (d *draft) batch(in []claimInput) *batch {
	var given []check.Statement
	for i := range in {
		if in[i].Status == graph.Denied.String() {
			continue // a denial gives no class
		}
		for _, f := range in[i].Facts {
			given = append(given, check.Statement{Subject: d.resolved(f.Subject), Field: f.Field, Value: f.Value})
		}
	}
	return &batch{draft: d, in: in, classOf: check.Given(d.ontology, d.classOf, given)}
}

// from sets the source of the claims, and the claim that makes it, if it is new:
// then the others may speak of it.
func (b *batch) from(source string, made *graph.Claim) {
	b.source, b.made = source, made
	if made == nil {
		return
	}
	before := b.classOf
	b.classOf = func(id string) (*schema.Class, bool) {
		if id == source {
			return b.ontology.Class("Source"), true
		}
		return before(id)
	}
}

// resolved returns what stands for an id; itself when the graph has never seen it.
func (d *draft) resolved(id string) string {
	if node, seen := d.view.Node(id); seen {
		return d.view.Name(node)
	}
	return id
}

// translate returns the claims, checked; none when something is wrong.
func (b *batch) translate() []graph.Claim {
	claims := make([]graph.Claim, 0, len(b.in)+1)
	for i := range b.in {
		claims = append(claims, b.claim(i))
	}
	if len(b.errs) > 0 || b.source == "" {
		return nil
	}
	if b.made != nil {
		claims = append(claims, *b.made)
	}
	b.check(claims)
	return claims
}

const newAdvice = `give a new one its class in the same record: {subject: ..., field: "class", value: ...}`

// known returns what stands for an id that the graph has seen, or that the input
// gives a class.
func (b *batch) known(place, id string) (string, bool) {
	if _, seen := b.view.Node(id); !seen {
		if _, given := b.classOf(id); given {
			return id, true
		}
	}
	return b.entity(place, id, newAdvice)
}

func (b *batch) claim(i int) graph.Claim {
	in, place := &b.in[i], b.place(i)
	out := graph.Claim{
		Source: b.source, Locator: in.Locator, Status: graph.ParseStatus(in.Status),
		Confidence: in.Confidence, ValidTime: in.ValidTime,
	}
	for k, agent := range in.AttributedTo {
		if id, ok := b.known(fmt.Sprintf("%s.attributedTo[%d]", place, k), agent); ok {
			out.AttributedTo = append(out.AttributedTo, id)
		}
	}
	for k := range in.Facts {
		if fact, ok := b.fact(fmt.Sprintf("%s.facts[%d]", place, k), in.Facts[k]); ok {
			out.Facts = append(out.Facts, fact)
		}
	}
	return out
}

// fact turns one thing said into what the graph stores.
func (b *batch) fact(place string, in factInput) (fact graph.Fact, ok bool) {
	subject, ok := b.known(place+".subject", in.Subject)
	if !ok {
		return fact, false
	}
	class, classified := b.classOf(subject)
	if !classified && in.Field != check.ClassField {
		b.fail(query.BadUserInput, place+".subject", `%s has no class: give it one, as in {subject: %q, field: "class", value: "PERSON"}`, subject, subject)
		return fact, false
	}
	s := check.Statement{Subject: subject, Field: in.Field, Object: in.Object, Value: in.Value, Language: in.Language}
	switch in.Field {
	case "names":
		s.Kind = "ALIAS"
	case "identifiers":
		if s.Scheme, s.Value, ok = strings.Cut(in.Value, ":"); !ok {
			b.fail(query.BadUserInput, place+".value", "%q is no identifier: write the name of its catalogue before it, as in wikidata:Q232", in.Value)
			return fact, false
		}
	}
	if !b.language(place+".language", in) {
		return fact, false
	}
	fact, err := s.Fact(b.ontology, class)
	if e, bad := errors.AsType[*check.Error](err); bad {
		b.fail(query.BadUserInput, place+in.key(class), "%s", e.Reason)
		return fact, false
	}
	if fact.Object.Kind == graph.IRI && fact.Predicate != graph.Type {
		fact.Object.Text, ok = b.known(place+".object", in.Object)
	}
	return fact, ok
}

// language holds the language of a fact to be one, and to belong to a text.
func (b *batch) language(place string, in factInput) bool {
	if in.Language == "" {
		return true
	}
	tag, err := language.Raw.Parse(in.Language)
	switch in.Field {
	case "name", "names", "description":
		switch {
		case err != nil || tag == language.Und:
			b.fail(query.BadUserInput, place, "%q is no language: write a BCP 47 tag, as in en or uz-Cyrl", in.Language)
		case tag.String() != in.Language:
			b.fail(query.BadUserInput, place, "the language %q is written %s", in.Language, tag)
		default:
			return true
		}
	default:
		b.fail(query.BadUserInput, place, "%s has no language: only name, names and description have one", in.Field)
	}
	return false
}

// key is the part of a fact that is to blame when it cannot be one.
func (in factInput) key(class *schema.Class) string {
	if in.Object != "" && in.Value != "" {
		return ""
	}
	var f *schema.Field
	if class != nil {
		f = class.Field(in.Field)
	}
	relation := f != nil && f.Kind == schema.Relation
	switch {
	case in.Field == check.ClassField && in.Object == "":
		return ".value"
	case in.Field == check.ClassField, relation && in.Object == "", f != nil && !relation && in.Object != "":
		return ".object"
	}
	return ".field"
}

// check holds the claims against the ontology.
func (b *batch) check(claims []graph.Claim) {
	const id = "claim/input/%d" // the graph gives them theirs; faults are found by these
	for i := range claims {
		claims[i].ID = fmt.Sprintf(id, i)
	}
	err := check.Claims(b.ontology, b.draft.classOf, claims)
	for i := range claims {
		claims[i].ID = ""
	}
	faults, _ := errors.AsType[check.Errors](err)
	for _, e := range faults {
		var i int
		if _, err := fmt.Sscanf(e.Claim, id, &i); err != nil {
			panic("edit: a fault of no claim: " + e.Error()) // unreachable unless check breaks its promise
		}
		if i < len(b.in) {
			b.fault(i, &claims[i], e)
		} else {
			b.sourceFault(&claims[i], e)
		}
	}
}

// fault notes what is wrong with a claim of the input.
func (b *batch) fault(i int, claim *graph.Claim, e *check.Error) {
	place := b.place(i)
	if e.Fact < 0 {
		code := query.BadUserInput
		switch e.Field {
		case "source":
			b.fail(code, b.sourcePlace, "%s", e.Reason)
			return
		case "validTime":
			code = query.BadTime
		}
		b.fail(code, place+"."+e.Field, "%s", e.Reason)
		return
	}
	place += fmt.Sprintf(".facts[%d]", e.Fact)
	in := b.in[i].Facts[e.Fact]
	switch {
	case e.Field == "":
		b.fail(query.BadUserInput, place+".subject", "%s", e.Reason)
	case in.Field == check.ClassField && e.Field != check.ClassField: // what the class requires
		b.fail(query.BadUserInput, place, "%s: %s", e.Field, e.Reason)
	case in.Object != "":
		b.fail(query.BadUserInput, place+".object", "%s", e.Reason)
	default:
		b.fail(codeOf(claim.Facts[e.Fact], e), place+".value", "%s", e.Reason)
	}
}

// sourceFault notes what is wrong with the claim that makes the source.
func (b *batch) sourceFault(claim *graph.Claim, e *check.Error) {
	switch e.Field {
	case "publisher", "published", "url":
		b.fail(codeOf(claim.Facts[e.Fact], e), "input.source."+e.Field, "%s", e.Reason)
	case "names":
		b.fail(query.BadUserInput, "input.source.name", "%s", e.Reason)
	default:
		b.fail(query.BadUserInput, "input.source", "%s", e.Reason)
	}
}

// codeOf tells dates that are none, or that are none here, from other faults.
func codeOf(f graph.Fact, e *check.Error) query.Code {
	if f.Object.Datatype != graph.EDTF {
		return query.BadUserInput
	}
	d, err := edtf.Parse(f.Object.Text)
	if err != nil || d.IsInterval() && (e.Field == "start" || e.Field == "end") {
		return query.BadTime
	}
	return query.BadUserInput
}
