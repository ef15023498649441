package cayley_test

import (
	"context"
	"errors"
	"testing"

	upstream "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"

	"chancery/graph"
	"chancery/graph/cayley"
	"chancery/graph/local"
)

// TestGraphtestLocal is Cayley's own suite, whole, on the store in a directory.
// Each store is checked when its test ends.
func TestGraphtestLocal(t *testing.T) {
	for _, store := range []struct {
		name    string
		options local.Options
	}{
		{"chancery-local", local.Options{}},
		{"chancery-local-tiny", local.Options{FlushQuads: 64}}, // every few commits write a segment
	} {
		t.Run(store.name, func(t *testing.T) {
			if err := cayley.Register(store.name, true, func(_ context.Context, dir string) (graph.Store, error) {
				return local.Open(dir, store.options)
			}); err != nil {
				t.Fatal(err)
			}
			// The suite opens its data by a path below its own folder.
			t.Chdir(folderOf(t, "github.com/cayleygraph/cayley/graph/graphtest"))
			graphtest.TestAll(t, func(t testing.TB) (upstream.QuadStore, upstream.Options) {
				dir := t.TempDir()
				qs, err := upstream.NewQuadStore(store.name, dir, nil)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := errors.Join(qs.Close(), local.Check(dir)); err != nil {
						t.Error(err)
					}
				})
				return qs, nil
			}, &graphtest.Config{AlwaysRunIntegration: true})
		})
	}
}
