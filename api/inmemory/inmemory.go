// Package inmemory has tests serve HTTP within the process. In a bubble of testing/synctest the
// clock of every deadline is then the test's: a client may be silent for an hour, and a
// machine may stand still for a minute, and neither is seen by what a test asserts.
// Nothing but tests imports it.
package inmemory

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Listener is one that is dialled within the process. Its address is on the loopback
// interface, so that servers take it for local.
type Listener struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

// Listen returns a listener. In a bubble it is the bubble's.
func Listen() *Listener {
	l := &Listener{conns: make(chan net.Conn), closed: make(chan struct{})}
	l.close = sync.OnceFunc(func() { close(l.closed) })
	return l
}

// Accept waits for the next connection. The error is net.ErrClosed.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and Dial; connections stay.
func (l *Listener) Close() error {
	l.close()
	return nil
}

// Addr returns 127.0.0.1:80.
func (l *Listener) Addr() net.Addr { return address }

var address = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}

// Dial connects. What one side writes waits until the other reads it, but for the last
// 16 KiB.
func (l *Listener) Dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Transport returns a client's transport, which dials the listener whatever the host,
// over HTTP/2 without TLS or over HTTP/1.1.
func (l *Listener) Transport(second bool) *http.Transport {
	return &http.Transport{
		Protocols: protocols(second), DisableCompression: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return l.Dial(ctx) },
	}
}

// Serve has a server serve until the test ends, and returns its listener. The server
// speaks HTTP/1.1, or, second, HTTP/2 without TLS.
func Serve(t testing.TB, server *http.Server, second bool) *Listener {
	t.Helper()
	server.Protocols = protocols(second)
	l := Listen()
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		serving.Wait()
	})
	return l
}

func protocols(second bool) *http.Protocols {
	var p http.Protocols
	p.SetHTTP1(!second)
	p.SetUnencryptedHTTP2(second)
	return &p
}
