package local

import (
	"fmt"
	"sync"
)

// health is whether a store may still write. Snapshots share it with their store.
type health struct {
	failed chan struct{} // closed by the first failure
	once   sync.Once
	cause  error // set before failed is closed
}

func newHealth() *health { return &health{failed: make(chan struct{})} }

// fail makes the store read-only. The first cause stays.
func (h *health) fail(cause error) {
	h.once.Do(func() {
		h.cause = cause
		close(h.failed)
	})
}

// err returns nil, or ErrReadOnly with the cause.
func (h *health) err() error {
	select {
	case <-h.failed:
		return fmt.Errorf("%w: %w", ErrReadOnly, h.cause)
	default:
		return nil
	}
}
