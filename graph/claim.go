package graph

import (
	"errors"
	"fmt"
	"time"
)

// Status is how a source puts a claim.
type Status uint8

const (
	NoStatus  Status = iota
	Confirmed        // the party that can know says so
	Reported         // a third party says so
	Assessed         // a judgement, expectation or analysis
	Denied           // the source says that it is not so
)

var statusNames = [...]string{"", "CONFIRMED", "REPORTED", "ASSESSED", "DENIED"}

// String gives the status as the schema writes it: CONFIRMED.
func (s Status) String() string { return statusNames[s] }

// ParseStatus reads what String gives; anything else is NoStatus.
func ParseStatus(s string) Status {
	for i := Confirmed; i <= Denied; i++ {
		if statusNames[i] == s {
			return i
		}
	}
	return NoStatus
}

// Claim is one assertion by one source, as it is recorded.
type Claim struct {
	ID           string   // claim/…, never used before; empty: Apply makes one from the source and the commit
	Source       string   // id of the source entity
	Locator      string   // where in the source: "paragraph 5"; may be empty
	AttributedTo []string // ids of those whom the source quotes
	Status       Status
	Confidence   *float64 // from 0 to 1; nil: not stated, counts as 1
	ValidTime    string   // EDTF: when it holds in the world; empty: not stated
	RecordedBy   string   // who entered it; may be empty
	Supersedes   string   // id of the claim that this one replaces; may be empty
	Facts        []Fact   // at least one
}

// Fact is one thing that a claim says.
type Fact struct {
	Subject   string // id of an entity
	Predicate string // compact IRI
	Object    Term
}

// Retraction takes a claim back. Its facts stay known at the times before.
type Retraction struct {
	Claim  string
	Reason string
}

// Changes is what one commit does.
type Changes struct {
	Record  []Claim
	Retract []Retraction
	// At is the record time. Apply moves it on to be later than every commit before.
	At time.Time
	// Key makes the changes happen once: with a key that a commit had before, Apply
	// changes nothing and returns that commit's receipt. Empty: none.
	Key string
	// Digest tells requests of one key apart: another digest is ErrKeyTaken.
	Digest string
}

// Receipt tells of a commit that was made.
type Receipt struct {
	At        time.Time // the record time that it got
	Recorded  []string  // the claims' ids, in order; of a repeated key in the graph's own
	Retracted []string
	Repeated  bool // the key had been used: this is the first receipt again
}

// Sentinels of Apply; the error that wraps them names the claim.
var (
	ErrClaimExists    = errors.New("a claim with this id is already recorded")
	ErrClaimUnknown   = errors.New("no claim with this id is recorded")
	ErrClaimRetracted = errors.New("the claim is already retracted")
	ErrClaimInvalid   = errors.New("the claim is not complete")
	ErrKeyTaken       = errors.New("the idempotency key was used for another request")
)

// ClaimError is what is wrong with one claim of a change.
type ClaimError struct {
	Claim  string
	Reason string // what is missing or wrong, and what to write
	Err    error  // one of the sentinels
}

func (e *ClaimError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("claim %s: %v", e.Claim, e.Err)
	}
	return fmt.Sprintf("claim %s: %v: %s", e.Claim, e.Err, e.Reason)
}

func (e *ClaimError) Unwrap() error { return e.Err }
