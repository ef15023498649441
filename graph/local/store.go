package local

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"

	"chancery/graph"
)

// Options of a store. The zero value works.
type Options struct {
	// FlushQuads is how many quads are kept in memory before they are written out
	// as a segment; a commit of more is written out at once. New terms count for
	// one quad each 128 bytes. Commits wait while there are four times as many.
	// Default: 262,144, which take 32 MiB.
	FlushQuads int
	// Logger gets a line for each segment written and for what goes wrong in the
	// background. Default: none.
	Logger *slog.Logger
}

// Store is a graph.Store in a directory. Make one with Open. It keeps the
// contract's promises and these:
//
// A commit that has returned without error is on the disk: log record written
// and synced. One that has failed has not changed the store; if the disk then
// refuses even to cut the log back, a commit that failed with ErrReadOnly may
// be found, whole, by the next Open. Commits that run at once share a sync.
//
// After an error of the disk every commit gives ErrReadOnly with the cause;
// snapshots can be read on. Reads verify the checksum of each block that they
// see first: Quads and Expand return a *CorruptError, Lookup and Term give
// false and make the store read-only, which Err tells.
type Store struct {
	fsys    fileSystem
	options Options
	logger  *slog.Logger
	health  *health
	lock    io.Closer

	now atomic.Pointer[snapshot] // newest durable commit

	// turn holds a token while a commit is worked out. It guards the fields up to
	// the next blank line.
	turn    chan struct{}
	closed  bool
	head    *snapshot // newest commit, durable or not
	pending []*change // that are not in the log yet, up to head
	frozen  int       // deltas of head that are being written out
	room    chan struct{}
	named   *termSet // by commits since a purge began; nil: none runs

	// syncing is held while the log is written; whoever takes turn too takes
	// syncing first.
	syncing sync.Mutex
	log     *log
	synced  uint64 // commits that are durable

	files    sync.Mutex // guards manifest, and is held while it is replaced
	manifest *manifest
	number   atomic.Uint64 // of the last file made

	// One Keep or Purge, one merge, one flush at a time, taken in this order.
	keeping, merging, flushing sync.Mutex
	flush, merge               chan struct{}
	stop                       chan struct{}
	background                 sync.WaitGroup
}

var (
	_ graph.Store   = (*Store)(nil)
	_ graph.Starter = (*Store)(nil)
)

// Open opens the store in a directory, and makes one if the directory is empty
// or not there. Records of the log that no segment has yet are read again.
// Cost: a few reads for each segment, and the log.
//
// The error is ErrLocked, ErrNotStore, ErrNewerFormat, a *CorruptError or the
// system's.
func Open(dir string, options Options) (*Store, error) {
	if err := MakeDirectory(dir); err != nil {
		return nil, err
	}
	return open(directory(dir), options)
}

func open(fsys fileSystem, options Options) (*Store, error) {
	if options.FlushQuads <= 0 {
		options.FlushQuads = 1 << 18
	}
	s := &Store{
		fsys: fsys, options: options, logger: options.Logger, health: newHealth(),
		turn: make(chan struct{}, 1), room: make(chan struct{}),
		flush: make(chan struct{}, 1), merge: make(chan struct{}, 1), stop: make(chan struct{}),
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	// Nothing is written, not even LOCK, to a directory that holds something else.
	names, err := fsys.List()
	if err != nil {
		return nil, err
	}
	if err := refuseOthers(names); err != nil {
		return nil, err
	}
	if s.lock, err = fsys.Lock(); err != nil {
		return nil, err
	}
	if err := s.recover(); err != nil {
		if s.log != nil {
			err = errors.Join(err, s.log.file.Close())
		}
		return nil, errors.Join(err, s.lock.Close())
	}
	s.background.Go(func() { s.work(s.flush, s.flushIfDue) })
	s.background.Go(func() { s.work(s.merge, s.mergeIfDue) })
	s.wake()
	return s, nil
}

// Snapshot implements graph.Store.
func (s *Store) Snapshot() graph.Snapshot { return s.now.Load() }

// Err returns nil while the store can be written to, then ErrReadOnly with the
// cause.
func (s *Store) Err() error { return s.health.err() }

// Close implements graph.Store. What is in memory is written out first, so that
// the next Open has no log to read. An error of that loses nothing: the log stays.
func (s *Store) Close() error {
	s.turn <- struct{}{}
	if s.closed {
		<-s.turn
		return graph.ErrClosed
	}
	s.closed = true
	last := s.head.commit
	<-s.turn
	close(s.stop)
	s.background.Wait()
	s.keeping.Lock() // Keep or Purge may be running
	defer s.keeping.Unlock()
	s.merging.Lock() // Compact may be
	defer s.merging.Unlock()
	var err error
	// Of a store that is read-only, whoever wrote was told.
	if s.settle(last) == nil && s.health.err() == nil {
		if err = s.writeOut(true); err != nil {
			s.health.fail(err)
		}
	}
	s.syncing.Lock()
	defer s.syncing.Unlock()
	return errors.Join(err, s.log.file.Close(), s.lock.Close())
}

// Compact writes what is in memory out and merges all segments into one, and
// all parts of the dictionary. It runs beside reads and commits.
func (s *Store) Compact(ctx context.Context) error {
	s.merging.Lock()
	defer s.merging.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	return s.failed(s.compact())
}

// compact has merging held.
func (s *Store) compact() error {
	if err := s.writeOut(true); err != nil {
		return err
	}
	now := s.now.Load()
	if err := s.mergeSegments(now.segments); err != nil {
		return err
	}
	return s.mergeTerms(now.words.files)
}

// failed makes the store read-only if there is an error.
func (s *Store) failed(err error) error {
	if err == nil {
		return nil
	}
	s.health.fail(err)
	return s.health.err()
}

// usable returns why nothing can be written, if so.
func (s *Store) usable(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	if s.closed {
		return graph.ErrClosed
	}
	return s.health.err()
}

// take takes the turn.
func (s *Store) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) give() { <-s.turn }
