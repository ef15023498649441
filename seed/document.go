package seed

import (
	"strings"

	"chancery/seed/check"
)

// Document is a file as it was read: a source, and the claims that it makes. It
// is immutable; only [Read] makes one.
type Document struct {
	name   string // of the file
	source string // id of the source
	claims []claim
}

// Name is the name that the file was read under.
func (d *Document) Name() string { return d.name }

// Source is the id of the document's source.
func (d *Document) Source() string { return d.source }

// claim is one claim of a document, with the places of its parts.
type claim struct {
	id, locator, status, confidence, validTime string
	supersedes                                 string
	attributedTo                               []string

	at         map[string]place // of the values of its own keys
	statements []statement
}

// statement is one thing said, with the places of its parts.
type statement struct {
	check.Statement
	text     string // an object's id or a value: the ontology decides which
	subject  place
	key      place // of the field's name
	at       place // of the value
	brackets bool  // one of a list in brackets, by which a date may have been meant
}

// ownClaim is the claim that describes the source itself: claim/<slug>/source.
func ownClaim(source string) string { return "claim/" + slugOf(source) + "/source" }

// slugOf returns what follows the kind in an id.
func slugOf(id string) string {
	_, slug, _ := strings.Cut(id, "/")
	return slug
}
