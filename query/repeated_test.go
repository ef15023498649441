package query

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
)

// TestOnce holds what comes once to a list that is looked through.
func TestOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	shared, apart := 0, 0
	for range 2000 {
		rows := make([]row, rng.IntN(30))
		for i := range rows {
			rows[i] = row{id: graph.ID(rng.IntN(40)), more: uint32(rng.IntN(2))}
			if rng.IntN(40) == 0 {
				rows[i].around = graph.ID(rng.IntN(3))
			}
			if rng.IntN(40) == 0 {
				rows[i].former = true
			}
		}
		different, at := once(slices.Clone(rows))
		if occurrences(different) != occurrences(rows) {
			t.Fatalf("%v stands for %d objects, %v for %d", rows, occurrences(rows), different, occurrences(different))
		}
		if at == nil {
			apart++
			if !slices.Equal(different, rows) {
				t.Fatalf("%v comes as %v", rows, different)
			}
			continue
		}
		shared++
		for i, r := range rows {
			d := different[at[i]]
			if d.id != r.id || d.around != r.around || d.former != r.former {
				t.Fatalf("%v comes as %v", r, d)
			}
			if k := slices.IndexFunc(different, func(d row) bool { return d.id == r.id }); k != int(at[i]) {
				t.Fatalf("%v comes twice: %v", r, different)
			}
		}
	}
	if shared < 100 || apart < 100 {
		t.Errorf("only %d lists had rows that are the same, %d had none", shared, apart)
	}
}

// TestSurrounds: a request looks at what is around rows where its document or a variable
// has the word, whatever holds it.
func TestSurrounds(t *testing.T) {
	asks := func(text string, variables map[string]any) bool {
		return Request{
			Operation: &ast.OperationDefinition{Position: &ast.Position{Src: &ast.Source{Input: text}}},
			Variables: variables,
		}.surrounds()
	}
	at := map[string]any{"before": map[string]any{"enclosing": true}}
	for _, c := range []struct {
		text      string
		variables map[string]any
		want      bool
	}{
		{"{ visits { nodes { id } } }", nil, false},
		{"{ visits(where: {start: {before: {enclosing: true}}}) { totalCount } }", nil, true},
		{"query($w: VisitWhere)", map[string]any{"w": map[string]any{"start": at}}, true},
		{"query($w: VisitWhere)", map[string]any{"w": map[string]any{"and": []any{nil, map[string]any{"start": at}}}}, true},
		{"query($w: [VisitWhere!])", map[string]any{"w": []map[string]any{{"start": at}}}, true},
		{"query($n: Int)", map[string]any{"n": json.Number("1"), "m": int64(2), "t": "enclosing", "b": true, "f": 1.5, "l": []any{"x"}}, false},
	} {
		if got := asks(c.text, c.variables); got != c.want {
			t.Errorf("%s with %v: %t", c.text, c.variables, got)
		}
	}
	if !(Request{Operation: &ast.OperationDefinition{}}).surrounds() {
		t.Error("a document without a text is taken to have no such word")
	}
}
