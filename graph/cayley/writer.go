package cayley

import (
	"sync"

	"github.com/cayleygraph/quad"

	"chancery/graph"
)

// NewQuadWriter returns a writer that adds quads, each 10,000 of them one commit,
// and the rest when it is closed. A quad that is there already is no error.
func (s *Live) NewQuadWriter() (quad.WriteCloser, error) { return &quadWriter{to: s}, nil }

// quadWriter implements quad.WriteCloser. Any number of goroutines may use it.
type quadWriter struct {
	to *Live

	mu     sync.Mutex // guards all below
	batch  graph.Batch
	closed bool
}

// WriteQuad adds a quad. The error is ErrWriterClosed, quad.ErrInvalid, a
// *ValueError or the store's; after the store's the quads since the commit before
// are lost.
func (w *quadWriter) WriteQuad(q quad.Quad) error {
	_, err := w.WriteQuads([]quad.Quad{q})
	return err
}

// WriteQuads adds quads and returns how many were taken before an error.
func (w *quadWriter) WriteQuads(quads []quad.Quad) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, ErrWriterClosed
	}
	for i, q := range quads {
		t, err := termsOf(q)
		if err != nil {
			return i, err
		}
		w.batch.AddQuad(t.subject, t.predicate, t.object, t.label)
		if len(w.batch.Add) >= quad.DefaultBatch {
			if err := w.flush(); err != nil {
				return i, err
			}
		}
	}
	return len(quads), nil
}

// Close commits what is left. The error is the store's. Closing again does nothing.
func (w *quadWriter) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.closed = true
	if len(w.batch.Add) == 0 {
		return nil
	}
	return w.flush()
}

func (w *quadWriter) flush() error {
	_, err := w.to.store.Commit(w.to.ctx, &w.batch)
	w.batch = graph.Batch{}
	return err
}
