package history_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/seed/history"
	"chancery/seed/intake"
	"chancery/seed/rdf"
)

const benchClaims = 10_000

// visits are claims of six facts each, a hundred a commit.
func visits(b *testing.B) *graph.Graph {
	b.Helper()
	g := open(b, memory.New())
	var claims []graph.Claim
	for i := range benchClaims {
		event := fmt.Sprint("event/visit-", i)
		claims = append(claims, graph.Claim{
			ID: fmt.Sprint("claim/visits/", i), Source: "source/visits", Status: graph.Reported, Locator: fmt.Sprint("row ", i), RecordedBy: "import visits",
			Facts: []graph.Fact{
				{Subject: event, Predicate: graph.Type, Object: graph.Ref("kg:Visit")},
				{Subject: event, Predicate: graph.PreferredName, Object: graph.TextIn(fmt.Sprint("Visit ", i), "en")},
				{Subject: event, Predicate: "schema:startDate", Object: graph.Date(fmt.Sprintf("2%03d-05-06", i%1000))},
				{Subject: event, Predicate: "kg:destination", Object: graph.Ref("nation/kz")},
				{Subject: fmt.Sprint("person/", i%1000), Predicate: graph.Type, Object: graph.Ref("schema:Person")},
				{Subject: event, Predicate: "kg:visitor", Object: graph.Ref(fmt.Sprint("person/", i%1000))},
			},
		})
		if len(claims) == 100 {
			apply(b, g, i, record(claims...))
			claims = nil
		}
	}
	return g
}

// BenchmarkTake takes 10,000 claims into an empty graph in memory.
func BenchmarkTake(b *testing.B) {
	g, o := visits(b), load(b)
	for _, format := range formats {
		text := write(b, g, format)
		b.Run(format.String(), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				again := open(b, memory.New())
				target := intake.Target{Graph: again, Ontology: o, Now: time.Now}
				if r, err := history.Take(context.Background(), target, bytes.NewReader(text), history.ReadOptions{File: "x", Format: format}, history.Options{}); err != nil || r.Claims.Recorded != benchClaims {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(benchClaims*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
		})
	}
}

// BenchmarkWrite writes them.
func BenchmarkWrite(b *testing.B) {
	g := visits(b)
	for _, format := range []rdf.Format{rdf.NQuads, rdf.TriG, rdf.JSONLD} {
		b.Run(format.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := history.Write(context.Background(), g.Latest(), io.Discard, format, base); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(benchClaims*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
		})
	}
}
