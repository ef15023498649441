//go:build unix

package local

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"chancery/graph"
)

// TestWhatRootMakesIsTheOwners has root make, back up and restore a store in another
// user's directory.
func TestWhatRootMakesIsTheOwners(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("left out: only root can give files away")
	}
	home := t.TempDir()
	if err := os.Chown(home, 65534, 65533); err != nil {
		t.Fatal(err)
	}
	data, backup := filepath.Join(home, "in", "data"), filepath.Join(home, "backup")
	s, err := Open(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustCommit(t, s, func(b *graph.Batch) { addSome(b, 0) })
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), backup, filepath.Join(home, "restored")); err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if owner, ok := info.Sys().(*syscall.Stat_t); !ok || owner.Uid != 65534 || owner.Gid != 65533 {
			t.Errorf("%s is of %+v", path, info.Sys())
		}
		if entry.Type().IsRegular() {
			files++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Errorf("%d files: want those of three stores", files)
	}
}
