package memory

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"chancery/graph"
)

// BenchmarkCommit commits events as imports do: 20 batches of 4,000 claims, each with
// five quads between 7,000 parties and 200 actions.
func BenchmarkCommit(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	var batches []*graph.Batch
	for commit := range 20 {
		var batch graph.Batch
		for i := range 4000 {
			n := commit*4000 + i
			event, claim := batch.Term(graph.Ref(fmt.Sprint("event/", n))), batch.Term(graph.Ref(fmt.Sprint("claim/d/", n)))
			for _, of := range [][2]string{
				{"rdf:type", "kg:Interaction"},
				{"kg:action", fmt.Sprint("action/", random.IntN(200))},
				{"kg:actor", fmt.Sprint("party/", random.IntN(7000))},
				{"kg:target", fmt.Sprint("party/", random.IntN(7000))},
				{"schema:startDate", fmt.Sprint("day/", random.IntN(365))},
			} {
				batch.Add = append(batch.Add, graph.BatchQuad{
					Subject: event, Predicate: batch.Term(graph.Ref(of[0])), Object: batch.Term(graph.Ref(of[1])), Label: claim,
				})
			}
		}
		batches = append(batches, &batch)
	}
	b.ReportAllocs()
	for b.Loop() {
		s := New()
		for _, batch := range batches {
			if _, err := s.Commit(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
		}
		if s.Snapshot().Size() != 20*4000*5 {
			b.Fatal(s.Snapshot().Size())
		}
	}
}
