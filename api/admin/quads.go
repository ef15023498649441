package admin

import (
	"bufio"
	"net/http"
	"strconv"
	"strings"

	"chancery/graph"
)

// mostQuads bounds an answer that is not told a limit.
const mostQuads = 10_000

// quads writes the quads that match the parameters subject, predicate, object and
// label, a line each in the manner of N-Quads, IRIs as they are stored. A part is an
// id or compact IRI; an object in quotes is a plain string.
func (h handler) quads(w http.ResponseWriter, r *http.Request) {
	limit := mostQuads
	if text := r.URL.Query().Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			h.refuse(w, http.StatusBadRequest, "limit must be a number, 0 or more, not "+strconv.Quote(text))
			return
		}
		limit = n
	}
	view, err := h.Graph.View(r.Context(), graph.Perspective{})
	if err != nil {
		h.fail(w, r, err)
		return
	}
	var p graph.Pattern
	for _, part := range []struct {
		name string
		to   *graph.ID
	}{{"subject", &p.Subject}, {"predicate", &p.Predicate}, {"object", &p.Object}, {"label", &p.Label}} {
		text := r.URL.Query().Get(part.name)
		if text == "" {
			continue
		}
		id, ok := view.Snapshot.Lookup(term(text))
		if !ok {
			h.refuse(w, http.StatusNotFound, part.name+": the graph has no "+text)
			return
		}
		*part.to = id
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	h.mayTakeLong(w) // there may be many
	out := bufio.NewWriter(w)
	written := 0
	err = view.Snapshot.Quads(r.Context(), p, func(q graph.Quad) bool {
		if written == limit {
			return false
		}
		written++
		for _, id := range []graph.ID{q.Subject, q.Predicate, q.Object, q.Label} {
			if t, ok := view.Term(id); ok {
				out.WriteString(t.String() + " ") // bufio keeps the first error for Flush
			}
		}
		out.WriteString(".\n")
		return true
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		h.Log.Debug("quads were not sent whole", "error", err)
	}
}

// term reads a part of a pattern.
func term(text string) graph.Term {
	if inner, ok := strings.CutPrefix(text, `"`); ok && strings.HasSuffix(inner, `"`) {
		return graph.Text(strings.TrimSuffix(inner, `"`))
	}
	return graph.Ref(text)
}
