package intake_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"chancery/graph"
	"chancery/seed/intake"
)

// endless is a reader of n claims, each with a person of its own.
type endless struct{ n int }

func (r endless) Read(_ context.Context, take func(intake.Entry) error, _ func(intake.Rejection) error) error {
	for i := range r.n {
		id := fmt.Sprint("person/p-", i)
		e := said(fmt.Sprint("p-", i), i+1, id+" rdf:type schema:Person", id+" skos:prefLabel Person "+fmt.Sprint(i))
		e.Things = []intake.Thing{{ID: id, Class: "PERSON", Names: []string{"Person " + fmt.Sprint(i)}}}
		if i == 0 {
			e = source
		}
		if err := take(e); err != nil {
			return err
		}
	}
	return nil
}

// TestMemory: what an import itself holds does not grow with the file, once its caches
// are full, and its counts stay exact. What is measured is what a run that changes
// nothing has at its end, beside the graph.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("a long import, left out with -short")
	}
	o := newOffice(t, 4096)
	const most = 280_000 // twice what the caches hold
	parts := func(n int) intake.Parts {
		return func(yield func(intake.Part) bool) {
			yield(intake.Part{Name: "d.csv", Dataset: "d", Reader: endless{n}})
		}
	}
	report, err := intake.Run(t.Context(), o.Target, parts(most), intake.Options{})
	if err != nil || report.Claims.Recorded != most || report.Entities.New != most-1 {
		t.Fatalf("importing: %+v, %+v, %v", report.Claims, report.Entities, err)
	}
	var v *graph.View
	if v, err = o.Graph.View(t.Context(), graph.Perspective{}); err != nil {
		t.Fatal(err)
	}
	held := func(n int) int64 {
		var highest, before uint64
		var m runtime.MemStats
		measure := func() uint64 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		before = measure()
		report, err := intake.Run(t.Context(), o.Target, parts(n), intake.Options{Partial: true, Progress: func(p intake.Progress) {
			if p.Read%(n/3) < 4096 {
				highest = max(highest, measure())
			}
		}})
		if err != nil || report.Claims.Unchanged != n || report.Entities.Known != n-1 {
			t.Fatalf("again %d: %+v, %+v, %v", n, report.Claims, report.Entities, err)
		}
		return int64(highest) - int64(before)
	}
	held(most / 8) // whatever is made once
	half, whole := held(most/2), held(most)
	t.Logf("held at most %d KiB for %d claims and %d KiB for %d", half>>10, most/2, whole>>10, most)
	if whole > half+half/4+4<<20 {
		t.Errorf("twice the file holds %d bytes, the file %d", whole, half)
	}
	runtime.KeepAlive(v)
}
