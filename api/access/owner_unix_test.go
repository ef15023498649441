//go:build unix

package access_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"chancery/api/access"
)

func TestKeysOfRootAreTheServers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("left out: only root can give files away")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 65534, 65533); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, access.FileName)
	if _, _, err := access.Add(path, "a key", access.Reader, time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || owner.Uid != 65534 || owner.Gid != 65533 || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is of %+v, mode %v", info.Sys(), info.Mode())
	}
}
