package local

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// Backup writes the newest commit to a directory that is empty or not there, as
// a store of its own, and checks it. Reads, commits and merges go on beside it;
// commits that come later are not in it, and neither is what is kept.
// Cost: the store's files are copied, and the copy is read once.
//
// The error is ErrNotEmpty, ctx.Err(), a *CorruptError or the system's; the
// directory then holds part of a backup, which no Open takes for a store.
func (s *Store) Backup(ctx context.Context, dir string) (err error) {
	if err := s.take(ctx); err != nil {
		return err
	}
	s.give()
	to, err := emptyDirectory(dir)
	if err != nil {
		return err
	}
	lock, err := to.Lock()
	if err != nil {
		return err
	}
	err = backup(ctx, s.now.Load(), to)
	if err = errors.Join(err, lock.Close()); err != nil {
		return err
	}
	return check(to, true)
}

func emptyDirectory(dir string) (fileSystem, error) {
	if err := MakeDirectory(dir); err != nil {
		return nil, err
	}
	names, err := directory(dir).List()
	if err == nil && len(names) > 0 {
		err = fmt.Errorf("%w: %s", ErrNotEmpty, dir)
	}
	return directory(dir), err
}

// backup writes a snapshot as a store; the manifest, which makes it one, last.
func backup(ctx context.Context, snap *snapshot, to fileSystem) error {
	defer runtime.KeepAlive(snap)
	m := manifest{Commit: snap.commit, Size: snap.size, Terms: snap.terms, Seed: snap.words.seed, Next: 1}
	for _, seg := range snap.segments {
		for o, t := range seg.tables {
			if err := copyBytes(ctx, to, seg.file(order(o)), t.data); err != nil {
				return err
			}
		}
		m.Segments, m.Next = append(m.Segments, seg.segmentEntry), max(m.Next, seg.Number+1)
	}
	at := counts{}
	for _, f := range snap.words.files {
		if err := copyBytes(ctx, to, f.file(), f.data); err != nil {
			return err
		}
		m.Files, m.Next = append(m.Files, f.termsEntry), max(m.Next, f.Number+1)
		for space := range at {
			at[space] = f.First[space] + f.Count[space]
		}
	}
	if len(snap.deltas) > 0 {
		e, err := writeSegment(to, m.Next, snap.deltaSources())
		if err != nil {
			return err
		}
		if e.Quads > 0 {
			m.Segments = append(m.Segments, e)
		}
		m.Next++
	}
	if at != snap.terms {
		var keys []keySource
		for i, t := range snap.words.fresh {
			end := snap.terms
			if i+1 < len(snap.words.fresh) {
				end = snap.words.fresh[i+1].first
			}
			keys = append(keys, t.upTo(end))
		}
		e, err := writeTermFile(to, termsEntry{Number: m.Next, First: at}, m.Seed, keys)
		if err != nil {
			return err
		}
		m.Files = append(m.Files, e)
		m.Next++
	}
	log, err := createLog(to, m.Next)
	if err != nil {
		return err
	}
	m.Log = m.Next
	m.Next++
	if err := log.file.Close(); err != nil {
		return err
	}
	return m.write(to)
}

// copyBytes writes a file in pieces and syncs it.
func copyBytes(ctx context.Context, to fileSystem, name string, data []byte) (err error) {
	f, err := to.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	const piece = 1 << 22
	for len(data) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(piece, len(data))
		if _, err := f.Write(data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return f.Sync()
}

// Restore makes a store in a directory that is empty or not there, from a
// backup or any store that nobody has open. Both are checked whole. What is
// kept is left out.
//
// The error is ErrNotEmpty, ctx.Err() or one of Check's; the directory then
// holds no store.
func Restore(ctx context.Context, backup, dir string) (err error) {
	from := directory(backup)
	if err := check(from, false); err != nil {
		return err
	}
	lock, err := from.Lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	to, err := emptyDirectory(dir)
	if err != nil {
		return err
	}
	if err := restore(ctx, from, to); err != nil {
		return err
	}
	return check(to, true)
}

func restore(ctx context.Context, from, to fileSystem) error {
	m, err := readManifest(from)
	if err != nil {
		return err
	}
	if m == nil {
		return ErrNotStore // unreachable unless the manifest went after it was checked
	}
	all, err := from.List()
	if err != nil {
		return err
	}
	m.Kept = nil
	named := m.names()
	for _, name := range all {
		number, isLog := logNumber(name)
		if !named[name] && (!isLog || number < m.Log) {
			continue
		}
		mapped, err := from.Map(name)
		if err != nil {
			return err
		}
		if err := copyBytes(ctx, to, name, mapped.bytes); err != nil {
			return err
		}
		runtime.KeepAlive(mapped)
	}
	if err := to.Sync(); err != nil {
		return err
	}
	return m.write(to)
}
