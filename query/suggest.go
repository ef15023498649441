package query

import (
	"strings"

	"github.com/agnivade/levenshtein"

	"chancery/graph"
)

const (
	farthestSuggestion = 3     // edits
	mostSuggestions    = 2_000 // entities that are looked at
	longestMistyped    = 64    // bytes of an id whose neighbours are looked up
	mostMistyped       = 8     // ids of an answer for which others are suggested
)

// unknown is the error for an id that the graph has never seen.
func (r *run) unknown(id string) *Error {
	near := ""
	if r.mistyped++; r.mistyped <= mostMistyped && r.failed == nil {
		near, r.failed = r.suggestion(id)
	}
	if near != "" {
		return errorf(UnknownID, "no entity %q is known: did you mean %q?", id, near)
	}
	return errorf(UnknownID, "no entity %q is known: look its id up by name with a root such as entities(where: {name: {contains: ...}})", id)
}

// suggestion finds an id near to one that is not known; empty if none is: of all ids,
// those that a slip of one letter makes of it, else, among the first entities of the
// graph, the nearest of the same kind.
//
// Cost: a lookup for each slip, some 80 for each letter of the id, of which two count as
// a quad, and mostSuggestions quads.
func (r *run) suggestion(unknown string) (string, error) {
	if near, err := r.slipped(unknown); near != "" || err != nil {
		return near, err
	}
	return r.nearest(unknown)
}

// idLetters are the letters that ids are mostly written with.
const idLetters = "abcdefghijklmnopqrstuvwxyz0123456789-/._~"

// slipped returns the id of which another differs by a letter that is missing, too many,
// or wrong, or by two that are swapped; empty if there is none.
func (r *run) slipped(unknown string) (string, error) {
	if len(unknown) > longestMistyped {
		return "", nil
	}
	text := make([]byte, 0, len(unknown)+1)
	is := func() (bool, error) {
		id, ok := r.view.Node(string(text))
		if !ok {
			return false, nil
		}
		err := r.classify([]graph.ID{id})
		return err == nil && r.class(id) != nil, err
	}
	for at := range len(unknown) + 1 {
		if err := r.view.Spend(len(idLetters)); err != nil {
			return "", err
		}
		if err := r.ctx.Err(); err != nil {
			return "", err
		}
		before, after := unknown[:at], unknown[at:]
		text = append(append(append(text[:0], before...), ' '), after...)
		for i := range len(idLetters) { // one is missing
			text[at] = idLetters[i]
			if found, err := is(); found || err != nil {
				return string(text), err
			}
		}
		if after == "" {
			break
		}
		text = append(append(text[:0], before...), after...)
		for i := range len(idLetters) { // one is wrong
			text[at] = idLetters[i]
			if found, err := is(); found || err != nil {
				return string(text), err
			}
		}
		text = append(append(text[:0], before...), after[1:]...) // one is too many
		if found, err := is(); found || err != nil {
			return string(text), err
		}
		if len(after) > 1 { // two are swapped
			text = append(append(append(text[:0], before...), after[1], after[0]), after[2:]...)
			if found, err := is(); found || err != nil {
				return string(text), err
			}
		}
	}
	return "", nil
}

// nearest finds the id of the same kind that is nearest, among the first entities.
func (r *run) nearest(unknown string) (string, error) {
	kind, _, _ := strings.Cut(unknown, "/")
	best, distance := "", farthestSuggestion+1
	p, ok := r.view.Node(graph.Type)
	if !ok {
		return "", nil
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
	return best, err
}
