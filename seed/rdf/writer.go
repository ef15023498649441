package rdf

import (
	"fmt"
	"io"

	"chancery/graph"
)

// Writer writes statements in one format. The same statements in the same order
// give the same bytes.
type Writer struct {
	out     io.Writer
	buf     []byte
	format  Format
	encoder encoder
	current Statement // here, not on the heap each time
	err     error     // of out
	closed  bool
}

// encoder appends a format's text. What append returns with an error is not
// written.
type encoder interface {
	begin(dst []byte) []byte
	append(dst []byte, s *Statement) ([]byte, error)
	end(dst []byte) ([]byte, error)
}

const flushAt = 32 << 10

// NewWriter starts a file on w. The error names an option that cannot be.
func NewWriter(w io.Writer, o Options) (*Writer, error) {
	o, err := o.withFormat()
	if err != nil {
		return nil, err
	}
	out := &Writer{out: w, format: o.Format, buf: make([]byte, 0, 1<<10)}
	switch o.Format {
	case NTriples, NQuads:
		out.encoder = lineEncoder{}
	case Turtle, TriG:
		out.encoder, err = newTurtleEncoder(o)
	case JSONLD:
		if out.encoder = newNodeEncoder(o.NativeTypes, o.Ordered); o.Whole {
			out.encoder = newWholeEncoder(o.NativeTypes)
		}
	default:
		err = fmt.Errorf("%w %v", ErrUnknownFormat, o.Format)
	}
	if err != nil {
		return nil, err
	}
	out.buf = out.encoder.begin(out.buf)
	return out, nil
}

// Write adds a statement. The error is a *TermError, after which more may be
// written, or one of the writer below, which stays.
func (w *Writer) Write(s Statement) error {
	if w.err != nil {
		return w.err
	}
	w.current = s
	if reason := w.check(&w.current); reason != "" {
		return &TermError{Statement: s, Reason: reason}
	}
	buf, err := w.encoder.append(w.buf, &w.current)
	if err != nil {
		return err
	}
	if w.buf = buf; len(w.buf) >= flushAt {
		w.flush()
	}
	return w.err
}

// Close ends the file. It does not close the writer below.
func (w *Writer) Close() error {
	if w.closed || w.err != nil {
		return w.err
	}
	w.closed = true
	buf, err := w.encoder.end(w.buf)
	if err != nil {
		return err
	}
	w.buf = buf
	w.flush()
	return w.err
}

func (w *Writer) flush() {
	_, w.err = w.out.Write(w.buf)
	w.buf = w.buf[:0]
}

// check says why the format cannot hold a statement, as far as kinds go.
func (w *Writer) check(s *Statement) string {
	switch {
	case s.Subject.Kind != graph.IRI && s.Subject.Kind != graph.Blank:
		return "a subject is an IRI or a blank node"
	case s.Predicate.Kind != graph.IRI:
		return "a predicate is an IRI"
	case s.Object.Kind == 0:
		return "the object is missing"
	case s.Graph.Kind == graph.Literal:
		return "a graph's name is an IRI or a blank node"
	case s.Graph.Kind != 0 && !w.format.HasGraphs():
		return fmt.Sprintf("%v has no graph names: write N-Quads or TriG, or leave out the graph", w.format)
	}
	for _, t := range [...]*graph.Term{&s.Subject, &s.Predicate, &s.Object, &s.Graph} {
		if reason := checkTerm(t); reason != "" {
			return reason
		}
	}
	return ""
}
