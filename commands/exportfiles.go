package commands

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"chancery/seed/export"
)

// exportTarget is where an export goes.
type exportTarget struct {
	path   string // - is standard output
	stdout io.Writer
	folder bool // what is written is a zip, to be unpacked there
	binary bool
}

func (c *Export) target(env *Env, o export.Options) exportTarget {
	zipped := o.Format == export.CSV
	return exportTarget{
		path: c.Out, stdout: env.Stdout, binary: zipped,
		folder: zipped && c.Out != "-" && !strings.HasSuffix(strings.ToLower(c.Out), ".zip"),
	}
}

// write writes what fill does. A file or a folder is there when all of it is: until
// then it has another name.
func (t exportTarget) write(fill func(io.Writer) error) error {
	if t.path == "-" {
		if t.binary && IsTerminal(t.stdout) {
			return errors.New("csv on standard output is a zip: name a folder or a file with --out")
		}
		out := bufio.NewWriterSize(t.stdout, 1<<16)
		return errors.Join(fill(out), out.Flush())
	}
	if t.folder {
		if err := os.MkdirAll(t.path, 0o755); err != nil {
			return err
		}
		return t.unpack(fill)
	}
	return t.file(fill)
}

// file writes one file.
func (t exportTarget) file(fill func(io.Writer) error) (err error) {
	out, err := os.CreateTemp(filepath.Dir(t.path), "."+filepath.Base(t.path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(out.Name()))
		}
	}()
	err = errors.Join(pack(out, t.path, fill), out.Chmod(0o644), out.Close())
	if err != nil {
		return err
	}
	return os.Rename(out.Name(), t.path)
}

// pack packs what fill writes, as the name says.
func pack(out io.Writer, name string, fill func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	var packer io.WriteCloser
	switch {
	case strings.HasSuffix(name, ".gz"):
		packer = gzip.NewWriter(buffered)
	case strings.HasSuffix(name, ".zst"):
		var err error
		if packer, err = zstd.NewWriter(buffered, zstd.WithEncoderConcurrency(1)); err != nil {
			return err
		}
	default:
		return errors.Join(fill(buffered), buffered.Flush())
	}
	return errors.Join(fill(packer), packer.Close(), buffered.Flush())
}

// unpack writes a zip beside the files of the folder and unpacks it.
func (t exportTarget) unpack(fill func(io.Writer) error) (err error) {
	whole, err := os.CreateTemp(t.path, ".export.*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, whole.Close(), os.Remove(whole.Name())) }()
	if err := pack(whole, "", fill); err != nil {
		return err
	}
	size, err := whole.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	r, err := zip.NewReader(whole, size)
	if err != nil {
		return err
	}
	for _, f := range r.File {
		if !filepath.IsLocal(f.Name) {
			return fmt.Errorf("the export has a file %q, which is no name within a folder", f.Name)
		}
		in, err := f.Open()
		if err != nil {
			return err
		}
		to := exportTarget{path: filepath.Join(t.path, f.Name)}
		err = to.file(func(w io.Writer) error {
			_, err := io.Copy(w, in) // of a server that is ours
			return err
		})
		if err := errors.Join(err, in.Close()); err != nil {
			return err
		}
	}
	return nil
}
