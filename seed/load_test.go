package seed

import (
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/schema"
)

var recorded = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func loaded(t *testing.T) (*graph.View, *schema.Ontology) {
	t.Helper()
	o, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	if err := Load(t.Context(), g, o, recorded); err != nil {
		t.Fatal(err)
	}
	v, err := g.View(t.Context(), graph.Perspective{})
	if err != nil {
		t.Fatal(err)
	}
	return v, o
}

func TestLoad(t *testing.T) {
	v, _ := loaded(t)
	t.Log(v.Size())
}
