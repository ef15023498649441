package statements

import (
	"context"
	"io"

	"chancery/seed/rdf"
)

// scanning is a file being scanned for statements, beside what is done with them.
type scanning struct {
	chunks chan []rdf.Statement
	spare  chan []rdf.Statement
	cancel context.CancelFunc
	err    error // the file's, once chunks is closed
}

// Some statements are given at once, and a few chunks of them are under way.
const (
	scanChunk = 256
	scanAhead = 4
)

// scan begins. The chunks are to be taken until they end, or until stop.
func scan(in io.Reader, o rdf.Options) *scanning {
	ctx, cancel := context.WithCancel(context.Background())
	s := &scanning{chunks: make(chan []rdf.Statement, scanAhead), spare: make(chan []rdf.Statement, scanAhead+2), cancel: cancel}
	go func() {
		defer close(s.chunks)
		var chunk []rdf.Statement
		handOn := func() error {
			select {
			case s.chunks <- chunk:
				chunk = nil
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err := rdf.Read(in, o, func(statement rdf.Statement) error {
			if chunk == nil {
				select {
				case chunk = <-s.spare:
				default:
					chunk = make([]rdf.Statement, 0, scanChunk)
				}
			}
			if chunk = append(chunk, statement); len(chunk) < scanChunk {
				return nil
			}
			return handOn()
		})
		if len(chunk) > 0 && ctx.Err() == nil {
			_ = handOn() // the only error is that nobody wants it any more
		}
		s.err = err
	}()
	return s
}

// giveBack gives the memory of a chunk back, to be written over.
func (s *scanning) giveBack(chunk []rdf.Statement) {
	s.spare <- chunk[:0] // there is room for all that were made
}

// stop ends the scanning, and returns when nothing reads the file any more.
func (s *scanning) stop() {
	s.cancel()
	for range s.chunks {
		// What was scanned is not wanted any more.
	}
}
