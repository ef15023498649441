package local

import (
	"testing"

	"chancery/graph"
	"chancery/graph/storetest"
)

func TestScanConformance(t *testing.T) {
	for name, options := range map[string]Options{"default": {}, "tiny": tiny, "small": {FlushQuads: 3000}} {
		t.Run(name, func(t *testing.T) {
			open := func(t *testing.T) graph.Store { return openFor(t, t.TempDir(), options) }
			storetest.RunScan(t, open)
			storetest.RunPredicates(t, open)
		})
	}
}
