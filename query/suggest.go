package query

import (
	"strings"

	"github.com/agnivade/levenshtein"

	"chancery/graph"
)

const (
	farthestSuggestion = 3      // edits
	mostSuggestions    = 50_000 // ids looked at
)

// unknown is the error for an id that the graph has never seen.
func (r *run) unknown(id string) *Error {
	if near := r.suggestion(id); near != "" {
		return errorf(UnknownID, "no entity %q is known: did you mean %q?", id, near)
	}
	return errorf(UnknownID, "no entity %q is known: look its id up by name with a root such as entities(where: {name: {contains: ...}})", id)
}

// suggestion finds the id nearest to one that is not known, among those of the
// same kind; empty if none is near.
func (r *run) suggestion(unknown string) string {
	kind, _, _ := strings.Cut(unknown, "/")
	best, distance := "", farthestSuggestion+1
	p, ok := r.view.Node(graph.Type)
	if !ok {
		return ""
	}
	looked := 0
	err := r.view.Quads(r.ctx, graph.Pattern{Predicate: p}, func(q graph.Quad) bool {
		looked++
		id := r.view.Name(q.Subject)
		if !strings.HasPrefix(id, kind+"/") || len(id)-len(unknown) >= distance || len(unknown)-len(id) >= distance {
			return looked < mostSuggestions
		}
		if d := levenshtein.ComputeDistance(unknown, id); d < distance {
			best, distance = id, d
		}
		return looked < mostSuggestions
	})
	if err != nil {
		r.failed = err
	}
	return best
}
