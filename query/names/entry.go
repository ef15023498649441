package names

import (
	"cmp"
	"slices"
	"strings"
)

// Entry is one name of one entity. An index is a set of entries: equal ones are
// one.
type Entry struct {
	Entity   uint64
	Text     string
	Language string // BCP 47, or empty; some letters sound differently by language
	Kind     int    // the rank of the kind of name, 0 the best
}

func compareEntries(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Kind, b.Kind),
		strings.Compare(a.Text, b.Text), strings.Compare(a.Language, b.Language))
}

// sortedSet returns the entries in order and once each; the argument stays as it
// is.
func sortedSet(entries []Entry) []Entry {
	out := slices.Clone(entries)
	slices.SortFunc(out, compareEntries)
	return slices.Compact(out)
}

// Hit is an entity that was found.
type Hit struct {
	Entity  uint64
	Score   float64 // above 0, up to 1; comparable between hits of one query only
	Matched string  // the name that matched, as it was given
	Why     string  // how, in a few English words: "exact", "1 letter differs"
}
