package local

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"slices"

	"chancery/graph"
)

var _ graph.Keeper = (*Store)(nil)

// A kept file: header, the data, footer. The footer: commit (8), length of the
// data (8), checksum of the data (4), checksum of the footer before it (4).
const (
	keptMagic  = "CHNCYKPT"
	keptFooter = 24
)

// keptEntry is what the manifest says of a kept file.
type keptEntry struct {
	Name   string `json:"name"`
	Number uint64 `json:"number"`
	Commit uint64 `json:"commit"`
	Size   uint64 `json:"bytes"`
}

func (e keptEntry) file() string { return fmt.Sprintf("%06d.kept", e.Number) }

// Keep implements graph.Keeper. Data of a commit before the last purge is
// refused with ErrPurged, for it may hold what was purged. Only an error of
// replacing the manifest makes the store read-only.
func (s *Store) Keep(ctx context.Context, name string, commit uint64, write func(io.Writer) error) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	s.keeping.Lock()
	defer s.keeping.Unlock()
	// A store that is closed meanwhile waits for keeping.
	if err := s.usable(ctx); err != nil {
		return err
	}
	if purged := s.current().Purged; commit < purged {
		return fmt.Errorf("%w: it is of commit %d, the purge of %d", ErrPurged, commit, purged)
	}
	entry := keptEntry{Name: name, Number: s.number.Add(1), Commit: commit}
	size, err := writeKept(s.fsys, entry, write)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		if removeErr := s.remove([]string{entry.file()}); removeErr != nil {
			return errors.Join(err, removeErr)
		}
		return err
	}
	entry.Size = size
	before, err := s.edit(func(m *manifest) {
		m.Kept = append(slices.DeleteFunc(slices.Clone(m.Kept), func(e keptEntry) bool { return e.Name == name }), entry)
	})
	if err == nil {
		if old, ok := before.kept(name); ok {
			err = s.remove([]string{old.file()})
		}
	}
	return s.failed(err)
}

// current returns the newest manifest.
func (s *Store) current() *manifest {
	s.files.Lock()
	defer s.files.Unlock()
	return s.manifest
}

func (m *manifest) kept(name string) (keptEntry, bool) {
	i := slices.IndexFunc(m.Kept, func(e keptEntry) bool { return e.Name == name })
	if i < 0 {
		return keptEntry{}, false
	}
	return m.Kept[i], true
}

// writeKept writes a kept file and syncs it; the directory is not synced.
func writeKept(fsys fileSystem, e keptEntry, write func(io.Writer) error) (size uint64, err error) {
	f, err := fsys.Create(e.file())
	if err != nil {
		return 0, err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	w := &summing{out: bufio.NewWriterSize(f, 1<<18)}
	if _, err := w.out.Write(newHeader(keptMagic, 0, e.Number)); err != nil {
		return 0, err
	}
	if err := write(w); err != nil {
		return 0, err
	}
	footer := binary.LittleEndian.AppendUint64(nil, e.Commit)
	footer = binary.LittleEndian.AppendUint64(footer, w.length)
	footer = binary.LittleEndian.AppendUint32(footer, w.sum)
	footer = binary.LittleEndian.AppendUint32(footer, checksum(footer))
	if _, err := w.out.Write(footer); err != nil {
		return 0, err
	}
	if err := w.out.Flush(); err != nil {
		return 0, err
	}
	return fileHeader + w.length + keptFooter, f.Sync()
}

// summing counts and sums what is written.
type summing struct {
	out    *bufio.Writer
	length uint64
	sum    uint32
}

func (w *summing) Write(b []byte) (int, error) {
	n, err := w.out.Write(b)
	w.length += uint64(n)
	w.sum = extend(w.sum, b[:n])
	return n, err
}

// Kept implements graph.Keeper. The bytes stay mapped until the process ends,
// whatever is kept later, so it is for once an opening.
func (s *Store) Kept(name string) (data []byte, commit uint64, ok bool) {
	e, m, err := s.mapKept(name)
	if m == nil && err == nil {
		return nil, 0, false
	}
	if err == nil {
		data, err = e.check(m)
	}
	if err != nil {
		s.logger.Warn("what was kept cannot be read and is to be derived anew", slog.String("name", name), slog.Any("error", err))
		return nil, 0, false
	}
	m.stay()
	return data, e.Commit, true
}

// mapKept holds files, so that what the manifest names is there.
func (s *Store) mapKept(name string) (keptEntry, *mapping, error) {
	s.files.Lock()
	defer s.files.Unlock()
	e, ok := s.manifest.kept(name)
	if !ok {
		return e, nil, nil
	}
	m, err := mapWhole(s.fsys, e.file(), e.Size)
	return e, m, err
}

// checkFile is for Check.
func (e keptEntry) checkFile(fsys fileSystem) error {
	m, err := mapWhole(fsys, e.file(), e.Size)
	if err == nil {
		_, err = e.check(m)
		runtime.KeepAlive(m)
	}
	return err
}

// check checks a kept file whole and returns the data in it.
func (e keptEntry) check(m *mapping) ([]byte, error) {
	bad := func(at int, reason string) ([]byte, error) {
		return nil, &CorruptError{e.file(), int64(at), reason}
	}
	if len(m.bytes) < fileHeader+keptFooter {
		return bad(len(m.bytes), "it is too short for what is kept")
	}
	if err := checkHeader(e.file(), m.bytes, keptMagic, 0, e.Number); err != nil {
		return nil, err
	}
	footerAt := len(m.bytes) - keptFooter
	data, footer := m.bytes[fileHeader:footerAt:footerAt], m.bytes[footerAt:]
	switch {
	case checksum(footer[:keptFooter-4]) != binary.LittleEndian.Uint32(footer[keptFooter-4:]):
		return bad(footerAt, "the footer's checksum is wrong")
	case binary.LittleEndian.Uint64(footer) != e.Commit || binary.LittleEndian.Uint64(footer[8:]) != uint64(len(data)):
		return bad(footerAt, "the footer is of another commit, or of another length")
	case checksum(data) != binary.LittleEndian.Uint32(footer[16:]):
		return bad(fileHeader, "the checksum of the data is wrong")
	}
	return data, nil
}
