package check

import "strings"

// Error is one fault of one claim.
type Error struct {
	Claim string // the claim's id
	// Fact is the index of the fact at fault in the claim, -1 for a fault of the
	// claim's own fields.
	Fact int
	// Subject is the entity that the fact speaks of; empty for the claim's own fields.
	Subject string
	// Field is the relation, property or claim field at fault, by its name in the
	// schema; the predicate where it has none there; empty when it is the subject
	// itself, or the claim itself.
	Field  string
	Reason string // what is wrong, and what to write instead
}

// Error gives claim, field and reason: claim claim/x/y: visitors: nation/kz is a
// Nation; Person is allowed here.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Claim != "" {
		b.WriteString("claim " + e.Claim + ": ")
	}
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Errors are the faults of a batch of claims, in the order of claims and facts.
type Errors = List[*Error] //nolint:errname // several, as one
