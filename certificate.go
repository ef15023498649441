package main

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is a TLS certificate in two files. One that was renewed is taken up
// with the next connection; if it cannot be read, the last good one stays.
type certificate struct {
	files [2]string // of the certificate and of its key
	log   *slog.Logger

	mu   sync.Mutex
	seen [2]stamp // as the files were when they were read
	last *tls.Certificate
}

// stamp tells a file from what it was before.
type stamp struct {
	changed time.Time
	size    int64
}

// get returns the certificate; an error only if there never was a good one.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var now [2]stamp
	for i, file := range c.files {
		if info, err := os.Stat(file); err == nil {
			now[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	if c.last != nil && now == c.seen {
		return c.last, nil
	}
	read, err := tls.LoadX509KeyPair(c.files[0], c.files[1])
	switch {
	case err == nil:
		if c.last != nil {
			c.log.Info("the certificate was renewed")
		}
		c.last = &read
	case c.last == nil:
		return nil, err
	default:
		c.log.Error("the renewed certificate cannot be read; the last one is used", "error", err)
	}
	c.seen = now
	return c.last, nil
}
