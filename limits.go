package main

import (
	"errors"
	"time"

	"chancery/api"
	"chancery/api/access"
	"chancery/query"
)

// limits are the bounds of one request that an operator may want to move; nil: as
// the profile has it.
type limits struct {
	Body       *int           `placeholder:"BYTES" env:"CHANCERY_LIMIT_BODY" help:"Refuse a larger body. Default: 1048576; public: 262144."`
	Tokens     *int           `placeholder:"N" env:"CHANCERY_LIMIT_TOKENS" help:"Refuse a document of more tokens. Default: 10000; public: 3000."`
	Depth      *int           `placeholder:"N" env:"CHANCERY_LIMIT_DEPTH" help:"Refuse an operation that nests fields deeper. Default: 20; public: 15."`
	Roots      *int           `placeholder:"N" env:"CHANCERY_LIMIT_ROOTS" help:"Refuse an operation of more root fields. Default: 30; public: 10."`
	Fields     *int           `placeholder:"N" env:"CHANCERY_LIMIT_FIELDS" help:"Refuse an operation of more fields, fragments expanded. Default: 2000; public: 500."`
	Aliases    *int           `placeholder:"N" env:"CHANCERY_LIMIT_ALIASES" help:"Refuse a document of more aliases. Default: 100; public: 30."`
	Directives *int           `placeholder:"N" env:"CHANCERY_LIMIT_DIRECTIVES" help:"Refuse a document of more directives. Default: 50; public: 20."`
	Objects    *int           `placeholder:"N" env:"CHANCERY_LIMIT_OBJECTS" help:"Refuse an answer with more objects in one root field. Default: 100000; public: 20000."`
	Quads      *int           `placeholder:"N" env:"CHANCERY_LIMIT_QUADS" help:"Stop an operation that reads more quads of the graph. Default: 50000000; public: 5000000."`
	Time       *time.Duration `env:"CHANCERY_LIMIT_TIME" help:"Give up on an operation after so long. Default: 10s; public: 5s."`

	Concurrent        *int           `placeholder:"N" env:"CHANCERY_LIMIT_CONCURRENT" help:"Run so many operations at a time. Default: one more than there are processors, at least 3."`
	CallersConcurrent *int           `placeholder:"N" env:"CHANCERY_LIMIT_CALLERS_CONCURRENT" help:"Run so many of them of one key, or of one address without a key. Default: all; public: all but one."`
	Patience          *time.Duration `env:"CHANCERY_LIMIT_PATIENCE" help:"Have an operation of a burst wait so long to be run, and a twentieth of it when there is no end of them; then say 503. Default: 1s; public: 100ms."`

	Streams        *int     `placeholder:"N" env:"CHANCERY_LIMIT_STREAMS" help:"Let so many sockets and streams of events be open. Default: 20000."`
	CallersStreams *int     `placeholder:"N" env:"CHANCERY_LIMIT_CALLERS_STREAMS" help:"Let so many of them be of one key, or of one address without a key. Default: all; public: 100."`
	KeyRate        *float64 `placeholder:"N" env:"CHANCERY_LIMIT_KEY_RATE" help:"Answer so many requests a second with one key; 0: any number. Default: 0; public: 50."`
	Rate           *float64 `placeholder:"N" env:"CHANCERY_LIMIT_RATE" help:"Answer so many requests a second without a key, from one address; 0: any number. Default: 0; public: 10."`
}

// Validate is kong's hook for flags that have been read.
func (l limits) Validate() error {
	least := min(or(l.Body, 1), or(l.Tokens, 1), or(l.Depth, 1), or(l.Roots, 1), or(l.Fields, 1), or(l.Aliases, 1), or(l.Directives, 1),
		or(l.Objects, 1), or(l.Quads, 1), int(or(l.Time, 1)), or(l.Concurrent, 1), or(l.CallersConcurrent, 1), int(or(l.Patience, 1)), or(l.Streams, 1), or(l.CallersStreams, 1))
	if least <= 0 {
		return errors.New("limits must be above 0")
	}
	if min(or(l.KeyRate, 0), or(l.Rate, 0)) < 0 {
		return errors.New("rates must be 0 or above")
	}
	return nil
}

// Defaults of limits that are not of one request alone.
const (
	publicObjects  = 20_000
	trustedObjects = 100_000
	publicQuads    = 5_000_000
	trustedQuads   = 50_000_000
	publicKeyRate  = 50.0 // requests a second
	publicRate     = 10.0
	noRate         = 0.0
)

// or is what a flag says, else a default.
func or[T any](flag *T, otherwise T) T {
	if flag != nil {
		return *flag
	}
	return otherwise
}

// of returns the limits in force, those that no flag moves as the profile has them.
func (l limits) of(public bool) (of api.Limits, reads query.Options) {
	reads.Rows, reads.Quads = trustedObjects, trustedQuads
	if public {
		of, reads.Rows, reads.Quads = api.PublicLimits(), publicObjects, publicQuads
	}
	of.Body, of.Tokens, of.Depth, of.Roots = or(l.Body, of.Body), or(l.Tokens, of.Tokens), or(l.Depth, of.Depth), or(l.Roots, of.Roots)
	of.Fields, of.Aliases, of.Directives = or(l.Fields, of.Fields), or(l.Aliases, of.Aliases), or(l.Directives, of.Directives)
	of.Time, of.Streams, of.CallersStreams = or(l.Time, of.Time), or(l.Streams, of.Streams), or(l.CallersStreams, of.CallersStreams)
	of.Concurrent, of.CallersConcurrent, of.Patience = or(l.Concurrent, of.Concurrent), or(l.CallersConcurrent, of.CallersConcurrent), or(l.Patience, of.Patience)
	if public && l.CallersConcurrent == nil && l.Concurrent != nil {
		of.CallersConcurrent = max(1, *l.Concurrent-1)
	}
	of = of.Filled()
	reads.Rows, reads.Quads, reads.Time = or(l.Objects, reads.Rows), or(l.Quads, reads.Quads), of.Time
	return of, reads
}

func (l limits) rates(public bool) access.Rates {
	if public {
		return access.Rates{Key: or(l.KeyRate, publicKeyRate), Address: or(l.Rate, publicRate)}
	}
	return access.Rates{Key: or(l.KeyRate, noRate), Address: or(l.Rate, noRate)}
}
