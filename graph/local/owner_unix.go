//go:build unix

package local

import (
	"os"
	"syscall"
)

// giveToOwner gives what root makes to the owner of the directory that it is in: the
// server that opens it next may run as another user.
func giveToOwner(path, in string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(in)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid == 0 {
		return nil
	}
	return os.Lchown(path, int(owner.Uid), int(owner.Gid))
}
