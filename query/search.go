package query

import (
	"context"
	"strconv"
	"sync"

	"chancery/graph"
	"chancery/query/names"
)

// nameIndexes keeps the index of names of the times that were last searched.
type nameIndexes struct {
	stats *stats
	mu    sync.Mutex // held while an index is built: others wait for it
	kept  []nameIndex
}

// nameIndex is the names known at one commit, as of one record time.
type nameIndex struct {
	commit  uint64
	knownAt int64
	index   *names.Index
}

// keptIndexes is how many times can be searched without building an index anew.
const keptIndexes = 4

// of returns the index of the names that a view knows. Names come from all known
// claims, whatever the perspective admits, so views of one time share it.
func (n *nameIndexes) of(ctx context.Context, v *graph.View) (*names.Index, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	want := nameIndex{commit: v.Commit(), knownAt: v.KnownAt.UnixMicro()}
	for i, k := range n.kept {
		if k.commit == want.commit && k.knownAt == want.knownAt {
			copy(n.kept[1:i+1], n.kept[:i])
			n.kept[0] = k
			n.stats.nameHits.Add(1)
			return k.index, nil
		}
	}
	n.stats.nameMisses.Add(1)
	var entries []names.Entry
	for kind, k := range nameKinds {
		p, ok := v.Node(k.predicate)
		if !ok {
			continue
		}
		seen := map[graph.Quad]bool{}
		err := v.Quads(ctx, graph.Pattern{Predicate: p}, func(q graph.Quad) bool {
			t, _ := v.Term(q.Object)
			if !v.Known().Has(q.Label) || t.Kind != graph.Literal {
				return true
			}
			if q.Label = 0; !seen[q] {
				seen[q] = true
				entries = append(entries, names.Entry{Entity: uint64(q.Subject), Text: t.Text, Language: t.Language, Kind: kind})
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	want.index = names.Build(entries)
	n.kept = append([]nameIndex{want}, n.kept[:min(len(n.kept), keptIndexes-1)]...)
	return want.index, nil
}

// longestSearch bounds the text to search for, in bytes.
const longestSearch = 200

// rootSearch answers with entities found by name, the best first.
func (r *run) rootSearch(c *collected, args map[string]any) (column, error) {
	text := args["text"].(string)
	if len(text) > longestSearch {
		return nil, errorf(LimitExceeded, "a search takes at most %d bytes of text, not %d", longestSearch, len(text)).at("text")
	}
	first, limited := integer(args, "first")
	switch {
	case !limited:
		first = 10
	case first < 0:
		return nil, errorf(BadUserInput, "first must be 0 or more, not %d", first).at("first")
	case first > mostListed:
		return nil, errorf(ListTooLong, "a search gives at most %d hits, not %d", mostListed, first).at("first")
	}
	var classes map[string]bool
	if list, ok := args["classes"].([]any); ok {
		classes = enumSet(list)
	}
	index, err := r.op.engine.names.of(r.ctx, r.op.view) // no reader pays for it
	if err != nil {
		return nil, err
	}
	hits := index.Search(text, func(entity uint64) bool { return r.findable(graph.ID(entity), classes) }, first)
	if r.failed != nil {
		return nil, r.failed
	}
	return r.hitObjects(hits, c)
}

// findable reports whether an entity is of the classes and some admitted claim
// speaks of it.
func (r *run) findable(id graph.ID, classes map[string]bool) bool {
	if err := r.classify([]graph.ID{id}); err != nil {
		r.failed = err
		return false
	}
	c := r.class(id)
	if c == nil || classes != nil && !classes[c.Enum] {
		return false
	}
	spoken, err := r.spokenOf([]graph.ID{id})
	if err != nil {
		r.failed = err
		return false
	}
	return spoken[0]
}

// hitObjects runs a selection over what a search found.
func (r *run) hitObjects(hits []names.Hit, c *collected) (column, error) {
	r.trace.found(-1, len(hits))
	if err := r.count(len(hits)); err != nil {
		return nil, err
	}
	rows := make([]row, len(hits))
	for i, h := range hits {
		rows[i].id = graph.ID(h.Entity)
	}
	text := func(of func(names.Hit) string) column {
		return &leaf{nonNull: true, put: func(w *writer, i int) bool { w.string(of(hits[i])); return true }}
	}
	items, err := r.fields("SearchHit", c, func(f *collected) (column, error) {
		switch f.field.Name {
		case "score":
			return &leaf{nonNull: true, put: func(w *writer, i int) bool {
				w.buf = strconv.AppendFloat(w.buf, hits[i].Score, 'g', 4, 64)
				return true
			}}, nil
		case "matched":
			return text(func(h names.Hit) string { return h.Matched }), nil
		case "why":
			return text(func(h names.Hit) string { return h.Why }), nil
		case "node":
			return r.nodeColumn(f, rows)
		}
		panic("query: SearchHit." + f.field.Name + " is derived by no rule")
	})
	return &list{nonNull: true, itemNonNull: true, ends: []int{len(hits)}, items: items}, err
}
