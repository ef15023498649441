package local

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"
)

// recover opens what the manifest names, reads the logs again and clears away
// what a crash has left.
func (s *Store) recover() error {
	m, err := readManifest(s.fsys)
	if err != nil {
		return err
	}
	names, err := s.fsys.List()
	if err != nil {
		return err
	}
	if m == nil {
		return s.create(names)
	}
	// A process that was killed may have left names and records that are written
	// and not synced: they are, before anything is built on them.
	if err := s.fsys.Sync(); err != nil {
		return err
	}
	s.manifest = m
	now, err := load(s.fsys, m, s.health)
	if err != nil {
		return err
	}
	logs := logsFrom(names, m.Log)
	now, whole, err := replay(s.fsys, now, m.Log, logs, s.options.FlushQuads/4)
	if err != nil {
		return err
	}
	last := m.Next - 1
	for _, name := range names {
		if number, ok := numberOf(name); ok {
			last = max(last, number)
		}
	}
	s.number.Store(last)
	if err := s.clear(names); err != nil {
		return err
	}
	s.head, s.synced = now, now.commit
	s.now.Store(now)
	return s.continueLog(logs, whole)
}

// beside are files of the program's other parts, which may lie in a store's
// directory, before there is a store too. They are no part of a backup.
var beside = []string{"keys.json", "keys.json.new"}

// refuseOthers returns ErrNotStore for the names in a directory that is no store
// and where none is to be made.
func refuseOthers(names []string) error {
	if slices.Contains(names, manifestName) {
		return nil
	}
	for _, name := range names {
		if slices.Contains(beside, name) {
			continue
		}
		// These may be left by a crash within create itself.
		if name != lockName && name != nextManifest && name != logName(1) {
			return fmt.Errorf("%w: %s", ErrNotStore, name)
		}
	}
	return nil
}

// create makes a store where none is.
func (s *Store) create(names []string) error {
	if err := refuseOthers(names); err != nil {
		return err
	}
	log, err := s.fsys.Map(logName(1))
	if err == nil && len(log.bytes) > fileHeader {
		return &CorruptError{manifestName, 0, "it is not there, and " + logName(1) + " has commits"}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if s.log, err = createLog(s.fsys, 1); err != nil {
		return err
	}
	s.number.Store(1)
	m := &manifest{Seed: rand.Uint64() >> 1, Log: 1, Next: 2}
	if err := m.write(s.fsys); err != nil {
		return err
	}
	s.manifest = m
	s.head, err = load(s.fsys, m, s.health)
	s.now.Store(s.head)
	return err
}

// load opens the files that a manifest names.
func load(fsys fileSystem, m *manifest, h *health) (*snapshot, error) {
	now := &snapshot{commit: m.Commit, size: m.Size, terms: m.Terms, health: h, words: &dictionary{seed: m.Seed}}
	for _, e := range m.Segments {
		seg, err := openSegment(fsys, e)
		if err != nil {
			return nil, err
		}
		now.segments = append(now.segments, seg)
	}
	for _, e := range m.Files {
		f, err := openTermFile(fsys, e, m.Seed)
		if err != nil {
			return nil, err
		}
		now.words.files = append(now.words.files, f)
	}
	now.words.fresh = []*terms{newTerms(m.Seed, m.Terms)}
	return now, nil
}

// logsFrom lists the logs from a number on, ascending.
func logsFrom(names []string, from uint64) (logs []uint64) {
	for _, name := range names {
		if number, ok := logNumber(name); ok && number >= from {
			logs = append(logs, number)
		}
	}
	slices.Sort(logs)
	return logs
}

// replay applies the records of logs. whole is the length of each that counts.
func replay(fsys fileSystem, now *snapshot, first uint64, logs []uint64, limit int) (_ *snapshot, whole []int64, err error) {
	if len(logs) == 0 || logs[0] != first {
		return nil, nil, &CorruptError{logName(first), 0, "it is not there, and the manifest names it"}
	}
	// A log is begun before the one before it gets its last record, so logs that
	// have none may follow the last that has.
	last := len(logs) - 1
	for ; last > 0; last-- {
		m, err := fsys.Map(logName(logs[last]))
		if err != nil {
			return nil, nil, err
		}
		if len(m.bytes) > fileHeader {
			break
		}
	}
	for i, number := range logs {
		length, size, err := readLog(fsys, number, i >= last, func(payload []byte, at int64) error {
			bad := func(err error) error { return &CorruptError{logName(number), at, err.Error()} }
			c, err := parseChange(payload)
			if err != nil {
				return bad(err)
			}
			if c.commit != now.commit+1 || c.before != now.terms {
				return bad(fmt.Errorf("commit %d with terms %v does not follow %d with %v", c.commit, c.before, now.commit, now.terms))
			}
			for _, key := range c.keys {
				id, err := now.words.intern(key)
				if err != nil {
					return err
				}
				if now.terms.has(id) {
					return bad(errors.New("a new term is there already"))
				}
			}
			now = now.after(&c, 0, limit)
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
		if i > last && size > fileHeader {
			return nil, nil, &CorruptError{logName(number), fileHeader, "it goes on after a log that was cut off"}
		}
		whole = append(whole, length)
	}
	return now, whole, nil
}

// continueLog cuts the logs to what counts, syncs them, and goes on with the
// last one if it has no records, with a new one otherwise.
func (s *Store) continueLog(logs []uint64, whole []int64) error {
	for i, number := range logs {
		if i > 0 && i < len(logs)-1 && whole[i] <= fileHeader {
			// Begun by a flush that failed: nothing was ever in it.
			if err := errors.Join(s.fsys.Remove(logName(number)), s.fsys.Sync()); err != nil {
				return err
			}
		} else if whole[i] >= fileHeader {
			if err := s.fsys.Truncate(logName(number), whole[i]); err != nil {
				return err
			}
		}
	}
	last := len(logs) - 1
	if whole[last] > fileHeader {
		var err error
		s.log, err = createLog(s.fsys, s.number.Add(1))
		return err
	}
	if whole[last] < fileHeader {
		// Its header was never synced, so neither was a record.
		var err error
		s.log, err = createLog(s.fsys, logs[last])
		return err
	}
	f, err := s.fsys.Append(logName(logs[last]))
	if err != nil {
		return err
	}
	s.log = &log{number: logs[last], file: f, durable: fileHeader}
	return nil
}

// clear removes what no manifest names: files of a flush or a merge that a crash
// ended, or that it left before they were removed. Files of others stay.
func (s *Store) clear(names []string) error {
	named := s.manifest.names()
	for _, name := range names {
		number, ours := numberOf(name)
		_, isLog := logNumber(name)
		if name != nextManifest && (!ours || named[name] || isLog && number >= s.manifest.Log) {
			continue
		}
		if err := s.fsys.Remove(name); err != nil {
			return err
		}
	}
	return nil
}

// numberOf returns the number in the name of a file of ours.
func numberOf(name string) (uint64, bool) {
	digits, suffix, ok := strings.Cut(name, ".")
	if !ok || suffix != "log" && suffix != "terms" && suffix != "kept" && !slices.Contains(orderNames[:], suffix) {
		return 0, false
	}
	number, err := strconv.ParseUint(digits, 10, 64)
	return number, err == nil && fmt.Sprintf("%06d", number) == digits
}

func logNumber(name string) (uint64, bool) {
	number, ok := numberOf(name)
	return number, ok && path.Ext(name) == ".log"
}
