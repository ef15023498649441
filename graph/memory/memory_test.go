package memory_test

import (
	"errors"
	"testing"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/graph/storetest"
)

func TestConformance(t *testing.T) {
	open := func(t *testing.T) graph.Store {
		s := memory.New()
		t.Cleanup(func() {
			if err := s.Close(); err != nil && !errors.Is(err, graph.ErrClosed) {
				t.Error(err)
			}
		})
		return s
	}
	storetest.Run(t, open)
	storetest.RunPredicates(t, open)
}
