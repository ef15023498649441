package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/storetest"
)

// tiny makes every few commits write a segment.
var tiny = Options{FlushQuads: 64}

func TestConformance(t *testing.T) {
	for name, options := range map[string]Options{"default": {}, "tiny": tiny} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) graph.Store { return openFor(t, t.TempDir(), options) })
		})
	}
}

// openFor opens a store for a test; when the test ends it is closed and checked.
func openFor(t *testing.T, dir string, options Options) *Store {
	t.Helper()
	s, err := Open(dir, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, graph.ErrClosed) {
			t.Error(err)
		}
		if err := Check(dir); err != nil {
			t.Error(err)
		}
	})
	return s
}

func mustCommit(t testing.TB, s graph.Store, fill func(*graph.Batch)) graph.Snapshot {
	t.Helper()
	var b graph.Batch
	fill(&b)
	snap, err := s.Commit(t.Context(), &b)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// addSome adds quads that only commit number i has, and takes some of the one before away.
func addSome(b *graph.Batch, i int) {
	claim := graph.Ref(fmt.Sprint("claim/", i))
	for j := range 5 {
		b.AddQuad(graph.Ref(fmt.Sprint("event/", i)), graph.Ref(fmt.Sprint("kg:p", j)), graph.Ref(fmt.Sprint("person/", (i*j)%17)), claim)
	}
	b.AddQuad(claim, graph.Ref("kg:locator"), graph.Text(fmt.Sprint("row ", i)), claim)
	b.AddQuad(claim, graph.Ref("kg:day"), graph.Date("2025-11-06"), graph.Term{})
	b.AddQuad(claim, graph.Ref("kg:note"), graph.Text(fmt.Sprint("secret ", i)), claim)
	if i > 0 {
		before := graph.Ref(fmt.Sprint("claim/", i-1))
		b.RemoveQuad(before, graph.Ref("kg:note"), graph.Text(fmt.Sprint("secret ", i-1)), before)
		b.RemoveQuad(graph.Ref(fmt.Sprint("event/", i-1)), graph.Ref("kg:p0"), graph.Ref("person/0"), graph.Ref(fmt.Sprint("claim/", i-1)))
	}
}

// dump is all that a snapshot says, in words.
func dump(t testing.TB, s graph.Snapshot) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	word := func(id graph.ID) string {
		if id == 0 {
			return "-"
		}
		term, ok := s.Term(id)
		if !ok {
			t.Fatalf("the snapshot of commit %d has no term for %x", s.Commit(), id)
		}
		if back, ok := s.Lookup(term); !ok || back != id {
			t.Fatalf("%v is found as %x, not %x", term, back, id)
		}
		return term.String()
	}
	err := s.Quads(t.Context(), graph.Pattern{}, func(q graph.Quad) bool {
		out[word(q.Subject)+" "+word(q.Predicate)+" "+word(q.Object)+" "+word(q.Label)] = true
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != s.Size() {
		t.Fatalf("%d quads in a snapshot of size %d", len(out), s.Size())
	}
	return out
}

func TestReopening(t *testing.T) {
	dir := t.TempDir()
	for round := range 8 {
		s := openFor(t, dir, tiny)
		before := dump(t, s.Snapshot())
		if want := uint64(round * 20); s.Snapshot().Commit() != want {
			t.Fatalf("opened at commit %d, want %d", s.Snapshot().Commit(), want)
		}
		if len(before) != max(0, round*20*6+2) && round > 0 {
			t.Fatalf("opened with %d quads", len(before))
		}
		for i := range 20 {
			mustCommit(t, s, func(b *graph.Batch) { addSome(b, round*20+i) })
		}
		if _, err := Open(dir, tiny); !errors.Is(err, ErrLocked) {
			t.Fatalf("opening twice gave %v", err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBackupAndRestore(t *testing.T) {
	s := openFor(t, filepath.Join(t.TempDir(), "store"), tiny)
	for i := range 100 {
		mustCommit(t, s, func(b *graph.Batch) { addSome(b, i) })
	}
	ctx, cancel := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	writing.Go(func() {
		for i := 100; ctx.Err() == nil; i++ {
			var b graph.Batch
			addSome(&b, i)
			if _, err := s.Commit(context.Background(), &b); err != nil {
				t.Error(err)
			}
		}
	})
	for range 5 {
		least := s.Snapshot().Commit()
		backup, restored := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "restored")
		if err := s.Backup(t.Context(), backup); err != nil {
			t.Fatal(err)
		}
		if err := s.Backup(t.Context(), backup); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("a second backup into one directory gave %v", err)
		}
		if err := Restore(t.Context(), backup, restored); err != nil {
			t.Fatal(err)
		}
		if err := Restore(t.Context(), backup, restored); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("restoring over a store gave %v", err)
		}
		r := openFor(t, restored, tiny)
		n := int(r.Snapshot().Commit())
		if n < int(least) {
			t.Errorf("the backup is of commit %d, and %d was there when it began", n, least)
		}
		if !maps.Equal(dump(t, r.Snapshot()), expectedAfter(n)) {
			t.Errorf("the backup of commit %d is another graph", n)
		}
		mustCommit(t, r, func(b *graph.Batch) { addSome(b, n) })
	}
	cancel()
	writing.Wait()
}

// usage returns the number of bytes in the directory.
func usage(t *testing.T, dir string) (bytes int64) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		bytes += info.Size()
	}
	return bytes
}

func TestRemovalGivesSpaceBack(t *testing.T) {
	dir := t.TempDir()
	s := openFor(t, dir, Options{FlushQuads: 1000})
	const n = 2000
	for i := range n / 100 {
		mustCommit(t, s, func(b *graph.Batch) {
			for j := range 100 {
				addSome(b, i*100+j)
			}
		})
	}
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	full := usage(t, dir)
	held := s.Snapshot()
	want := dump(t, held)
	empty := mustCommit(t, s, func(b *graph.Batch) {
		word := func(id graph.ID) graph.Term { term, _ := held.Term(id); return term }
		if err := held.Quads(t.Context(), graph.Pattern{}, func(q graph.Quad) bool {
			b.RemoveQuad(word(q.Subject), word(q.Predicate), word(q.Object), word(q.Label))
			return true
		}); err != nil {
			t.Fatal(err)
		}
	})
	if empty.Size() != 0 || len(dump(t, empty)) != 0 {
		t.Fatalf("%d quads are left", empty.Size())
	}
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(s.now.Load().segments); n != 0 {
		t.Errorf("%d segments are left without a quad", n)
	}
	var terms int64
	for _, f := range s.now.Load().words.files {
		terms += int64(f.Size)
	}
	if left := usage(t, dir) - terms; left > 4096 {
		t.Errorf("%d bytes beside the terms are left of %d", left, full)
	}
	if !maps.Equal(dump(t, held), want) {
		t.Error("the snapshot before has changed")
	}
}

// TestNothingIsLeftBehind counts goroutines, open files and mapped files.
func TestNothingIsLeftBehind(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("left out: file handles are counted by way of /proc, which is not there")
	}
	count := func(dir string) (goroutines, files, maps int) {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		mapped, err := os.ReadFile("/proc/self/maps")
		if err != nil {
			t.Fatal(err)
		}
		return runtime.NumGoroutine(), len(fds), strings.Count(string(mapped), dir)
	}
	dir := t.TempDir()
	goroutines, files, _ := count(dir)
	s, err := Open(dir, tiny)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		mustCommit(t, s, func(b *graph.Batch) { addSome(b, i) })
	}
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	named := len(s.manifest.names())
	// Cleanups run after a collection, in their own time.
	settle := func(want int) (maps int) {
		for range 1000 {
			runtime.GC()
			if _, _, maps = count(dir); maps <= want {
				break
			}
		}
		return maps
	}
	if maps := settle(named); maps > named {
		t.Errorf("%d files are mapped, the manifest names %d", maps, named)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = nil
	if maps := settle(0); maps > 0 {
		t.Errorf("%d files are mapped after closing", maps)
	}
	// A goroutine that has said that it is done may still be there for a moment.
	var g, f int
	for range 1000 {
		if g, f, _ = count(dir); g <= goroutines && f <= files {
			return
		}
		runtime.GC() // no goroutine that runs can put it off
	}
	t.Errorf("%d goroutines and %d files, %d and %d before", g, f, goroutines, files)
}

func TestRefusals(t *testing.T) {
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "thesis.tex"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(foreign, Options{}); !errors.Is(err, ErrNotStore) {
		t.Errorf("opening a directory of other files gave %v", err)
	}
	if err := Check(foreign); !errors.Is(err, ErrNotStore) {
		t.Errorf("checking a directory of other files gave %v", err)
	}
	if entries, err := os.ReadDir(foreign); err != nil || len(entries) != 1 {
		t.Errorf("the directory of other files has %v now, %v", entries, err)
	}
	if err := Check(filepath.Join(foreign, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("checking what is not there gave %v", err)
	}
	dir := t.TempDir()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("checking an open store gave %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, manifestName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Replace(data, []byte("chancery-store 1 "), []byte("chancery-store 2 "), 1)
	if err := os.WriteFile(path, newer, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrNewerFormat) {
		t.Errorf("opening a newer store gave %v", err)
	}
}

// TestExtremes keeps terms of several MB, empty ones and none at all, and looks
// for them before and after they are written out, and after opening.
func TestExtremes(t *testing.T) {
	dir := t.TempDir()
	s := openFor(t, dir, Options{})
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openFor(t, dir, Options{})
	long := strings.Repeat("very long ", 500_000)
	all := []graph.Term{
		graph.Text(long), graph.Text(long + "!"), graph.TextIn(long, "en"), graph.Ref(long), graph.Ref("claim/" + long),
		graph.Typed(long, long), graph.Text(""), graph.Ref(""), graph.Ref("claim/"),
		{Kind: graph.Blank},
		{Kind: graph.Literal, Datatype: "x", Language: "en"},
	}
	for range 2 {
		mustCommit(t, s, func(b *graph.Batch) {
			for _, o := range all {
				b.AddQuad(graph.Ref(""), graph.Ref("kg:p"), o, graph.Term{})
			}
		})
	}
	for round := range 3 {
		if n := s.Snapshot().Size(); n != len(all) {
			t.Errorf("round %d: %d quads, want %d", round, n, len(all))
		}
		for _, want := range all {
			id, ok := s.Snapshot().Lookup(want)
			if got, there := s.Snapshot().Term(id); !ok || !there || got != want {
				t.Errorf("round %d: a term of %d bytes came back as one of %d, %t, %t", round, len(want.Text), len(got.Text), ok, there)
			}
		}
		if round == 0 {
			if err := s.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = openFor(t, dir, Options{})
	}
}

// TestManySmallCommits leaves a long log and opens it again.
func TestManySmallCommits(t *testing.T) {
	n := 100_000
	if sparse || testing.Short() {
		n /= 10
	}
	fsys := newMemFS()
	s, err := open(fsys, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		mustCommit(t, s, func(b *graph.Batch) {
			b.AddQuad(graph.Ref(fmt.Sprint("event/", i)), graph.Ref("kg:by"), graph.Ref(fmt.Sprint("person/", i%100)), graph.Ref(fmt.Sprint("claim/", i)))
		})
		if runs := len(s.head.deltas); runs > 40 {
			t.Fatalf("%d runs in memory after %d commits", runs, i)
		}
	}
	left := fsys.copy()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = open(left, Options{}); err != nil {
		t.Fatal(err)
	}
	if snap := s.Snapshot(); snap.Size() != n || int(snap.Commit()) != n {
		t.Errorf("opened with %d quads at commit %d, want %d", snap.Size(), snap.Commit(), n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := check(left, true); err != nil {
		t.Error(err)
	}
}

func TestGraphStays(t *testing.T) {
	dir := t.TempDir()
	s := openFor(t, dir, Options{})
	g, err := graph.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	claim := graph.Claim{
		ID: "claim/test/1", Source: "source/test", Status: graph.Reported, ValidTime: "2025-11",
		Facts: []graph.Fact{{Subject: "visit/x", Predicate: "kg:visitor", Object: graph.Ref("person/x")}},
	}
	if _, err := g.Apply(t.Context(), graph.Changes{Record: []graph.Claim{claim}, At: time.Unix(1_760_000_000, 0)}); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if g, err = graph.Open(t.Context(), openFor(t, dir, Options{})); err != nil {
		t.Fatal(err)
	}
	_, err = g.Apply(t.Context(), graph.Changes{Record: []graph.Claim{claim}, At: time.Unix(1_760_000_001, 0)})
	if !errors.Is(err, graph.ErrClaimExists) {
		t.Errorf("recording the claim again gave %v", err)
	}
}
