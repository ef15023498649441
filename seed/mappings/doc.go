// Package mappings holds the mappings that Chancery brings for open data sets,
// each for one file as its publisher, or the folder of shared data, gives it.
// docs/mappings.md tells how to write one; these are its examples.
package mappings

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"chancery/schema"
	"chancery/seed/table"
)

//go:embed */*.yaml */*.tsv
var files embed.FS

// Load reads all mappings, in the order of their files, and checks them against the
// ontology. The error joins the faults of all of them.
func Load(o *schema.Ontology) ([]*table.Mapping, error) {
	var all []*table.Mapping
	var faults []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yaml") {
			return err
		}
		m, err := table.Load(files, name, o)
		if err != nil {
			faults = append(faults, err.Error())
			return nil
		}
		all = append(all, m)
		return nil
	})
	if err == nil && len(faults) > 0 {
		err = fmt.Errorf("%s", strings.Join(faults, "\n"))
	}
	return all, err
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
