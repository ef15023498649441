package local

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"chancery/graph"
	"chancery/graph/storetest"
)

func TestPurgeConformance(t *testing.T) {
	for name, options := range map[string]Options{"default": {}, "tiny": tiny} {
		t.Run(name, func(t *testing.T) {
			storetest.RunPurge(t, func(t *testing.T) graph.Store { return openFor(t, t.TempDir(), options) })
		})
	}
}

// secret is what is written, removed and purged.
const secret = "Zacharias Unseld"

// mustLack fails if a file of the directory has the secret.
func mustLack(t *testing.T, dir, when string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s: %s has the text still", when, e.Name())
		}
	}
}

// TestPurgeLeavesNoText looks for what was erased in all bytes of the store and
// of its backup.
func TestPurgeLeavesNoText(t *testing.T) {
	for name, options := range map[string]Options{"in memory": {}, "in segments": tiny} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "store")
			s := openFor(t, dir, options)
			fill := func(i int) func(*graph.Batch) {
				return func(b *graph.Batch) {
					addSome(b, i)
					claim := graph.Ref(fmt.Sprint("claim/", i))
					b.AddQuad(graph.Ref("person/"+secret), graph.Ref("schema:name"), graph.TextIn(fmt.Sprint(secret, " ", i), "en"), claim)
					b.AddQuad(claim, graph.Ref("kg:locator"), graph.Typed(secret, "scheme:"+secret), claim)
				}
			}
			const n = 60
			for i := range n {
				mustCommit(t, s, fill(i))
			}
			held := s.Snapshot()
			before := dump(t, held)
			if err := keepSome(t, s, n); err != nil {
				t.Fatal(err)
			}
			mustCommit(t, s, func(b *graph.Batch) {
				for i := range n {
					var added graph.Batch
					fill(i)(&added)
					for _, q := range added.Add[len(added.Add)-2:] {
						b.RemoveQuad(added.Terms[q.Subject-1], added.Terms[q.Predicate-1], added.Terms[q.Object-1], added.Terms[q.Label-1])
					}
				}
			})
			after := dump(t, s.Snapshot())
			if err := s.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
			mustLack(t, dir, "after the purge")
			if _, _, ok := s.Kept("ledger"); ok {
				t.Error("what was kept before is there still")
			}
			if err := keepSome(t, s, n); err == nil {
				t.Error("what is older than the purge can be kept")
			}
			if err := keepSome(t, s, n+1); err != nil {
				t.Error(err)
			}
			backup := filepath.Join(t.TempDir(), "backup")
			if err := s.Backup(t.Context(), backup); err != nil {
				t.Fatal(err)
			}
			mustLack(t, backup, "in the backup")
			if len(dump(t, held)) != len(before) {
				t.Error("the snapshot before has changed")
			}
			for round := range 3 {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				mustLack(t, dir, fmt.Sprint("closed, ", round))
				if err := Check(dir); err != nil {
					t.Fatal(err)
				}
				s = openFor(t, dir, options)
				if got := dump(t, s.Snapshot()); round == 0 && len(got) != len(after) {
					t.Errorf("%d quads after opening, want %d", len(got), len(after))
				}
				mustCommit(t, s, func(b *graph.Batch) { addSome(b, n+round) })
				if err := s.Compact(t.Context()); err != nil {
					t.Fatal(err)
				}
				mustLack(t, dir, fmt.Sprint("opened and merged, ", round))
			}
		})
	}
}
