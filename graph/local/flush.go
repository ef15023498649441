package local

import (
	"errors"
	"io/fs"
	"log/slog"
	"slices"
)

// work does what is due whenever it is woken, until the store stops.
func (s *Store) work(due <-chan struct{}, do func() (did bool, err error)) {
	for {
		select {
		case <-s.stop:
			return
		case <-due:
		}
		for s.health.err() == nil {
			did, err := do()
			if err != nil {
				s.health.fail(err)
				s.logger.Error("the store is read-only now", slog.Any("error", err))
			}
			if !did || err != nil {
				break
			}
			select {
			case <-s.stop:
				return
			default:
			}
		}
	}
}

// wake has the background look whether something is due.
func (s *Store) wake() {
	for _, c := range []chan struct{}{s.flush, s.merge} {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (s *Store) flushIfDue() (bool, error) {
	if s.now.Load().inMemory() < s.options.FlushQuads {
		return false, nil
	}
	if err := s.writeOut(false); err != nil {
		return false, err
	}
	s.wake()
	return true, nil
}

// writeOut writes the quads and terms that are in memory to files and begins a
// new log. Unless always, it does nothing while there are few quads.
//
// A crash at any point leaves either manifest: the old one with the old log and
// the new, or the new one with files that were synced before.
func (s *Store) writeOut(always bool) error {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	s.files.Lock()
	last := s.manifest.Commit
	s.files.Unlock()
	if now := s.now.Load(); !always && now.inMemory() < s.options.FlushQuads || now.commit == last {
		return nil
	}
	base, err := s.freeze()
	if err != nil {
		return err
	}
	entry := segmentEntry{}
	if len(base.deltas) > 0 {
		if entry, err = writeSegment(s.fsys, s.number.Add(1), base.deltaSources()); err != nil {
			return err
		}
	}
	frozenTerms := base.words.fresh[:len(base.words.fresh)-1]
	words := termsEntry{First: frozenTerms[0].first}
	if base.terms != words.First {
		words.Number = s.number.Add(1)
		var keys []keySource
		for _, t := range frozenTerms {
			keys = append(keys, t.upTo(t.count()))
		}
		if words, err = writeTermFile(s.fsys, words, base.words.seed, keys); err != nil {
			return err
		}
	}
	return s.adopt(base, entry, words)
}

func (s *snapshot) deltaSources() (out []source) {
	for _, d := range s.deltas {
		out = append(out, source{delta: d})
	}
	return out
}

// freeze ends the log and returns the state up to it: from now on commits leave
// its deltas and its terms alone. If the last flush failed midway, what it had
// frozen is frozen still, and more.
func (s *Store) freeze() (*snapshot, error) {
	if err := s.health.err(); err != nil {
		return nil, err
	}
	next, err := createLog(s.fsys, s.number.Add(1))
	if err != nil {
		return nil, err
	}
	s.syncing.Lock()
	defer s.syncing.Unlock()
	s.turn <- struct{}{}
	defer s.give()
	changes := s.pending
	s.pending = nil
	if err := s.write(changes, s.head); err != nil {
		return nil, errors.Join(err, next.file.Close())
	}
	old := s.log
	s.log = next
	s.frozen = len(s.head.deltas)
	base := *s.head
	base.words = &dictionary{
		seed: base.words.seed, files: base.words.files,
		fresh: append(slices.Clip(base.words.fresh), newTerms(base.words.seed, base.terms)),
	}
	s.head = &base
	s.now.Store(&base)
	return &base, old.file.Close()
}

// adopt names new files in the manifest, then puts them in the place of what
// base has in memory. Entries with number 0 are of no file.
func (s *Store) adopt(base *snapshot, quads segmentEntry, words termsEntry) error {
	var segments []*segment
	var files []*termFile
	if quads.Quads > 0 {
		seg, err := openSegment(s.fsys, quads)
		if err != nil {
			return err
		}
		segments = append(segments, seg)
	}
	if words.Number > 0 {
		f, err := openTermFile(s.fsys, words, base.words.seed)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	s.syncing.Lock()
	log := s.log.number
	s.syncing.Unlock()
	before, err := s.edit(func(m *manifest) {
		m.Commit, m.Size, m.Terms, m.Log = base.commit, base.size, base.terms, log
		if len(segments) > 0 {
			m.Segments = append(slices.Clip(m.Segments), quads)
		}
		if len(files) > 0 {
			m.Files = append(slices.Clip(m.Files), words)
		}
	})
	if err != nil {
		return err
	}
	frozen, terms := len(base.deltas), len(base.words.fresh)-1
	s.install(func(snap *snapshot) {
		snap.deltas = slices.Clone(snap.deltas[frozen:])
		snap.segments = append(slices.Clip(snap.segments), segments...)
		snap.words = &dictionary{
			seed: snap.words.seed, files: append(slices.Clip(snap.words.files), files...),
			fresh: slices.Clone(snap.words.fresh[terms:]),
		}
	}, true)
	s.logger.Info("quads written out", slog.Uint64("quads", quads.Quads), slog.Uint64("terms", words.Count.sum()))
	return s.removeLogs(before.Log, log)
}

// edit replaces the manifest and returns the one before.
func (s *Store) edit(change func(*manifest)) (before *manifest, err error) {
	s.files.Lock()
	defer s.files.Unlock()
	m := *s.manifest
	change(&m)
	m.Next = s.number.Load() + 1
	// The files that it names are synced; here their names are, too.
	if err := s.fsys.Sync(); err != nil {
		return nil, err
	}
	if err := m.write(s.fsys); err != nil {
		return nil, err
	}
	before, s.manifest = s.manifest, &m
	return before, nil
}

// install changes the published snapshot and head alike, so that they have the
// same quads as before in other places.
func (s *Store) install(change func(*snapshot), flushed bool) {
	s.syncing.Lock()
	defer s.syncing.Unlock()
	s.turn <- struct{}{}
	defer s.give()
	s.exchange(change)
	if flushed {
		s.frozen = 0
		close(s.room)
		s.room = make(chan struct{})
	}
}

// switchTo replaces the manifest and installs the change while no commit runs.
// When edit returns no manifest, nothing changes.
func (s *Store) switchTo(edit func() (before *manifest, err error), change func(*snapshot)) error {
	s.syncing.Lock()
	defer s.syncing.Unlock()
	s.turn <- struct{}{}
	defer s.give()
	before, err := edit()
	if before != nil && err == nil {
		s.exchange(change)
	}
	return err
}

// exchange has syncing and the turn held.
func (s *Store) exchange(change func(*snapshot)) {
	now := s.now.Load()
	head := *s.head
	change(&head)
	published := &head
	if now.commit != head.commit {
		older := *now
		change(&older)
		published = &older
	}
	s.head = &head
	s.now.Store(published)
}

// removeLogs removes the logs from one number up to another. Those that are not
// there were merged away by numbers of other files.
func (s *Store) removeLogs(from, to uint64) error {
	names, err := s.fsys.List()
	if err != nil {
		return err
	}
	for _, name := range names {
		if number, ok := logNumber(name); ok && number >= from && number < to {
			if err := s.fsys.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// remove removes files that no manifest names, if they are there.
func (s *Store) remove(names []string) error {
	for _, name := range names {
		if err := s.fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
