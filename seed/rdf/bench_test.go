package rdf_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/seed/rdf"
)

// visits invents statements as an export of visits has them: for each visit a
// class, two relations, two dates and a title, in a graph for every 100 visits.
// A sixth of the texts come once.
func visits(n int) []rdf.Statement {
	const base, ns = "https://chancery.example/", "https://chancery.example/ns#"
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]rdf.Statement, 0, 6*n)
	for i := range n {
		visit := graph.Ref(fmt.Sprintf("%svisit/%d", base, i))
		in := graph.Ref(fmt.Sprintf("%sclaim/gazette/%d", base, i/100))
		day := fmt.Sprintf("20%02d-%02d-%02d", random.IntN(25), 1+random.IntN(12), 1+random.IntN(28))
		for _, po := range [][2]graph.Term{
			{graph.Ref("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), graph.Ref(ns + "Visit")},
			{graph.Ref(ns + "visitor"), graph.Ref(fmt.Sprintf("%sperson/%d", base, random.IntN(500)))},
			{graph.Ref(ns + "destination"), graph.Ref(fmt.Sprintf("%snation/%d", base, random.IntN(200)))},
			{graph.Ref("http://schema.org/startDate"), graph.Typed(day, "http://www.w3.org/2001/XMLSchema#date")},
			{graph.Ref(ns + "days"), graph.Typed(fmt.Sprint(1+random.IntN(9)), "http://www.w3.org/2001/XMLSchema#integer")},
			{graph.Ref("http://schema.org/name"), graph.TextIn(fmt.Sprintf("Visit no. %d of the year", i), "en")},
		} {
			all = append(all, rdf.Statement{Subject: visit, Predicate: po[0], Object: po[1], Graph: in})
		}
	}
	return all
}

var benchPrefixes = map[string]string{
	"c": "https://chancery.example/", "kg": "https://chancery.example/ns#", "schema": "http://schema.org/",
	"xsd": "http://www.w3.org/2001/XMLSchema#",
}

const benchVisits = 20_000

func benchStatements(f rdf.Format) []rdf.Statement {
	all := visits(benchVisits)
	if !f.HasGraphs() {
		for i := range all {
			all[i].Graph = graph.Term{}
		}
	}
	return all
}

func BenchmarkRead(b *testing.B) {
	for _, f := range rdf.Formats() {
		b.Run(f.String(), func(b *testing.B) {
			all := benchStatements(f)
			text, err := write(all, rdf.Options{Format: f, Prefixes: benchPrefixes})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = 0
				if err := rdf.Read(strings.NewReader(text), rdf.Options{Format: f}, func(rdf.Statement) error {
					n++
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			if n != len(all) {
				b.Fatalf("%d statements, want %d", n, len(all))
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "statements/s")
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, f := range rdf.Formats() {
		b.Run(f.String(), func(b *testing.B) {
			all := benchStatements(f)
			var size counter
			b.ReportAllocs()
			for b.Loop() {
				size = 0
				w, err := rdf.NewWriter(&size, rdf.Options{Format: f, Prefixes: benchPrefixes})
				if err != nil {
					b.Fatal(err)
				}
				for i := range all {
					if err := w.Write(all[i]); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(size))
			b.ReportMetric(float64(len(all))*float64(b.N)/b.Elapsed().Seconds(), "statements/s")
		})
	}
}

// counter counts what is written.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
