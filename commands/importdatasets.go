package commands

import (
	"path/filepath"
	"slices"
	"strings"

	"chancery/seed/statements"
)

// datasets tells what the claims of each RDF file of a command are of: the file's own
// name. Files of one name are told apart by their folders, and last by their endings:
// a/notes.ttl is a-notes. So two of them are two editions, and a blank node of one is
// none of the other.
type datasets struct{ paths []string }

func (d *datasets) add(path string) {
	d.paths = append(d.paths, filepath.ToSlash(filepath.Clean(path)))
}

// of is to be called once all are added.
func (d *datasets) of(path string) string {
	path = filepath.ToSlash(filepath.Clean(path))
	for depth := 1; depth <= strings.Count(path, "/")+1; depth++ {
		name := lastParts(path, depth)
		if !slices.ContainsFunc(d.paths, func(other string) bool { return other != path && lastParts(other, depth) == name }) {
			return name
		}
	}
	return lastParts(path, strings.Count(path, "/")+1) + "-" + strings.TrimPrefix(filepath.Ext(path), ".")
}

// lastParts is a name of the last parts of a path, without the ending.
func lastParts(path string, n int) string {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	return statements.Dataset(strings.Join(parts[max(0, len(parts)-n):], "-"))
}
