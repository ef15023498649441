// Package mappings holds the mappings that Chancery brings for open data sets,
// each for one file as its publisher, or the folder of shared data, gives it.
// docs/mappings.md tells how to write one; these are its examples.
package mappings

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
	"sync"

	"chancery/schema"
	"chancery/seed/table"
)

//go:embed */*.yaml */*.tsv
var files embed.FS

// Load reads all mappings, in the order of their files, and checks them against the
// ontology. The error joins the faults of all of them.
func Load(o *schema.Ontology) ([]*table.Mapping, error) {
	var names []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".yaml") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	all, faults := make([]*table.Mapping, len(names)), make([]error, len(names))
	var wait sync.WaitGroup
	for i, name := range names {
		wait.Go(func() { all[i], faults[i] = table.Load(files, name, o) })
	}
	wait.Wait()
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return all, nil
}

// For returns the mapping that is for a file, or nil.
func For(all []*table.Mapping, file string) *table.Mapping {
	for _, m := range all {
		if m.Matches(file) {
			return m
		}
	}
	return nil
}
