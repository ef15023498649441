package local

import (
	"errors"
	"fmt"
	"path"
)

var (
	// ErrReadOnly is wrapped by every error of a commit after a write to the disk
	// has failed, beside the failure itself. Snapshots can still be read. Opening
	// the store anew, once the cause is gone, makes it writable again.
	ErrReadOnly = errors.New("local: the store is read-only since a write to its directory failed")
	// ErrLocked is returned when another process, or this one, has the store open.
	ErrLocked = errors.New("local: the store is in use")
	// ErrNotStore is returned for a directory that has files and no store in it.
	ErrNotStore = errors.New("local: the directory holds other files and no store")
	// ErrNewerFormat is returned for a store that a newer release has written.
	ErrNewerFormat = errors.New("local: the store has a newer format than this program knows")
	// ErrTooLarge is returned for a batch whose log record would pass 1 GiB.
	ErrTooLarge = errors.New("local: the batch is too large for one commit")
	// ErrPurged is returned for data to be kept that is older than the last purge.
	ErrPurged = errors.New("local: what is to be kept is older than the last purge")
	// ErrNotEmpty is returned by Backup and Restore for a target that holds something.
	ErrNotEmpty = errors.New("local: the target directory is not empty")
)

// CorruptError says where a store's files are not what was written.
type CorruptError struct {
	File   string // name within the store's directory
	Offset int64  // first byte of the part that is wrong
	Reason string
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("local: %s is damaged at byte %d: %s; %s", e.File, e.Offset, e.Reason, e.Remedy())
}

// Remedy says what helps.
func (e *CorruptError) Remedy() string {
	if path.Ext(e.File) == ".kept" {
		return "nothing is lost: it is derived anew when the graph is opened"
	}
	return "restore a backup"
}
