package access

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// FileName is what a file of keys is called in a graph's directory.
const FileName = "keys.json"

// File is a file of keys. One that is not there has none. It is safe for use by
// several goroutines.
type File struct {
	path string

	mu   sync.Mutex
	seen fs.FileInfo    // as the file was when it was read; nil: it was not there
	keys map[string]Key // by id
	read bool
	any  bool // a key was there, at some reading
}

// OpenFile reads a file of keys; one with an empty path is never there. The error is the system's, or says what is wrong
// in the file.
func OpenFile(path string) (*File, error) {
	f := &File{path: path}
	_, err := f.find("")
	return f, err
}

// Path is the file's.
func (f *File) Path() string { return f.path }

// Any reports whether there is a key, or ever was: one that was revoked counts, and
// one that was seen before the file was removed. It looks at the file as Find does;
// the error is why it cannot be read.
func (f *File) Any() (bool, error) {
	if f.path == "" {
		return false, nil
	}
	_, err := f.find("")
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.any, err
}

// ErrUnknownKey is returned for a text that is no key, is one that nobody knows or
// one that was revoked: which of them is not told.
var ErrUnknownKey = errors.New("access: the key is unknown or was revoked")

// Find returns the key of a text. A change of the file counts from then on: each
// call asks the system whether there is one, which costs about a microsecond.
//
// The error is ErrUnknownKey, or why the file cannot be read any more: then no key
// opens anything, since one of them may have been revoked.
func (f *File) Find(text string) (Key, error) {
	id, ok := idOf(text)
	if !ok {
		return Key{}, ErrUnknownKey
	}
	k, err := f.find(id)
	if err != nil {
		return Key{}, err
	}
	if !k.opens(text) { // the zero key opens for nothing, and takes as long
		return Key{}, ErrUnknownKey
	}
	return k, nil
}

// valid reports whether a key that was found is one still.
func (f *File) valid(id string) bool {
	k, err := f.find(id)
	return err == nil && k.ID != "" && k.Revoked.IsZero()
}

// find returns the key of an id, or the zero key.
func (f *File) find(id string) (Key, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, err := os.Stat(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Key{}, err
	}
	if !f.read || !same(f.seen, now) {
		// A change after the look above shows at the next one.
		list, err := load(f.path)
		if err != nil {
			f.read = false
			return Key{}, err
		}
		f.keys = map[string]Key{}
		for _, k := range list {
			f.keys[k.ID] = k
		}
		f.seen, f.read, f.any = now, true, f.any || len(list) > 0
	}
	return f.keys[id], nil
}

// same reports whether a file was not changed, by two looks at it. Each change here
// makes a new file, so that the times of the file system need not be fine.
func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// content is the file's.
type content struct {
	Keys []Key `json:"keys"`
}

func load(path string) ([]Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var c content
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("%s is no file of keys: %w; chancery keys writes them", path, err)
	}
	ids := map[string]bool{}
	for i, k := range c.Keys {
		if k.ID == "" || ids[k.ID] || len(k.Hash) != len(hashOf("")) || k.Role == Nobody {
			return nil, fmt.Errorf("%s: keys[%d] needs an id of its own, a hash and a role; chancery keys writes them", path, i)
		}
		ids[k.ID] = true
	}
	return c.Keys, nil
}

// List returns a file's keys in the order in which they were made, those that were
// revoked too.
func List(path string) ([]Key, error) { return load(path) }

// Add makes a key and keeps it, and returns its text, which is kept nowhere. The
// file is made if it is not there. A name may be given to several keys.
func Add(path, name string, role Role, at time.Time) (text string, k Key, err error) {
	if role == Nobody {
		return "", k, errors.New("a key needs a role: reader, editor or administrator")
	}
	if strings.TrimSpace(name) == "" {
		return "", k, errors.New("a key needs a name that says whose it is")
	}
	text, k = newKey(name, role, at)
	err = change(path, func(keys []Key) ([]Key, error) { return append(keys, k), nil })
	return text, k, err
}

// Revoke has the key of an id open nothing from now on, and returns it. The error is
// an *UnknownIDError, or the system's.
func Revoke(path, id string, at time.Time) (k Key, err error) {
	err = change(path, func(keys []Key) ([]Key, error) {
		for i := range keys {
			if keys[i].ID != id {
				continue
			}
			if keys[i].Revoked.IsZero() {
				keys[i].Revoked = at.UTC().Truncate(time.Second)
			}
			k = keys[i]
			return keys, nil
		}
		return nil, &UnknownIDError{Path: path, ID: id}
	})
	return k, err
}

// UnknownIDError is an id that no key has.
type UnknownIDError struct{ Path, ID string }

func (e *UnknownIDError) Error() string {
	return fmt.Sprintf("%s has no key with the id %q: chancery keys list shows them", e.Path, e.ID)
}

// change writes a file anew, beside the old one, and puts it in its place. The new
// file's name is a lock too: of two that change at a time, the second is refused.
func change(path string, how func([]Key) ([]Key, error)) error {
	next := path + ".new"
	if err := write(next, path, how); err != nil {
		return err
	}
	return os.Rename(next, path)
}

// write writes what becomes of the keys in a file to another, which must not be
// there, and is not in the end if there is an error.
func write(next, path string, how func([]Key) ([]Key, error)) (err error) {
	out, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there: another chancery keys is at work; if none is, one was interrupted: remove that file", next)
	}
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, out.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(next))
		}
	}()
	if err := giveTo(out, filepath.Dir(path)); err != nil {
		return err
	}
	keys, err := load(path)
	if err != nil {
		return err
	}
	if keys, err = how(keys); err != nil {
		return err
	}
	text, err := json.MarshalIndent(content{keys}, "", "  ")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, string(text)+"\n"); err != nil {
		return err
	}
	return out.Sync()
}
