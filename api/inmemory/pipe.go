package inmemory

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// bufferBytes is how much is on its way in a connection, each way.
const bufferBytes = 16 << 10

// pipe returns the ends of a connection. As of TCP, what is written can be read also when
// the writer has closed its end since.
func pipe() (a, b net.Conn) {
	there, back := newStream(), newStream()
	return &end{in: back, out: there}, &end{in: there, out: back}
}

// stream is one way of a connection. It waits on nothing but conds, which a bubble's
// clock may go on beside.
type stream struct {
	mu      sync.Mutex
	changed *sync.Cond
	held    []byte
	ended   bool // nothing more is written
	gone    bool // nobody reads any more

	read, write deadline // of its reader and its writer
}

func newStream() *stream {
	s := &stream{}
	s.changed = sync.NewCond(&s.mu)
	return s
}

// deadline is when waiting ends.
type deadline struct {
	over  bool
	timer *time.Timer
	count int // of the times it was set: a timer that was stopped too late is not heard
}

func (s *stream) set(d *deadline, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
	}
	*d = deadline{count: d.count + 1, over: !at.IsZero() && !at.After(time.Now())}
	if !at.IsZero() && !d.over {
		count := d.count
		d.timer = time.AfterFunc(time.Until(at), func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if d.count == count {
				d.over = true
				s.changed.Broadcast()
			}
		})
	}
	s.changed.Broadcast()
}

type end struct{ in, out *stream }

func (e *end) Read(b []byte) (int, error) {
	s := e.in
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.gone:
			return 0, net.ErrClosed
		case s.read.over:
			return 0, os.ErrDeadlineExceeded
		case len(s.held) > 0:
			n := copy(b, s.held)
			s.held = s.held[n:]
			s.changed.Broadcast()
			return n, nil
		case s.ended:
			return 0, io.EOF
		}
		s.changed.Wait()
	}
}

func (e *end) Write(b []byte) (n int, err error) {
	s := e.out
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		room := bufferBytes - len(s.held)
		switch {
		case s.ended:
			return n, net.ErrClosed
		case s.write.over:
			return n, os.ErrDeadlineExceeded
		case s.gone:
			return n, io.ErrClosedPipe
		case n == len(b):
			return n, nil
		case room > 0:
			more := min(room, len(b)-n)
			s.held = append(s.held, b[n:n+more]...)
			n += more
			s.changed.Broadcast()
			continue
		}
		s.changed.Wait()
	}
}

// Close has the other end read what is there still, and then io.EOF.
func (e *end) Close() error {
	e.in.mu.Lock()
	e.in.gone = true
	e.in.changed.Broadcast()
	e.in.mu.Unlock()
	e.out.mu.Lock()
	e.out.ended = true
	e.out.changed.Broadcast()
	e.out.mu.Unlock()
	return e.SetDeadline(time.Time{})
}

func (e *end) SetReadDeadline(at time.Time) error {
	e.in.set(&e.in.read, at)
	return nil
}

func (e *end) SetWriteDeadline(at time.Time) error {
	e.out.set(&e.out.write, at)
	return nil
}

func (e *end) SetDeadline(at time.Time) error {
	e.in.set(&e.in.read, at)
	e.out.set(&e.out.write, at)
	return nil
}

func (*end) LocalAddr() net.Addr { return address }

func (*end) RemoteAddr() net.Addr { return address }
