//go:build !unix

package local

import (
	"errors"
	"io"
	"os"
)

// mapFile reads a file whole where there is no mmap.
func mapFile(f *os.File) (*mapping, error) {
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return newMapping(b, nil), nil
}

// syncDirectory does nothing: directories cannot be synced here.
func syncDirectory(string) error { return nil }

// lockFile holds the store by a file that must not be there. After a crash it
// stays and is to be removed by hand.
func lockFile(path string) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, err
	}
	return &heldFile{f}, nil
}

type heldFile struct{ *os.File }

func (f *heldFile) Close() error { return errors.Join(f.File.Close(), os.Remove(f.Name())) }
