package local

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"chancery/graph"
)

func TestKeep(t *testing.T) {
	dir := t.TempDir()
	s := openFor(t, dir, Options{})
	if _, _, ok := s.Kept("ledger"); ok {
		t.Error("an empty store keeps something")
	}
	keep := func(name string, commit uint64, data []byte) {
		t.Helper()
		if err := s.Keep(t.Context(), name, commit, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			t.Fatal(err)
		}
	}
	want := func(name string, commit uint64, data []byte) {
		t.Helper()
		got, at, ok := s.Kept(name)
		if !ok || at != commit || !bytes.Equal(got, data) {
			t.Fatalf("%s: %d bytes of commit %d (%t), want %d of %d", name, len(got), at, ok, len(data), commit)
		}
		if len(got) > 0 && uintptr(unsafe.Pointer(&got[0]))%8 != 0 {
			t.Errorf("%s is not aligned", name)
		}
	}
	mustCommit(t, s, func(b *graph.Batch) { addSome(b, 0) })
	big := bytes.Repeat([]byte("all that is known "), 100_000)
	keep("ledger", 1, []byte("first"))
	keep("names", 1, nil)
	first, _, _ := s.Kept("ledger")
	keep("ledger", 1, big)
	for range 2 {
		want("ledger", 1, big)
		want("names", 1, nil)
		failure := errors.New("out of ideas")
		if err := s.Keep(t.Context(), "ledger", 1, func(w io.Writer) error {
			_, err := w.Write([]byte("half of"))
			return errors.Join(err, failure)
		}); !errors.Is(err, failure) || s.Err() != nil {
			t.Errorf("a write that fails gave %v, and the store has %v", err, s.Err())
		}
		want("ledger", 1, big)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Keep(t.Context(), "ledger", 1, nil); !errors.Is(err, graph.ErrClosed) {
			t.Errorf("keeping in a closed store gave %v", err)
		}
		s = openFor(t, dir, Options{})
	}
	if string(first) != "first" {
		t.Error("what was kept before has changed under its reader")
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.kept")); err != nil || len(left) != 2 {
		t.Errorf("%v are left, %v", left, err)
	}
}

// TestDamagedKept: what is kept may be lost, and nothing with it.
func TestDamagedKept(t *testing.T) {
	for _, damage := range []string{"flipped", "cut", "gone"} {
		dir := t.TempDir()
		s, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		mustCommit(t, s, func(b *graph.Batch) { addSome(b, 0) })
		if err := keepSome(t, s, 1); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, s.manifest.Kept[0].file())
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch damage {
		case "flipped":
			data[40] ^= 1
			err = os.WriteFile(path, data, 0o600)
		case "cut":
			err = os.Truncate(path, int64(len(data)-1))
		case "gone":
			err = os.Remove(path)
		}
		if err != nil {
			t.Fatal(err)
		}
		var corrupt *CorruptError
		if err := Check(dir); !errors.As(err, &corrupt) || corrupt.File != filepath.Base(path) {
			t.Errorf("%s: Check gave %v", damage, err)
		}
		restored := filepath.Join(t.TempDir(), "restored")
		if err := Restore(t.Context(), dir, restored); err != nil {
			t.Errorf("%s: Restore gave %v", damage, err)
		}
		if s, err = Open(dir, Options{}); err != nil {
			t.Fatal(err)
		}
		if _, _, ok := s.Kept("ledger"); ok {
			t.Errorf("%s: what is kept is given all the same", damage)
		}
		if len(dump(t, s.Snapshot())) != len(expectedAfter(1)) {
			t.Errorf("%s: quads are lost", damage)
		}
		if err := keepSome(t, s, 1); err != nil {
			t.Errorf("%s: keeping anew gave %v", damage, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := Check(dir); err != nil {
			t.Errorf("%s, and kept anew: %v", damage, err)
		}
	}
}
