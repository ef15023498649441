package cayley

import (
	"context"
	"iter"
	"runtime"

	"chancery/graph"
)

const (
	// firstRead is how many quads a scan reads at first: most scans are of one node
	// and end there, without a coroutine.
	firstRead = 64
	// laterRead is how many quads a long scan hands over at a time.
	laterRead = 1024
)

// scan pulls the quads of a pattern out of Snapshot.Quads, which pushes them. It
// is for one goroutine.
type scan struct {
	of      *reader // is told of errors
	snap    graph.Snapshot
	pattern graph.Pattern

	read  []graph.Quad // what was read and not given out
	state scanState
	err   error

	// Of a long scan.
	next    func() ([]graph.Quad, error, bool)
	stop    func()
	abandon runtime.Cleanup // calls stop when the scan is dropped without close
}

type scanState uint8

const (
	fresh scanState = iota
	short           // firstRead quads were read, there may be more
	long            // the coroutine runs
	over            // what was read is the rest
)

// scan reads what is now the newest commit.
func (r *reader) scan(p graph.Pattern) *scan { return &scan{of: r, snap: r.now(), pattern: p} }

// pull returns the next quad; false is the end or, when s.err is set, an error:
// ctx.Err() or the store's. The context is looked at when quads must be read.
func (s *scan) pull(ctx context.Context) (graph.Quad, bool) {
	for len(s.read) == 0 {
		if s.state == over {
			return graph.Quad{}, false
		}
		if err := s.fill(ctx); err != nil {
			s.close()
			s.err = s.of.note(err)
			return graph.Quad{}, false
		}
	}
	q := s.read[0]
	s.read = s.read[1:]
	return q, true
}

// fill reads more quads or ends the scan.
func (s *scan) fill(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch s.state {
	case fresh:
		s.state = over
		return s.snap.Quads(ctx, s.pattern, func(q graph.Quad) bool {
			s.read = append(s.read, q)
			if len(s.read) == firstRead {
				s.state = short
			}
			return s.state == over
		})
	case short:
		s.next, s.stop = iter.Pull2(rest(ctx, s.snap, s.pattern))
		s.abandon = runtime.AddCleanup(s, func(stop func()) { stop() }, s.stop)
		s.state = long
	}
	quads, err, ok := s.next()
	if err != nil {
		return err
	}
	if !ok {
		s.close()
	}
	s.read = quads
	return nil
}

// close ends the scan and its coroutine; closing again does nothing.
func (s *scan) close() {
	if s.state == long {
		s.abandon.Stop()
		s.stop()
	}
	s.state, s.read = over, nil
}

// rest yields the quads after the first read, a batch at a time, and an error at
// the end. A batch is good until the next. It must not hold on to the scan, or
// an abandoned scan would never be found.
func rest(ctx context.Context, snap graph.Snapshot, p graph.Pattern) iter.Seq2[[]graph.Quad, error] {
	return func(yield func([]graph.Quad, error) bool) {
		skip, stopped := firstRead, false
		batch := make([]graph.Quad, 0, laterRead)
		err := snap.Quads(ctx, p, func(q graph.Quad) bool {
			if skip > 0 {
				skip--
				return true
			}
			batch = append(batch, q)
			if len(batch) == laterRead {
				stopped = !yield(batch, nil)
				batch = batch[:0]
			}
			return !stopped
		})
		if !stopped && (err != nil || len(batch) > 0) {
			yield(batch, err)
		}
	}
}
