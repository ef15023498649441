// Package intake takes what readers make of files into a graph: one claim for
// each place in a file, the same claim for the same place in every edition of
// the file.
package intake

import (
	"context"
	"fmt"
	"strings"

	"chancery/graph"
)

// Entry is one claim that a reader has made of one place in a file.
type Entry struct {
	Place Place
	// Claim's id is claim/DATASET/KEY, the same in every edition of the file.
	// Its facts may name the Things below by their ids.
	Claim graph.Claim
	// Things are the entities of the claim that the graph may know by another id.
	Things []Thing
	// Loose keeps what the ontology refuses as raw facts, under the full IRI of their
	// predicate, instead of rejecting the claim.
	Loose bool
	// LeftOut are the values that the claim stands without, because something was wrong
	// with them alone.
	LeftOut []LeftOut
}

// Thing is an entity as a file knows it: to be found in the graph, or to be new.
type Thing struct {
	ID          string   `json:"id"`                    // as the claim's facts name it; its id if it is new
	Class       string   `json:"class"`                 // of the ontology: NATION
	Identifiers []string `json:"identifiers,omitempty"` // SCHEME:VALUE, as a claim states them; any of them finds it
	Names       []string `json:"names,omitempty"`       // exact names that find it within its class and nation, if no identifier does
	Nation      string   `json:"nation,omitempty"`      // id that Names are looked up within; may be empty
}

// Place is where something stands in a file. What is zero is not known.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`   // from 1, as an editor counts
	Row    int    `json:"row,omitempty"`    // from 1, the heading not counted
	Column string `json:"column,omitempty"` // its name; without a heading its number
}

// String gives FILE:LINE, row R, column C.
func (p Place) String() string {
	parts := make([]string, 0, 3)
	if p.Line > 0 {
		parts = append(parts, fmt.Sprintf("%s:%d", p.File, p.Line))
	} else {
		parts = append(parts, p.File)
	}
	if p.Row > 0 {
		parts = append(parts, fmt.Sprintf("row %d", p.Row))
	}
	if p.Column != "" {
		parts = append(parts, "column "+p.Column)
	}
	return strings.Join(parts, ", ")
}

// Rejection is what was not taken, and what to do about it.
type Rejection struct {
	Place  Place  `json:"place"`
	Reason string `json:"reason"` // what is wrong and the remedy, in one sentence
	// Claim is the id, where it is known: what the graph has of it then stays as it is.
	Claim string `json:"claim,omitempty"`
	// Also are the ids of further claims that the place would have made.
	Also []string `json:"also,omitempty"`
	// Stands: the graph has an earlier version of the claim, and that stays as it is.
	Stands bool `json:"stands,omitempty"`
}

// LeftOut is a value that was not taken, of a claim that was.
type LeftOut struct {
	Place  Place  `json:"place"`
	Claim  string `json:"claim"`
	Field  string `json:"field"`  // and whose, as the mapping calls it: born of the person
	Reason string `json:"reason"` // what is wrong and the remedy, in one sentence
}

// Reader turns a file into entries. Memory does not grow with the file.
type Reader interface {
	// Read calls take for each entry in the order of the file, and reject for what
	// cannot be one; it goes on after a rejection. It ends with the first error that
	// take or reject returns, or its own: the file cannot be read further.
	Read(ctx context.Context, take func(Entry) error, reject func(Rejection) error) error
}
