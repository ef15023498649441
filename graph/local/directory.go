package local

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// directory is the fileSystem of the operating system.
type directory string

// MakeDirectory makes a directory, and those that it is in, where it is not there.
// What root makes belongs to whom the directory belongs to that it is in: a server that
// opens it next may run as another user. The same goes for all files of a store.
func MakeDirectory(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return os.MkdirAll(dir, 0o755) // tells that it is a file, if it is one
	}
	in := filepath.Dir(dir)
	if in != dir {
		if err := MakeDirectory(in); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o755); errors.Is(err, os.ErrExist) {
		return nil // by another, meanwhile
	} else if err != nil {
		return err
	}
	return giveToOwner(dir, in)
}

func (d directory) path(name string) string { return filepath.Join(string(d), name) }

func (d directory) Create(name string) (file, error) {
	f, err := os.OpenFile(d.path(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, err
	}
	if err := giveToOwner(d.path(name), string(d)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (d directory) Append(name string) (file, error) {
	return os.OpenFile(d.path(name), os.O_WRONLY|os.O_APPEND, 0o644)
}

func (d directory) Map(name string) (*mapping, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return nil, err
	}
	m, err := mapFile(f)
	if closeErr := f.Close(); err == nil && closeErr != nil {
		return nil, closeErr
	}
	return m, err
}

func (d directory) Truncate(name string, size int64) (err error) {
	f, err := os.OpenFile(d.path(name), os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := f.Truncate(size); err != nil {
		return err
	}
	return f.Sync()
}

func (d directory) Rename(from, to string) error { return os.Rename(d.path(from), d.path(to)) }

func (d directory) Remove(name string) error { return os.Remove(d.path(name)) }

func (d directory) List() ([]string, error) {
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

func (d directory) Sync() error { return syncDirectory(string(d)) }

func (d directory) Lock() (io.Closer, error) {
	lock, err := lockFile(d.path(lockName))
	if err != nil {
		return nil, err
	}
	if err := giveToOwner(d.path(lockName), string(d)); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}
