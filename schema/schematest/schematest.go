// Package schematest has the ontology that is served ready for tests. Compiling it
// takes longer than most of them, under the race detector the more.
package schematest

import (
	"sync"
	"testing"

	"chancery/schema"
)

var load = sync.OnceValues(schema.Load)

// Ontology returns the ontology of the schema that is served, compiled once in each
// process: like a server's requests, tests share it and only read it.
func Ontology(t testing.TB) *schema.Ontology {
	t.Helper()
	o, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return o
}
