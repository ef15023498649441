package api

import (
	"cmp"
	"runtime"
	"time"
)

// Limits bound one request. Zero is the default, for clients that are trusted. Bytes, tokens and sizes are
// checked before the document is validated, because validation itself takes time
// that grows with the square of a document's repetitions.
type Limits struct {
	Body    int // bytes of a request's body; default 1 MiB
	Tokens  int // of the document; default 10,000
	Name    int // bytes of a name in the document; default 128
	Depth   int // levels of fields, fragments expanded; default 20
	Roots   int // root fields of an operation, fragments expanded; default 30
	Fields  int // of an operation, fragments expanded; default 2,000
	Repeats int // fields that share a response name in one place; default 100

	// Nesting is how many levels of lists and objects the variables and the extensions
	// may have; default 100. Checking them against the schema takes time that grows with
	// its square.
	Nesting int

	Aliases    int // in the document; default 100
	Directives int // in the document; default 50
	// Introspection is how many lists of the schema an operation may ask for;
	// default 16. GraphiQL asks for 10. A list of types inside another goes one
	// level deep.
	Introspection int

	Streams int // sockets and streams of events open at once; default 20,000
	// CallersStreams is how many of them one key, or one address, may have; default all.
	CallersStreams int
	Operations     int           // at a time on one socket; default 100
	Init           time.Duration // for a socket to begin; default 10 s
	Write          time.Duration // for a subscriber to take an event; default 10 s
	Ping           time.Duration // between signs of life on an idle socket or stream; default 30 s

	// Concurrent is how many operations run at a time; default one more than there are
	// processors, and at least 3. CallersConcurrent is how many of them may be of one
	// key, or one address; default all.
	Concurrent        int
	CallersConcurrent int
	Patience          time.Duration // of an operation that waits to run; default 1 s

	Errors int           // listed for a document that is not valid; default 20
	Time   time.Duration // to answer an operation; default 10 s
}

// Filled returns the limits with defaults where they are zero.
func (l Limits) Filled() Limits {
	atATime := cmp.Or(l.Concurrent, defaultConcurrent())
	return Limits{
		Body:          cmp.Or(l.Body, 1<<20),
		Tokens:        cmp.Or(l.Tokens, 10_000),
		Name:          cmp.Or(l.Name, 128),
		Depth:         cmp.Or(l.Depth, 20),
		Roots:         cmp.Or(l.Roots, 30),
		Fields:        cmp.Or(l.Fields, 2_000),
		Repeats:       cmp.Or(l.Repeats, 100),
		Nesting:       cmp.Or(l.Nesting, 100),
		Aliases:       cmp.Or(l.Aliases, 100),
		Directives:    cmp.Or(l.Directives, 50),
		Introspection: cmp.Or(l.Introspection, 16),
		Streams:       cmp.Or(l.Streams, 20_000),

		CallersStreams: cmp.Or(l.CallersStreams, l.Streams, 20_000),
		Operations:     cmp.Or(l.Operations, 100),
		Init:           cmp.Or(l.Init, 10*time.Second),
		Write:          cmp.Or(l.Write, 10*time.Second),
		Ping:           cmp.Or(l.Ping, 30*time.Second),

		Concurrent:        atATime,
		CallersConcurrent: min(cmp.Or(l.CallersConcurrent, atATime), atATime),
		Patience:          cmp.Or(l.Patience, time.Second),

		Errors: cmp.Or(l.Errors, 20),
		Time:   cmp.Or(l.Time, 10*time.Second),
	}
}

// PublicLimits are the limits for clients that nobody knows; those that are zero
// are as for all others.
func PublicLimits() Limits {
	return Limits{
		Body: 256 << 10, Tokens: 3_000, Depth: 15, Roots: 10, Fields: 500, Repeats: 50,
		Aliases: 30, Directives: 20, CallersStreams: 100, Operations: 20,
		CallersConcurrent: defaultConcurrent() - 1, Patience: 100 * time.Millisecond,
		Errors: 5, Time: 5 * time.Second,
	}
}

// defaultConcurrent keeps all processors busy, one operation more filling the gaps.
// More only have each other, and what is refused, wait for a processor.
func defaultConcurrent() int { return max(3, runtime.GOMAXPROCS(0)+1) }
