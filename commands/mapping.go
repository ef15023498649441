package commands

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"chancery/schema"
	"chancery/seed/table"
)

// Mapping is about the mappings that tables are imported by.
type Mapping struct {
	Init  mappingInit  `cmd:"" help:"Look at a table and write a first mapping for it, with comments."`
	Check mappingCheck `cmd:"" help:"Check mappings against the schema, before anything is imported by them."`
}

type mappingInit struct {
	File   string `arg:"" help:"The table: CSV, TSV, JSON Lines, JSON or YAML by its ending, also packed as .gz or .zst."`
	Output string `short:"o" placeholder:"FILE" help:"Write the mapping to this file, which must not be there yet. Default: standard output."`
}

// Run writes the mapping.
func (c *mappingInit) Run(env *Env) (err error) {
	var text strings.Builder
	if err := c.look(&text); err != nil {
		return err
	}
	if c.Output == "" {
		_, err := io.WriteString(env.Stdout, text.String())
		return err
	}
	out, err := os.OpenFile(c.Output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: name another file, or remove it", c.Output)
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, text.String())
	if err = cmp.Or(err, out.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.Stdout, "%s: written; docs/mappings.md explains every line\n", c.Output)
	return err
}

func (c *mappingInit) look(w io.Writer) (err error) {
	in, closeAll, err := (&importFiles{}).open(c.File, &progress{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAll()) }()
	return table.Init(w, c.File, in)
}

type mappingCheck struct {
	Files []string `arg:"" name:"file" help:"The mappings."`
}

// Run prints a line for each mapping that can be used. The error has all faults of
// the others, a line each.
func (c *mappingCheck) Run(env *Env) error {
	o, err := schema.Load()
	if err != nil {
		return err
	}
	var faults []error
	for _, file := range c.Files {
		m, err := loadMapping(file, o)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if _, err := fmt.Fprintf(env.Stdout, "%s: it can be used; its claims are claim/%s/…\n", file, m.Dataset()); err != nil {
			return err
		}
	}
	return errors.Join(faults...)
}

// loadMapping reads a mapping, whose faults are told under the file's name as given.
func loadMapping(file string, o *schema.Ontology) (_ *table.Mapping, err error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return table.Parse(file, in, os.DirFS(filepath.Dir(file)), o)
}
