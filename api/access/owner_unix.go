//go:build unix

package access

import (
	"os"
	"syscall"
)

// giveTo gives a file that root makes to the owner of the directory that it goes to:
// the server, which reads it, may run as another user.
func giveTo(file *os.File, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return file.Chown(int(owner.Uid), int(owner.Gid))
}
