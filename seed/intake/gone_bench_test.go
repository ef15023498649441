package intake_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/seed/intake"
)

// BenchmarkGone is an edition that has none of 20,000 people any more, a dry run: what is
// measured is which of their claims stay. Everyone is named by an edit; some were merged
// into somebody whom only the edit gives a class.
func BenchmarkGone(b *testing.B) {
	const people = 20_000
	for _, merged := range []int{0, 100, people / 2} {
		b.Run(fmt.Sprint("merged=", merged), func(b *testing.B) {
			g, err := graph.Open(b.Context(), memory.New())
			if err != nil {
				b.Fatal(err)
			}
			at := time.Unix(1e9, 0)
			target := intake.Target{Graph: g, Ontology: ontology(b), Now: func() time.Time { at = at.Add(time.Minute); return at }}
			edition := func(o intake.Options, n int) *intake.Report {
				part := intake.Part{Name: "d.csv", Dataset: "d", Reader: endless{n}}
				report, err := intake.Run(b.Context(), target, slices.Values([]intake.Part{part}), o)
				if err != nil {
					b.Fatal(err)
				}
				return report
			}
			edition(intake.Options{}, people)
			var edits []graph.Claim
			for i := range people {
				who := fmt.Sprint("person/p-", i)
				edits = append(edits, said(fmt.Sprint("edit-", i), 0, who+" skos:altLabel X").Claim)
				if i < merged {
					other := fmt.Sprint("person/other-", i)
					edits = append(edits, said(fmt.Sprint("merge-", i), 0, other+" rdf:type schema:Person", who+" "+graph.MergedInto+" "+other).Claim)
				}
			}
			if _, err := g.Apply(b.Context(), graph.Changes{At: target.Now(), Record: edits}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if c := edition(intake.Options{DryRun: true}, 1).Claims; c.Kept+c.Retracted != people-1 {
					b.Fatalf("%+v", c)
				}
			}
		})
	}
}
