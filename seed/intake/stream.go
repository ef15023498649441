package intake

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"chancery/graph"
)

// A stream is files of entries on their way to another program, as JSON Lines. Each
// line is one of these; a file begins with file and ends with end, and all end with
// done.
type line struct {
	File      *streamFile `json:"file,omitempty"`
	Entry     *wireEntry  `json:"entry,omitempty"`
	Rejection *Rejection  `json:"rejection,omitempty"`
	End       *streamEnd  `json:"end,omitempty"`
	Done      bool        `json:"done,omitempty"`
}

type streamFile struct {
	Name    string `json:"name"`
	Dataset string `json:"dataset,omitempty"`
	Partial bool   `json:"partial,omitempty"`
}

type streamEnd struct {
	Counts
	Error string `json:"error,omitempty"`
}

type wireEntry struct {
	Place        Place      `json:"place"`
	ID           string     `json:"id"`
	Source       string     `json:"source"`
	Locator      string     `json:"locator,omitempty"`
	AttributedTo []string   `json:"attributedTo,omitempty"`
	Status       string     `json:"status"`
	Confidence   *float64   `json:"confidence,omitempty"`
	ValidTime    string     `json:"validTime,omitempty"`
	Facts        []wireFact `json:"facts"`
	Things       []Thing    `json:"things,omitempty"`
	Loose        bool       `json:"loose,omitempty"`
	LeftOut      []LeftOut  `json:"leftOut,omitempty"`
}

// wireFact has one of IRI, Blank and Text.
type wireFact struct {
	Subject   string  `json:"s"`
	Predicate string  `json:"p"`
	IRI       string  `json:"iri,omitempty"`
	Blank     string  `json:"blank,omitempty"`
	Text      *string `json:"text,omitempty"`
	Datatype  string  `json:"datatype,omitempty"`
	Language  string  `json:"language,omitempty"`
}

// WriteStream reads all files and writes them as a stream for [ReadStream]. The
// error is ctx.Err() or that of w; errors of files go into the stream.
func WriteStream(ctx context.Context, w io.Writer, files Parts) error {
	out := bufio.NewWriterSize(w, 1<<16)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for p := range files {
		if err := encoder.Encode(line{File: &streamFile{p.Name, p.Dataset, p.Partial}}); err != nil {
			return err
		}
		var broken error // the stream is, not the file
		send := func(l line) error {
			broken = encoder.Encode(l)
			return broken
		}
		err := p.Reader.Read(ctx, func(e Entry) error { return send(line{Entry: entryOnWire(&e)}) },
			func(j Rejection) error { return send(line{Rejection: &j}) })
		if broken != nil {
			return broken
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		end := &streamEnd{}
		if p.Counts != nil {
			end.Counts = p.Counts()
		}
		if err != nil {
			end.Error = err.Error()
		}
		if err := send(line{End: end}); err != nil {
			return err
		}
	}
	if err := encoder.Encode(line{Done: true}); err != nil {
		return err
	}
	return out.Flush()
}

func entryOnWire(e *Entry) *wireEntry {
	c := &e.Claim
	out := &wireEntry{
		Place: e.Place, ID: c.ID, Source: c.Source, Locator: c.Locator, AttributedTo: c.AttributedTo, Status: c.Status.String(),
		Confidence: c.Confidence, ValidTime: c.ValidTime, Facts: make([]wireFact, len(c.Facts)), Things: e.Things, Loose: e.Loose, LeftOut: e.LeftOut,
	}
	for i, f := range c.Facts {
		w := wireFact{Subject: f.Subject, Predicate: f.Predicate, Datatype: f.Object.Datatype, Language: f.Object.Language}
		switch f.Object.Kind {
		case graph.IRI:
			w.IRI = f.Object.Text
		case graph.Blank:
			w.Blank = f.Object.Text
		default:
			w.Text = &f.Object.Text
		}
		out.Facts[i] = w
	}
	return out
}

func (w *wireEntry) entry() Entry {
	e := Entry{Place: w.Place, Things: w.Things, Loose: w.Loose, LeftOut: w.LeftOut, Claim: graph.Claim{
		ID: w.ID, Source: w.Source, Locator: w.Locator, AttributedTo: w.AttributedTo, Status: graph.ParseStatus(w.Status),
		Confidence: w.Confidence, ValidTime: w.ValidTime, Facts: make([]graph.Fact, len(w.Facts)),
	}}
	for i, f := range w.Facts {
		var object graph.Term
		switch {
		case f.IRI != "":
			object = graph.Ref(f.IRI)
		case f.Blank != "":
			object = graph.Term{Kind: graph.Blank, Text: f.Blank}
		case f.Text != nil:
			object = graph.Term{Kind: graph.Literal, Text: *f.Text, Datatype: f.Datatype, Language: f.Language}
		}
		e.Claim.Facts[i] = graph.Fact{Subject: f.Subject, Predicate: f.Predicate, Object: object}
	}
	return e
}

// LongestLine bounds a line of a stream, in bytes.
const LongestLine = 16 << 20

var errHungUp = errors.New("the stream ended before its end: whoever sent it has hung up")

// ReadStream gives the files of a stream, to be read one after the other. A stream
// that is not whole has a last file that cannot be read.
func ReadStream(r io.Reader) Parts {
	in := &stream{lines: bufio.NewScanner(r)}
	in.lines.Buffer(make([]byte, 0, 1<<16), LongestLine)
	return func(yield func(Part) bool) {
		for {
			l, err := in.next()
			if err != nil || l.File == nil && !l.Done {
				if err == nil {
					err = fmt.Errorf("line %d: a file was to begin", in.n)
				}
				yield(Part{Name: "the stream", Reader: Failed(err)})
				return
			}
			if l.Done {
				return
			}
			file := &streamed{in: in}
			if !yield(Part{Name: l.File.Name, Dataset: l.File.Dataset, Partial: l.File.Partial, Reader: file, Counts: func() Counts { return file.counts }}) {
				return
			}
		}
	}
}

type stream struct {
	lines *bufio.Scanner
	n     int
}

func (s *stream) next() (line, error) {
	var l line
	if !s.lines.Scan() {
		if err := s.lines.Err(); err != nil {
			return l, fmt.Errorf("line %d: %w", s.n+1, err)
		}
		return l, errHungUp
	}
	s.n++
	if err := json.Unmarshal(s.lines.Bytes(), &l); err != nil {
		return l, fmt.Errorf("line %d: %w", s.n, err)
	}
	return l, nil
}

// streamed is one file of a stream.
type streamed struct {
	in     *stream
	counts Counts
}

// Read implements [Reader].
func (f *streamed) Read(ctx context.Context, take func(Entry) error, reject func(Rejection) error) error {
	for ctx.Err() == nil {
		l, err := f.in.next()
		if err != nil {
			return err
		}
		switch {
		case l.Entry != nil:
			err = take(l.Entry.entry())
		case l.Rejection != nil:
			err = reject(*l.Rejection)
		case l.End != nil:
			f.counts = l.End.Counts
			if l.End.Error != "" {
				return errors.New(l.End.Error)
			}
			return nil
		default:
			err = fmt.Errorf("line %d: an entry, a rejection or the end of the file was to come", f.in.n)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
