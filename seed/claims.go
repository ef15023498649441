package seed

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/check"
)

// Claims turns the document into claims, the one about the source first, and
// checks them with [check.Claims]. classOf tells the class of an entity that is
// known already; the document may use entities of its own in any order.
// The error is Errors, with at most the first 100 faults.
func (d *Document) Claims(o *schema.Ontology, classOf func(id string) (*schema.Class, bool)) ([]graph.Claim, error) {
	in := &reader{file: d.name}
	given := check.Given(o, classOf, d.statements())
	claims := make([]graph.Claim, len(d.claims))
	for i := range d.claims {
		claims[i] = d.claims[i].translate(in, o, given, d.source)
	}
	if len(in.errs) > 0 {
		return nil, in.errs
	}
	err := check.Claims(o, classOf, claims)
	if err == nil {
		return claims, nil
	}
	var faults check.Errors
	if !errors.As(err, &faults) {
		return nil, err // unreachable unless check breaks its promise
	}
	byID := make(map[string]*claim, len(d.claims))
	for i := range d.claims {
		byID[d.claims[i].id] = &d.claims[i]
	}
	for _, e := range faults {
		at, field := byID[e.Claim].find(e)
		in.claim = e.Claim
		in.fail(at, field, "%s", e.Reason)
	}
	slices.SortStableFunc(in.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return nil, in.errs
}

// statements lists what the claims state, but for what they deny.
func (d *Document) statements() []check.Statement {
	var all []check.Statement
	for _, c := range d.claims {
		if graph.ParseStatus(c.status) == graph.Denied {
			continue
		}
		for _, s := range c.statements {
			s.Value = s.text
			all = append(all, s.Statement)
		}
	}
	return all
}

// translate makes a graph.Claim. What is wrong goes to in.
func (c *claim) translate(
	in *reader, o *schema.Ontology, classOf func(id string) (*schema.Class, bool), source string,
) graph.Claim {
	in.claim = c.id
	out := graph.Claim{
		ID: c.id, Source: source, Locator: c.locator, AttributedTo: c.attributedTo,
		Status: graph.ParseStatus(c.status), ValidTime: c.validTime, Supersedes: c.supersedes, RecordedBy: recordedBy,
	}
	if out.Status == graph.NoStatus {
		in.fail(c.at["status"], "status", "%q is no status; write CONFIRMED, REPORTED, ASSESSED or DENIED", c.status)
	}
	if c.confidence != "" {
		if p, err := strconv.ParseFloat(c.confidence, 64); err == nil {
			out.Confidence = &p
		} else {
			in.fail(c.at["confidence"], "confidence", "%q is no number; write one from 0 to 1, as in 0.8", c.confidence)
		}
	}
	for _, s := range c.statements {
		class, _ := classOf(s.Subject)
		if class == nil && s.Field != check.ClassField {
			in.fail(s.subject, "", "%s has no class; give it one, here or in a claim before, as in class: PERSON", s.Subject)
			continue
		}
		if reason := s.resolve(class); reason != "" {
			in.fail(s.at, s.Field, "%s", reason)
			continue
		}
		fact, err := s.Fact(o, class)
		var e *check.Error
		switch {
		case errors.As(err, &e):
			in.fail(s.fault(class), s.Field, "%s", e.Reason)
		case err != nil:
			in.fail(s.at, s.Field, "%v", err) // unreachable unless check breaks its promise
		default:
			out.Facts = append(out.Facts, fact)
		}
	}
	return out
}

// resolve decides whether the text is an object or a value.
func (s *statement) resolve(class *schema.Class) (reason string) {
	f := (*schema.Field)(nil)
	if class != nil {
		f = class.Field(s.Field)
	}
	if f != nil && f.Kind == schema.Relation {
		s.Object = s.text
		return ""
	}
	s.Value = s.text
	if s.brackets && strings.Contains(s.text, "..") && f != nil && f.Kind == schema.Property && f.Value == schema.Time {
		return fmt.Sprintf(`a list stands here; a date in brackets goes into quotes: "[%s]"`, s.text)
	}
	return ""
}

// fault returns the place to point at when the statement cannot be a fact: the
// field's name, unless the class has such a field.
func (s *statement) fault(class *schema.Class) place {
	switch {
	case s.Field == check.ClassField, s.Field == "names":
		return s.at
	}
	if f := class.Field(s.Field); f == nil || f.Inverse || f.Kind == schema.Derived {
		return s.key
	}
	return s.at
}

// find returns the place and the key of a fault.
func (c *claim) find(e *check.Error) (place, string) {
	switch {
	case e.Fact < 0:
		if at, ok := c.at[e.Field]; ok {
			return at, e.Field
		}
		return c.at[""], e.Field
	case e.Field == "":
		return c.statements[e.Fact].subject, ""
	}
	s := &c.statements[e.Fact]
	if s.Field == check.ClassField {
		return s.at, e.Field // what the class requires has no place of its own
	}
	return s.at, s.Field
}
