package memory

import (
	"fmt"
	"testing"

	"chancery/graph"
)

// BenchmarkDictionary interns 100,000 terms, then looks each up.
func BenchmarkDictionary(b *testing.B) {
	const n = 100_000
	terms := make([]graph.Term, n)
	for i := range terms {
		terms[i] = graph.Ref(fmt.Sprintf("event/icews14/h%d", i*7919))
	}
	b.ReportAllocs()
	for b.Loop() {
		d := newDictionary()
		for _, t := range terms {
			d.intern(t)
		}
		s := &snapshot{terms: d, counts: d.counts()}
		for _, t := range terms {
			if _, ok := s.Lookup(t); !ok {
				b.Fatal(t)
			}
		}
	}
}
