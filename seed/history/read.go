package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"chancery/graph"
	"chancery/seed/rdf"
)

// Commit is what a file has of one record time.
type Commit struct {
	At      time.Time
	Record  []graph.Claim
	Retract []graph.Retraction
	// The idempotency keys of the requests, and their digests; mostly empty.
	Key, Digest string
	Line        int   // where it begins; 0 in JSON-LD
	Lines       []int // likewise each claim of Record
}

// Error is a fault of a file of claims.
type Error struct {
	File   string
	Line   int // 0: not known
	Reason string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

var errSeen = errors.New("seen")

// Begins reports whether a file of a format, of which head is the beginning, is one of
// claims, and what its header says. Some kilobytes are enough.
func Begins(head []byte, format rdf.Format) (Header, bool) {
	if !format.HasGraphs() {
		return Header{}, false
	}
	var h Header
	// What is wrong with the file is for those to say who read it.
	_ = rdf.Read(bytes.NewReader(head), rdf.Options{Format: format, Base: vocabulary}, func(s rdf.Statement) error {
		h = headerOf(&s)
		return errSeen
	})
	return h, h.Kind != 0
}

func headerOf(s *rdf.Statement) Header {
	terms := Terms{base: s.Subject.Text}
	if s.Graph.Kind == 0 && s.Subject.Kind == graph.IRI && terms.In(s.Predicate).Text == graph.Type {
		for kind, class := range kinds {
			if terms.In(s.Object) == graph.Ref(class) {
				return Header{Kind: kind, Base: s.Subject.Text}
			}
		}
	}
	return Header{}
}

// ReadOptions say how to read. File and Format are required.
type ReadOptions struct {
	File   string
	Format rdf.Format
	// Counted, when set, is told of each statement that was read, by its number.
	Counted func(statements int)
}

// Read calls yield for each commit of a file in turn, with the file's header. It
// ends with the first error, which is an *Error, a *rdf.SyntaxError, one of yield or
// of r, or ctx.Err(). A file that was cut off is an error at its end: what came before
// it has been yielded.
// Memory: one commit.
func Read(ctx context.Context, r io.Reader, o ReadOptions, yield func(Header, *Commit) error) error {
	f := &file{o: o, yield: yield}
	n := 0
	err := rdf.Read(r, rdf.Options{Format: o.Format, File: o.File, Base: vocabulary}, func(s rdf.Statement) error {
		if n++; n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if o.Counted != nil {
			o.Counted(n)
		}
		return f.statement(&s)
	})
	if err != nil {
		return err
	}
	return f.end()
}

// file is a file that is being read.
type file struct {
	o      ReadOptions
	yield  func(Header, *Commit) error
	header Header
	terms  Terms

	block  []rdf.Statement // those of a graph that came one after the other
	name   graph.Term      // of the graph
	commit *Commit
	claims int
	keys   int // claims of the commit that have a key
	whole  bool
	line   int
}

func (f *file) fault(line int, format string, args ...any) error {
	return &Error{File: f.o.File, Line: line, Reason: fmt.Sprintf(format, args...)}
}

func (f *file) statement(s *rdf.Statement) error {
	f.line = s.Line
	if f.header.Kind == 0 {
		if f.header = headerOf(s); f.header.Kind == 0 {
			return f.fault(s.Line, "it is no export of claims: the first statement would say so; import it as RDF")
		}
		f.terms = newTerms(f.header.Base)
		return nil
	}
	if s.Graph.Kind == 0 {
		return f.about(s)
	}
	if f.whole {
		return f.fault(s.Line, "there is more after the number of claims, which is the last of a file: export again")
	}
	if len(f.block) > 0 && s.Graph != f.name {
		if err := f.endBlock(); err != nil {
			return err
		}
	}
	f.name = s.Graph
	f.block = append(f.block, *s)
	return nil
}

// about takes a statement about the base IRI.
func (f *file) about(s *rdf.Statement) error {
	if s.Subject.Text != f.header.Base {
		return f.fault(s.Line, "a statement outside of every claim: each has its claim as its graph; import the file as RDF, without its first statement, if it is not an export any more")
	}
	object := f.terms.In(s.Object).Text
	switch f.terms.In(s.Predicate).Text {
	case formatVersion:
		if object != version {
			return f.fault(s.Line, "it has version %s of the form, and this program reads %s: import it with the release that wrote it, or a later one", object, version)
		}
	case claimCount:
		if err := f.endBlock(); err != nil {
			return err
		}
		if n := strconv.Itoa(f.claims); object != n {
			return f.fault(s.Line, "it should have %s claims and has %s: statements were lost or put into another order; export again", object, n)
		}
		f.whole = true
	}
	return nil
}

func (f *file) end() error {
	switch {
	case f.header.Kind == 0:
		return f.fault(0, "it is empty: an export has at least a statement that says so")
	case f.whole:
		return f.handOn()
	}
	// What has come whole is handed on; the commit that the file was cut off in is not.
	return f.fault(f.line, "the file ends before its end: the number of claims is missing. Export again, or copy it whole; importing the whole file then goes on from here")
}

// handOn hands the commit on.
func (f *file) handOn() error {
	if f.commit == nil {
		return nil
	}
	commit, keys := f.commit, f.keys
	f.commit, f.keys = nil, 0
	if keys > 0 && keys != len(commit.Record)+len(commit.Retract) {
		return f.fault(commit.Line, "some claims of one commit have an idempotency key and some have none")
	}
	return f.yield(f.header, commit)
}

// at goes on to the commit of a record time.
func (f *file) at(at time.Time, line int) error {
	if f.commit != nil && at.Equal(f.commit.At) {
		return nil
	}
	if f.commit != nil && at.Before(f.commit.At) {
		return f.fault(line, "the claims of %s come after those of %s: an export is in the order of record times, and must be read in that order; export again",
			at.Format(time.RFC3339Nano), f.commit.At.Format(time.RFC3339Nano))
	}
	if err := f.handOn(); err != nil {
		return err
	}
	f.commit = &Commit{At: at, Line: line}
	return nil
}

// endBlock takes the statements of a graph.
func (f *file) endBlock() error {
	if len(f.block) == 0 {
		return nil
	}
	block := f.block
	f.block = f.block[:0]
	line := block[0].Line
	b := blockReader{file: f, line: line, id: f.terms.In(f.name).Text}
	if graph.SpaceOf(graph.Ref(b.id)) != graph.Claims {
		return f.fault(line, "the graph <%s> is no claim's: its name would be below %sclaim/", f.name.Text, f.terms.base)
	}
	b.claim.ID = b.id
	for i := range block {
		if err := b.take(&block[i]); err != nil {
			return err
		}
	}
	return b.end()
}

// blockReader makes a claim, a retraction or both of the statements of a graph.
type blockReader struct {
	*file
	line                       int
	id                         string
	claim                      graph.Claim
	recorded, retracted        time.Time
	reason                     string
	key, digest, rkey, rdigest string
	own                        int // own fields of the claim itself
}

func (b *blockReader) take(s *rdf.Statement) error {
	predicate := b.terms.In(s.Predicate).Text
	object := b.terms.In(s.Object)
	subject := b.terms.In(s.Subject)
	if subject.Kind != graph.IRI {
		return b.fault(s.Line, "%s: the subject of a fact is an entity, and _:%s is a blank node", b.id, subject.Text)
	}
	if subject.Text != b.id {
		b.claim.Facts = append(b.claim.Facts, graph.Fact{Subject: subject.Text, Predicate: predicate, Object: object})
		return nil
	}
	switch predicate {
	case graph.RetractedAt, graph.RetractionReason, graph.RetractKey, graph.RetractDigest:
	default:
		b.own++
	}
	text := object.Text
	var err error
	switch predicate {
	case graph.Type:
	case graph.Source:
		b.claim.Source = text
	case graph.StatusOf:
		b.claim.Status = graph.ParseStatus(text)
	case graph.RecordedAt:
		b.recorded, err = time.Parse(time.RFC3339Nano, text)
	case graph.RetractedAt:
		b.retracted, err = time.Parse(time.RFC3339Nano, text)
	case graph.RetractionReason:
		b.reason = text
	case graph.RecordedBy:
		b.claim.RecordedBy = text
	case graph.Locator:
		b.claim.Locator = text
	case graph.AttributedTo:
		b.claim.AttributedTo = append(b.claim.AttributedTo, text)
	case graph.Confidence:
		var n float64
		n, err = strconv.ParseFloat(text, 64)
		b.claim.Confidence = &n
	case graph.ValidTime:
		b.claim.ValidTime = text
	case graph.Supersedes:
		b.claim.Supersedes = text
	case graph.RecordKey:
		b.key = text
	case graph.RecordDigest:
		b.digest = text
	case graph.RetractKey:
		b.rkey = text
	case graph.RetractDigest:
		b.rdigest = text
	default:
		return b.fault(s.Line, "%s: a claim has no field %s; docs/exports.md lists them", b.id, predicate)
	}
	if err != nil {
		return b.fault(s.Line, "%s: %s: %v", b.id, predicate, err)
	}
	return nil
}

func (b *blockReader) end() error {
	if b.recorded.IsZero() && b.own+len(b.claim.Facts) > 0 {
		return b.fault(b.line, "%s: the statements of one claim stand together, with the time when it was recorded (prov:generatedAtTime), and these have none: "+
			"the file was put into another order; export again", b.id)
	}
	if !b.recorded.IsZero() {
		if err := b.at(b.recorded, b.line); err != nil {
			return err
		}
		b.commit.Record = append(b.commit.Record, b.claim)
		b.commit.Lines = append(b.commit.Lines, b.line)
		b.claims++
		if err := b.keyed(b.key, b.digest); err != nil {
			return err
		}
	}
	if b.retracted.IsZero() {
		return nil
	}
	if err := b.at(b.retracted, b.line); err != nil {
		return err
	}
	b.commit.Retract = append(b.commit.Retract, graph.Retraction{Claim: b.id, Reason: b.reason})
	return b.keyed(b.rkey, b.rdigest)
}

// keyed notes the key that a claim's request had.
func (b *blockReader) keyed(key, digest string) error {
	if key == "" {
		return nil
	}
	if b.keys > 0 && (key != b.commit.Key || digest != b.commit.Digest) {
		return b.fault(b.line, "%s: one commit has two idempotency keys, %s and %s", b.id, b.commit.Key, key)
	}
	b.keys++
	b.commit.Key, b.commit.Digest = strings.Clone(key), digest
	return nil
}

func momentOf(micro int64) time.Time { return time.UnixMicro(micro).UTC() }
