package intake_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
	"chancery/seed/intake"
)

// rowsICEWS is how many rows ICEWS14 has: 7,000 actors, 230 actions, a year of days.
const rowsICEWS = 90_730

// events reads rows like those of ICEWS14 as their mapping does: a claim for each
// actor and action that comes for the first time, and one for each row. With edited
// above 0, each row of that many says another day.
type events struct{ rows, edited int }

func (r events) Read(ctx context.Context, take func(intake.Entry) error, _ func(intake.Rejection) error) error {
	const source = "source/icews14"
	err := take(intake.Entry{Claim: graph.Claim{ID: "claim/icews14/source", Source: source, Status: graph.Confirmed, Facts: []graph.Fact{
		{Subject: source, Predicate: graph.Type, Object: graph.Ref("schema:CreativeWork")},
	}}})
	if err != nil {
		return err
	}
	place := intake.Place{File: "icews14.tsv"}
	var days []string
	for day := time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == 2014; day = day.AddDate(0, 0, 1) {
		days = append(days, day.Format(time.DateOnly))
	}
	parties, actions := make([]*intake.Thing, 7001), make([]*intake.Thing, 231)
	thing := func(met []*intake.Thing, kind, class, iri string, n int) (*intake.Thing, error) {
		if t := met[n]; t != nil {
			return t, nil
		}
		id := fmt.Sprintf("%s/icews/some-%s-of-country-%d", kind, kind, n)
		name := fmt.Sprintf("Some %s (Country %d)", kind, n)
		t := &intake.Thing{ID: id, Class: class, Identifiers: []string{"icews-" + kind + ":" + name}, Names: []string{name}}
		met[n] = t
		return t, take(intake.Entry{Place: place, Things: []intake.Thing{*t}, Claim: graph.Claim{
			ID: "claim/icews14/" + id, Source: source, Status: graph.Assessed, Facts: []graph.Fact{
				{Subject: id, Predicate: graph.Type, Object: graph.Ref(iri)},
				{Subject: id, Predicate: graph.PreferredName, Object: graph.TextIn(name, "en")},
				{Subject: id, Predicate: graph.Notation, Object: graph.Typed(name, "scheme:icews-"+kind)},
			},
		}})
	}
	var facts []graph.Fact
	var things []intake.Thing
	for i := range r.rows {
		place.Row, place.Line = i+1, i+2
		day := i
		if r.edited > 0 && i%r.edited == 0 {
			day++
		}
		actor, err := thing(parties, "party", "PARTY", "kg:Party", i*7919%7001)
		if err != nil {
			return err
		}
		target, err := thing(parties, "party", "PARTY", "kg:Party", i*104729%6997)
		if err != nil {
			return err
		}
		action, err := thing(actions, "action", "ACTION", "kg:Action", i%231)
		if err != nil {
			return err
		}
		// Slices of longer ones, as the reader of tables has them.
		key := strconv.Itoa(1e15 + i)
		id := "event/icews14/h" + key
		if cap(facts)-len(facts) < 5 {
			facts, things = make([]graph.Fact, 0, 500), make([]intake.Thing, 0, 300)
		}
		facts = append(facts, graph.Fact{Subject: id, Predicate: graph.Type, Object: graph.Ref("kg:Interaction")},
			graph.Fact{Subject: id, Predicate: "schema:startDate", Object: graph.Date(days[day%len(days)])},
			graph.Fact{Subject: id, Predicate: "kg:actor", Object: graph.Ref(actor.ID)},
			graph.Fact{Subject: id, Predicate: "kg:action", Object: graph.Ref(action.ID)},
			graph.Fact{Subject: id, Predicate: "kg:target", Object: graph.Ref(target.ID)})
		things = append(things, *actor, *target, *action)
		err = take(intake.Entry{Place: place, Things: things[len(things)-3:], Claim: graph.Claim{
			ID: "claim/icews14/h" + key, Source: source, Status: graph.Assessed, Locator: "row h" + key, Facts: facts[len(facts)-5:],
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r events) parts() intake.Parts {
	return slices.Values([]intake.Part{{Name: "icews14.tsv", Dataset: "icews14", Reader: r}})
}

// BenchmarkImport takes rows like those of ICEWS14 in as full claims, 98,000 claims
// in all: into an empty graph, then again, then with each tenth row changed.
func BenchmarkImport(b *testing.B) {
	for _, store := range []struct {
		name string
		open func() (graph.Store, error)
	}{
		{"memory", func() (graph.Store, error) { return memory.New(), nil }},
		{"local", func() (graph.Store, error) { return local.Open(b.TempDir(), local.Options{}) }},
	} {
		for _, step := range []string{"first", "again", "edited"} {
			b.Run(store.name+"/"+step, func(b *testing.B) { benchmarkImport(b, store.open, step) })
		}
	}
}

func benchmarkImport(b *testing.B, open func() (graph.Store, error), step string) {
	o := ontology(b)
	var claims, quads int
	var peak atomic.Uint64
	for b.Loop() {
		b.StopTimer()
		s, err := open()
		if err != nil {
			b.Fatal(err)
		}
		g, err := graph.Open(b.Context(), s)
		if err != nil {
			b.Fatal(err)
		}
		at := time.Unix(1e9, 0)
		target := intake.Target{Graph: g, Ontology: o, Now: func() time.Time { return at }}
		run := func(r events) *intake.Report {
			report, err := intake.Run(b.Context(), target, r.parts(), intake.Options{})
			if err != nil || report.Claims.Rejected > 0 {
				b.Fatal(err, report.Rejections)
			}
			return report
		}
		rows := events{rows: rowsICEWS}
		if step != "first" {
			run(rows)
		}
		if step == "edited" {
			rows.edited = 10
		}
		before := g.Latest().Size()
		runtime.GC()
		stop := watchHeap(&peak)
		b.StartTimer()
		claims += run(rows).Claims.Read
		b.StopTimer()
		stop()
		quads += g.Latest().Size() - before
		if err := g.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(float64(claims)/seconds, "claims/s")
	b.ReportMetric(float64(b.N)*rowsICEWS/seconds, "rows/s")
	b.ReportMetric(float64(quads)/seconds, "quads/s")
	b.ReportMetric(float64(peak.Load())/(1<<20), "MiB-peak")
}

// watchHeap keeps the largest heap that it sees.
func watchHeap(peak *atomic.Uint64) (stop func()) {
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), m.HeapInuse))
			}
		}
	}()
	return func() { close(done) }
}
