package commands

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"chancery/schema"
	"chancery/seed/intake"
	"chancery/seed/mappings"
	"chancery/seed/rdf"
	"chancery/seed/statements"
	"chancery/seed/table"
	"chancery/seed/table/format"
)

// importFile is a file to be imported and how to read it.
type importFile struct {
	path string
	part func(in io.Reader) intake.Part
}

type importFiles struct {
	all   []importFile
	bytes int64 // of all together; 0: not known
	stdin io.Reader
}

const standardInput = "-"

// find returns the files, each with its reader. What nothing can read is an error
// when it was named, and told when it only lies in a folder.
func (c *Import) find(o *schema.Ontology, env *Env) (*importFiles, error) {
	open, err := c.readers(o)
	if err != nil {
		return nil, err
	}
	found := &importFiles{stdin: env.Stdin}
	add := func(path string, size int64, named bool) error {
		part, err := open(path)
		switch {
		case err == nil:
			found.all = append(found.all, importFile{path, part})
			found.bytes += size
		case named:
			return err
		default:
			fmt.Fprintf(env.Stderr, "left out: %v\n", err)
		}
		return nil
	}
	unknown := false
	for _, name := range c.Files {
		if name == standardInput {
			unknown = true
			if err := add(name, 0, true); err != nil {
				return nil, err
			}
			continue
		}
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			if path != name && !info.Mode().IsRegular() {
				fmt.Fprintf(env.Stderr, "left out: %s: it is no file: name it, if it is to be read\n", path) // a pipe might never end
				return nil
			}
			return add(path, info.Size(), path == name)
		})
		if err != nil {
			return nil, err
		}
	}
	if unknown {
		found.bytes = 0
	}
	if c.Dataset != "" && len(found.all) > 1 {
		return nil, errors.New("--dataset is of one file: import the others by commands of their own")
	}
	if len(found.all) == 0 {
		return nil, errors.New("there is no file to import")
	}
	return found, nil
}

// readers returns what chooses the reader of a file by its name.
func (c *Import) readers(o *schema.Ontology) (func(path string) (func(io.Reader) intake.Part, error), error) {
	shipped, err := mappings.Load(o)
	if err != nil {
		return nil, err
	}
	var given *table.Mapping
	if c.Mapping != "" {
		if given, err = c.mapping(o, shipped); err != nil {
			return nil, err
		}
	}
	names := &datasets{}
	if c.Dataset != "" && statements.Dataset(c.Dataset+".") != c.Dataset {
		return nil, fmt.Errorf("--dataset %s: it has other characters than letters, digits and - . _", c.Dataset)
	}
	ofRDF := func(path string, f rdf.Format) func(io.Reader) intake.Part {
		names.add(path)
		return func(in io.Reader) intake.Part {
			dataset := c.Dataset
			if dataset == "" {
				dataset = names.of(path)
			}
			reader := statements.New(in, o, statements.Options{File: path, Format: f, Base: c.Base, Dataset: dataset})
			return intake.Part{Name: path, Dataset: dataset, Reader: reader, Counts: reader.Counts}
		}
	}
	return func(path string) (func(io.Reader) intake.Part, error) {
		name := unpackedName(path)
		if given != nil && given.Format() == "" && c.Format == "" && format.ByEnding(name) == "" {
			return nil, fmt.Errorf("%s: its name tells no format: give it with --format, or write it into the mapping, as in format: csv", path)
		}
		if given != nil {
			return c.byMapping(given, name), nil
		}
		if c.Format != "" {
			if f, err := rdf.FormatNamed(c.Format); err == nil && c.Format != "json" {
				return ofRDF(name, f), nil
			}
		}
		if m := mappings.For(shipped, name); m != nil {
			return c.byMapping(m, name), nil
		}
		if f, err := rdf.FormatOfFile(name); err == nil && !strings.HasSuffix(strings.ToLower(name), ".json") {
			return ofRDF(name, f), nil
		}
		if format.ByEnding(name) == "" && c.Format == "" {
			return nil, fmt.Errorf("%s: its name tells no format: give it with --format", path)
		}
		return nil, fmt.Errorf("%s: no mapping is for it: write one, beginning with chancery mapping init, and give it with --mapping", path)
	}, nil
}

// mapping reads the mapping that was asked for: a file, or one of ours by name.
func (c *Import) mapping(o *schema.Ontology, shipped []*table.Mapping) (*table.Mapping, error) {
	if _, err := os.Stat(c.Mapping); err == nil {
		return loadMapping(c.Mapping, o)
	}
	for _, m := range shipped {
		if strings.TrimSuffix(m.File(), ".yaml") == strings.TrimSuffix(c.Mapping, ".yaml") {
			return m, nil
		}
	}
	return nil, fmt.Errorf("--mapping %s: there is no such file, and no such mapping is brought along", c.Mapping)
}

func (c *Import) byMapping(m *table.Mapping, name string) func(io.Reader) intake.Part {
	if format.ByEnding(name) == "" && c.Format != "" {
		name += "." + c.Format
	}
	return func(in io.Reader) intake.Part {
		reader := m.Open(name, in)
		return intake.Part{Name: name, Dataset: m.Dataset(), Partial: m.Partial(), Reader: reader, Counts: func() intake.Counts {
			n := reader.Counts()
			return intake.Counts{Rows: n.Rows, Left: n.Left}
		}}
	}
}

// unpackedName is the name of a file without the ending of how it is packed.
func unpackedName(path string) string {
	if path == standardInput {
		return "standard-input"
	}
	for _, ending := range []string{".gz", ".zst", ".zip"} {
		path = strings.TrimSuffix(path, ending)
	}
	return path
}

// parts opens one file after the other; shown counts the bytes that are read.
func (f *importFiles) parts(shown *progress) iter.Seq[intake.Part] {
	return func(yield func(intake.Part) bool) {
		for _, file := range f.all {
			in, closeAll, err := f.openWhole(file.path, shown)
			part := file.part(in)
			if err != nil {
				part.Reader, part.Counts = intake.Failed(err), nil
			} else {
				part.Reader = closing{part.Reader, closeAll}
			}
			if !yield(part) {
				return
			}
		}
	}
}

// closing is a reader that closes its file.
type closing struct {
	intake.Reader
	close func() error
}

// Read implements intake.Reader.
func (c closing) Read(ctx context.Context, take func(intake.Entry) error, reject func(intake.Rejection) error) error {
	return errors.Join(c.Reader.Read(ctx, take, reject), c.close())
}

// openWhole is open of a file of which nothing is to be taken when it is packed and cut off
// or damaged: it is unpacked once beforehand, which takes little of what an import does.
// Pipes can be read but once.
func (f *importFiles) openWhole(path string, shown *progress) (io.Reader, func() error, error) {
	if info, err := os.Stat(path); path != standardInput && err == nil && info.Mode().IsRegular() {
		in, closeAll, err := f.open(path, &progress{})
		if err != nil {
			return nil, nil, err
		}
		if _, packed := in.(*bufio.Reader); !packed {
			_, err = io.Copy(io.Discard, in)
		}
		if err = errors.Join(err, closeAll()); err != nil {
			return nil, nil, fmt.Errorf("%s: nothing of it was taken: %w", path, err)
		}
	}
	return f.open(path, shown)
}

// unpacking is a packed file's reader, which says what may have gone wrong.
type unpacking struct {
	io.Reader
	how string
}

// Read implements io.Reader.
func (u unpacking) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("it is packed with %s, and is cut off or damaged: fetch it again: %w", u.how, err)
	}
	return n, err
}

// open opens a file and unpacks it, if its first bytes say that it is packed: then the
// reader is no *bufio.Reader.
func (f *importFiles) open(path string, shown *progress) (io.Reader, func() error, error) {
	var raw io.Reader
	closeRaw := func() error { return nil }
	if path == standardInput {
		raw = f.stdin
	} else {
		file, err := os.Open(path)
		if err != nil {
			return nil, nil, err
		}
		raw, closeRaw = file, file.Close
	}
	in := bufio.NewReaderSize(&counting{raw, shown}, 1<<16)
	head, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, errors.Join(err, closeRaw())
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		packed, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("it is packed with gzip, and is cut off or damaged: fetch it again: %w", err), closeRaw())
		}
		return unpacking{packed, "gzip"}, closeRaw, nil // packed.Close tells nothing that Read does not
	case bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		packed, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, nil, errors.Join(err, closeRaw())
		}
		return unpacking{packed, "zstd"}, func() error { packed.Close(); return closeRaw() }, nil
	case bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return nil, nil, errors.Join(errors.New("the zip archive has no file"), closeRaw())
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return nil, nil, errors.Join(errWorkbook, closeRaw())
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		packed, err := unzip(in)
		if err != nil {
			return nil, nil, errors.Join(err, closeRaw())
		}
		return packed, closeRaw, nil
	case bytes.HasPrefix(head, []byte{0xfd, '7', 'z', 'X'}):
		return nil, nil, errors.Join(errors.New("it is packed with xz: unpack it, as in xz -dc FILE | chancery import - …"), closeRaw())
	}
	return in, closeRaw, nil
}

// counting tells how many bytes of a file are read.
type counting struct {
	io.Reader
	shown *progress
}

// Read implements io.Reader.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.shown.bytes.Add(int64(n))
	return n, err
}
