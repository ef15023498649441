package cayley_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	upstream "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"

	"chancery/graph"
	"chancery/graph/cayley"
	"chancery/graph/memory"
)

// TestGraphtest is Cayley's own suite, whole, on every store of ours.
func TestGraphtest(t *testing.T) {
	for _, store := range []struct {
		name string
		open cayley.Opener
	}{
		{"chancery-memory", func(context.Context, string) (graph.Store, error) { return memory.New(), nil }},
	} {
		t.Run(store.name, func(t *testing.T) {
			if err := cayley.Register(store.name, false, store.open); err != nil {
				t.Fatal(err)
			}
			// The suite opens its data by a path below its own folder.
			t.Chdir(folderOf(t, "github.com/cayleygraph/cayley/graph/graphtest"))
			graphtest.TestAll(t, func(t testing.TB) (upstream.QuadStore, upstream.Options) {
				qs, err := upstream.NewQuadStore(store.name, "", nil)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := qs.Close(); err != nil {
						t.Error(err)
					}
				})
				return qs, nil
			}, &graphtest.Config{AlwaysRunIntegration: true})
		})
	}
}

// folderOf returns the folder of a package's source.
func folderOf(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", path).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", path, err)
	}
	return strings.TrimSpace(string(out))
}
