package local

import (
	"io"
	"runtime"
)

// fileSystem is the one directory that a store lives in. All of the store's
// input and output goes through it, so that tests can lose, cut and refuse any
// of it. Names have no slashes. A file that is not there is fs.ErrNotExist.
type fileSystem interface {
	// Create makes a file for writing; one that is there is emptied.
	Create(name string) (file, error)
	// Append opens a file that is there for writing at its end.
	Append(name string) (file, error)
	// Map returns a whole file to be read. It stays readable when it is removed.
	Map(name string) (*mapping, error)
	Truncate(name string, size int64) error // and sync it
	Rename(from, to string) error
	Remove(name string) error
	List() ([]string, error)
	// Sync makes the creations, renamings and removals so far durable.
	Sync() error
	// Lock refuses a second holder with ErrLocked until it is closed.
	Lock() (io.Closer, error)
}

// file is a file being written.
type file interface {
	io.Writer
	Sync() error
	Truncate(size int64) error
	io.Closer
}

// mapping is the bytes of an immutable file. They are given back when the
// mapping is garbage: what reads them keeps it alive.
type mapping struct {
	bytes   []byte
	cleanup runtime.Cleanup
}

// stay has the bytes stay when the mapping is garbage: until the process ends.
func (m *mapping) stay() { m.cleanup.Stop() }

// newMapping returns a mapping that release ends.
func newMapping(b []byte, release func([]byte)) *mapping {
	m := &mapping{bytes: b}
	if release != nil {
		m.cleanup = runtime.AddCleanup(m, release, b)
	}
	return m
}

// writeFile writes a file whole and syncs it.
func writeFile(fsys fileSystem, name string, data []byte) (err error) {
	f, err := fsys.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}
