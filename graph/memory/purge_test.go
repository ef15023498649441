package memory_test

import (
	"testing"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/graph/storetest"
)

func TestPurge(t *testing.T) {
	storetest.RunPurge(t, func(*testing.T) graph.Store { return memory.New() })
}
